import type { Session } from "../session/session.ts";

// Planning the catalog's query takes several times as long as running it over a small database.
const WORTH_KEEPING = 10_000;
let count = 0;

/**
 * A session that plans long queries without parameters once, however often they are asked. For sessions of our own alone:
 * behind a pooler, the next transaction may be on a connection that has never heard of the prepared statement.
 * @param prepared queries by the names under which the session has prepared them already
 * @see PostgreSQL manual, "PREPARE"
 */
export function keepPlans(session: Session, prepared: ReadonlyMap<string, string> = new Map()): Session {
  const names = new Map([...prepared].map(([name, sql]) => [sql, name]));
  return {
    ...session,
    async query(sql, parameters) {
      if (sql.length < WORTH_KEEPING || parameters !== undefined) return session.query(sql, parameters);
      const known = names.get(sql);
      if (known !== undefined) return session.query(`EXECUTE ${known}`);
      // The engine may be taken back to where a statement of that name was already prepared.
      const name = `verso_${++count}`;
      await session.query(`PREPARE ${name} AS ${sql}`);
      names.set(sql, name);
      return session.query(`EXECUTE ${name}`);
    },
    hasPlanned: (sql) => names.has(sql),
    async run(script) {
      if (/\b(?:discard|deallocate)\b/i.test(script)) names.clear();
      return session.run(script);
    },
  };
}
