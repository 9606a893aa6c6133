import { type Database, execute } from "./statement.ts";

/** As whom a body runs: what policies ask of the session. */
export interface Actor {
  /** Becomes current_user: what the pool's own role must be a member of. */
  readonly role?: string;
  /** What policies read by `current_setting('app.user_id', true)`: { "app.user_id": id }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Runs a body in a transaction as somebody else, as the policies of row-level security see it. Role and settings end with
 * the transaction, so that the connection goes back to its pool without them, and a transaction-mode pooler does no harm.
 * Inside of a transaction they end with the body; a setting that had no value there before is empty then.
 * ```ts
 * const goals = await actingAs(db, { role: "app", settings: { "app.user_id": user.id } }, (own) => userGoals.list(own));
 * ```
 * @see PostgreSQL manual, "Configuration Settings Functions", "Row Security Policies"
 */
export function actingAs<T>(db: Database, actor: Actor, body: (db: Database) => Promise<T>): Promise<T> {
  const { role, settings = {} } = actor;
  // The role last: it may not be allowed what the pool's own is.
  const wanted = Object.entries(role === undefined ? settings : { ...settings, role });
  const names = wanted.map(([name]) => name);
  return db.tx(async (transaction) => {
    const before = await execute<{ value: string | null }>(
      transaction,
      "select pg_catalog.current_setting(name, true) as value from unnest($1::text[]) with ordinality n(name, at) order by at",
      [names],
    );
    await set(transaction, wanted);
    const result = await body(transaction);
    const after = names.map((name, i) => [name, before[i]?.value ?? ""] as const);
    await set(transaction, after.toReversed());
    return result;
  });
}

async function set(db: Database, settings: readonly (readonly [name: string, value: string])[]): Promise<void> {
  for (const [name, value] of settings) {
    await execute(db, "select pg_catalog.set_config($1, $2, true)", [name, value]);
  }
}
