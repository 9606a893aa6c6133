import type { Argv } from "yargs";
import { check } from "../compiler/apply/check.ts";
import { describeDelta } from "../compiler/diff/diffFacts.ts";
import { DOMAIN, TARGET } from "./options.ts";
import { chooseDomain, openTarget, withSession } from "./project.ts";
import { paint, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) => args.option("domain", DOMAIN).option("target", TARGET);

/** `verso check`: exits with 2 when the target is no longer what Verso left. */
export async function run(args: { domain?: string; target?: string; json?: boolean }): Promise<number> {
  const domain = await chooseDomain(args.domain);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const found = await check(session, domain);
    if (args.json) {
      printJson({ ...found, drift: found.drift.map(describeDelta) });
      return found.drift.length > 0 ? 2 : 0;
    }
    for (const note of found.notes) tell(`${paint("yellow", "note", process.stderr)}: ${note}`);
    if (found.recordedAt === null) tell(`${session.name} has no ledger: nothing was applied here yet`);
    else if (found.drift.length === 0) tell(`${session.name} is what Verso left on ${found.recordedAt}`);
    else {
      tell(`${session.name} was changed by others since ${found.recordedAt}:`);
      for (const delta of found.drift) print(describeDelta(delta));
    }
    return found.drift.length > 0 ? 2 : 0;
  });
}
