import { join } from "node:path";
import type { Argv } from "yargs";
import { check } from "../compiler/apply/check.ts";
import { countLosses, type Loss, rowsText } from "../compiler/apply/losses.ts";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta, diffFacts, summarizeDeltas } from "../compiler/diff/diffFacts.ts";
import { nextName } from "../compiler/migrations/migration.ts";
import type { ProofFile } from "../compiler/migrations/proofFile.ts";
import { queriesToKeep } from "../compiler/migrations/queriesToKeep.ts";
import { migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { composeMigration, writeMigration } from "../compiler/migrations/writeMigration.ts";
import { describeObstacle, findObstacles } from "../compiler/plan/obstacles.ts";
import { describeRename, describeSuspect } from "../compiler/plan/renames.ts";
import { refuseWhatIsTooNew, versionText } from "../compiler/plan/tooNew.ts";
import { proveMigration } from "../compiler/prove/proveMigration.ts";
import { describeShort } from "../compiler/prove/withinReach.ts";
import { domainSource } from "../compiler/resolve/definitionsSource.ts";
import type { Session } from "../compiler/session/session.ts";
import { DOMAIN, examples, SHADOW } from "./options.ts";
import { working } from "./progress.ts";
import {
  chooseDomain,
  compileNamed,
  historyOf,
  openTarget,
  releasesAround,
  SQL,
  startShadow,
  tellOfOtherVersion,
  tellOfReleases,
} from "./project.ts";
import { paint, paintDeltas, print, printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("name", { type: "string", demandOption: true, describe: "what the migration does, such as add_goals" })
    .option("domain", DOMAIN)
    .option("target", { type: "string", describe: "live database whose version and rows the plan must suit" })
    .option("shadow", SHADOW)
    .option("accept-data-loss", { type: "boolean", describe: "write the plan although it destroys what it names" })
    .epilogue(
      examples(
        ["what changed in the definitions since the last one", "verso plan add_goals"],
        ["… with that database's version and rows in mind", "verso plan add_goals --target postgres://…/staging"],
      ),
    );

/** Oldest major version that Verso plans for. */
const OLDEST = 14;

interface Args {
  readonly name: string;
  readonly domain?: string;
  readonly target?: string;
  readonly shadow?: string;
  readonly acceptDataLoss?: boolean;
  readonly json?: boolean;
}

/** `verso plan`: what definitions and migrations differ in, as the next migration, proved both ways. */
export async function run(args: Args): Promise<number> {
  const domain = await compileNamed(await chooseDomain(args.domain));
  const { migrations, source } = await historyOf(domain);
  const name = nextName(
    migrations.map((migration) => migration.name),
    args.name,
  );
  const target = args.target === undefined ? null : await openTarget(domain.name, args.target);
  const shadow = await startShadow(args.shadow);
  try {
    if (target !== null) refuseBeyond(target, domain);
    if (target !== null) await requireCurrent(target, domain.name, migrations.at(-1)?.name);
    tell(`proving ${domain.name}/${name} on ${shadow.label} …`);
    const queries = await queriesToKeep(domain);
    const proved = await working("proving", (work) =>
      proveMigration(source, domainSource(domain), shadow, {
        withRows: true,
        online: true,
        // One migration for every server that the domain is for: no syntax that the oldest of them lacks.
        version: Math.min(
          (domain.domain.options.postgres ?? OLDEST) * 10_000,
          target?.version ?? Number.MAX_SAFE_INTEGER,
        ),
        ...(target === null ? {} : { target }),
        ...releasesAround(domain, migrations.at(-1), queries),
        onPhase: work.advance,
      }),
    );
    if (proved.forward.length === 0) {
      if (args.json) printJson({ domain: domain.name, migration: null });
      else tell(`nothing to plan: the definitions of ${domain.name} are what its migrations lead to`);
      return 0;
    }
    const files = composeMigration(proved, { domain: domain.name, name, positions: domain.positions });
    const suspects = proved.suspects.map((suspect) => describeSuspect(suspect, domain.positions));
    const losses = await lossesOf(target, name, files.proof.forward.destroys);
    requireConsent(losses, args.acceptDataLoss === true, suspects);
    for (const line of describeShort(proved.short)) tellNote(line);
    for (const suspect of suspects) tellNote(suspect);
    const obstacles = target === null ? [] : await findObstacles(target, files.proof.obstacles ?? []);
    const folder = join(migrationsFolder(SQL, domain.name), name);
    await writeMigration(folder, { ...files, queries });
    const deltas = diffFacts(proved.renamed, proved.desired);
    const renames = proved.renames.map(describeRename);
    if (args.json) {
      printJson({
        domain: domain.name,
        migration: name,
        folder,
        deltas: [...renames, ...deltas.map(describeDelta)],
        suspects,
        obstacles,
        proof: files.proof,
      });
      return 0;
    }
    print(paintDeltas([...renames, ...summarizeDeltas(deltas)]));
    for (const obstacle of obstacles) {
      const mark = obstacle.fate === "refused" ? paint("red", "in the way") : paint("yellow", "set aside");
      print(`${mark}: ${describeObstacle(obstacle)}\n${obstacle.query.replaceAll(/^/gm, "  ")}`);
    }
    tellOfReleases(files.proof, proved);
    tell(`\nproved forward and back on ${shadow.label}; wrote\n  ${folder}/`);
    if (target !== null) tellOfOtherVersion(target, shadow);
    tell(`read its review.md, then \`verso apply --domain ${domain.name}\``);
    return 0;
  } finally {
    await shadow.close();
    await target?.close();
  }
}

/** @throws Diagnostic `feature-too-new` at the definition that uses what the target's PostgreSQL does not have */
const refuseBeyond = ({ name, version }: Session, { facts, positions }: CompiledDomain): void =>
  refuseWhatIsTooNew(facts, {
    version,
    because: `${name} is ${versionText(version)}`,
    positions,
    next: (major) => `do without, or upgrade that server to PostgreSQL ${major}`,
  });

/** What the plan would destroy: counted on the target, or merely named where there is none. */
const lossesOf = (
  target: Session | null,
  migration: string,
  destroys: ProofFile["forward"]["destroys"],
): Promise<readonly Loss[]> =>
  target === null
    ? Promise.resolve(destroys.map(({ what }) => ({ migration, what, rows: null })))
    : countLosses(target, migration, destroys);

function requireConsent(losses: readonly Loss[], isAccepted: boolean, suspects: readonly string[]): void {
  if (losses.length === 0 || isAccepted) return;
  throw new Diagnostic({
    code: "data-loss",
    what: "the plan would destroy data",
    why: losses.map(({ what, rows }) => `${what} (${rowsText(rows)})`).join("; "),
    next: [
      "plan it with `--accept-data-loss` if these may go",
      ...(suspects.length > 0 ? suspects : ["write `renamedFrom` where a thing only has a new name"]),
    ].join("; "),
  });
}

/** A plan for a live target must start from the state that the target is in. */
async function requireCurrent(target: Session, domain: string, last: string | undefined): Promise<void> {
  const { drift, applied } = await check(target, domain);
  if (applied.at(-1) !== last) {
    throw new Diagnostic({
      code: "target-behind",
      what: `${target.name} stands at ${applied.at(-1) ?? "no migration"}, the files at ${last ?? "none"}`,
      next: "bring it there first with `verso apply`, or plan without --target",
    });
  }
  if (drift.length > 0) {
    throw new Diagnostic({
      code: "target-drifted",
      what: `${target.name} is not what its ledger says`,
      why: drift.map(describeDelta).join("; "),
      next: "`verso check` shows the drift; undo it, or take it over into the definitions",
    });
  }
}
