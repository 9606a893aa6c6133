import type { Argv } from "yargs";
import { apply } from "../compiler/apply/apply.ts";
import { withJudge } from "../compiler/apply/judge.ts";
import { migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { openShadow } from "../compiler/shadow/shadow.ts";
import { type MoveArgs, moveOptions, moveOptionsOf, reportMoves, watched } from "./moves.ts";
import { examples } from "./options.ts";
import { chooseDomain, compileNamed, historyOf, openTarget, SQL, withSession } from "./project.ts";

export const builder = (args: Argv) =>
  moveOptions(args, {
    to: "name or number of the last migration to apply",
    steps: "how many migrations at most",
  })
    .option("shadow", {
      type: "string",
      describe: "engine that compares, where the target is of another version than the proof: postgres://…, binary:15",
    })
    .epilogue(
      examples(
        ["check everything, print the SQL, change nothing", "verso apply --dry-run"],
        ["bring that database up to date", "verso apply --target postgres://…/staging"],
      ),
    );

/** `verso apply`: the target's pending migrations, in order. */
export async function run(args: MoveArgs & { readonly shadow?: string }): Promise<number> {
  const options = moveOptionsOf(args);
  const domain = await chooseDomain(args.domain);
  const migrations = await readMigrations(migrationsFolder(SQL, domain));
  const start = async () => (await historyOf(await compileNamed(domain))).start;
  return withSession(await openTarget(domain, args.target, "change"), (session) =>
    withJudge(
      () => openShadow(args.shadow),
      migrations,
      start,
      async (judge) => {
        const outcome = await watched(session, domain, { ...args, label: "applying" }, (onProgress) =>
          apply(session, migrations, { ...options, judge, onProgress }),
        );
        return reportMoves(outcome, session, "apply", args);
      },
    ),
  );
}
