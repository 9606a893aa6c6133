import type { Argv } from "yargs";
import { type Adoption, adopt } from "../compiler/apply/adopt.ts";
import { ofName } from "../compiler/apply/apply.ts";
import { withJudge } from "../compiler/apply/judge.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import type { Migration } from "../compiler/migrations/migration.ts";
import { migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { DOMAIN, examples, SHADOW, TARGET } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, historyOf, openTarget, SQL, startShadow, withSession } from "./project.ts";
import { print, printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("to", { type: "string", describe: "the last migration that the target has already; all unless given" })
    .option("dry-run", { type: "boolean", describe: "compare, say what would be recorded, change nothing" })
    .option("shadow", { ...SHADOW, describe: "engine that compares: postgres://…, binary:15" })
    .epilogue(
      examples(
        ["the database that `verso init --from` was run on", "verso baseline --target postgres://…/live"],
        ["one that stands at an earlier migration", "verso baseline --to 0001_baseline --target postgres://…/staging"],
      ),
    );

interface Args {
  readonly domain?: string;
  readonly target?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso baseline`: migrations recorded as applied in a database that is already what they lead to. */
export async function run(args: Args): Promise<number> {
  const domain = await chooseDomain(args.domain);
  const all = await readMigrations(migrationsFolder(SQL, domain));
  const migrations = upTo(all, args.to);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const start = async () => (await historyOf(await compileNamed(domain))).start;
    const adoption = await working("comparing", () =>
      withJudge(
        () => startShadow(args.shadow),
        migrations,
        start,
        (judge) => adopt(session, migrations, { dryRun: args.dryRun === true, judge }),
      ),
    );
    if (args.json) printJson({ target: session.name, isDryRun: args.dryRun === true, ...adoption });
    else tellAdoption(adoption, session, args.dryRun === true);
    return 0;
  });
}

export function tellAdoption(
  { adopted, notes }: Adoption,
  { name }: { readonly name: string },
  isDryRun = false,
): void {
  for (const note of notes) tellNote(note);
  for (const migration of adopted) print(migration);
  if (adopted.length === 0) tell(`${name} has all of them recorded already`);
  else
    tell(
      `${name} is what ${adopted.at(-1)} leads to; ${isDryRun ? "that would be" : "that is"} recorded in its ledger`,
    );
}

/** @throws Diagnostic `migrations-not-found`, `migration-not-found` */
function upTo(migrations: readonly Migration[], to: string | undefined): readonly Migration[] {
  if (migrations.length === 0) {
    throw new Diagnostic({
      code: "migrations-not-found",
      what: "there are no migrations to record",
      next: "write the first one with `verso init --from URL` for a database that is there, else with `verso plan initial`",
    });
  }
  return to === undefined ? migrations : migrations.slice(0, migrations.indexOf(ofName(migrations, to)) + 1);
}
