import type { Severity } from "../../compiler/doctor/finding.ts";
import type { Thresholds } from "../../compiler/doctor/thresholds.ts";

/** What a check is to find in a database, and what beside it that looks alike it is not to find. */
export interface Case {
  readonly check: string;
  /** Each run by itself: some cannot run inside a transaction. A statement that is to fail begins with `-- fails`. */
  readonly ill: readonly string[];
  readonly well: readonly string[];
  /** What is found: no more of the check is in the whole database. */
  readonly found: readonly (readonly [severity: Severity, object: string])[];
  /** Where its lists hold what other cases have: what of this one must not be among what is found. */
  readonly notFound?: readonly string[];
  /** The statements that it gives take the finding away, unless they leave a choice open. */
  readonly isMended?: false;
  readonly since?: number;
}

/** Lower than for real databases, so that a test need not fill one. */
export const LOW: Partial<Thresholds> = {
  smallTableRows: 500,
  unusedAfterDays: 0,
  unusedIndexBytes: 0,
  bloatBytes: 400_000,
  deadRows: 500,
  lateVacuumFactor: 1,
};

export const CASES: readonly Case[] = [
  {
    check: "foreign-key-without-index",
    ill: [
      "create table targets (id int primary key)",
      "create table key_bare (id int primary key, target_id int references targets)",
      "create table key_behind (id int primary key, n int, target_id int references targets)",
      "create index on key_behind (n, target_id)",
      "create table key_partial (id int primary key, n int, target_id int references targets)",
      "create index on key_partial (target_id) where n > 5",
      "create table targets_of_two (a int, b int, primary key (a, b))",
      "create table key_included (id int primary key, a int, b int, foreign key (a, b) references targets_of_two)",
      "create index on key_included (a) include (b)",
      "insert into key_bare select g from generate_series(1, 1000) g",
      "analyze key_bare",
    ],
    well: [
      "create table key_served (id int primary key, target_id int references targets)",
      "create index on key_served (target_id, id)",
      "create table key_without_nulls (id int primary key, target_id int references targets)",
      "create index on key_without_nulls (target_id) where target_id is not null",
      "create table pairs (a int, b int, primary key (a, b))",
      "create table key_of_two (b int, a int, n int, primary key (b, a, n), foreign key (a, b) references pairs)",
      "create table key_partitioned (id int, target_id int references targets, primary key (id, target_id)) partition by hash (id)",
      "create table key_part partition of key_partitioned for values with (modulus 1, remainder 0)",
      "create index on key_partitioned (target_id)",
    ],
    found: [
      ["warning", "public.key_bare.key_bare_target_id_fkey"],
      ["info", "public.key_behind.key_behind_target_id_fkey"],
      ["info", "public.key_included.key_included_a_b_fkey"],
      ["info", "public.key_partial.key_partial_target_id_fkey"],
    ],
  },
  {
    check: "reference-of-other-type",
    ill: [
      "create table wide (id bigint primary key)",
      "create table narrow (id int primary key, wide_id int references wide)",
      "create index on narrow (wide_id)",
      "create table named (name varchar(20) primary key)",
      "create table naming (id int primary key, name varchar(10) references named)",
      "create index on naming (name)",
    ],
    well: [
      "create table as_wide (id int primary key, wide_id bigint references wide)",
      "create index on as_wide (wide_id)",
    ],
    found: [
      ["warning", "public.narrow.wide_id"],
      ["info", "public.naming.name"],
    ],
  },
  {
    check: "duplicate-index",
    ill: [
      "create table doubles (id int primary key, a int, b text unique, c int)",
      "create index doubles_first on doubles (a, c)",
      "create index doubles_second on doubles (a, c)",
      "create index doubles_short on doubles (a)",
      "create index doubles_of_key on doubles (b)",
      "create table split_doubles (id int primary key, a int) partition by range (id)",
      "create table split_part partition of split_doubles for values from (0) to (10)",
      "create index split_first on split_doubles (a)",
      "create index split_second on split_doubles (a)",
    ],
    well: [
      "create index doubles_backwards on doubles (c, a)",
      "create index doubles_down on doubles (a desc, c)",
      "create index doubles_some on doubles (a, c) where c > 5",
      "create unique index doubles_unique on doubles (c) include (a)",
      "create index doubles_like on doubles (b text_pattern_ops)",
      "create index doubles_expression on doubles (lower(b))",
      "create index doubles_other_expression on doubles (upper(b))",
      "create table checked_late (id int primary key, a int unique deferrable)",
      "create unique index checked_at_once on checked_late (a)",
    ],
    found: [
      ["warning", "public.doubles_of_key"],
      ["warning", "public.doubles_second"],
      ["warning", "public.split_second"],
      ["info", "public.doubles_short"],
    ],
  },
  {
    check: "unused-index",
    ill: ["create table uses (id int primary key, a int, b int, t int unique)", "create index uses_never on uses (a)"],
    well: [
      "create index uses_often on uses (b)",
      "create table uses_of (id int primary key, uses_id int references uses)",
      "create index uses_for_deletes on uses_of (uses_id)",
      "insert into uses select g, g, g, g from generate_series(1, 1000) g",
      "analyze uses",
      "select set_config('enable_seqscan', 'off', false)",
      "select from uses where b = 5",
      "select set_config('enable_seqscan', 'on', false)",
    ],
    found: [["warning", "public.uses_never"]],
    notFound: ["public.uses_often", "public.uses_for_deletes", "public.uses_pkey", "public.uses_t_key"],
  },
  {
    check: "invalid-index",
    ill: [
      "create table carcasses (id int primary key, n int, m int)",
      "insert into carcasses values (1, 1, 1), (2, 1, 1)",
      "-- fails\ncreate unique index concurrently carcass on carcasses (n)",
      "delete from carcasses where id = 2",
    ],
    well: ["create index concurrently not_a_carcass on carcasses (m)"],
    found: [["error", "public.carcass"]],
  },
  {
    check: "bloated-index",
    ill: [
      "create table bloated (id int primary key)",
      "insert into bloated select g from generate_series(1, 60000) g",
      "delete from bloated where id % 20 <> 0",
      "vacuum (analyze) bloated",
    ],
    well: [
      "create table full_up (id int primary key)",
      "insert into full_up select g from generate_series(1, 60000) g",
      "vacuum (analyze) full_up",
    ],
    found: [["warning", "public.bloated_pkey"]],
  },
  {
    check: "table-without-primary-key",
    ill: [
      "create table keyless (a int)",
      "create table almost_keyed (a int not null, b int not null)",
      "create unique index almost_key on almost_keyed (b, a)",
      "create table keyless_published (a int)",
      "create publication everything for table keyless_published",
      "create table keyless_but_numbered (id int, a int)",
      "create table keyed_downwards (a int not null)",
      "create unique index key_downwards on keyed_downwards (a desc)",
    ],
    well: [],
    found: [
      ["error", "public.keyless_published"],
      ["warning", "public.almost_keyed"],
      ["warning", "public.keyed_downwards"],
      ["warning", "public.keyless"],
      ["warning", "public.keyless_but_numbered"],
    ],
  },
  {
    check: "unlogged-table",
    ill: ["create unlogged table forgetful (id int primary key)"],
    well: ["create temporary table own (id int)"],
    found: [["warning", "public.forgetful"]],
  },
  {
    check: "sequence-near-end",
    ill: [
      "create table numbered (id serial primary key)",
      "select setval('numbered_id_seq', 2000000000)",
      "create table numbered_by (id int primary key, numbered_id int references numbered)",
      "create index on numbered_by (numbered_id)",
      "create sequence long_one",
      "create table fed (id int primary key default nextval('long_one'))",
      "select setval('long_one', 1600000000)",
      "create sequence from_zero minvalue 0 maxvalue 100 start 0",
      "select setval('from_zero', 98)",
    ],
    well: [
      "create table numbered_anew (id int generated always as identity primary key)",
      "insert into numbered_anew default values",
      "create sequence round as smallint cycle",
      "select setval('round', 32000)",
      "create sequence falling increment -1 minvalue 0 maxvalue 100",
      "create sequence unfed",
      "select setval('unfed', 2000000000)",
    ],
    found: [
      ["error", "public.from_zero"],
      ["error", "public.numbered_id_seq"],
      ["warning", "public.long_one"],
    ],
  },
  {
    check: "integer-key-near-end",
    ill: [
      "create table given_keys (id int primary key)",
      "insert into given_keys select 2000000000 + g from generate_series(1, 100) g",
      "analyze given_keys",
    ],
    well: [
      "create table wide_keys (id bigint primary key)",
      "insert into wide_keys select 2000000000 + g from generate_series(1, 100) g",
      "analyze wide_keys",
    ],
    found: [["error", "public.given_keys.id"]],
  },
  {
    check: "dead-rows",
    ill: [
      "create table deaths (id int primary key) with (autovacuum_enabled = off)",
      "insert into deaths select g from generate_series(1, 1000) g",
      "delete from deaths where id > 100",
      "analyze deaths",
    ],
    well: [
      "create table buried (id int primary key)",
      "insert into buried select g from generate_series(1, 1000) g",
      "delete from buried where id > 100",
      "vacuum (analyze) buried",
    ],
    found: [["warning", "public.deaths"]],
  },
  {
    check: "autovacuum-off",
    ill: [],
    well: [],
    found: [["warning", "public.deaths"]],
  },
  {
    check: "stale-statistics",
    ill: [
      "create table unknown (id int primary key)",
      "insert into unknown select g from generate_series(1, 1000) g",
      "select count(*) from unknown",
    ],
    well: [
      "create table known (id int primary key)",
      "insert into known select g from generate_series(1, 1000) g",
      "select count(*) from known",
      "analyze known",
    ],
    found: [["warning", "public.unknown"]],
  },
  {
    check: "policies-not-in-force",
    ill: ["create table open_door (id int primary key)", "create policy own on open_door using (id = 1)"],
    well: [
      "create table shut (id int primary key)",
      "create policy own on shut using (id = 1)",
      "alter table shut enable row level security",
    ],
    found: [["error", "public.open_door"]],
  },
  {
    check: "row-security-without-policy",
    ill: ["create table walled (id int primary key)", "alter table walled enable row level security"],
    well: [],
    found: [["info", "public.walled"]],
    isMended: false,
  },
  {
    check: "owner-exempt-from-policies",
    ill: [
      "create role clerk login",
      "create table papers (id int primary key)",
      "create policy own on papers using (id = 1)",
      "alter table papers enable row level security, owner to clerk",
    ],
    well: [
      "create role archive nologin",
      "create table files (id int primary key)",
      "create policy own on files using (id = 1)",
      "alter table files enable row level security, owner to archive",
      "create table forced (id int primary key)",
      "create policy own on forced using (id = 1)",
      "alter table forced enable row level security, force row level security, owner to clerk",
    ],
    found: [["warning", "public.papers"]],
  },
  {
    check: "view-past-policies",
    ill: ["create view all_shut as select * from shut", "grant select on all_shut to clerk"],
    well: [
      "create view private_shut as select * from shut",
      "create view of_others as select * from targets",
      "grant select on of_others to clerk",
    ],
    found: [["warning", "public.all_shut"]],
    since: 15,
  },
  {
    check: "policy-always-true",
    ill: [
      "create policy everybody on shut for update using (true)",
      "create policy readers on shut for select using (true)",
    ],
    well: ["create policy narrowing on shut as restrictive using (true)"],
    found: [
      ["warning", "public.shut.everybody"],
      ["info", "public.shut.readers"],
    ],
    isMended: false,
  },
  {
    check: "table-without-row-security",
    ill: [
      "grant select on shut to clerk",
      "create table notes_on_shut (id int primary key, shut_id int references shut)",
      "create index on notes_on_shut (shut_id)",
      "grant select on notes_on_shut to clerk",
    ],
    well: ["grant select on targets to clerk"],
    found: [["info", "public.notes_on_shut"]],
    isMended: false,
  },
  {
    check: "security-definer-without-search-path",
    ill: [
      "create function lifted(a int, b text) returns int language plpgsql security definer as $$ begin return 1; end $$",
      "create procedure lifted_too() language plpgsql security definer as $$ begin end $$",
    ],
    well: [
      "create function lifted_well() returns int language plpgsql security definer set search_path = '' as $$ begin return 1; end $$",
      "create function lifted_atomic() returns int language sql security definer return 1",
      "create function plain() returns int language plpgsql as $$ begin return 1; end $$",
    ],
    found: [
      ["warning", "public.lifted(integer, text)"],
      ["warning", "public.lifted_too()"],
    ],
  },
  {
    check: "schema-open-to-all",
    ill: ["create schema commons", "grant create on schema commons to public"],
    // PostgreSQL 14 opens it.
    well: ["revoke create on schema public from public", "create schema garden"],
    found: [["warning", "commons"]],
  },
  {
    check: "disabled-trigger",
    ill: [
      "create function nothing() returns trigger language plpgsql as $$ begin return new; end $$",
      "create table asleep (id int primary key, target_id int constraint asleep_target references targets)",
      "create index on asleep (target_id)",
      "create trigger dozing before insert on asleep for each row execute function nothing()",
      "alter table asleep disable trigger all",
    ],
    well: [
      "create table awake (id int primary key)",
      "create trigger waking before insert on awake for each row execute function nothing()",
    ],
    found: [
      ["error", "public.asleep.asleep_target"],
      ["warning", "public.asleep.dozing"],
    ],
  },
  {
    check: "constraint-not-valid",
    ill: [
      "create table unchecked (id int primary key, n int)",
      "alter table unchecked add constraint unchecked_n check (n > 0) not valid",
    ],
    well: ["create table checked (id int primary key, n int check (n > 0))"],
    found: [["warning", "public.unchecked.unchecked_n"]],
  },
  {
    check: "unpopulated-materialized-view",
    ill: ["create materialized view empty_one as select 1 as one with no data"],
    well: ["create materialized view filled_one as select 1 as one"],
    found: [["warning", "public.empty_one"]],
  },
  {
    check: "extension-update",
    ill: ["create extension hstore version '1.4'"],
    well: ["create extension pg_trgm"],
    found: [["info", "extension hstore"]],
  },
];
