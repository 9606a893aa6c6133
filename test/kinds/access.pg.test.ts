import { describe, expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const ROLES = `create role app; create role web; create role boss; create role "we""ird Näme";`;

onServers(
  "access",
  (exactly, major) => {
    describe("roles", () => {
      test("change in all their attributes by one statement", async () => {
        const { forward, rollback } = await exactly(
          "create role app",
          `create role app superuser createdb createrole noinherit login replication bypassrls connection limit 3
             valid until '2030-01-01 12:00+02'`,
        );
        expect(forward).toEqual([
          "ALTER ROLE app SUPERUSER CREATEDB CREATEROLE NOINHERIT LOGIN REPLICATION BYPASSRLS CONNECTION LIMIT 3 VALID UNTIL '2030-01-01 10:00:00+00'",
        ]);
        expect(rollback).toEqual([
          "ALTER ROLE app NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOLOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1 VALID UNTIL 'infinity'",
        ]);
      });

      test("are made only where another database has not made them, and dropped only where none needs them", async () => {
        const { forward, rollback } = await exactly("", `create role "we""ird Näme" login`);
        expect(forward).toEqual([
          `DO $body$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'we"ird Näme') THEN\n    CREATE ROLE "we""ird Näme" LOGIN;\n  END IF;\nEND\n$body$`,
        ]);
        expect(rollback).toEqual([
          `DO $body$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = '"we""ird Näme"'::regrole) THEN\n    DROP ROLE "we""ird Näme";\n  END IF;\nEND\n$body$`,
        ]);
      });

      test("come and go right after a domain has lost a constraint", async () => {
        await exactly(
          "create role boss; create domain d as text constraint c check (value <> '') constraint k check (value <> ' ')",
          "create role app; create domain d as text constraint c check (value <> '')",
        );
      });

      test("go after all that was theirs", async () => {
        await exactly(
          `${ROLES} create schema s; create table s.t (a int); alter table s.t owner to app; grant select on s.t to web;
           create policy p on s.t to boss; comment on role app is 'the app'; alter role app set work_mem to '1MB'`,
          "",
        );
      });
    });

    describe("memberships", () => {
      test("come, go and change their options", async () => {
        const { forward } = await exactly(
          `${ROLES} grant app to web; grant boss to web with admin option; grant pg_monitor to app`,
          `${ROLES} grant app to web with admin option; grant boss to web; grant web to "we""ird Näme"`,
        );
        const [gives, takes] =
          major >= 16
            ? ["GRANT app TO web WITH ADMIN TRUE", "GRANT boss TO web WITH ADMIN FALSE"]
            : ["GRANT app TO web WITH ADMIN OPTION", "REVOKE ADMIN OPTION FOR boss FROM web"];
        expect(forward).toEqual(["REVOKE pg_monitor FROM app", `GRANT web TO "we""ird Näme"`, gives, takes]);
      });

      test.runIf(major >= 16)("say what is inherited where the member's attribute says otherwise", async () => {
        const { forward } = await exactly(
          `${ROLES} create role n noinherit`,
          `${ROLES} create role n noinherit; grant app to n; grant web to n with inherit true, set false; grant app to web with inherit false`,
        );
        expect(forward).toEqual([
          "GRANT app TO n",
          "GRANT web TO n WITH INHERIT TRUE, SET FALSE",
          "GRANT app TO web WITH INHERIT FALSE",
        ]);
      });
    });

    describe("settings", () => {
      test("of roles keep lists of names apart from texts", async () => {
        const { forward } = await exactly(
          `${ROLES} alter role app set search_path to a, "B c"; alter role boss set timezone to 'UTC'`,
          `${ROLES} alter role app set search_path to ''; alter role boss set "app.Mode" to 'b=c'; alter role web set random_page_cost to 1.1;
           alter role "we""ird Näme" set session_preload_libraries to abc, 'x y'; alter role web set statement_timeout to 100`,
        );
        expect(forward).toEqual([
          "ALTER ROLE boss RESET TimeZone",
          `ALTER ROLE "we""ird Näme" SET session_preload_libraries TO abc, "x y"`,
          "ALTER ROLE app SET search_path TO ''",
          `ALTER ROLE boss SET app."Mode" TO 'b=c'`,
          "ALTER ROLE web SET random_page_cost TO '1.1'",
          "ALTER ROLE web SET statement_timeout TO 100",
        ]);
      });

      test("of the database find its name when they run", async () => {
        const alter = (text: string) => `do $do$ begin execute format($f$${text}$f$, current_database()); end $do$`;
        const { forward } = await exactly(
          `${ROLES} ${alter("alter database %I set work_mem to '1MB'")}`,
          `${ROLES} ${alter("alter database %I set app.tenant to '100%% $body$ it''s'")};
           ${alter("alter role app in database %I set work_mem to '2MB'")}`,
        );
        expect(forward).toEqual([
          "DO $body$BEGIN EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database()); END$body$",
          "DO $body1$BEGIN EXECUTE format($sql$ALTER DATABASE %I SET app.tenant TO '100%% $body$ it''s'$sql$, current_database()); END$body1$",
          "DO $body$BEGIN EXECUTE format($sql$ALTER ROLE app IN DATABASE %I SET work_mem TO '2MB'$sql$, current_database()); END$body$",
        ]);
      });
    });

    describe("owners", () => {
      test("go from and to whoever runs the migration", async () => {
        const { forward, rollback } = await exactly(
          `${ROLES} create table t (id int); create sequence s owned by t.id; alter table t owner to app; create type e as enum ('a')`,
          `${ROLES} create table t (id int); create sequence s owned by t.id; create type e as enum ('a'); alter type e owner to web;
           create schema z authorization boss`,
        );
        expect(forward).toEqual([
          "ALTER TABLE public.t OWNER TO CURRENT_USER",
          "CREATE SCHEMA z",
          "ALTER TYPE public.e OWNER TO web",
          "ALTER SCHEMA z OWNER TO boss",
        ]);
        expect(rollback).toContain("ALTER TABLE public.t OWNER TO app");
      });

      test("take what was revoked from them along", async () => {
        await exactly(
          `${ROLES} create table t (id int); alter table t owner to boss; revoke delete on t from boss; grant select on t to app`,
          `${ROLES} create table t (id int); alter table t owner to web; revoke delete, update on t from web; grant select on t to app`,
        );
      });

      test("of schema public are nobody's business unless it was given away", async () => {
        const { forward, rollback } = await exactly(ROLES, `${ROLES} alter schema public owner to boss`);
        expect(forward).toEqual(["ALTER SCHEMA public OWNER TO boss"]);
        // Whoever made the database owned it before PostgreSQL 15.
        expect(rollback).toEqual([
          `ALTER SCHEMA public OWNER TO ${major >= 15 ? "pg_database_owner" : "CURRENT_USER"}`,
        ]);
      });
    });

    describe("privileges", () => {
      test("are granted and revoked by what differs alone", async () => {
        const { forward, rollback } = await exactly(
          `${ROLES} create table t (id int); grant select, insert on t to app; grant select on t to web with grant option`,
          `${ROLES} create table t (id int); grant select, update on t to app; grant select on t to web; grant truncate on t to public`,
        );
        expect(forward).toEqual([
          "GRANT TRUNCATE ON TABLE public.t TO PUBLIC",
          "REVOKE INSERT ON TABLE public.t FROM app",
          "GRANT UPDATE ON TABLE public.t TO app",
          "REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM web",
        ]);
        expect(rollback).toContain("GRANT SELECT ON TABLE public.t TO web WITH GRANT OPTION");
      });

      test("on columns, sequences, schemas, types and the database", async () => {
        const { forward } = await exactly(
          `${ROLES} create table t (id int, "B b" int); create sequence s; create schema "S s"; create type e as enum ('a')`,
          `${ROLES} create table t (id int, "B b" int); create sequence s; create schema "S s"; create type e as enum ('a');
           grant select (id), update ("B b") on t to app; grant usage on sequence s to app with grant option;
           grant usage on schema "S s" to "we""ird Näme"; revoke usage on type e from public; revoke usage on schema public from public;
           do $$ begin execute format('revoke connect, temp on database %I from public', current_database()); end $$`,
        );
        expect(forward).toEqual([
          `GRANT UPDATE ("B b") ON TABLE public.t TO app`,
          "GRANT SELECT (id) ON TABLE public.t TO app",
          "DO $body$BEGIN EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END$body$",
          "REVOKE USAGE ON TYPE public.e FROM PUBLIC",
          `GRANT USAGE ON SCHEMA "S s" TO "we""ird Näme"`,
          "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
          "GRANT USAGE ON SEQUENCE public.s TO app WITH GRANT OPTION",
        ]);
      });

      test("on columns outlive those on their table", async () => {
        await exactly(
          `${ROLES} create table t (id int, b int); grant select on t to app; grant select (id) on t to web; grant insert on t to web`,
          `${ROLES} create table t (id int, b int); grant select (id) on t to app; grant select (id), update (b) on t to web with grant option`,
        );
        await exactly(
          `${ROLES} create table t (id int); grant select (id), select on t to app`,
          `${ROLES} create table t (id int); grant select (id) on t to app`,
        );
      });

      test("that somebody else granted are granted and revoked by them again, in their order", async () => {
        const { forward, rollback } = await exactly(
          `${ROLES} create table t (id int)`,
          `${ROLES} create table t (id int); grant select on t to app with grant option;
           set role app; grant select on t to web with grant option; set role web; grant select on t to "we""ird Näme"; reset role`,
        );
        expect(forward).toEqual([
          "GRANT SELECT ON TABLE public.t TO app WITH GRANT OPTION",
          "SET ROLE app",
          "GRANT SELECT ON TABLE public.t TO web WITH GRANT OPTION",
          "RESET ROLE",
          "SET ROLE web",
          `GRANT SELECT ON TABLE public.t TO "we""ird Näme"`,
          "RESET ROLE",
        ]);
        expect(rollback[0]).toBe("SET ROLE web");
      });
    });

    describe("privileges on routines and on what extensions bring", () => {
      test("name aggregates by what they take", async () => {
        const aggregates = `${ROLES} create aggregate cnt(*) (sfunc = int8inc, stype = int8, initcond = '0');
          create aggregate osa(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
          create aggregate hyp(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
          create procedure pr(inout x int) language sql as 'select 1'; create domain d as int;`;
        const { forward } = await exactly(
          aggregates,
          `${aggregates} grant execute on function cnt() to app; revoke execute on function osa(float8, anyelement) from public;
           revoke execute on function hyp("any") from public; grant execute on procedure pr(int) to app with grant option; revoke usage on domain d from public`,
        );
        expect(forward).toEqual([
          "GRANT EXECUTE ON FUNCTION public.cnt() TO app",
          `REVOKE EXECUTE ON FUNCTION public.hyp("any") FROM PUBLIC`,
          "REVOKE EXECUTE ON FUNCTION public.osa(double precision, anyelement) FROM PUBLIC",
          "REVOKE USAGE ON DOMAIN public.d FROM PUBLIC",
          "GRANT EXECUTE ON PROCEDURE public.pr(integer) TO app WITH GRANT OPTION",
        ]);
      });

      test("keep what somebody changed on an extension's members", async () => {
        const { forward } = await exactly(
          `${ROLES} create extension pg_stat_statements`,
          `${ROLES} create extension pg_stat_statements; grant select on pg_stat_statements to app; revoke select on pg_stat_statements from public;
           create extension hstore; revoke execute on function hstore_in(cstring) from public; grant usage on type hstore to app with grant option`,
        );
        expect(forward.slice(1)).toEqual([
          "REVOKE EXECUTE ON FUNCTION public.hstore_in(cstring) FROM PUBLIC",
          "GRANT USAGE ON TYPE public.hstore TO app WITH GRANT OPTION",
          "REVOKE SELECT ON TABLE public.pg_stat_statements FROM PUBLIC",
          "GRANT SELECT ON TABLE public.pg_stat_statements TO app",
        ]);
      });
    });

    describe("default privileges", () => {
      test("for one schema are added, for all schemas stand in place of what is given unasked", async () => {
        const { forward } = await exactly(
          `${ROLES} create schema s`,
          `${ROLES} create schema s; alter default privileges in schema s grant select, insert on tables to app;
           alter default privileges for role app revoke usage on types from public;
           alter default privileges grant execute on functions to web with grant option;
           alter default privileges revoke delete on tables from current_user`,
        );
        expect(forward).toEqual([
          "ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE USAGE ON TYPES FROM PUBLIC",
          "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO app",
          "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO web WITH GRANT OPTION",
          "ALTER DEFAULT PRIVILEGES REVOKE DELETE ON TABLES FROM CURRENT_USER",
        ]);
      });

      test("that new tables do not follow are taken back from these", async () => {
        await exactly(
          `${ROLES} create schema s`,
          `${ROLES} create schema s; alter default privileges in schema s grant select on tables to app; create table s.t (a int);
           create table s.u (a int); revoke all on s.u from app`,
        );
      });

      test("go with their schema", async () => {
        const { forward } = await exactly(
          `${ROLES} create schema s; alter default privileges in schema s grant usage on sequences to app, public`,
          ROLES,
        );
        expect(forward).toEqual(["DROP SCHEMA s"]);
      });
    });

    describe("policies", () => {
      const table = `${ROLES} create table t (id int, tenant text); alter table t enable row level security;`;

      test("are altered in place while an expression is not taken away", async () => {
        const { forward } = await exactly(
          `${table} create policy p on t for update to app using (id > 0)`,
          `${table} create policy p on t for update to app, "we""ird Näme" using (id > 1 and tenant = ')') with check (id < 9)`,
        );
        expect(forward).toEqual([
          `ALTER POLICY p ON public.t TO app, "we""ird Näme" USING ((id > 1) AND (tenant = ')'::text)) WITH CHECK (id < 9)`,
        ]);
      });

      test("are made anew for another command, kind or without an expression", async () => {
        const { forward } = await exactly(
          `${table} create policy p on t using (id > 0) with check (id > 1); create policy "Q q" on t for select using (true)`,
          `${table} create policy p on t using (id > 0); create policy "Q q" on t as restrictive for delete using (true)`,
        );
        expect(forward).toEqual([
          `DROP POLICY "Q q" ON public.t`,
          "DROP POLICY p ON public.t",
          `CREATE POLICY "Q q" ON public.t AS RESTRICTIVE FOR DELETE USING (true)`,
          "CREATE POLICY p ON public.t USING (id > 0)",
        ]);
      });

      test("are renamed where nothing else differs", async () => {
        const { forward } = await exactly(
          `${table} create policy p on t using (id > 0)`,
          `${table} create policy "Q q" on t using (id > 0)`,
        );
        expect(forward).toEqual([`ALTER POLICY p ON public.t RENAME TO "Q q"`]);
      });

      test("step aside while a column that they read changes its type", async () => {
        await exactly(
          `${table} create policy p on t to app using (id > 0); comment on policy p on t is 'x'`,
          `${table} alter table t alter id type bigint; create policy p on t to app using (id > 0); comment on policy p on t is 'x'`,
        );
      });
    });
  },
  "own",
);
