import { expect, test } from "vitest";
import type { Session } from "../../compiler/session/session.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { legacyDatabase } from "./legacyDatabase.ts";
import { dumperOf, walkHistory } from "./walkHistory.ts";

const TABLES = ["profiles", "projects", "jobs", "images", "validation_jobs", "export_jobs", "activity_logs"] as const;

type Rows = Readonly<Record<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>>;

/** Every row of the legacy tables, by key, as JSON has it. */
async function legacyRows(session: Session): Promise<Rows> {
  const all: Record<string, Map<string, Record<string, unknown>>> = {};
  for (const table of TABLES) {
    const rows = await session.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${table} t`);
    all[table] = new Map(rows.map(({ row }) => [String(row.id), row]));
    expect(all[table]?.size, `keys of ${table}`).toBe(rows.length);
  }
  return all;
}

/** Rows that are not what they were. A null that a backfill filled is what the migration says it does. */
function changesOf(before: Rows, after: Rows): readonly string[] {
  return TABLES.flatMap((table) => {
    const [was, is] = [before[table] ?? new Map(), after[table] ?? new Map()];
    const gone = [...was.keys()].filter((key) => !is.has(key)).map((key) => `${table} ${key} is gone`);
    const extra = [...is.keys()].filter((key) => !was.has(key)).map((key) => `${table} ${key} is new`);
    const changed = [...was].flatMap(([key, row]) =>
      Object.entries(row)
        .filter(([name, value]) => value !== null && JSON.stringify(value) !== JSON.stringify(is.get(key)?.[name]))
        .map(([name, value]) => `${table} ${key} ${name}: ${value} is ${is.get(key)?.[name]}`),
    );
    return [...gone, ...extra, ...changed];
  });
}

const ends = (keys: readonly { readonly key: string }[]) => keys.map(({ key }) => key.slice(-2));
const keysOf = async (session: Session, table: string) =>
  ends(await session.query<{ key: string }>(`select id::text as key from ${table} order by id`));

test.each(ENGINES_OF_LONG_SUITES)(
  "pixcrawler goes from tables without constraints to its latest migration and back with every orphan, on %s",
  { timeout: 180_000 },
  async (engine) => {
    const system = await legacyDatabase(engine);
    const { session } = system;
    try {
      const before = await legacyRows(session);
      await walkHistory(system, {
        dump: typeof engine === "number" ? await dumperOf(system.url, engine) : null,
        arrived: async (migration) => {
          if (migration === "0001_initial") {
            expect(await keysOf(session, "profiles")).toEqual(["a1", "a2", "a3"]);
            expect(await keysOf(session, "projects")).toEqual(["b1", "b2", "b3"]);
            expect(await keysOf(session, "crawl_jobs")).toEqual(["c1", "c2", "c3"]);
            expect(await keysOf(session, "images")).toEqual(["1", "2", "3"]);
            expect(await keysOf(session, "validation_jobs")).toEqual(["d1", "d2"]);
            expect(await keysOf(session, "export_jobs")).toEqual(["e1", "e2"]);
            // The one who acted is gone; the entry nobody made stays.
            expect(await keysOf(session, "activity_logs")).toEqual(["1", "2", "3"]);
            // What went with an orphan lies with its own constraint, whole.
            expect(await keysOf(session, "verso_attic.profiles_email_key")).toEqual(["a4"]);
            expect(await keysOf(session, "verso_attic.projects_user_id_fkey")).toEqual(["b4", "b5"]);
            expect(await keysOf(session, "verso_attic.crawl_jobs_chunks_add_up")).toEqual(["c4"]);
            expect(await keysOf(session, "verso_attic.crawl_jobs_project_id_fkey")).toEqual(["c5", "c6", "c7"]);
            expect(await keysOf(session, "verso_attic.images_crawl_job_id_fkey")).toEqual(["4", "5", "6", "7"]);
            expect(await keysOf(session, "verso_attic.export_jobs_crawl_job_id_fkey")).toEqual(["e4", "e5"]);
            expect(await keysOf(session, "verso_attic.export_jobs_user_id_fkey")).toEqual(["e3"]);
          }
          if (migration === "0003_failed_chunks") {
            expect(await session.query("select progress, failed_chunks from crawl_jobs order by id")).toEqual([
              { progress: 100, failed_chunks: 0 },
              { progress: 35, failed_chunks: 0 },
              { progress: 0, failed_chunks: 0 },
            ]);
          }
          if (migration === "0004_export_expiry") {
            const [row] = await session.query<{ n: number }>(
              "select count(*)::int as n from export_jobs where expires_at = created_at + interval '7 days'",
            );
            expect(row?.n).toBe(2);
          }
        },
        returned: async (migration) => {
          if (migration !== "0001_initial") return;
          expect(changesOf(before, await legacyRows(session))).toEqual([]);
          expect(
            await session.query("select relname from pg_class where relnamespace = to_regnamespace('verso_attic')"),
          ).toEqual([]);
        },
      });
    } finally {
      await system.close();
    }
  },
);
