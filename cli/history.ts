import type { Argv } from "yargs";
import { history } from "../compiler/apply/status.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { chooseDomain, openTarget, withSession } from "./project.ts";
import { columnsOf, print, printJson, tell, toTheSecond } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .epilogue(examples(["all that happened, for a program to read", "verso history --json"]));

/** `verso history`: what happened to the target through Verso, the oldest first. */
export async function run(args: { domain?: string; target?: string; json?: boolean }): Promise<number> {
  const domain = await chooseDomain(args.domain);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const events = await history(session);
    if (args.json) printJson(events);
    else if (events.length === 0) tell(`${session.name}: nothing happened here yet`);
    else
      print(
        columnsOf([
          ["at", "what", "migration", "by", "detail"],
          ...events.map(({ at, by, event, migration, detail }) => [
            toTheSecond(at),
            event,
            migration ?? "",
            by,
            detail ?? "",
          ]),
        ]),
      );
    return 0;
  });
}
