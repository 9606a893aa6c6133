/** The page's look, light and dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--side:#f6f8fa;--text:#1f2328;--dim:#5f6873;--edge:#d1d9e0;--link:#0b57b8;--code:#eff2f5;--hit:#fff4c2}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--side:#151b23;--text:#e6edf3;--dim:#9aa4af;--edge:#353d48;--link:#6ea8ff;--code:#1c232c;--hit:#4a3c0a}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;display:grid;grid-template-columns:17rem minmax(0,1fr);font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;background:var(--ground);color:var(--text)}
aside{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;background:var(--side);border-right:1px solid var(--edge)}
aside h1{font-size:1.2rem;margin:0 0 .8rem;overflow-wrap:anywhere}
aside h2{font-size:.8rem;margin:1rem 0 .2rem;color:var(--dim);text-transform:uppercase;letter-spacing:.05em}
aside ul{list-style:none;margin:0;padding:0}
aside li a,aside .part{display:block;padding:.1rem .4rem;border-radius:4px;overflow-wrap:anywhere;text-decoration:none}
aside li a:hover,aside .part:hover{background:var(--code)}
label[for=search]{font-size:.8rem;color:var(--dim)}
#search{width:100%;padding:.4rem .5rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:6px}
#found{min-height:1.5em;margin:.2rem 0;font-size:.8rem;color:var(--dim)}
main{padding:1rem 2rem 6rem;min-width:0;outline:none}
h2{margin:2rem 0 .6rem}
h3{margin:0 0 .4rem;font-size:1.15rem}
h1 a,h3 a{color:inherit;text-decoration:none}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;z-index:2;background:var(--ground);padding:.5rem}
.counts,.hint,.files{color:var(--dim);font-size:.9rem}
article.entry{border:1px solid var(--edge);border-radius:8px;padding:1rem 1.2rem;margin:0 0 1.2rem}
.entry:target{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
tr.entry:target td{background:var(--hit)}
article p{margin:.4rem 0}
.wide{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;font-size:.9rem}
th,td{border:1px solid var(--edge);padding:.25rem .6rem;text-align:left;vertical-align:top}
th{background:var(--side);font-weight:600}
tr.hit td{background:var(--hit)}
code,pre{font:13px/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
code{overflow-wrap:break-word}
td code{background:var(--code);padding:.05rem .25rem;border-radius:4px}
td a code{color:inherit}
pre{background:var(--side);border:1px solid var(--edge);border-radius:6px;padding:.8rem;overflow:auto;max-height:32rem}
pre.review{white-space:pre-wrap}
pre i{color:var(--dim)}
summary{cursor:pointer;padding:.2rem 0}
details details{margin-left:1.2rem}
button,select{font:inherit;font-size:.85rem;color:inherit;background:var(--side);border:1px solid var(--edge);border-radius:6px;padding:.15rem .6rem;cursor:pointer}
.tools{display:flex;gap:.5rem;align-items:center;flex-wrap:wrap;margin-bottom:.5rem}
#canvas{position:relative;height:min(75vh,50rem);border:1px solid var(--edge);border-radius:8px;overflow:hidden;cursor:grab;touch-action:none}
#canvas.moving{cursor:grabbing}
.picture{position:absolute;left:0;top:0;transform-origin:0 0}
.picture svg{display:block;max-width:none}
.picture .box{cursor:pointer}
.picture.chosen .box,.picture.chosen .line{opacity:.22}
.picture.chosen .near{opacity:1}
.picture.far .name,.picture.far .type,.picture.far .mark,.picture.far .more{display:none}
.picture.far .title{font-size:28px;dominant-baseline:hanging}
[hidden]{display:none!important}
@media (max-width:50rem){body{display:block}aside{position:static;height:auto;max-height:50vh;border-right:0;border-bottom:1px solid var(--edge)}main{padding:1rem}}
@media print{aside,.tools,.show{display:none}body{display:block}#canvas{height:auto;overflow:visible}.picture{position:static;transform:none!important}.picture svg{width:100%;height:auto}}
`;

/** What moves in the page: search, and the diagram. */
export const PAGE_SCRIPT = `
"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const entries = all(".entry").map((element) => ({
    element,
    name: element.dataset.name.toLowerCase(),
    text: element.textContent.toLowerCase(),
    rows: all("tbody tr", element),
  }));
  const links = new Map(all("nav li a").map((link) => [link.getAttribute("href").slice(1), link]));

  const find = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.includes(word));
    let count = 0;
    for (const { element, text, rows } of entries) {
      const isFound = has(text);
      element.hidden = !isFound;
      const link = links.get(element.id);
      if (link) link.parentElement.hidden = !isFound;
      for (const row of rows) row.classList.toggle("hit", words.length > 0 && has(row.textContent.toLowerCase()));
      if (isFound) count++;
    }
    for (const group of all(".group")) group.hidden = !all(".entry", group).some((element) => !element.hidden);
    for (const list of all("nav ul")) list.hidden = list.previousElementSibling.hidden = all("li", list).every((item) => item.hidden);
    found.textContent = words.length === 0 ? "" : count === 1 ? "1 found; Enter goes there" : count + " found" + (count > 0 ? "; Enter goes to the first" : "");
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      find();
    }
    if (event.key !== "Enter") return;
    const word = search.value.trim().toLowerCase();
    const seen = entries.filter(({ element }) => !element.hidden);
    const best = seen.find(({ name }) => name === word) ?? seen.find(({ name }) => name.includes(word)) ?? seen[0];
    if (best) best.element.id ? (location.hash = best.element.id) : best.element.scrollIntoView();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select")) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  const canvas = document.getElementById("canvas");
  if (!canvas) return;
  const pictures = all(".picture", canvas);
  let picture = pictures[0];
  let place = { x: 0, y: 0, scale: 1 };
  const sizeOf = () => ({ width: picture.firstElementChild.width.baseVal.value, height: picture.firstElementChild.height.baseVal.value });
  const put = (next) => {
    place = next;
    picture.classList.toggle("far", place.scale < 0.45);
    picture.style.transform = "translate(" + place.x + "px," + place.y + "px) scale(" + place.scale + ")";
  };
  const fit = () => {
    const { width, height } = sizeOf();
    const scale = Math.min(canvas.clientWidth / width, canvas.clientHeight / height, 1);
    put({ scale, x: (canvas.clientWidth - width * scale) / 2, y: (canvas.clientHeight - height * scale) / 2 });
  };
  const zoom = (factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.05, place.scale * factor));
    const grown = scale / place.scale;
    put({ scale, x: x - (x - place.x) * grown, y: y - (y - place.y) * grown });
  };
  const choose = (id) => {
    for (const part of all(".near", picture)) part.classList.remove("near");
    picture.classList.toggle("chosen", id !== null);
    if (id === null) return;
    const near = new Set([id]);
    for (const line of all("g.line[data-from]", picture)) {
      const { from, to } = line.dataset;
      if (from !== id && to !== id) continue;
      line.classList.add("near");
      near.add(from).add(to);
    }
    for (const box of all("g.box", picture)) if (near.has(box.dataset.table)) box.classList.add("near");
  };
  const boxOf = (id) => all("g.box", picture).find((box) => box.dataset.table === id);
  const show = (id) => {
    const holder = pictures.find((one) => all("g.box", one).some((box) => box.dataset.table === id));
    if (!holder) return;
    if (!boxOf(id)) select(pictures.indexOf(holder));
    const box = boxOf(id).getBBox();
    const scale = Math.max(place.scale, 0.9);
    put({ scale, x: canvas.clientWidth / 2 - (box.x + box.width / 2) * scale, y: canvas.clientHeight / 2 - (box.y + box.height / 2) * scale });
    choose(id);
    canvas.scrollIntoView({ block: "center" });
    canvas.focus({ preventScroll: true });
  };
  const select = (number) => {
    choose(null);
    pictures.forEach((one, i) => (one.hidden = i !== number));
    picture = pictures[number];
    const box = document.getElementById("picture");
    if (box) box.value = String(number);
    fit();
  };
  document.getElementById("picture")?.addEventListener("change", (event) => select(Number(event.target.value)));
  for (const button of all("[data-zoom]")) {
    button.addEventListener("click", () => (button.dataset.zoom === "fit" ? (choose(null), fit()) : zoom(button.dataset.zoom === "in" ? 1.3 : 1 / 1.3)));
  }
  for (const button of all(".show")) {
    button.hidden = !pictures.some((one) => all("g.box", one).some((box) => box.dataset.table === button.dataset.table));
    button.addEventListener("click", () => show(button.dataset.table));
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 500), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  let start = null;
  canvas.addEventListener("pointerdown", (event) => {
    start = { x: event.clientX - place.x, y: event.clientY - place.y, at: [event.clientX, event.clientY], table: event.target.closest?.("g.box")?.dataset.table };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("moving");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (start) return put({ ...place, x: event.clientX - start.x, y: event.clientY - start.y });
    const over = event.target.closest?.("g.box")?.dataset.table;
    if (over) choose(over);
  });
  canvas.addEventListener("pointerleave", () => start || choose(null));
  canvas.addEventListener("pointercancel", () => (start = null));
  canvas.addEventListener("pointerup", (event) => {
    canvas.classList.remove("moving");
    const isClick = start && Math.hypot(event.clientX - start.at[0], event.clientY - start.at[1]) < 4;
    const page = isClick && start.table ? all("article.entry").find((one) => one.dataset.id === start.table) : null;
    start = null;
    if (page) location.hash = page.id;
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (move) put({ ...place, x: place.x + move[0], y: place.y + move[1] });
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") choose(null), fit();
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  });
  fit();
})();
`;
