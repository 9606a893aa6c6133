import type { Argv } from "yargs";
import { rollback } from "../compiler/apply/rollback.ts";
import { type MoveArgs, moveOptions, moveOptionsOf, reportMoves, watched } from "./moves.ts";
import { examples } from "./options.ts";
import { chooseDomain, openTarget, withSession } from "./project.ts";

export const builder = (args: Argv) =>
  moveOptions(args, {
    to: "name or number of the migration that shall be the last one applied; `empty` for none",
    steps: "how many migrations to take back; one without --to",
  }).epilogue(
    examples(
      ["take the last migration back", "verso rollback"],
      ["… back to where 0003 was the last", "verso rollback --to 0003"],
    ),
  );

/** `verso rollback`: the target's last migration taken back, by the script that its ledger keeps. */
export async function run(args: MoveArgs): Promise<number> {
  const options = moveOptionsOf(args);
  const domain = await chooseDomain(args.domain);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const outcome = await watched(session, domain, { ...args, label: "rolling back" }, (onProgress) =>
      rollback(session, { ...options, onProgress }),
    );
    return reportMoves(outcome, session, "roll back", args);
  });
}
