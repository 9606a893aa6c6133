import type { Session } from "../session/session.ts";

// Planning the catalog's query takes several times as long as running it over a small database.
const WORTH_KEEPING = 10_000;
let prepared = 0;

/**
 * A session that plans long queries without parameters once, however often they are asked. For sessions of our own alone:
 * behind a pooler, the next transaction may be on a connection that has never heard of the prepared statement.
 * @see PostgreSQL manual, "PREPARE"
 */
export function keepPlans(session: Session): Session {
  const names = new Map<string, string>();
  return {
    ...session,
    async query(sql, parameters) {
      if (sql.length < WORTH_KEEPING || parameters !== undefined) return session.query(sql, parameters);
      const known = names.get(sql);
      if (known !== undefined) return session.query(`EXECUTE ${known}`);
      // The engine may be taken back to where a statement of that name was already prepared.
      const name = `verso_${++prepared}`;
      await session.query(`PREPARE ${name} AS ${sql}`);
      names.set(sql, name);
      return session.query(`EXECUTE ${name}`);
    },
    async run(script) {
      if (/\b(?:discard|deallocate)\b/i.test(script)) names.clear();
      return session.run(script);
    },
  };
}
