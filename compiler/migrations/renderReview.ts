import { formatPosition, type Position } from "../diagnostic.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { Fact, FactId, Json } from "../facts.ts";
import { kindOf, rankOf } from "../kinds/registry.ts";
import type { Rename } from "../plan/renames.ts";
import { describeRefusalOverLostRows } from "../prove/lostRows.ts";
import type { Observation } from "../prove/observe.ts";
import type { ProvedMigration } from "../prove/proveMigration.ts";
import { plural } from "../quantities.ts";
import { code, headline } from "./markdown.ts";
import type { Side } from "./migration.ts";
import type { ProofFile, ProofSide } from "./proofFile.ts";
import { releases } from "./renderReleases.ts";
import type { MigrationNaming } from "./writeMigration.ts";

/** `review.md`: what a migration changes and risks, in words, for a pull request. */
export function renderReview(
  proved: ProvedMigration,
  { domain, name, positions = new Map() }: MigrationNaming,
  scripts: Readonly<Record<Side, string>>,
  proof: ProofFile,
): string {
  const { renames } = proved;
  const deltas = diffFacts(proved.renamed, proved.desired);
  const factOf = (id: FactId): Fact | undefined => proved.desired.get(id) ?? proved.current.get(id);
  const writtenAt = (id: FactId): Position | undefined => {
    for (let fact = factOf(id); fact !== undefined; fact = fact.parent === null ? undefined : factOf(fact.parent)) {
      const position = positions.get(fact.id);
      if (position !== undefined) return position;
    }
    return positions.get(id);
  };
  const unmeasured = proved.forward.some(({ transactional }) => !transactional);
  return [
    `# ${domain}/${name}`,
    "",
    `${counts(renames, deltas)}. ${provedOver(proof)}`,
    "",
    "## What changes",
    "",
    ...changes(renames, deltas, factOf),
    "",
    "## Hazards",
    "",
    ...hazards("forward", proof.forward, writtenAt),
    ...hazards("rollback", proof.rollback, writtenAt),
    ...(unmeasured ? ["Steps outside a transaction cannot be measured; what they lock is not in this list.", ""] : []),
    ...releases(proved, proof, writtenAt),
    ...demands(proof),
    ...doubts(proof),
    ...script("forward", scripts.forward),
    "",
    ...script("rollback", scripts.rollback),
    "",
  ].join("\n");
}

function counts(renames: readonly Renamed[], deltas: readonly Delta[]): string {
  const of = (verb: Delta["verb"]) => deltas.filter((delta) => delta.verb === verb).length;
  const parts = [
    [renames.length, "renamed"],
    [of("add"), "added"],
    [of("change"), "changed"],
    [of("remove"), "removed"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "The catalog stays as it is" : `${told.join(", ")}`;
}

function provedOver({ shadow, rows }: ProofFile): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const over = total === 0 ? "" : `, over ${total} rows in ${plural(Object.keys(rows).length, "table")}`;
  return `Proved forward and back on ${shadow}${over}.`;
}

/**
 * Renames and deltas under the outermost thing that they belong to; what is new or gone as a whole is counted, not listed.
 */
function changes(
  renames: readonly Renamed[],
  deltas: readonly Delta[],
  factOf: (id: FactId) => Fact | undefined,
): readonly string[] {
  const groups = new Map<FactId, { root: Fact; renames: Renamed[]; deltas: Delta[] }>();
  const groupOf = (fact: Fact) => {
    const root = outermost(fact, factOf);
    const group = groups.get(root.id) ?? { root, renames: [], deltas: [] };
    groups.set(root.id, group);
    return group;
  };
  for (const rename of renames) groupOf(rename.to).renames.push(rename);
  for (const delta of deltas) groupOf(subject(delta)).deltas.push(delta);
  if (groups.size === 0) return ["Nothing."];
  const sorted = [...groups.values()].sort(
    (a, b) => rankOf(a.root) - rankOf(b.root) || (a.root.id < b.root.id ? -1 : 1),
  );
  return sorted.flatMap(({ root, renames: renamed, deltas: own }) => {
    const whole = own.find((delta) => delta.verb !== "change" && subject(delta).id === root.id);
    if (whole !== undefined) {
      const inside = census(own.filter((delta) => delta !== whole).map(subject));
      return [`- **${sign(whole)} ${code(root.id)}**${inside === "" ? "" : `: ${inside}`}`];
    }
    const lines = [...renamed.map(renameLine), ...own.flatMap(changeLines)];
    return [`- ${code(root.id)}`, ...lines.map((line) => `  - ${line}`)];
  });
}

type Renamed = Pick<Rename, "from" | "to">;

const renameLine = ({ from, to }: Renamed): string =>
  `**~** ${code(from.id)}: renamed to ${code(kindOf(to).path(to.attributes))}`;

function outermost(fact: Fact, factOf: (id: FactId) => Fact | undefined): Fact {
  const parent = fact.parent === null ? undefined : factOf(fact.parent);
  return parent === undefined ? fact : outermost(parent, factOf);
}

const subject = (delta: Delta): Fact => (delta.verb === "change" ? delta.to : delta.fact);

const sign = ({ verb }: Delta): string => ({ add: "+", remove: "−", change: "~" })[verb];

function changeLines(delta: Delta): readonly string[] {
  const { id } = subject(delta);
  if (delta.verb !== "change") return [`**${sign(delta)}** ${code(id)}`];
  return delta.attributes.map((name) => {
    const [from, to] = [delta.from.attributes[name] ?? null, delta.to.attributes[name] ?? null];
    return `**~** ${code(id)}: ${inWords(name)} ${valueText(from)} → ${valueText(to)}`;
  });
}

/** `isNullable` → `is nullable`. */
const inWords = (attribute: string): string => attribute.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const LONGEST_VALUE = 80;

function valueText(value: Json): string {
  if (value === null || value === "") return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ").trim();
  return code(line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line);
}

/** `7 columns, 2 indexes`, in the order of kinds. */
function census(facts: readonly Fact[]): string {
  const byKind = new Map<string, number>();
  for (const fact of [...facts].sort((a, b) => rankOf(a) - rankOf(b))) {
    byKind.set(fact.kind, (byKind.get(fact.kind) ?? 0) + 1);
  }
  return [...byKind].map(([kind, count]) => plural(count, kind)).join(", ");
}

/** Lock modes that make readers or writers wait, the weakest first. */
const BLOCKED: Readonly<Record<string, string>> = {
  ShareLock: "writes to it wait",
  ShareRowExclusiveLock: "writes to it wait",
  ExclusiveLock: "writes to it wait",
  AccessExclusiveLock: "reads and writes of it wait",
};

function hazards(
  side: Side,
  { destroys, observations }: ProofSide,
  writtenAt: (id: FactId) => Position | undefined,
): readonly string[] {
  const found = new Map<string, { id: FactId; sql: string; lines: string[] }>();
  const add = (id: FactId, sql: string, line: string): void => {
    const entry = found.get(sql);
    if (entry === undefined) found.set(sql, { id, sql, lines: [line] });
    else if (!entry.lines.includes(line)) entry.lines.push(line);
  };
  for (const { id, sql, what } of destroys) add(id, sql, `**destroys** ${what}; needs \`--accept-data-loss\``);
  for (const { id, sql, locks, rewrites, scans } of observations) {
    const isSlow = rewrites.length > 0 || scans.length > 0;
    for (const relation of rewrites) add(id, sql, `**rewrites** ${code(relation)}: every row is copied`);
    for (const relation of scans) {
      if (!rewrites.includes(relation)) add(id, sql, `**scans** ${code(relation)} from end to end`);
    }
    for (const { relation, mode } of strongest(locks)) {
      const blocked = BLOCKED[mode];
      const howLong = isSlow
        ? "until its transaction ends"
        : "until its transaction ends; the statement itself is quick";
      add(id, sql, `**locks** ${code(relation)} (${mode}): ${blocked} ${howLong}`);
    }
  }
  const title = side === "forward" ? "### Going forward" : "### Going back";
  if (found.size === 0) return [title, "", "None: nothing that exists is locked against readers or writers.", ""];
  const items = [...found.values()].flatMap(({ id, sql, lines }) => {
    const at = writtenAt(id);
    const where = at === undefined ? "" : ` (${formatPosition(at)})`;
    return [`- ${code(headline(sql))}${where}`, ...lines.map((line) => `  - ${line}`)];
  });
  return [title, "", ...items, ""];
}

/** Of the locks on one relation that make others wait, the one that makes most wait. */
function strongest(locks: Observation["locks"]): Observation["locks"] {
  const modes = Object.keys(BLOCKED);
  const found = new Map<string, string>();
  for (const { relation, mode } of locks) {
    if (modes.indexOf(mode) > modes.indexOf(found.get(relation) ?? "")) found.set(relation, mode);
  }
  return [...found].map(([relation, mode]) => ({ relation, mode }));
}

/** Rows that the migration cannot have, or takes out of its way, with the queries that find them. */
function demands({ obstacles = [] }: ProofFile): readonly string[] {
  if (obstacles.length === 0) return [];
  const of = (fate: "refused" | "set aside") => obstacles.filter((one) => one.fate === fate);
  const list = (title: string, found: typeof obstacles): readonly string[] =>
    found.length === 0 ? [] : ["", `${title}:`, "", ...found.map(({ what }) => `- ${what}`)];
  return [
    "## What it asks of the rows",
    "",
    "`verso apply --dry-run` counts these on a database; the queries stand in proof.json.",
    ...list("It cannot be applied while there are", of("refused")),
    ...list("It sets aside, in the schema verso_attic, until it is rolled back", of("set aside")),
    "",
  ];
}

function doubts({ withoutRows, valuesLost, refusedOverRows }: ProofFile): readonly string[] {
  const lines = [
    ...withoutRows.map((id) => `- ${code(id)}: no row could be made for it, so it was proved empty`),
    ...valuesLost.map((id) => `- ${code(id)}: its values are not what they were after going forward and back`),
    ...(refusedOverRows === undefined ? [] : [`- ${describeRefusalOverLostRows(refusedOverRows)}`]),
  ];
  return lines.length === 0 ? [] : ["## What could not be proved", "", ...lines, ""];
}

const LONG_SCRIPT = 120;

/** Long scripts are folded away, so that a pull request stays readable. */
function script(side: Side, sql: string): readonly string[] {
  const file = `${side}.sql`;
  if (sql === "") return [`## ${file}`, "", "Empty."];
  const lines = sql.trimEnd().split("\n");
  const fence = "`".repeat(Math.max(3, 1 + Math.max(0, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length))));
  const block = [`${fence}sql`, ...lines, fence];
  if (lines.length <= LONG_SCRIPT) return [`## ${file}`, "", ...block];
  return [`## ${file}`, "", "<details>", `<summary>${lines.length} lines</summary>`, "", ...block, "", "</details>"];
}
