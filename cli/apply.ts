import type { Argv } from "yargs";
import { apply } from "../compiler/apply/apply.ts";
import { migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { type MoveArgs, moveOptions, moveOptionsOf, reportMoves } from "./moves.ts";
import { chooseDomain, openTarget, SQL, withSession } from "./project.ts";

export const builder = (args: Argv) => moveOptions(args);

/** `verso apply`: the target's pending migrations, in order. */
export async function run(args: MoveArgs): Promise<number> {
  const domain = await chooseDomain(args.domain);
  const migrations = await readMigrations(migrationsFolder(SQL, domain));
  return withSession(await openTarget(domain, args.target), async (session) =>
    reportMoves(await apply(session, migrations, moveOptionsOf(args)), session, "apply", args),
  );
}
