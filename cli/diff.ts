import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argv } from "yargs";
import { describeDelta, diffFacts } from "../compiler/diff/diffFacts.ts";
import { differenceSvg } from "../compiler/document/difference.ts";
import { describeRename, describeSuspect } from "../compiler/plan/renames.ts";
import type { Judgement } from "../compiler/prove/judgeCopy.ts";
import { describeRefusalOverLostRows } from "../compiler/prove/lostRows.ts";
import { proveDifference, unchanged } from "../compiler/prove/proveDifference.ts";
import type { ProvedMigration } from "../compiler/prove/proveMigration.ts";
import { describeShort } from "../compiler/prove/withinReach.ts";
import { renderScript } from "../compiler/render/renderScript.ts";
import { openSource, openSources } from "../compiler/resolve/openSource.ts";
import type { Source } from "../compiler/resolve/source.ts";
import { findBeside, type Judges, judgeCopies, observed, refuseFindings, reportFindings } from "./findings.ts";
import { examples } from "./options.ts";
import { working } from "./progress.ts";
import { startShadow, tellOfOtherVersion } from "./project.ts";
import { paint, paintSql, print, printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("from", {
      type: "string",
      demandOption: true,
      describe: "required: database URL, definitions folder, .sql, snapshot .json or empty",
    })
    .option("to", {
      type: "string",
      demandOption: true,
      describe: "required: the same, of the state that it is to become",
    })
    .option("out", { type: "string", describe: "folder for forward.sql and rollback.sql; printed without it" })
    .option("erd", { type: "string", describe: "an .svg file for the diagram of the tables that differ" })
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
    })
    .epilogue(
      examples(
        ["what a release would change", "verso diff --from postgres://…/live --to definitions/shop"],
        ["change/forward.sql and change/rollback.sql", "verso diff --from old.sql --to new.sql --out change/"],
      ),
    );

interface Args extends Judges {
  readonly from: string;
  readonly to: string;
  readonly out?: string;
  readonly erd?: string;
  readonly exitCode?: boolean;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso diff`: both scripts, proved; empty when nothing differs. */
export async function run(args: Args): Promise<number> {
  const states = [args.from, args.to] as const;
  const isObserved = args.observer === true;
  // What the observer looks at is the whole.
  const [source, goal] = await working("reading both states", () =>
    isObserved ? Promise.all([openSource(args.from), openSource(args.to)]) : openSources(...states),
  );
  const same = isObserved ? null : unchanged(source, goal);
  if (same !== null) return report(args, [source, goal], same, []);
  const shadow = await startShadow(args.shadow);
  try {
    const target = targetOf(source) ?? targetOf(goal);
    const migration = await working("proving", (work) =>
      proveDifference(source, goal, shadow, {
        withRows: false,
        withObserver: isObserved,
        withInventory: true,
        ...(target === null ? {} : { version: target.version, target }),
        onPhase: work.advance,
      }),
    );
    const judgements = isObserved ? await judgeCopies(states, [source, goal], shadow) : [];
    return await report(args, [source, goal], migration, judgements);
  } finally {
    await shadow.close();
  }
}

async function report(
  { out, erd, exitCode, json, ...judges }: Args,
  [source, goal]: readonly [Source, Source],
  migration: ProvedMigration,
  judgements: readonly Judgement[],
): Promise<number> {
  const { shadow: label, version, refusedOverRows } = migration.proof;
  const target = targetOf(source) ?? targetOf(goal);
  const renames = migration.renames.map(describeRename);
  const deltas = [...renames, ...diffFacts(migration.renamed, migration.desired).map(describeDelta)];
  const suspects = migration.suspects.map((suspect) => describeSuspect(suspect, goal.positions));
  const findings = findBeside([source, goal], migration, judgements);
  refuseFindings(findings, judges);
  const forward = renderScript(migration.forward, { title: `from ${source.name} to ${goal.name}` });
  const rollback = renderScript(migration.rollback, { title: `from ${goal.name} back to ${source.name}` });
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, "forward.sql"), forward);
    await writeFile(join(out, "rollback.sql"), rollback);
  }
  if (erd !== undefined) await draw(erd, migration, `From ${source.name} to ${goal.name}`);
  if (refusedOverRows !== null) tellNote(describeRefusalOverLostRows(refusedOverRows));
  for (const line of describeShort(migration.short)) tellNote(line);
  for (const suspect of suspects) tellNote(suspect);
  if (target !== null && deltas.length > 0) tellOfOtherVersion(target, { label, version });
  reportFindings(findings);
  if (judges.observer === true) tell(observed(migration, judgements, label));
  if (json) {
    printJson({
      from: source.name,
      to: goal.name,
      deltas,
      suspects,
      short: migration.short,
      forward,
      rollback,
      proof: { shadow: label, version, isObserved: migration.isObserved },
      unmodelled: { from: findings.unmodelled[0], to: findings.unmodelled[1] },
      unread: findings.unread,
      columnOrder: findings.columnOrder,
      ...(judges.observer === true ? { observer: judgements } : {}),
    });
  } else if (deltas.length === 0) {
    tell("no difference");
  } else if (out === undefined) {
    print(paintSql(forward));
    print(paint("bold", "-- and back:"));
    print(paintSql(rollback));
  } else {
    tell(
      `${deltas.length === 1 ? "1 difference" : `${deltas.length} differences`}; wrote ${join(out, "forward.sql")} and ${join(out, "rollback.sql")}, both proved on ${label}`,
    );
  }
  return exitCode && deltas.length > 0 ? 2 : 0;
}

/** Tables that come, go and change, in a picture; none is written where no table does. */
async function draw(file: string, { renamed, desired, renames }: ProvedMigration, title: string): Promise<void> {
  const named = new Map(renames.map(({ from, to }) => [to.id, { was: from.id }]));
  const svg = await differenceSvg({ before: renamed, after: desired, renamed: named }, title);
  if (svg === null) return tell(`no table differs; ${file} is not written`);
  await writeFile(file, svg);
  tell(`wrote ${file}`);
}

/** A state that was read from a database is one of that database's version, and the scripts are for it. */
const targetOf = ({ name, recorded }: Source): { readonly name: string; readonly version: number } | null =>
  recorded === undefined ? null : { name, version: recorded.version };
