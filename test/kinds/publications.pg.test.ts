import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const TABLES = `create table t (id int primary key, b int); create table "U u" (id int primary key); create schema s;`;

onServers("publications", (exactly, major) => {
  test("change what they publish in place", async () => {
    const { forward } = await exactly(
      `${TABLES} create publication p for table t with (publish = 'insert')`,
      `${TABLES} create publication p for table t with (publish = 'insert, delete', publish_via_partition_root); comment on publication p is 'x'`,
    );
    expect(forward).toEqual([
      "ALTER PUBLICATION p SET (publish = 'insert, delete')",
      "ALTER PUBLICATION p SET (publish_via_partition_root = true)",
      "COMMENT ON PUBLICATION p IS 'x'",
    ]);
  });

  test("of all tables and of none", async () => {
    await exactly(
      `${TABLES} create publication "P p" for all tables; create publication q with (publish = '')`,
      `${TABLES} create publication "P p"; create publication q for all tables`,
    );
  });

  test.runIf(major >= 15)("of a schema, of some columns, of some rows", async () => {
    const { forward } = await exactly(
      `${TABLES} create publication p for table t; create publication q`,
      `${TABLES} create publication p for table t (id), only "U u" where (id > 5 or id < 3); create publication q for tables in schema s`,
    );
    expect(forward).toEqual([
      "ALTER PUBLICATION p DROP TABLE ONLY public.t",
      `ALTER PUBLICATION p ADD TABLE ONLY public."U u" WHERE ((id > 5) OR (id < 3))`,
      "ALTER PUBLICATION p ADD TABLE ONLY public.t (id)",
      "ALTER PUBLICATION q ADD TABLES IN SCHEMA s",
    ]);
  });

  test.runIf(major >= 15)("let go of a table while a column that they filter by changes its type", async () => {
    const { forward } = await exactly(
      `create table t (id int primary key); create publication p for table t where (id > 3)`,
      `create table t (id bigint primary key); create publication p for table t where (id > 3)`,
    );
    expect(forward).toEqual([
      "ALTER PUBLICATION p DROP TABLE ONLY public.t",
      "ALTER TABLE public.t ALTER COLUMN id TYPE bigint",
      "ALTER PUBLICATION p ADD TABLE ONLY public.t WHERE (id > 3)",
    ]);
  });

  test("go without a word with their tables", async () => {
    const { forward } = await exactly(
      "create table t (id int primary key); create publication p for table t",
      "create publication p",
    );
    expect(forward).toEqual(["DROP TABLE public.t"]);
  });

  test.runIf(major >= 18)("of stored generated columns", async () => {
    const { forward } = await exactly(
      "create publication p",
      "create publication p with (publish_generated_columns = stored)",
    );
    expect(forward).toEqual(["ALTER PUBLICATION p SET (publish_generated_columns = stored)"]);
  });
});

onServers(
  "subscriptions",
  (exactly, major) => {
    test("are made without connecting, shown without their password, and let go of their slot when dropped", async () => {
      const { forward, rollback } = await exactly(
        "",
        `create subscription "S s" connection 'host=x password=''a b'' dbname=d' publication p, "Q q" with (connect = false, slot_name = none);
         comment on subscription "S s" is 'x'`,
      );
      expect(forward).toEqual([
        `CREATE SUBSCRIPTION "S s" CONNECTION 'host=x dbname=d' PUBLICATION p, "Q q" WITH (connect = false, slot_name = NONE)`,
        `COMMENT ON SUBSCRIPTION "S s" IS 'x'`,
      ]);
      expect(rollback).toEqual([
        `COMMENT ON SUBSCRIPTION "S s" IS NULL`,
        `ALTER SUBSCRIPTION "S s" DISABLE`,
        `ALTER SUBSCRIPTION "S s" SET (slot_name = NONE)`,
        `DROP SUBSCRIPTION "S s"`,
      ]);
    });

    test("change in place", async () => {
      const { forward, rollback } = await exactly(
        `create subscription s connection 'host=x' publication p with (connect = false)`,
        `create subscription s connection 'postgres://u:pw@h/db?application_name=<a&connect_timeout=3' publication p, q
           with (connect = false, slot_name = 'sl', binary, streaming = on, synchronous_commit = 'local')`,
      );
      expect(forward).toEqual([
        "ALTER SUBSCRIPTION s CONNECTION 'postgres://u@h/db?application_name=<a&connect_timeout=3'",
        "ALTER SUBSCRIPTION s SET PUBLICATION p, q WITH (refresh = false)",
        "ALTER SUBSCRIPTION s SET (slot_name = 'sl')",
        "ALTER SUBSCRIPTION s SET (binary = true, streaming = on, synchronous_commit = 'local')",
      ]);
      expect(rollback.at(-1)).toBe(
        `ALTER SUBSCRIPTION s SET (binary = false, streaming = ${major >= 18 ? "parallel" : "off"}, synchronous_commit = 'off')`,
      );
    });

    test.runIf(major >= 15)("are made anew for two-phase commit", async () => {
      await exactly(
        `create subscription s connection 'host=x' publication p with (connect = false)`,
        `create subscription s connection 'host=x' publication p with (connect = false, two_phase)`,
      );
    });
  },
  "own",
);
