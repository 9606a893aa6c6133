import type { Session } from "./session.ts";

interface TransactionOptions {
  /** What the work did is undone as well. */
  readonly isTrial?: boolean;
}

/** Runs work in a transaction; whatever it throws, the transaction is undone. */
export async function inTransaction<T>(
  session: Session,
  work: () => Promise<T>,
  { isTrial = false }: TransactionOptions = {},
): Promise<T> {
  await session.run("BEGIN");
  try {
    const result = await work();
    await session.run(isTrial ? "ROLLBACK" : "COMMIT");
    return result;
  } catch (error) {
    // A connection that broke has undone it already.
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
