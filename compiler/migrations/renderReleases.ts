import { formatPosition, type Position } from "../diagnostic.ts";
import type { FactId } from "../facts.ts";
import type { ProvedMigration } from "../prove/proveMigration.ts";
import type { Breakage, OneWay, Order, Release } from "../prove/releases.ts";
import { code, headline } from "./markdown.ts";
import type { Side } from "./migration.ts";
import type { ProofFile } from "./proofFile.ts";

/** What an order asks of those who deploy. */
const ADVICE: Readonly<Record<Side, Readonly<Record<Order, string>>>> = {
  forward: {
    "schema first": "apply it, then deploy the next release",
    "code first": "deploy the next release, then apply it",
    either: "both releases work at every step; deploy before or after",
    "in phases": "neither order keeps services working",
  },
  rollback: {
    "schema first": "roll it back, then deploy the previous release",
    "code first": "deploy the previous release, then roll it back",
    either: "both releases work at every step; deploy before or after",
    "in phases": "neither order keeps services working",
  },
};

/** `apply it, then deploy the next release`; where neither order does, what would. */
export function adviceOf(side: Side, { order, breakages }: OneWay, steps: number): string {
  const advice = ADVICE[side][order];
  if (order !== "in phases") return advice;
  const meeting = Array.from({ length: steps + 1 }, (_, i) => i).find(
    (i) => !breakages.some(({ from, to }) => from <= i && i <= to),
  );
  if (meeting !== undefined) return `${advice} all the way, but both work after step ${meeting}: divide it there`;
  return side === "rollback"
    ? advice
    : `${advice}: add first what the next release needs, beside what the previous one uses; deploy; then do the rest`;
}

/** The section of a review on the releases on either side of a migration. */
export function releases(
  { forward, rollback }: Pick<ProvedMigration, "forward" | "rollback">,
  { releases: found, obstacles = [] }: ProofFile,
  writtenAt: (id: FactId) => Position | undefined,
): readonly string[] {
  if (found === undefined) return [];
  const { previous, next } = found.statements;
  const way = (title: string, side: Side, steps: number): readonly string[] => [
    `### ${title}: ${found[side].order}`,
    "",
    `${capital(adviceOf(side, found[side], steps))}.`,
    "",
    ...breakages(found[side], steps, writtenAt),
  ];
  const times = new Map<string, string[]>();
  const tell = (when: string, what: string) => times.set(when, [...(times.get(when) ?? []), `  - ${what}`]);
  for (const { release, from, to, what } of found.felt) tell(during(release, from, to, forward.length), what);
  for (const { what } of obstacles) tell("the previous release could write so far, and cannot from then on:", what);
  const felt = [...times].flatMap(([when, lines]) => [`- ${when}`, ...lines]);
  return [
    "## Releases",
    "",
    `Services of the previous release, written for the start of this migration, issue ${previous} statements, those of the next, written for its end, ${next}: in generated functions, and by hand. Those that the migration can touch ran after every step, over rows.`,
    ...(found.knowsPreviousQueries
      ? []
      : [
          "What was written by hand for the previous one is unknown: the folder of the migration before does not keep it.",
        ]),
    "",
    ...way("Deploying", "forward", forward.length),
    ...way("Rolling back", "rollback", rollback.length),
    ...(felt.length === 0 ? [] : ["### What they read and write otherwise", "", ...felt, ""]),
    ...(found.unjudged.length === 0
      ? []
      : ["### What could not be judged", "", ...found.unjudged.map((one) => `- ${one}`), ""]),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const during = (release: Release, from: number, to: number, steps: number): string => {
  const since = from === 0 ? "" : ` from step ${from} on`;
  const until = to === steps ? "" : ` until step ${to + 1}`;
  return `the ${release} release${since}${until}:`;
};

function breakages(
  { breakages: all }: OneWay,
  steps: number,
  writtenAt: (id: FactId) => Position | undefined,
): readonly string[] {
  const groups = new Map<string, { readonly first: Breakage; readonly failures: Map<string, Breakage> }>();
  for (const one of all) {
    const key = JSON.stringify([one.release, one.from, one.to, one.by ?? null]);
    const group = groups.get(key) ?? { first: one, failures: new Map() };
    const reason = JSON.stringify([one.why, one.at ?? null]);
    const known = group.failures.get(reason)?.statements ?? [];
    group.failures.set(reason, { ...one, statements: [...known, ...one.statements] });
    groups.set(key, group);
  }
  const lines = [...groups.values()].flatMap(({ first: { release, from, to, by, of }, failures }) => {
    const own = [...failures.values()].map((one) => `  - ${failing(one)}`);
    const isOfOne = [...failures.values()].every((one) => one.of === of);
    const at =
      (by === undefined ? undefined : writtenAt(by.id)) ?? (isOfOne && of !== null ? writtenAt(of) : undefined);
    const when =
      from === 0
        ? `the ${release} release **works only after** step ${to + 1}`
        : `the ${release} release **breaks** at step ${from}${to === steps ? "" : `, until step ${to + 1}`}`;
    const cause = by === undefined ? "" : `, ${code(headline(by.sql))}`;
    const where = at === undefined ? "" : ` (${formatPosition(at)})`;
    return [`- ${when}${cause}${where}`, ...own];
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

const SHOWN = 3;

/** `users.findById`, `users.list` and 9 more: column "age" does not exist (SQLSTATE 42703) */
function failing({ statements, at, why, code: sqlstate }: Breakage): string {
  const named = statements.slice(0, SHOWN).map((name) => code(name));
  const more = statements.length > SHOWN ? [`${statements.length - SHOWN} more`] : [];
  const all = [...named, ...more];
  const list = all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
  const where = at === undefined ? "" : ` (${at})`;
  return `${list}${where}${list === "" ? "" : ": "}${why} (SQLSTATE ${sqlstate})`;
}
