import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const WRAPPER = "create foreign data wrapper w; create server s foreign data wrapper w;";

onServers(
  "foreign data",
  (exactly) => {
    test("wrappers and servers change in place", async () => {
      const { forward } = await exactly(
        `create foreign data wrapper w options (debug 'true'); create server s type 't' version '1' foreign data wrapper w options (host 'a', port '1')`,
        `create foreign data wrapper w validator postgresql_fdw_validator; create server s type 't' foreign data wrapper w options (host 'it''s', dbname 'x');
         comment on server s is 'x'`,
      );
      expect(forward).toEqual([
        "ALTER FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator",
        "ALTER FOREIGN DATA WRAPPER w OPTIONS (DROP debug)",
        "ALTER SERVER s VERSION NULL",
        "ALTER SERVER s OPTIONS (DROP port, ADD dbname 'x', SET host 'it''s')",
        "COMMENT ON SERVER s IS 'x'",
      ]);
    });

    test("user mappings for all, and for a role of a hostile name", async () => {
      const { forward } = await exactly(
        `${WRAPPER} create role "we""ird Näme"; create user mapping for public server s options (password 'x')`,
        `${WRAPPER} create role "we""ird Näme"; create user mapping for public server s options (password 'y', "user" 'n');
         create user mapping for "we""ird Näme" server s options ("O o" '1')`,
      );
      expect(forward).toEqual([
        `CREATE USER MAPPING FOR "we""ird Näme" SERVER s OPTIONS ("O o" '1')`,
        `ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (ADD "user" 'n', SET password 'y')`,
      ]);
    });

    test("foreign tables with options on themselves and their columns", async () => {
      const { forward } = await exactly(
        `${WRAPPER} create schema "S s"; create foreign table "S s"."F f" (a int options (c 'x'), b text not null check (b <> '')) server s options (t 'x', "we ird" 'a''b')`,
        `${WRAPPER} create schema "S s"; create foreign table "S s"."F f" (a bigint options (c 'z', "D d" 'y'), c text default 'q') server s options (t 'y');
         comment on foreign table "S s"."F f" is 'x'; comment on column "S s"."F f".a is 'y'; grant select on "S s"."F f" to public`,
      );
      expect(forward).toContain(`ALTER FOREIGN TABLE "S s"."F f" OPTIONS (DROP "we ird", SET t 'y')`);
      expect(forward).toContain(`ALTER TABLE "S s"."F f" ALTER COLUMN a OPTIONS (ADD "D d" 'y', SET c 'z')`);
      await exactly(
        "",
        `${WRAPPER} create foreign table f (a int options (c 'x') not null, b text collate "C" default 'q' check (b <> '')) server s options (t 'x')`,
      );
    });

    test("foreign tables as partitions and as children", async () => {
      await exactly(
        `${WRAPPER} create table p (a int) partition by range (a); create foreign table f partition of p for values from (1) to (2) server s`,
        `${WRAPPER} create table p (a int) partition by range (a); create foreign table f partition of p for values from (1) to (5) server s`,
      );
      await exactly(
        `${WRAPPER} create table p (a int); create foreign table f (b int) inherits (p) server s`,
        `${WRAPPER} create table p (a int); create foreign table f (a int, b int) server s`,
      );
    });

    test("privileges on wrappers and servers", async () => {
      const { forward } = await exactly(
        `create role app; ${WRAPPER}`,
        `create role app; ${WRAPPER} grant usage on foreign server s to app with grant option; grant usage on foreign data wrapper w to app; alter server s owner to app`,
      );
      expect(forward).toEqual([
        "ALTER SERVER s OWNER TO app",
        "GRANT USAGE ON FOREIGN DATA WRAPPER w TO app",
        "GRANT USAGE ON FOREIGN SERVER s TO app WITH GRANT OPTION",
      ]);
    });

    test("a table moves to another server by being made anew", async () => {
      await exactly(
        `${WRAPPER} create server "S 2" foreign data wrapper w; create foreign table f (a int) server s; create view v as select * from f`,
        `${WRAPPER} create server "S 2" foreign data wrapper w; create foreign table f (a int) server "S 2"; create view v as select * from f`,
      );
    });
  },
  "own",
);
