import type { Argv } from "yargs";
import { status } from "../compiler/apply/status.ts";
import { migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { chooseDomain, openTarget, SQL, withSession } from "./project.ts";
import { columnsOf, paint, print, printJson, tell, toTheSecond } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .epilogue(examples(["which migrations that database has", "verso status --target postgres://…/staging"]));

/** `verso status`: each migration, whether the target has it, and what stands in the way. */
export async function run(args: { domain?: string; target?: string; json?: boolean }): Promise<number> {
  const domain = await chooseDomain(args.domain);
  const migrations = await readMigrations(migrationsFolder(SQL, domain));
  return withSession(await openTarget(domain, args.target), async (session) => {
    const standing = await status(session, migrations);
    if (args.json) {
      printJson(standing);
      return 0;
    }
    if (standing.migrations.length === 0) tell(`${domain} has no migrations; \`verso plan initial\` writes the first`);
    const rows = standing.migrations.map(({ name, state, finishedAt, appliedBy, stepsDone, steps }) => [
      name,
      paint(
        state === "applied" ? "green" : "yellow",
        state === "applying" || state === "rolling back" ? `${state}, ${stepsDone} of ${steps} steps` : state,
      ),
      finishedAt === null ? "" : toTheSecond(finishedAt),
      appliedBy ?? "",
    ]);
    if (rows.length > 0) print(columnsOf([["migration", "state", "finished", "by"], ...rows]));
    for (const { name, problem } of standing.migrations) {
      if (problem !== null)
        tell(
          `${paint("red", `error[${problem.code}]`, process.stderr)}: ${name}: ${problem.what}\n  next ${problem.next}`,
        );
    }
    if (standing.lockedBy !== null) {
      const { holder, pid, since } = standing.lockedBy;
      tell(`being migrated now by ${holder} (backend ${pid}) since ${since}`);
    }
    return 0;
  });
}
