import { describe, expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("operators and their like", (exactly, major) => {
  describe("casts", () => {
    test("are made anew when their context changes", async () => {
      const types = `create type a as enum ('x'); create type "B c" as enum ('x'); create type r as range (subtype = int);`;
      const { forward } = await exactly(
        `${types} create cast (a as "B c") with inout`,
        `${types} create cast (a as "B c") with inout as implicit; create cast ("B c" as a) with inout as assignment;
         create cast (a as bpchar) with inout; comment on cast (a as "B c") is 'x'`,
      );
      expect(forward).toEqual([
        `DROP CAST (public.a AS public."B c")`,
        `CREATE CAST (public."B c" AS public.a) WITH INOUT AS ASSIGNMENT`,
        "CREATE CAST (public.a AS character) WITH INOUT",
        `CREATE CAST (public.a AS public."B c") WITH INOUT AS IMPLICIT`,
        `COMMENT ON CAST (public.a AS public."B c") IS 'x'`,
      ]);
    });

    test("through a function come after it", async () => {
      await exactly(
        "",
        `create type a as enum ('x'); create function public.z(a) returns int language sql immutable as 'select 1';
         create cast (a as int) with function public.z(a) as assignment`,
      );
    });
  });

  describe("operators", () => {
    test("with commutators and negators, each naming the other", async () => {
      await exactly(
        `create operator |<# (function = int4lt, leftarg = int, rightarg = int)`,
        `create operator |<# (function = int4lt, leftarg = int, rightarg = int, commutator = |>#, negator = |>=#);
         create operator |># (function = int4gt, leftarg = int, rightarg = int, commutator = |<#);
         create operator |>=# (function = int4ge, leftarg = int, rightarg = int, negator = |<#)`,
      );
      await exactly(
        `create operator |<# (function = int4lt, leftarg = int, rightarg = int);
         create operator |># (function = int4gt, leftarg = int, rightarg = int)`,
        `create operator |<# (function = int4lt, leftarg = int, rightarg = int, commutator = |>#);
         create operator |># (function = int4gt, leftarg = int, rightarg = int, commutator = |<#)`,
      );
    });

    test("that name one which does not name them", async () => {
      await exactly(
        `create operator |># (function = int4lt, leftarg = int, rightarg = int)`,
        `create operator |># (function = int4lt, leftarg = int, rightarg = int, commutator = |<#);
         create operator |<# (function = int4gt, leftarg = int, rightarg = int)`,
      );
    });

    test("change their estimators in place, and what they are good for where PostgreSQL can", async () => {
      const { forward } = await exactly(
        `create operator === (function = int4eq, leftarg = int, rightarg = int, restrict = eqsel, join = eqjoinsel)`,
        `create operator === (function = int4eq, leftarg = int, rightarg = int, restrict = neqsel, hashes)`,
      );
      if (major >= 17) {
        expect(forward).toEqual([
          "ALTER OPERATOR public.=== (integer, integer) SET (RESTRICT = neqsel)",
          "ALTER OPERATOR public.=== (integer, integer) SET (JOIN = NONE)",
          "ALTER OPERATOR public.=== (integer, integer) SET (HASHES)",
        ]);
      } else expect(forward[0]).toBe("DROP OPERATOR public.=== (integer, integer)");
    });

    test("of one side, in a schema of a hostile name", async () => {
      const { forward } = await exactly(
        `create schema "S s"; create operator "S s".|@ (function = int4um, rightarg = int)`,
        `create schema "S s"; create operator "S s".|@ (function = int4abs, rightarg = int); comment on operator "S s".|@ (none, int) is 'x'`,
      );
      expect(forward).toEqual([
        `DROP OPERATOR "S s".|@ (NONE, integer)`,
        `CREATE OPERATOR "S s".|@ (\n  FUNCTION = int4abs,\n  RIGHTARG = integer\n)`,
        `COMMENT ON OPERATOR "S s".|@ (NONE, integer) IS 'x'`,
      ]);
    });

    test("that a view uses take the view along", async () => {
      await exactly(
        `create operator === (function = int4eq, leftarg = int, rightarg = int); create view v as select 1 operator(public.===) 2 as x`,
        `create operator === (function = int4ne, leftarg = int, rightarg = int); create view v as select 1 operator(public.===) 2 as x`,
      );
    });
  });

  describe("operator families and classes", () => {
    const CLASS = `create operator class "S s"."my ops" for type int using btree as operator 1 <, operator 2 <=, operator 3 =,
      operator 4 >=, operator 5 >, function 1 btint4cmp(int, int)`;

    test("families gain and lose members in place", async () => {
      const { forward } = await exactly(
        `create operator family f using btree; create operator family g using hash;
         alter operator family g using hash add function 1 (int, int) hashint4(int)`,
        `create operator family f using btree; create operator family g using hash;
         alter operator family f using btree add operator 1 < (int, bigint), operator 3 = (int, bigint), function 1 (int, bigint) btint48cmp(int, bigint);
         comment on operator family f using btree is 'x'`,
      );
      expect(forward).toEqual([
        "ALTER OPERATOR FAMILY public.f USING btree ADD\n  OPERATOR 1 <(integer,bigint),\n  OPERATOR 3 =(integer,bigint),\n  FUNCTION 1 (integer, bigint) btint48cmp(integer,bigint)",
        "ALTER OPERATOR FAMILY public.g USING hash DROP\n  FUNCTION 1 (integer, integer)",
        "COMMENT ON OPERATOR FAMILY public.f USING btree IS 'x'",
      ]);
    });

    test("classes are made with their family, before the index that uses them", async () => {
      const { forward } = await exactly(
        `create schema "S s"`,
        `create schema "S s"; ${CLASS}; create table t (a int); create index i on t (a "S s"."my ops");
         comment on operator class "S s"."my ops" using btree is 'x'`,
      );
      expect(forward[0]).toBe(`CREATE OPERATOR FAMILY "S s"."my ops" USING btree`);
      expect(forward[1]).toMatch(
        /^CREATE OPERATOR CLASS "S s"."my ops" FOR TYPE integer USING btree FAMILY "S s"."my ops" AS\n {2}OPERATOR 1 </,
      );
    });

    test("classes with storage, default ones, and those that change take their index along", async () => {
      const before = `create schema "S s"; create type e as enum ('a'); ${CLASS}; create table t (a int); create index i on t (a "S s"."my ops")`;
      await exactly(
        before,
        `${before.replace("operator 2 <=, ", "")}; create operator class "D d" default for type e using gist as storage int`,
      );
      await exactly(
        before,
        before
          .replace("class", "family f using btree; create operator class")
          .replace("using btree as", "using btree family f as"),
      );
    });
  });
});
