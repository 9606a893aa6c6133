/** What the schema's page and the page before it have in common. */
export const BASE_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--side:#f6f8fa;--text:#1f2328;--dim:#59636e;--edge:#dbe1e7;--link:#0b57b8;--soft:#eaf2fd;--code:#f1f4f7;--hit:#fff4c2;--good:#1a7f37;--warn:#8a5c00;--bad:#c21f2b;--word:#0a3d8f;--string:#116329}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--side:#131920;--text:#e6edf3;--dim:#9aa4af;--edge:#2b333d;--link:#79b0ff;--soft:#16263d;--code:#1a212a;--hit:#4a3c0a;--good:#3fb950;--warn:#d8a62a;--bad:#ff7b72;--word:#9ecbff;--string:#7ee0a1}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.55 system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif;background:var(--ground);color:var(--text)}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
[tabindex="-1"]:focus-visible{outline:none}
input,button,select{font:inherit;color:inherit}
input{padding:.45rem .6rem;background:var(--ground);border:1px solid var(--edge);border-radius:8px}
button,select{font-size:.85rem;background:var(--side);border:1px solid var(--edge);border-radius:6px;padding:.2rem .65rem;cursor:pointer}
button:hover,select:hover{border-color:var(--dim)}
[hidden]{display:none!important}
`;

/** The page's look, light and dark, wide and narrow. */
export const PAGE_STYLE = `${BASE_STYLE}
html{scroll-padding-top:1rem}
body{display:grid;grid-template-columns:18rem minmax(0,1fr)}
aside{position:sticky;top:0;height:100vh;overflow:auto;padding:1.2rem 1rem;background:var(--side);border-right:1px solid var(--edge)}
aside h1{font-size:1.25rem;margin:0 0 .8rem;overflow-wrap:anywhere;letter-spacing:-.01em}
aside h2{display:flex;justify-content:space-between;font-size:.72rem;margin:1.1rem .5rem .25rem;color:var(--dim);text-transform:uppercase;letter-spacing:.06em}
aside h2 span{font-weight:400}
aside ul{list-style:none;margin:0;padding:0}
nav a{display:block;padding:.12rem .5rem;border-radius:6px;overflow-wrap:anywhere;text-decoration:none;color:var(--text);font-size:.92rem}
nav a:hover,nav a[aria-current]{background:var(--soft);color:var(--link)}
nav .part{font-weight:600}
.contents{margin-top:.7rem}
.contents>summary{display:none}
.search{position:relative}
#search{width:100%}
#search::-webkit-search-cancel-button{display:none}
.search kbd{position:absolute;right:.6rem;top:.55rem;font:12px/1.4 ui-monospace,monospace;color:var(--dim);border:1px solid var(--edge);border-radius:4px;padding:0 .35rem;background:var(--side)}
#search:focus~kbd,#search:not(:placeholder-shown)~kbd{display:none}
#found{margin:.4rem .1rem .3rem;font-size:.8rem;color:var(--dim)}
#found:empty{margin:0}
#results li{padding:.3rem .5rem;border-radius:6px;cursor:pointer;overflow-wrap:anywhere;font-size:.92rem;line-height:1.35}
#results li small{display:block;color:var(--dim);font-size:.78rem}
#results li[aria-selected=true]{background:var(--soft);box-shadow:inset 2px 0 var(--link)}
mark{background:var(--hit);color:inherit;border-radius:2px}
main{padding:1.6rem 2.4rem 30vh;min-width:0;max-width:86rem;outline:none}
main>section>h2,#live h2{margin:2.6rem 0 .8rem;font-size:1.35rem;letter-spacing:-.01em}
h3{margin:0 0 .3rem;font-size:1.12rem;display:flex;gap:.7rem;align-items:center;flex-wrap:wrap}
h4{margin:1.2rem 0 .3rem;font-size:.95rem}
h1 a,h3 a{color:inherit;text-decoration:none}
h3 button{font-weight:400;font-size:.78rem;padding:.05rem .5rem;color:var(--dim)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;z-index:5;background:var(--ground);padding:.5rem;border-radius:6px}
#top p:first-child{font-size:1.1rem;margin-top:0}
.counts,.hint,.files{color:var(--dim);font-size:.88rem}
article.entry{border-top:1px solid var(--edge);padding:1.4rem 0 1rem}
article.entry:first-of-type{border-top:0;padding-top:.4rem}
article p{margin:.35rem 0;max-width:52rem}
.entry:target>h3{color:var(--link)}
tr:target td,tr.here td{background:var(--hit)}
.wide{overflow-x:auto;margin:.7rem 0 1.1rem}
table{border-collapse:collapse;font-size:.88rem;width:100%}
th,td{border-bottom:1px solid var(--edge);padding:.32rem .9rem .32rem 0;text-align:left;vertical-align:top}
td:last-child,th:last-child{padding-right:.3rem}
th{font-weight:600;font-size:.75rem;color:var(--dim);white-space:nowrap}
tbody tr:hover td{background:var(--side)}
tr:target:hover td{background:var(--hit)}
td:first-child,table[data-kind=column] td:nth-child(-n+3){white-space:nowrap}
code,pre{font:.8rem/1.55 ui-monospace,"SFMono-Regular","DejaVu Sans Mono",Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}
td code{overflow-wrap:break-word}
td code{background:var(--code);padding:.08rem .3rem;border-radius:4px;white-space:normal;-webkit-box-decoration-break:clone;box-decoration-break:clone}
td:first-child code{background:none;padding:0;font-weight:600}
td a code{color:inherit}
pre{background:var(--side);border:1px solid var(--edge);border-radius:8px;padding:.8rem 1rem;overflow:auto;max-height:32rem;margin:.5rem 0}
pre code{overflow-wrap:normal}
pre i{color:var(--dim);font-style:normal}
pre b{color:var(--word);font-weight:600}
pre s{color:var(--string);text-decoration:none}
summary{cursor:pointer;padding:.25rem 0}
summary small{color:var(--dim);margin-left:.6rem;font-size:.85rem}
td summary{font-size:.8rem;color:var(--dim)}
td details{white-space:normal}
#history>details{border-top:1px solid var(--edge);padding:.35rem 0}
#history>details>summary{font-size:1rem}
details details{margin:.2rem 0 .2rem 1.2rem}
.review{max-width:60rem;font-size:.92rem}
.review ul{padding-left:1.3rem}
.review h3,.review h4{display:block;margin:1rem 0 .2rem;font-size:.95rem}
.review h4{font-size:.88rem}
.tools{display:flex;gap:.45rem;align-items:center;flex-wrap:wrap;margin-bottom:.6rem}
.tools .hint{margin-left:.4rem}
#diagram.large{position:fixed;inset:0;z-index:4;margin:0;padding:.8rem;background:var(--ground);display:flex;flex-direction:column}
#diagram.large h2,#diagram.large .legend-list{display:none}
#diagram.large #canvas{flex:1;height:auto}
#canvas{position:relative;height:min(72vh,48rem);border:1px solid var(--edge);border-radius:10px;overflow:hidden;cursor:grab;touch-action:none;user-select:none;background:var(--ground)}
#canvas.moving{cursor:grabbing}
.picture{font-family:inherit;position:absolute;left:0;top:0;transform-origin:0 0}
.picture>svg{display:block;max-width:none;overflow:visible}
.picture>svg .ground,.picture>svg .legends{display:none}
.picture .box{cursor:pointer}
.picture .box,.picture .line{transition:opacity .12s}
.picture.map .line{opacity:.3}
.picture.map .frame rect{fill:var(--side)}
.picture.map .frame text{font-size:calc(var(--label)*.9)}
.picture.chosen .box,.picture.chosen .line{opacity:.16}
.picture.chosen .near{opacity:1}
.picture .label{display:none;font-family:inherit!important;font-weight:600!important;text-anchor:middle}
.picture.far .way,.picture.far .end{vector-effect:non-scaling-stroke}
.picture.far .box text{display:none}
.picture.far .box .label{display:block;fill:var(--text)}
.picture.far:not(.map) .body{fill:var(--side)}
.picture .pinned .body{stroke:var(--link)!important;stroke-width:2.5;vector-effect:non-scaling-stroke}
.legend-list{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;list-style:none;padding:0;margin:.6rem 0 0;color:var(--dim);font-size:.82rem}
.legend-list svg{vertical-align:middle;margin-right:.4rem}
#live{border:1px solid var(--edge);border-radius:10px;padding:1rem 1.3rem;margin-top:1.4rem}
#live h2{margin:0;font-size:1.05rem;display:flex;gap:.7rem;align-items:center;flex-wrap:wrap}
#live h3{font-size:.98rem;margin:1.1rem 0 .2rem}
#live h4{margin:.8rem 0 .1rem}
#live p{margin:.35rem 0}
#live ul{margin:.2rem 0;padding-left:0;list-style:none}
#live li{padding:.12rem 0 .12rem 1.4rem;text-indent:-1.4rem;overflow-wrap:anywhere}
#live li::before{content:attr(data-sign);display:inline-block;width:1.4rem;text-indent:0;font-weight:700}
#live .added::before{color:var(--good)}
#live .removed::before{color:var(--bad)}
#live .changed::before{color:var(--warn)}
#live .picture-of-difference{overflow:auto;margin:.8rem 0}
.badge{font-size:.78rem;font-weight:600;border:1px solid currentColor;border-radius:99px;padding:.05rem .6rem}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
@media (max-width:56rem){
html{scroll-padding-top:8.2rem}
body{display:block}
aside{position:sticky;top:0;z-index:3;height:auto;max-height:80vh;padding:.6rem 1rem;border-right:0;border-bottom:1px solid var(--edge)}
aside h1{font-size:1rem;margin:0 0 .4rem}
.contents{margin:0}
.contents>summary{display:block;font-size:.88rem;color:var(--link);padding:.35rem 0 0}
#results li{padding:.45rem .5rem}
main{padding:1rem 1rem 30vh}
#canvas{height:60vh}
.tools .hint{flex-basis:100%;margin:0}
td:first-child{white-space:normal}
table{width:auto;min-width:100%}
}
@media print{aside,.tools,h3 button,.skip{display:none}body{display:block}main{max-width:none;padding:0}#canvas{height:auto;overflow:visible;border:0}.picture{position:static;transform:none!important}.picture>svg{width:100%;height:auto}}
`;
