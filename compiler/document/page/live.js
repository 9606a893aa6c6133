import { make, one } from "./elements.js";
import "./page.js";
import { pageOf } from "./places.js";
import { TOKEN_KEY } from "./token.js";

// What the service that gave the page answers, as compiler/browse/live.ts says it.
/** @typedef {"added" | "removed" | "changed" | "renamed"} Fate */
/** @typedef {{ fate: Fate, what: string, says: string, at?: string }} Difference */
/** @typedef {{ object: string, differences: Difference[] }} Group */
/** @typedef {{ code?: string, what?: string, why?: string | undefined, next?: string | undefined }} Problem */
/**
 * @typedef {object} Standing
 * @property {string} target
 * @property {string} version
 * @property {string[]} applied
 * @property {string[]} pending
 * @property {Group[]} drift
 * @property {Problem[]} problems
 * @property {string[]} notes
 * @property {string | null} recordedAt
 */
/** @typedef {{ comparedOn: string, groups: Group[], picture: string | null }} Compared */

const SIGNS = { added: "+", removed: "−", changed: "~", renamed: "→" };

const standing = one("#standing", HTMLElement);
const where = one("#where", HTMLElement);
const differing = one("#differences", HTMLElement);
const refresh = one("#refresh", HTMLButtonElement);

/** @param {string} path */
const ask = async (path) => {
  const headers = { authorization: `Bearer ${sessionStorage.getItem(TOKEN_KEY)}` };
  const response = await fetch(`${path}?details=true`, { headers });
  const body = await response.json();
  if (response.ok) return body;
  const { code, what, why, next } = body.error ?? {};
  throw Object.assign(new Error(what ?? code ?? `the service answers ${response.status}`), { why, next });
};

/**
 * @param {string} text
 * @param {string} [className]
 */
const paragraph = (text, className = "") => make("p", { textContent: text, className });

/** @param {Problem} problem */
const problemText = ({ what = "", why, next }) => {
  const told = make("p", {}, make("b", { className: "bad", textContent: what }));
  if (why) told.append(make("br"), why);
  if (next) told.append(make("br"), make("span", { className: "hint", textContent: next }));
  return told;
};

/**
 * What was thrown, as a problem.
 * @param {unknown} error
 */
const failure = (error) => (error instanceof Error ? problemText({ ...error, what: error.message }) : String(error));

/** @param {string} object */
const linked = (object) => {
  const page = pageOf(object);
  return page ? make("a", { href: `#${page.id}`, textContent: object }) : object;
};

/** @param {Difference} difference */
const itemOf = ({ fate, what, says, at }) => {
  const between = fate === "changed" ? ": " : " ";
  const item = make("li", { className: fate }, make("code", { textContent: what }), between + says);
  item.dataset.sign = SIGNS[fate];
  if (at) item.append(make("span", { className: "hint", textContent: ` (${at})` }));
  return item;
};

/** @param {readonly Group[]} groups */
const listOf = (groups) =>
  groups.flatMap(({ object, differences }) => [
    make("h4", {}, linked(object)),
    make("ul", {}, ...differences.map(itemOf)),
  ]);

/** @param {string} name */
const migration = (name) => {
  const told = document.getElementById(`migration-${name}`);
  return told ? make("a", { href: `#${told.id}`, textContent: name }) : name;
};

/** @param {Standing} standing */
const standingOf = ({ applied, pending, drift, problems }) => {
  if (problems.length === 0 && applied.length > 0) return { word: "as the migrations leave it", look: "good" };
  if (drift.length > 0) return { word: "changed by others", look: "bad" };
  return { word: pending.length > 0 ? `${pending.length} pending` : "not as it should be", look: "warn" };
};

/** @param {Standing} standing */
const lastMove = ({ applied, recordedAt }) => {
  const last = applied.at(-1);
  if (last === undefined) return ["No migration is applied."];
  const count = `${applied.length} ${applied.length === 1 ? "migration" : "migrations"} applied`;
  const moved = recordedAt ? `; last moved ${new Date(recordedAt).toLocaleString()}.` : ".";
  return ["At ", migration(last), `, ${count}${moved}`];
};

/**
 * @param {string} word
 * @param {string} look
 */
const setStanding = (word, look) => {
  standing.textContent = word;
  standing.className = `badge ${look}`;
};

/** @param {Standing} found */
const tellStanding = (found) => {
  const { target, version, pending, drift, problems, notes } = found;
  const { word, look } = standingOf(found);
  setStanding(word, look);
  const names = pending.map(migration).flatMap((name, i) => (i === 0 ? [name] : [", ", name]));
  where.replaceChildren(
    make("p", {}, make("code", { textContent: target }), `, PostgreSQL ${version}. `, ...lastMove(found)),
    ...(pending.length === 0 ? [] : [make("p", {}, "Pending: ", ...names, ".")]),
    // What has drifted is listed below.
    ...problems.map((each) => problemText(each.code === "target-drifted" ? { ...each, why: undefined } : each)),
    ...notes.map((note) => paragraph(note, "hint")),
    ...(drift.length === 0
      ? []
      : [make("h3", { textContent: "Changed in the database since Verso left it" }), ...listOf(drift)]),
  );
};

const differencesTitle = () => make("h3", { textContent: "Declared and live" });

/** @param {Compared} compared */
const tellDifferences = ({ comparedOn, groups, picture }) => {
  differing.replaceChildren(differencesTitle());
  if (groups.length === 0) {
    differing.append(paragraph(`The definitions and the database say the same, as ${comparedOn} reads them.`));
    return;
  }
  const says = `What the definitions, as they are now, and the database say otherwise, as ${comparedOn} reads both.`;
  differing.append(paragraph(says, "hint"), ...listOf(groups));
  if (picture) {
    const holder = make("div", { className: "wide picture-of-difference", tabIndex: 0, innerHTML: picture });
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", "Tables that differ");
    differing.append(holder);
  }
};

const look = async () => {
  refresh.disabled = true;
  setStanding("asking …", "");
  try {
    tellStanding(await ask("/standing"));
  } catch (error) {
    setStanding("no answer", "bad");
    where.replaceChildren(failure(error));
  }
  try {
    differing.replaceChildren(paragraph("Comparing it with the definitions …", "hint"));
    tellDifferences(await ask("/differences"));
  } catch (error) {
    differing.replaceChildren(differencesTitle(), failure(error));
  }
  refresh.disabled = false;
};
refresh.addEventListener("click", look);
look();
