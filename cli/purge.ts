import type { Argv } from "yargs";
import { type AtticTable, purge, requireConsentTo } from "../compiler/apply/attic.ts";
import { rowsText } from "../compiler/apply/losses.ts";
import { bytesText, parseDuration } from "../compiler/quantities.ts";
import { openSession } from "../compiler/session/open.ts";
import { askText, isAnswered } from "./ask.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { urlOfTarget, withSession } from "./project.ts";
import { columnsOf, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("migration", { type: "string", describe: "only what this migration set aside; its name or number" })
    .option("older-than", { type: "string", describe: "only what was set aside longer ago: 30d, 12h" })
    .option("dry-run", { type: "boolean", describe: "list what would go, change nothing" })
    .option("accept-data-loss", { type: "boolean", describe: "consent to the loss of these rows, without a question" })
    .epilogue(
      examples(
        ["what would go, and how much that is", "verso purge --dry-run"],
        ["what was set aside more than 30 days ago", "verso purge --older-than 30d"],
      ),
    );

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly migration?: string;
  readonly olderThan?: string;
  readonly dryRun?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly json?: boolean;
}

/** `verso purge`: rows that migrations set aside, gone for good. */
export async function run(args: Arguments): Promise<number> {
  const which = {
    ...(args.migration === undefined ? {} : { migration: args.migration }),
    ...(args.olderThan === undefined ? {} : { olderThanMs: parseDuration("--older-than", args.olderThan) }),
  };
  const url = await urlOfTarget(args);
  return withSession(await openSession(url, { mustExist: true }), async (session) => {
    const { tables: found } = await purge(session, { ...which, dryRun: true });
    const canAsk = !args.json && isAnswered();
    if (!args.dryRun && !canAsk) requireConsentTo(found, session, args);
    if (!args.json && found.length > 0) print(columnsOf([HEADING, ...found.map(rowOf)]));
    const isAsked = !args.dryRun && !args.acceptDataLoss && found.some(({ rows }) => rows !== 0);
    // Consent that is given to what stands there is none to what was set aside since.
    const acceptDataLoss = isAsked ? (await confirm(found)) && found : args.acceptDataLoss === true;
    const purged = args.dryRun ? found : (await purge(session, { ...which, acceptDataLoss })).tables;
    if (args.json) printJson({ target: session.name, isDryRun: args.dryRun === true, tables: purged });
    else tell(summaryOf(session.name, purged, args.dryRun === true));
    return 0;
  });
}

const HEADING = ["table of verso_attic", "rows", "size", "set aside by", "on"];

const rowOf = ({ name, rows, bytes, migration, since }: AtticTable): readonly string[] => [
  name.replace(/^verso_attic\./, ""),
  rowsText(rows),
  bytesText(bytes),
  migration ?? "nothing applied",
  since?.slice(0, 10) ?? "",
];

function summaryOf(target: string, tables: readonly AtticTable[], isDryRun: boolean): string {
  if (tables.length === 0) return `${target}: there is nothing to purge`;
  const total = bytesText(tables.reduce((sum, { bytes }) => sum + bytes, 0));
  const count = tables.length === 1 ? "1 table" : `${tables.length} tables`;
  const migrations = [...new Set(tables.flatMap(({ migration }) => migration ?? []))];
  const without =
    migrations.length === 0
      ? ""
      : `\nthe rollback of ${migrations.join(", ")} ${isDryRun ? "would bring" : "brings"} the schema back without these rows`;
  return `${target}: ${count} (${total}) ${isDryRun ? "would be" : tables.length === 1 ? "was" : "were"} purged${without}`;
}

async function confirm(tables: readonly AtticTable[]): Promise<boolean> {
  const migrations = [...new Set(tables.flatMap(({ migration }) => migration ?? []))].join(", ");
  if (migrations !== "") tell(`The rollback of ${migrations} will not bring these rows back.`);
  return (await askText({ message: "Destroy these rows for good? Type yes" })) === "yes";
}
