import { DatabaseError, type Session } from "../session/session.ts";

/** What can be run: a plan's steps, or those read back from a script. */
export interface RunnableStep<S extends { readonly sql: string }> {
  readonly transactional: boolean;
  readonly statements: readonly S[];
}

/** A statement that PostgreSQL refused, with how far the steps before it had come. */
export class StatementRefused<S extends { readonly sql: string } = { readonly sql: string }> extends Error {
  override readonly name = "StatementRefused";
  readonly statement: S;
  readonly refusal: DatabaseError;
  /** True when an earlier step has been committed, so that the database is no longer what it was. */
  readonly isHalfDone: boolean;

  constructor(statement: S, refusal: DatabaseError, isHalfDone: boolean) {
    super(`${refusal.message}: ${statement.sql}`, { cause: refusal });
    this.statement = statement;
    this.refusal = refusal;
    this.isHalfDone = isHalfDone;
  }
}

/** Told, while a transaction is open, of its beginning and of each statement in it. */
export interface Observer<S> {
  readonly begun: (session: Session) => Promise<void>;
  readonly after: (session: Session, statement: S) => Promise<void>;
}

/** The settings under which scripts run: bodies of functions may name what is created later. */
export const SCRIPT_SETTINGS = "SET check_function_bodies = off";

/**
 * Runs a plan's steps as psql would run the script.
 * @throws StatementRefused with nothing of the refused step left behind
 */
export async function runSteps<S extends { readonly sql: string }>(
  session: Session,
  steps: readonly RunnableStep<S>[],
  observer?: Observer<S>,
): Promise<void> {
  await session.run(SCRIPT_SETTINGS);
  for (const [number, step] of steps.entries()) {
    if (step.transactional) {
      await session.run("BEGIN");
      await observer?.begun(session);
    }
    for (const statement of step.statements) {
      try {
        await session.run(statement.sql);
        if (step.transactional) await observer?.after(session, statement);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        if (step.transactional) await session.run("ROLLBACK");
        throw new StatementRefused(statement, error, number > 0);
      }
    }
    const last = step.statements.at(-1);
    try {
      if (step.transactional) await session.run("COMMIT");
    } catch (error) {
      // A deferred constraint speaks up at COMMIT.
      if (error instanceof DatabaseError && last !== undefined) throw new StatementRefused(last, error, number > 0);
      throw error;
    }
  }
}
