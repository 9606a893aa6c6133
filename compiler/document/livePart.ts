/** Where a page keeps the token that it was opened with: as long as its tab is open, and for this service alone. */
export const TOKEN_KEY = "verso-token";

/** Where in the page it is told how the live database stands. */
export const LIVE_HTML = `<section id="live" aria-labelledby="live-title">
<h2 id="live-title">The live database <span id="standing" class="badge" role="status">asking …</span> <button type="button" id="refresh">Ask again</button></h2>
<div id="where"></div>
<div id="differences"></div>
</section>`;

/** Asks the service that gave the page; part of the page's script. */
export const LIVE_SCRIPT = `
  const SIGNS = { added: "+", removed: "−", changed: "~", renamed: "→" };
  const standing = document.getElementById("standing");
  const where = document.getElementById("where");
  const differences = document.getElementById("differences");
  const refresh = document.getElementById("refresh");
  const ask = async (path) => {
    const headers = { authorization: "Bearer " + sessionStorage.getItem("${TOKEN_KEY}") };
    const response = await fetch(path + "?details=true", { headers });
    const body = await response.json();
    if (response.ok) return body;
    const { code, what, why, next } = body.error ?? {};
    throw Object.assign(new Error(what ?? code ?? "the service answers " + response.status), { why, next });
  };
  const paragraph = (text, className = "") => make("p", { textContent: text, className });
  const problem = ({ message, what = message, why, next }) => {
    const told = make("p", {}, make("b", { className: "bad", textContent: what }));
    if (why) told.append(make("br"), why);
    if (next) told.append(make("br"), make("span", { className: "hint", textContent: next }));
    return told;
  };
  const linked = (id, shown) => {
    const page = all("article.entry").find((one) => one.dataset.id === id);
    return page ? make("a", { href: "#" + page.id, textContent: shown }) : shown;
  };
  const listOf = (groups) =>
    groups.flatMap(({ object, differences }) => [
      make("h4", {}, linked(object, object)),
      make(
        "ul",
        {},
        ...differences.map(({ fate, what, says, at }) => {
          const item = make("li", { className: fate }, make("code", { textContent: what }), (fate === "changed" ? ": " : " ") + says);
          item.dataset.sign = SIGNS[fate];
          if (at) item.append(make("span", { className: "hint", textContent: " (" + at + ")" }));
          return item;
        }),
      ),
    ]);
  const migration = (name) => {
    const told = document.getElementById("migration-" + name);
    return told ? make("a", { href: "#" + told.id, textContent: name }) : name;
  };
  const between = (nodes, text) => nodes.flatMap((node, i) => (i === 0 ? [node] : [text, node]));
  const tellStanding = ({ target, version, applied, pending, drift, problems, notes, recordedAt }) => {
    const isWell = problems.length === 0 && applied.length > 0;
    const word = isWell ? "as the migrations leave it" : drift.length > 0 ? "changed by others" : pending.length > 0 ? pending.length + " pending" : "not as it should be";
    standing.textContent = word;
    standing.className = "badge " + (isWell ? "good" : drift.length > 0 ? "bad" : "warn");
    const last = applied.length === 0 ? ["No migration is applied."] : ["At ", migration(applied[applied.length - 1]), ", " + applied.length + (applied.length === 1 ? " migration" : " migrations") + " applied" + (recordedAt ? "; last moved " + new Date(recordedAt).toLocaleString() + "." : ".")];
    where.replaceChildren(
      make("p", {}, make("code", { textContent: target }), ", PostgreSQL " + version + ". ", ...last),
      ...(pending.length === 0 ? [] : [make("p", {}, "Pending: ", ...between(pending.map(migration), ", "), ".")]),
      // What has drifted is listed below.
      ...problems.map((one) => problem(one.code === "target-drifted" ? { ...one, why: undefined } : one)),
      ...notes.map((note) => paragraph(note, "hint")),
      ...(drift.length === 0 ? [] : [make("h3", { textContent: "Changed in the database since Verso left it" }), ...listOf(drift)]),
    );
  };
  const tellDifferences = ({ comparedOn, groups, picture }) => {
    differences.replaceChildren(make("h3", { textContent: "Declared and live" }));
    if (groups.length === 0) return differences.append(paragraph("The definitions and the database say the same, as " + comparedOn + " reads them."));
    differences.append(paragraph("What the definitions, as they are now, and the database say otherwise, as " + comparedOn + " reads both.", "hint"), ...listOf(groups));
    if (picture) {
      const holder = make("div", { className: "wide picture-of-difference", tabIndex: 0, innerHTML: picture });
      holder.setAttribute("role", "group");
      holder.setAttribute("aria-label", "Tables that differ");
      differences.append(holder);
    }
  };
  const look = async () => {
    refresh.disabled = true;
    standing.textContent = "asking …";
    standing.className = "badge";
    try {
      tellStanding(await ask("/standing"));
    } catch (error) {
      standing.textContent = "no answer";
      standing.className = "badge bad";
      where.replaceChildren(problem(error));
    }
    try {
      differences.replaceChildren(paragraph("Comparing it with the definitions …", "hint"));
      tellDifferences(await ask("/differences"));
    } catch (error) {
      differences.replaceChildren(make("h3", { textContent: "Declared and live" }), problem(error));
    }
    refresh.disabled = false;
  };
  refresh.addEventListener("click", look);
  look();
`;
