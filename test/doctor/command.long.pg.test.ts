import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../compiler/doctor/finding.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { newProject, type Project, type Ran } from "../cli/project.ts";
import { freshDatabase, NEWEST, ownServer, type TestDatabase } from "../servers.ts";

const SHOP = `import { bigint, integer, references, table, text, timestamptz } from "verso";

export const customers = table("customers", {
  columns: { id: bigint({ primaryKey: true, identity: "always" }), name: text() },
});

export const orders = table("orders", {
  columns: {
    id: integer({ primaryKey: true, identity: "always" }),
    customer_id: references(() => customers, { onDelete: "cascade", index: { none: "customers are never deleted" } }),
    note: text({ nullable: true }),
  },
  indexes: [
    { on: ["note"] },
  ],
});

export const visits = table("visits", { columns: { at: timestamptz() }, unlogged: true });
`;

const parse = ({ out }: Ran): Report => JSON.parse(out);
const tooLong = (text: string): readonly string[] => text.split("\n").filter((line) => line.length > 80);

describe("verso doctor of a project's database", () => {
  let project: Project;
  let database: TestDatabase;
  const doctor = (...args: string[]) => project.verso("doctor", "--target", database.url, ...args);
  const sql = async (text: string): Promise<void> => {
    const session = await openServerSession(database.url);
    await session.run(text).finally(() => session.close());
  };
  beforeAll(async () => {
    project = await newProject();
    database = await freshDatabase(NEWEST);
    await project.write(
      "definitions/shop/domain.ts",
      `import { domain } from "verso";
export default domain({ name: "shop", accepts: { "table-without-primary-key public.visits": "counts only" } });
`,
    );
    await project.write("definitions/shop/tables.ts", SHOP);
    await project.verso("compile");
    await project.verso("plan", "initial");
    const applied = await project.verso("apply", "--target", database.url);
    expect(applied.code).toBe(0);
  });
  afterAll(async () => {
    await database.close();
    await project.close();
  });

  test("says at which line of which file to mend what is declared, and knows what is meant to be so", async () => {
    const { findings, accepted } = parse(await doctor("--json"));
    expect(findings.filter(({ object }) => object !== "server")).toMatchObject([
      {
        id: "unlogged-table public.visits",
        severity: "info",
        title: "public.visits is unlogged, as it is declared",
        definition: { at: { file: "definitions/shop/tables.ts", line: 18 }, how: "take `unlogged: true` out" },
      },
      {
        id: "foreign-key-without-index public.orders.orders_customer_id_fkey",
        severity: "info",
        remedies: [{ sql: "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)" }],
        why: expect.stringContaining("The definition says why: customers are never deleted"),
        definition: {
          at: { file: "definitions/shop/tables.ts", line: 10 },
          how: "take `index: { none: … }` out, where the reason no longer holds",
        },
      },
    ]);
    expect(accepted).toMatchObject([{ id: "table-without-primary-key public.visits", reason: "counts only" }]);
  });

  test("of two indexes that are the same has the one go that nobody declared, and tells of changes past Verso", async () => {
    await sql(
      "create index by_hand on orders (note); drop index orders_note_idx; create index orders_note_idx on orders (note)",
    );
    const { findings } = parse(await doctor("--json"));
    expect(findings.find(({ check }) => check === "duplicate-index")).toMatchObject({
      object: "public.by_hand",
      definition: null,
    });
    expect(findings.find(({ check }) => check === "drift")).toMatchObject({
      severity: "warning",
      evidence: { changes: "+ index public.by_hand" },
    });
    await sql("drop index by_hand");
    const mended = parse(await doctor("--json"));
    expect(mended.findings.filter(({ check }) => ["drift", "duplicate-index"].includes(check))).toEqual([]);
    expect(mended.outcomes.find(({ check }) => check === "drift")?.status).toBe("ok");
  });

  test("waits for nobody who has a table to himself: what cannot be compared meanwhile is told as skipped", async () => {
    await sql("alter table customers alter name set default 'nobody'");
    const holder = await openServerSession(database.url);
    await holder.run("begin; lock table customers in access exclusive mode");
    const { outcomes } = parse(await doctor("--json").finally(() => holder.close()));
    expect(outcomes.find(({ check }) => check === "drift")).toMatchObject({
      status: "skipped",
      gap: { why: "another session holds a lock on what it reads" },
    });
    await sql("alter table customers alter name drop default");
  });

  test("ends with 2 where what it found is as bad as it is asked to tell, else with 0", async () => {
    expect((await doctor("--fail-on", "info")).code).toBe(2);
    expect((await doctor("--fail-on", "error")).code).toBe(0);
    await sql("select setval('orders_id_seq', 2100000000)");
    expect((await doctor("--fail-on", "error")).code).toBe(2);
    await sql("select setval('orders_id_seq', 1)");
  });

  test("is read on a terminal of 80 columns, and as a comment on a pull request", async () => {
    const { out, err } = await doctor("--explain");
    expect(tooLong(out.slice(out.indexOf("\n")))).toEqual([]);
    expect(out).toContain("    in     definitions/shop/tables.ts:10:5\n           take `index: { none:");
    expect(out).toContain("    run    CREATE INDEX CONCURRENTLY ON public.orders (customer_id);\n");
    expect(out).toContain("not looked at, which is not the same as well");
    expect(out).toMatch(/\n\d+ of \d+ checks found nothing, 2 were skipped, 1 finding is accepted\n$/);
    expect(err).toBe("");
    const markdown = await doctor("--format", "markdown");
    expect(markdown.out).toContain("  ```sql\n  CREATE INDEX CONCURRENTLY ON public.orders (customer_id);\n");
    expect(markdown.out).toContain("In `definitions/shop/tables.ts:10:5`: take `index:");
    const { password } = new URL(database.url);
    expect(password).not.toBe("");
    for (const text of [out, markdown.out]) expect(text).not.toContain(password);
  });

  test("an id that is accepted and names no check is refused: it would accept nothing", async () => {
    const domain = await project.read("definitions/shop/domain.ts");
    await project.write(
      "definitions/shop/domain.ts",
      domain.replace("table-without-primary-key", "table-without-primary-ky"),
    );
    const ran = await doctor();
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringMatching(/error\[accepts-unknown\].*\n.*did you mean table-without-primary-key\?/),
    ]);
    await project.write("definitions/shop/domain.ts", domain);
  });

  test("knows among several domains which one's database it is, by its ledger", async () => {
    await project.write(
      "definitions/other/domain.ts",
      'import { domain } from "verso";\nexport default domain({ name: "other" });\n',
    );
    const known = await doctor("--json");
    expect(parse(known).findings.flatMap(({ definition }) => definition?.at.file ?? [])).toContain(
      "definitions/shop/tables.ts",
    );
    const empty = await freshDatabase(NEWEST);
    try {
      const unknown = await project.verso("doctor", "--target", empty.url, "--json", "--fail-on", "error");
      expect([unknown.code, unknown.err]).toEqual([0, expect.stringContaining("--domain says which one")]);
    } finally {
      await empty.close();
    }
  });

  test("looks at an embedded database too", async () => {
    const applied = await project.verso("apply", "--domain", "shop", "--target", "pglite:./db");
    expect(applied.code).toBe(0);
    const ran = await project.verso("doctor", "--domain", "shop", "--target", "pglite:./db", "--json");
    expect(ran.code).toBe(0);
    expect(parse(ran).findings.map(({ id }) => id)).toEqual([
      "unlogged-table public.visits",
      "foreign-key-without-index public.orders.orders_customer_id_fkey",
    ]);
  });
});

test("verso doctor is called to any database, where there is no project", async () => {
  const [nowhere, cluster] = [await newProject(), await ownServer(NEWEST)];
  try {
    const session = await openServerSession(cluster.url);
    await session.run("create table keyless (a int)").finally(() => session.close());
    const ran = await nowhere.verso("doctor", "--target", cluster.url, "--json");
    expect(ran.code).toBe(2);
    expect(parse(ran).findings).toMatchObject([
      { object: "public.keyless", definition: null },
      { object: "server", check: "autovacuum-off" },
    ]);
    expect(await nowhere.files()).toEqual({});
    // A catalog that no statement leaves so: what reads it fails, says so, and the others go on.
    const breaker = await openServerSession(cluster.url);
    await breaker
      .run(
        `create table well (id int primary key); insert into well values (1); analyze well;
         set allow_system_table_mods = on;
         update pg_class set reloptions = '{fillfactor=much}' where relname = 'well_pkey'`,
      )
      .finally(() => breaker.close());
    const broken = await nowhere.verso("doctor", "--target", cluster.url, "--json");
    expect(broken.code).toBe(1);
    expect(parse(broken).outcomes.filter(({ status }) => status === "failed")).toMatchObject([
      { check: "bloated-index", gap: { why: expect.stringContaining("SQLSTATE 22P02") } },
    ]);
    expect(parse(broken).findings.map(({ object }) => object)).toContain("public.keyless");
    const lost = await nowhere.verso("doctor");
    expect([lost.code, lost.err]).toEqual([1, expect.stringContaining("error[no-target]")]);
    const unasked = await nowhere.verso("doctor", "--target", cluster.url, "--try-indexes");
    expect([unasked.code, unasked.err]).toEqual([1, expect.stringContaining("error[usage]")]);
  } finally {
    await cluster.close();
    await nowhere.close();
  }
});
