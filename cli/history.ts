import type { Argv } from "yargs";
import { history } from "../compiler/apply/status.ts";
import { chooseDomain, openTarget, withSession } from "./project.ts";
import { columnsOf, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", { type: "string", describe: "the domain, where there are several" })
    .option("target", { type: "string", describe: "database URL; else <DOMAIN>_DATABASE_URL, else DATABASE_URL" });

/** `verso history`: what happened to the target through Verso, the oldest first. */
export async function run(args: { domain?: string; target?: string; json?: boolean }): Promise<number> {
  const domain = await chooseDomain(args.domain);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const events = await history(session);
    if (args.json) printJson(events);
    else if (events.length === 0) tell(`${session.name}: nothing happened here yet`);
    else
      print(
        columnsOf(events.map(({ at, by, event, migration, detail }) => [at, event, migration ?? "", by, detail ?? ""])),
      );
    return 0;
  });
}
