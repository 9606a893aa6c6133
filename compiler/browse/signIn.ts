import { TOKEN_KEY } from "../document/livePart.ts";
import { BASE_STYLE } from "../document/pageStyle.ts";
import { escapeXml } from "../document/svg.ts";

/** Where in an address the token stands: browsers send nothing behind `#` to anybody. */
export const TOKEN_MARK = "#token=";

/** Takes the token out of the address, or asks for it, and puts the schema's page in the place of this one. */
export const SIGN_IN_SCRIPT = `
"use strict";
(() => {
  const form = document.querySelector("form");
  const said = document.getElementById("said");
  const problem = document.querySelector("pre");
  const say = (text) => (said.textContent = text);
  const ask = (text) => {
    sessionStorage.removeItem("${TOKEN_KEY}");
    form.hidden = false;
    say(text);
    form.elements.token.focus();
  };
  const open = async () => {
    const token = sessionStorage.getItem("${TOKEN_KEY}");
    if (token === null) return ask("");
    say("Reading the definitions …");
    const response = await fetch("/page?details=true", { headers: { authorization: "Bearer " + token } });
    if (response.status === 401) return ask("That token opens nothing here.");
    const { html, problem: told, error } = await response.json();
    if (html === undefined) {
      say("There is no page to show. Mend this, and load it again:");
      problem.textContent = told ?? [error?.code, error?.what, error?.why].filter(Boolean).join("\\n");
      problem.hidden = false;
      return;
    }
    document.open();
    document.write(html);
    document.close();
  };
  const failed = (error) => say("The service does not answer: " + error.message);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("${TOKEN_KEY}", form.elements.token.value.trim());
    form.hidden = true;
    open().catch(failed);
  });
  if (location.hash.startsWith("${TOKEN_MARK}")) {
    sessionStorage.setItem("${TOKEN_KEY}", decodeURIComponent(location.hash.slice(${TOKEN_MARK.length})));
    history.replaceState(null, "", location.pathname);
  }
  open().catch(failed);
})();
`;

const STYLE = `${BASE_STYLE}
main{max-width:26rem;margin:16vh auto;padding:0 1.2rem}
h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;margin-bottom:.3rem}
form div{display:flex;gap:.5rem}
#token{flex:1;min-width:0}
p{color:var(--dim);font-size:.92rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--side);border:1px solid var(--edge);border-radius:8px;padding:.8rem 1rem;font-size:.85rem}
`;

/** The page that anybody gets: it says nothing of the schema. */
export const signInPage = (domain: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(domain)}: schema</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeXml(domain)}: schema</h1>
<form hidden>
<label for="token">Token</label>
<input name="username" autocomplete="username" value="${escapeXml(domain)}" hidden>
<div><input id="token" name="token" type="password" autocomplete="current-password" required><button>Open</button></div>
<p>The one that <code>verso serve</code> reads from <code>VERSO_READ_TOKEN</code>, or said when it started.</p>
</form>
<p id="said" role="status"></p>
<pre hidden></pre>
</main>
<script>${SIGN_IN_SCRIPT}</script>
</body>
</html>
`;
