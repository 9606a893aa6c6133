import { join } from "node:path";
import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta, diffFacts } from "../compiler/diff/diffFacts.ts";
import { fingerprint } from "../compiler/migrations/fingerprint.ts";
import type { Migration, Side } from "../compiler/migrations/migration.ts";
import { migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { replaySource } from "../compiler/migrations/replay.ts";
import { composeProof, writeMigration } from "../compiler/migrations/writeMigration.ts";
import { resolve } from "../compiler/prove/proveMigration.ts";
import { type EditedSide, proveScripts } from "../compiler/prove/proveScripts.ts";
import { domainSource } from "../compiler/resolve/definitionsSource.ts";
import { openShadow } from "../compiler/shadow/shadow.ts";
import { chooseDomain, compileNamed, historyOf, SQL } from "./project.ts";
import { paint, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("migration", { type: "string", demandOption: true, describe: "its name, such as 0002_add_goals" })
    .option("domain", { type: "string", describe: "the domain, where there are several" })
    .option("shadow", {
      type: "string",
      describe: "engine for the proof: postgres://…, binary:15, docker:postgres:15",
    });

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
  const at = migrations.findIndex(({ name }) => name === args.migration);
  const migration = migrations[at];
  if (migration === undefined) {
    throw new Diagnostic({
      code: "migration-not-found",
      what: `${domain.name} has no migration ${args.migration}`,
      why: `it has ${migrations.map(({ name }) => name).join(", ") || "none"}`,
      next: "name one of these",
    });
  }
  const shadow = await openShadow(args.shadow);
  try {
    const from = replaySource(domain.name, migrations.slice(0, at), start);
    const proved = await proveScripts(from, sideOf(migration, "forward"), sideOf(migration, "rollback"), shadow, {
      left: migration.proof.leaves ?? [],
      hints: domain.hints,
    });
    const next = migrations[at + 1];
    if (next !== undefined && next.proof.before !== fingerprint(proved.desired)) {
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
    await writeMigration(join(migrationsFolder(SQL, domain.name), migration.name), files, { replace: true });
    if (args.json) {
      printJson({
        domain: domain.name,
        migration: migration.name,
        proof: files.proof,
        differsFromDefinitions: deltas.map(describeDelta),
      });
      return 0;
    }
    for (const delta of deltas)
      tell(`${paint("yellow", "note", process.stderr)}: the definitions still differ: ${describeDelta(delta)}`);
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
});
