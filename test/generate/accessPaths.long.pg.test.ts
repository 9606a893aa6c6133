import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { type AccessPath, accessPaths } from "../../compiler/generate/accessPaths.ts";
import { buildModel, type TableModel } from "../../compiler/generate/model.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, NEWEST, ownDatabase, postgisServer, type TestDatabase } from "../servers.ts";

const NEEDS_POSTGIS = "pupmatch";
const postgis = await postgisServer();
const DOMAINS = ["ai-validation", "fitness", "photo-identifier", "pixcrawler", NEEDS_POSTGIS].filter(
  (name) => name !== NEEDS_POSTGIS || postgis !== null,
);

/** Each of its statements. */
const statementsOf = ({ query }: AccessPath): readonly string[] =>
  query.gives === "list" ? [query.first, query.after, query.before] : [query.text];

/** What every scan of the index says that finds what the statement looks for; null for what begins at its end. */
function soughtIn({ parameters, query, servedBy }: AccessPath, statement: string, table: TableModel): RegExp | null {
  if (query.gives !== "list" || statement === query.first)
    return parameters.length === 0 ? null : /Index Cond|Order By/;
  const columns = [
    ...table.keys.filter(({ name }) => name === servedBy).flatMap((key) => key.columns),
    ...table.indexes
      .filter(({ name }) => name === servedBy)
      .flatMap(({ elements }) => elements.map(({ column }) => column)),
  ];
  // What an index leaves equal is in the order of the primary key, of which it knows nothing.
  if (!columns.includes(query.order[0] ?? "")) return /Index Cond/;
  const place = query.order.map((_, i) => `\\$${parameters.length + 2 + i}\\b`).join("|");
  return new RegExp(`Index Cond: .*(?:${place}|IS NULL|IS NOT NULL)`);
}

/** How the server runs it whatever its parameters are. */
async function planOf(statement: string, session: Session): Promise<string> {
  const parameters = [...statement.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const values = Array.from({ length: Math.max(0, ...parameters) }, () => "null").join(", ");
  await session.run(`prepare path as ${statement}`);
  const execute = `execute path${values === "" ? "" : ` (${values})`}`;
  const rows = (await session.query(`explain ${execute}`)) as readonly { readonly "QUERY PLAN": string }[];
  await session.run("deallocate path");
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

describe.each(DOMAINS)("%s", (name) => {
  let database: TestDatabase;
  let session: Session;
  let tables: readonly (readonly [TableModel, readonly AccessPath[]])[];

  beforeAll(async () => {
    const domain = await compileDomain(join("definitions", name));
    const model = await buildModel(domain);
    tables = model.tables.map((table) => [table, accessPaths(table, model)]);
    database = await (name === NEEDS_POSTGIS && postgis !== null ? freshDatabase(postgis) : ownDatabase(NEWEST));
    session = await openSession(database.url);
    for (const { text } of domain.scripts) await session.run(text);
  });
  afterAll(async () => {
    await session?.close();
    await database?.close();
  });

  test("every function that reads goes by the key or index that it is named after", async () => {
    const strays: string[] = [];
    for (const [table, paths] of tables) {
      for (const path of paths) {
        await session.run("begin");
        // The others out of the way: two may serve the same, and without rows nothing tells which is better.
        await session.query(
          `update pg_index i set indisvalid = false from pg_class c, pg_class x, pg_namespace n
           where c.oid = i.indrelid and x.oid = i.indexrelid and n.oid = c.relnamespace
             and n.nspname = $1 and c.relname = $2 and x.relname <> $3`,
          [table.schema, table.name, path.servedBy],
        );
        await session.run("set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan");
        for (const statement of statementsOf(path)) {
          const plan = await planOf(statement, session);
          const isByIndex = plan.includes(path.servedBy) && !plan.includes("Seq Scan");
          // Where something is looked for, the index finds it; going through all of it would be no help.
          const found = soughtIn(path, statement, table);
          const [, ...scans] = plan.split(/Index (?:Only )?Scan/);
          const isServed = isByIndex && (found === null || scans.every((scan) => found.test(scan)));
          if (!isServed) strays.push(`${table.name}.${path.name}: ${statement}\n${plan}`);
        }
        await session.run("rollback");
      }
    }
    expect(strays).toEqual([]);
  });

  test("every key and every index has a function", () => {
    const unserved = tables.flatMap(([table, paths]) => {
      const served = new Set(paths.map(({ servedBy }) => servedBy));
      return [...table.keys, ...table.indexes].filter((one) => !served.has(one.name)).map((one) => one.name);
    });
    expect(unserved).toEqual([]);
  });
});
