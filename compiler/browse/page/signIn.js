import { one } from "../../document/page/elements.js";
import { TOKEN_KEY } from "../../document/page/token.js";

// Takes the token out of the address, or asks for it, and puts the schema's page in the place of this one.
const form = one("form", HTMLFormElement);
const input = one("#token", HTMLInputElement);
const said = one("#said", HTMLElement);
const problem = one("pre", HTMLElement);

/** @param {string} text */
const say = (text) => {
  said.textContent = text;
};

/** @param {string} text */
const askForToken = (text) => {
  sessionStorage.removeItem(TOKEN_KEY);
  form.hidden = false;
  say(text);
  input.focus();
};

const openPage = async () => {
  const token = sessionStorage.getItem(TOKEN_KEY);
  if (token === null) return askForToken("");
  say("Reading the definitions …");
  const response = await fetch("/page?details=true", { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 401) return askForToken("That token opens nothing here.");
  const { html, problem: told, error } = await response.json();
  if (html === undefined) {
    say("There is no page to show. Mend this, and load it again:");
    problem.textContent = told ?? [error?.code, error?.what, error?.why].filter(Boolean).join("\n");
    problem.hidden = false;
    return;
  }
  document.open();
  document.write(html);
  document.close();
};

/** @param {Error} error */
const tellFailure = (error) => say(`The service does not answer: ${error.message}`);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN_KEY, input.value.trim());
  form.hidden = true;
  openPage().catch(tellFailure);
});

const { mark } = form.dataset;
if (mark !== undefined && location.hash.startsWith(mark)) {
  sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(location.hash.slice(mark.length)));
  history.replaceState(null, "", location.pathname);
}
openPage().catch(tellFailure);
