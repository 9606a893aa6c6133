import { contents } from "./contents.js";
import { all, around, make, one } from "./elements.js";
import { goTo } from "./places.js";

/** Of what is found, as many as are shown. */
const SHOWN = 60;

const found = one("#found", HTMLElement);
const search = one("#search", HTMLInputElement);
const results = one("#results", HTMLElement);

/**
 * What has a name, and all that is said of it.
 * @typedef {ReturnType<typeof thingOf>} Thing
 * @param {HTMLElement} element
 * @param {number} order
 */
const thingOf = (element, order) => {
  const owner = element.parentElement?.closest("article[data-name]");
  const own = element.dataset.name ?? "";
  const name = owner instanceof HTMLElement ? `${owner.dataset.name}.${own}` : own;
  const kind = element.dataset.kind ?? element.closest("table")?.dataset.kind ?? "";
  const paragraphs = all(":scope > p", HTMLElement, element).map(({ textContent }) => textContent);
  const said = element.localName === "article" ? paragraphs.join(" ") : element.textContent;
  const cells =
    element instanceof HTMLTableRowElement
      ? [...element.cells]
          .slice(1)
          .map(({ textContent }) => textContent.trim())
          .filter(Boolean)
      : [];
  return {
    element,
    order,
    name,
    kind,
    detail: element.dataset.detail ?? (cells.length > 0 ? cells.join(" · ") : said.trim()),
    lower: name.toLowerCase(),
    last: own.toLowerCase(),
    text: `${name} ${kind} ${said}`.toLowerCase(),
  };
};
const things = all("[data-name]", HTMLElement).map(thingOf);

/**
 * By its name a thing is found first, then by what is said of it.
 * @param {Thing} thing
 * @param {readonly string[]} words
 */
const rank = ({ lower, last, element }, words) => {
  const [word = ""] = words;
  const isPage = element.matches("article") ? 0 : 0.5;
  if (words.length > 1) return (words.every((each) => lower.includes(each)) ? 2 : 3) + isPage;
  if (lower === word || last === word) return 0 + isPage;
  if (lower.startsWith(word) || last.startsWith(word)) return 1 + isPage;
  return (lower.includes(word) ? 2 : 3) + isPage;
};

/** @type {readonly Thing[]} */
let listed = [];
let at = 0;

/**
 * A name, with the word marked that it was found by.
 * @param {string} name
 * @param {readonly string[]} words
 */
const marked = (name, words) => {
  const lower = name.toLowerCase();
  const word = words.find((each) => lower.includes(each));
  if (word === undefined) return [name];
  const start = lower.indexOf(word);
  const end = start + word.length;
  return [name.slice(0, start), make("mark", { textContent: name.slice(start, end) }), name.slice(end)];
};

/** @param {number} number */
const choose = (number) => {
  at = number;
  for (const [i, item] of [...results.children].entries()) item.setAttribute("aria-selected", String(i === at));
  const item = results.children[at];
  item?.scrollIntoView({ block: "nearest", behavior: "instant" });
  if (item) search.setAttribute("aria-activedescendant", item.id);
  else search.removeAttribute("aria-activedescendant");
};

const closeResults = () => {
  results.hidden = true;
  contents.hidden = false;
  found.textContent = "";
  search.setAttribute("aria-expanded", "false");
  search.removeAttribute("aria-activedescendant");
};

/** @param {number} count */
const countOf = (count) => {
  if (count === 0) return "Nothing found";
  return count > SHOWN ? `${count} found, the first ${SHOWN} shown` : `${count} found`;
};

const findThings = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return closeResults();
  const hits = things
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map((thing) => ({ thing, place: rank(thing, words) }))
    .sort((a, b) => a.place - b.place || a.thing.order - b.thing.order);
  listed = hits.slice(0, SHOWN).map(({ thing }) => thing);
  results.replaceChildren(
    ...listed.map(({ name, kind, detail }, i) => {
      const short = detail.length > 90 ? `${detail.slice(0, 89)}…` : detail;
      const said = make("small", { textContent: short ? `${kind} · ${short}` : kind });
      const item = make("li", { id: `result-${i}` }, ...marked(name, words), said);
      item.setAttribute("role", "option");
      return item;
    }),
  );
  results.hidden = listed.length === 0;
  contents.hidden = true;
  search.setAttribute("aria-expanded", String(listed.length > 0));
  found.textContent = countOf(hits.length);
  choose(0);
};

/** @param {number} number */
const take = (number) => {
  const thing = listed[number];
  if (!thing) return;
  closeResults();
  goTo(thing.element);
};

search.addEventListener("input", findThings);
search.addEventListener("focus", () => {
  if (search.value) findThings();
});
results.addEventListener("mousedown", (event) => event.preventDefault());
results.addEventListener("click", (event) => {
  const item = around(event, "li", HTMLElement);
  if (item) take([...results.children].indexOf(item));
});
search.addEventListener("keydown", (event) => {
  const isOpen = !results.hidden;
  if (event.key === "Escape") {
    search.value = "";
    closeResults();
  } else if (event.key === "Enter") {
    if (isOpen) take(at);
  } else if (event.key === "ArrowDown" && isOpen) choose(Math.min(at + 1, listed.length - 1));
  else if (event.key === "ArrowUp" && isOpen) choose(Math.max(at - 1, 0));
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (around(event, "input, select", HTMLElement)) return;
  event.preventDefault();
  search.focus();
  search.select();
});
