import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta, diffFacts } from "../compiler/diff/diffFacts.ts";
import { findMisplaced, type Misplaced } from "../compiler/diff/places.ts";
import { kindOf } from "../compiler/kinds/registry.ts";
import { describeRename, describeSuspect } from "../compiler/plan/renames.ts";
import { type Judgement, judgeCopy } from "../compiler/prove/judgeCopy.ts";
import { proveDifference } from "../compiler/prove/proveDifference.ts";
import type { ProvedMigration } from "../compiler/prove/proveMigration.ts";
import { renderScript } from "../compiler/render/renderScript.ts";
import { openSource } from "../compiler/resolve/openSource.ts";
import type { Source } from "../compiler/resolve/source.ts";
import { isDatabaseUrl, openSession } from "../compiler/session/open.ts";
import { openShadow, type Shadow } from "../compiler/shadow/shadow.ts";
import { tellOfOtherVersion } from "./project.ts";
import { paint, paintSql, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("from", {
      type: "string",
      demandOption: true,
      describe: "database URL, definitions folder, .sql, snapshot .json, or empty",
    })
    .option("to", { type: "string", demandOption: true, describe: "the same" })
    .option("out", { type: "string", describe: "folder for forward.sql and rollback.sql; printed without it" })
    .option("observer", { type: "boolean", describe: "let the outside observer of pg_catalog judge too" })
    .option("strict", {
      type: "boolean",
      describe: "fail on objects of kinds that are not modelled, or where the observer disagrees",
    })
    .option("column-order", { type: "boolean", describe: "take the physical order of columns for a difference" })
    .option("exit-code", { type: "boolean", describe: "exit with 2 when the states differ" })
    .option("shadow", {
      type: "string",
      describe: "engine for the proof: postgres://…, binary:15, docker:postgres:15",
    });

interface Args {
  readonly from: string;
  readonly to: string;
  readonly out?: string;
  readonly observer?: boolean;
  readonly strict?: boolean;
  readonly columnOrder?: boolean;
  readonly exitCode?: boolean;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso diff`: both scripts, proved; empty when nothing differs. */
export async function run({ from, to, out, exitCode, shadow: spec, json, ...judges }: Args): Promise<number> {
  const [source, goal] = await Promise.all([openSource(from), openSource(to)]);
  const shadow = await openShadow(spec);
  try {
    const target = targetOf(source) ?? targetOf(goal);
    const migration = await proveDifference(source, goal, shadow, {
      withRows: false,
      withObserver: judges.observer === true,
      withInventory: true,
      ...(target === null ? {} : { version: target.version, target }),
    });
    const renames = migration.renames.map(describeRename);
    const deltas = [...renames, ...diffFacts(migration.renamed, migration.desired).map(describeDelta)];
    const suspects = migration.suspects.map((suspect) => describeSuspect(suspect, goal.positions));
    const findings = {
      ...migration.unmodelled,
      unread: whatIsUnread([source, goal]),
      columnOrder: misplacedIn(source, goal, migration),
      judgements: judges.observer === true ? await judgeCopies([from, to], [source, goal], shadow) : [],
    };
    refuseFindings(findings, [source.name, goal.name], judges);
    const forward = renderScript(migration.forward, { title: `from ${source.name} to ${goal.name}` });
    const rollback = renderScript(migration.rollback, { title: `from ${goal.name} back to ${source.name}` });
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      await writeFile(join(out, "forward.sql"), forward);
      await writeFile(join(out, "rollback.sql"), rollback);
    }
    for (const suspect of suspects) tell(`${paint("yellow", "note", process.stderr)}: ${suspect}`);
    if (target !== null && deltas.length > 0) tellOfOtherVersion(target, shadow);
    reportFindings(findings, [source.name, goal.name]);
    if (judges.observer === true) tell(observed(migration, findings.judgements, shadow.label));
    if (json) {
      const { shadow: label, version } = migration.proof;
      printJson({
        from: source.name,
        to: goal.name,
        deltas,
        suspects,
        forward,
        rollback,
        proof: { shadow: label, version, isObserved: migration.isObserved },
        unmodelled: migration.unmodelled,
        unread: findings.unread,
        columnOrder: findings.columnOrder,
        ...(judges.observer === true ? { observer: findings.judgements } : {}),
      });
    } else if (deltas.length === 0) {
      tell("no difference");
    } else if (out === undefined) {
      print(paintSql(forward));
      print(paint("bold", "-- and back:"));
      print(paintSql(rollback));
    } else {
      tell(
        `${deltas.length === 1 ? "1 difference" : `${deltas.length} differences`}; wrote ${join(out, "forward.sql")} and ${join(out, "rollback.sql")}, both proved on ${shadow.label}`,
      );
    }
    return exitCode && deltas.length > 0 ? 2 : 0;
  } finally {
    await shadow.close();
  }
}

/** What there is to say of the two states beside their difference. */
interface Findings {
  /** Objects that no fact stands for. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly unread: readonly string[];
  readonly columnOrder: readonly Misplaced[];
  readonly judgements: readonly Judgement[];
}

function whatIsUnread(sources: readonly Source[]): readonly string[] {
  const all = sources.flatMap(({ name, recorded }) =>
    [...(recorded?.facts.values() ?? [])].flatMap((fact) => {
      const unread = kindOf(fact).unread?.(fact.attributes) ?? null;
      return unread === null ? [] : [`${name}: ${unread}`];
    }),
  );
  return [...new Set(all)].sort();
}

/** Tables whose columns stand otherwise than they are to, after forward or, where forward leaves them alone, at the start. */
function misplacedIn(from: Source, to: Source, { current, desired, reached }: ProvedMigration): readonly Misplaced[] {
  const [start, goal] = [from.recorded?.facts ?? current, to.recorded?.facts ?? desired];
  const touched = findMisplaced(reached, goal);
  const untouched = findMisplaced(start, goal).filter(({ parent }) => !reached.has(parent));
  return [...touched, ...untouched];
}

async function judgeCopies(
  states: readonly string[],
  sources: readonly Source[],
  shadow: Shadow,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const [at, source] of sources.entries()) {
    const state = states[at] ?? "";
    if (!isDatabaseUrl(state)) continue;
    const original = await openSession(state, { mustExist: true });
    try {
      judgements.push(await judgeCopy(original, source, shadow));
    } finally {
      await original.close();
    }
  }
  return judgements;
}

/** What the observer had a look at, and agrees with. */
function observed({ isObserved }: ProvedMigration, judgements: readonly Judgement[], shadow: string): string {
  const agreed = judgements
    .filter(({ verdict }) => verdict === "agrees")
    .map(({ state }) => `what was read of ${state}`);
  const all = [...(isObserved ? [`forward and rollback on ${shadow}`] : []), ...agreed];
  return all.length > 0
    ? `the observer agrees with ${all.join(", ")}`
    : "the observer was not asked: the versions differ";
}

const disagreement = ({ state, differences }: Judgement): string =>
  `the observer sees in ${state} what was not read, or not so:\n  ${differences.slice(0, 20).join("\n  ")}${
    differences.length > 20 ? `\n  and ${differences.length - 20} more` : ""
  }`;

/** @throws Diagnostic `not-modelled`, `observer-disagrees`, `column-order` */
function refuseFindings(
  { from, to, columnOrder, judgements }: Findings,
  names: readonly [string, string],
  { strict, columnOrder: isOrderWanted }: Pick<Args, "strict" | "columnOrder">,
): void {
  const unmodelled = [from, to].flatMap((objects, at) => objects.map((object) => `${names[at]}: ${object}`));
  if (strict && unmodelled.length > 0) {
    throw new Diagnostic({
      code: "not-modelled",
      what: "there are objects of kinds that Verso does not model",
      why: unmodelled.join("; "),
      next: "without --strict they are left as they are, and named in a warning",
    });
  }
  const disagreeing = judgements.find(({ verdict }) => verdict === "disagrees");
  if (strict && disagreeing !== undefined) {
    throw new Diagnostic({
      code: "observer-disagrees",
      what: disagreement(disagreeing),
      next: "please report this, it is a defect of Verso; without --strict it is a warning",
    });
  }
  if (isOrderWanted && columnOrder.length > 0) {
    throw new Diagnostic({
      code: "column-order",
      what: `columns would stand in another order than in ${names[1]}`,
      why: columnOrder.map(describeMisplaced).join("; "),
      next: "PostgreSQL keeps columns in the order in which they came: make the table anew, or leave --column-order out",
    });
  }
}

const describeMisplaced = ({ parent, actual, wanted }: Misplaced): string =>
  `${parent} has (${actual.join(", ")}) and is to have (${wanted.join(", ")})`;

function reportFindings(
  { from, to, unread, columnOrder, judgements }: Findings,
  names: readonly [string, string],
): void {
  const mark = (word: string) => paint("yellow", word, process.stderr);
  for (const [at, objects] of [from, to].entries()) {
    for (const object of objects) {
      tell(`${mark("warning")}: ${object} in ${names[at]} is of a kind that is not modelled, and is left as it is`);
    }
  }
  for (const { state, verdict, why, ...judgement } of judgements) {
    if (verdict === "disagrees") tell(`${mark("warning")}: ${disagreement({ state, verdict, ...judgement })}`);
    if (verdict === "not asked") tell(`${mark("warning")}: the observer was not asked about ${state}: ${why}`);
    if (judgement.unseen.length > 0)
      tell(`${mark("note")}: ${state} does not show ${judgement.unseen.join(", ")} to this user`);
  }
  for (const what of unread) tell(`${mark("note")}: not read from ${what}`);
  for (const misplaced of columnOrder) {
    tell(`${mark("note")}: ${describeMisplaced(misplaced)}; only --column-order calls that a difference`);
  }
}

/** A state that was read from a database is one of that database's version, and the scripts are for it. */
const targetOf = ({ name, recorded }: Source): { readonly name: string; readonly version: number } | null =>
  recorded === undefined ? null : { name, version: recorded.version };
