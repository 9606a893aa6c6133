import { basename } from "node:path";
import { Diagnostic } from "../diagnostic.ts";
import { runSteps, StatementRefused } from "../prove/runSteps.ts";
import { emptySource, type Source } from "../resolve/source.ts";
import { extensionsNamed } from "../resolve/sqlSource.ts";
import type { Session } from "../session/session.ts";
import type { Migration, Script } from "./migration.ts";

/**
 * The state that a domain's migrations lead to, by running them on an empty database.
 * @param start what the database was before its first migration: a legacy schema, or empty
 */
export function replaySource(domain: string, migrations: readonly Migration[], start: Source = emptySource): Source {
  const last = migrations.at(-1);
  return {
    ...start,
    name: last === undefined ? start.name : `${domain} at ${last.name}`,
    extensions: [...new Set([...start.extensions, ...extensionsNamed(migrations.map(({ forward }) => forward))])],
    build: async (session, standIns) => {
      await start.build(session, standIns);
      for (const { forward } of migrations) await runScript(session, forward);
    },
  };
}

/** Runs one side of a migration as `verso apply` would, without a ledger. */
export async function runScript(session: Session, script: Script): Promise<void> {
  try {
    await runSteps(session, script.steps);
  } catch (error) {
    if (!(error instanceof StatementRefused)) throw error;
    throw new Diagnostic(
      {
        code: "migration-refused",
        what: `PostgreSQL refuses ${basename(script.file)}: ${error.statement.sql}`,
        at: script.file,
        why: `${error.refusal.message} (SQLSTATE ${error.refusal.code})`,
        next: "mend the script and prove it again with `verso prove`, or plan the migration anew",
      },
      error,
    );
  }
}
