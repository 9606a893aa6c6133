import { join } from "node:path";
import type { Argv } from "yargs";
import { ofName } from "../compiler/apply/apply.ts";
import { isComparable } from "../compiler/apply/gate.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta, diffFacts } from "../compiler/diff/diffFacts.ts";
import { fingerprint } from "../compiler/migrations/fingerprint.ts";
import type { Migration, Side } from "../compiler/migrations/migration.ts";
import { queriesToKeep } from "../compiler/migrations/queriesToKeep.ts";
import { migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { replaySource } from "../compiler/migrations/replay.ts";
import { composeProof, writeMigration } from "../compiler/migrations/writeMigration.ts";
import { resolve } from "../compiler/prove/proveMigration.ts";
import { type EditedSide, proveScripts } from "../compiler/prove/proveScripts.ts";
import { domainSource } from "../compiler/resolve/definitionsSource.ts";
import { DOMAIN, examples, SHADOW } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, historyOf, releasesAround, SQL, startShadow, tellOfReleases } from "./project.ts";
import { printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("migration", { type: "string", demandOption: true, describe: "its name or number" })
    .option("domain", DOMAIN)
    .option("shadow", SHADOW)
    .epilogue(examples(["after forward.sql or rollback.sql was edited", "verso prove 0007"]));

interface Args {
  readonly migration: string;
  readonly domain?: string;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso prove`: a migration's scripts as they stand, run forward and back; its proof and review written anew. */
export async function run(args: Args): Promise<number> {
  const domain = await compileNamed(await chooseDomain(args.domain));
  const { migrations, start } = await historyOf(domain);
  const migration = ofName(migrations, args.migration);
  const at = migrations.indexOf(migration);
  const shadow = await startShadow(args.shadow);
  try {
    const now = await queriesToKeep(domain);
    const queries = migration.queries ?? now;
    const from = replaySource(domain.name, migrations.slice(0, at), start);
    const proved = await working("proving", (work) =>
      proveScripts(from, sideOf(migration, "forward"), sideOf(migration, "rollback"), shadow, {
        left: migration.proof.leaves ?? [],
        hints: domain.hints,
        ...releasesAround(domain, migrations[at - 1], queries),
        onPhase: work.advance,
      }),
    );
    const next = migrations[at + 1];
    const isComparableWithNext = next !== undefined && isComparable(next.proof, shadow);
    if (isComparableWithNext && next.proof.before !== fingerprint(proved.desired)) {
      throw new Diagnostic({
        code: "proof-failed",
        what: `${migration.name} no longer leads to the state that ${next.name} starts from`,
        at: migration.forward.file,
        next: `mend forward.sql, or plan ${next.name} anew`,
      });
    }
    const deltas = next === undefined ? diffFacts(proved.desired, await resolve(domainSource(domain), shadow)) : [];
    const texts = { forward: migration.forward.text, rollback: migration.rollback.text };
    const files = composeProof(
      proved,
      { domain: domain.name, name: migration.name, positions: domain.positions },
      texts,
    );
    // Of a state that is past, nobody knows what was written for it then.
    const isPast = next !== undefined || deltas.length > 0;
    const kept = isPast ? migration.queries : now;
    const folder = join(migrationsFolder(SQL, domain.name), migration.name);
    await writeMigration(folder, { ...files, queries: kept }, { replace: true });
    if (args.json) {
      printJson({
        domain: domain.name,
        migration: migration.name,
        proof: files.proof,
        differsFromDefinitions: deltas.map(describeDelta),
      });
      return 0;
    }
    if (next !== undefined && !isComparableWithNext)
      tellNote(`${next.name} was proved on another version: prove it again, too`);
    tellOfReleases(files.proof, proved);
    for (const delta of deltas) tellNote(`the definitions still differ: ${describeDelta(delta)}`);
    tell(
      `${migration.name} holds, forward and back, on ${shadow.label}; its proof.json and review.md are written anew`,
    );
    return 0;
  } finally {
    await shadow.close();
  }
}

const sideOf = (migration: Migration, side: Side): EditedSide => ({
  file: migration[side].file,
  steps: migration[side].steps,
  destroys: migration.proof[side].destroys,
  observations: migration.proof[side].observations,
});
