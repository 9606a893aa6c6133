const LEVEL = `export const level = enumType("level", ["low", "high"]);
export const rank = fn("rank_of", { arguments: [level()], returns: integer(), language: "sql", volatility: "immutable",
  body: sql\`select 1\` });`;
const LEVEL_SQL = `create type level as enum ('low', 'high');
create function rank_of(level) returns integer language sql immutable as 'select 1';`;

const SAME = `export const same = fn("same", { arguments: [text(), text()], returns: boolean(), language: "sql",
  volatility: "immutable", body: sql\`select $1 = $2\` });
export const less = fn("less", { arguments: [text(), text()], returns: boolean(), language: "sql",
  volatility: "immutable", body: sql\`select $1 < $2\` });`;
const SAME_SQL = `create function same(text, text) returns boolean language sql immutable as 'select $1 = $2';
create function less(text, text) returns boolean language sql immutable as 'select $1 < $2';`;

export const TABLES = `export const app = schema("app");
export const users = table("users", { columns: { id: integer({ primaryKey: true }), mail: text(), n: integer() } });
export const posts = table("posts", { schema: app, columns: { id: integer({ primaryKey: true }), live: boolean() } });`;
const TABLES_SQL = `create schema app; create table users (id int primary key, mail text not null, n int not null);
create table app.posts (id int primary key, live boolean not null);`;

/** Of each rarer kind what definitions say, and the SQL that says the same. PostgreSQL 18. */
export const CASES: readonly (readonly [title: string, definitions: string, sql: string])[] = [
  [
    "collations, and columns that use them",
    `export const blind = collation("Blind", { provider: "icu", locale: "und-u-ks-level2", deterministic: false });
       /** As bytes. */
       export const bytes = collation("bytes", { locale: "C" });
       export const odd = collation("odd", { provider: "icu", locale: "und", rules: "& a < g" });
       export const name = domainType("name", text(), { collate: bytes });
       export const t = table("t", { columns: { a: text({ collate: blind }), b: text({ collate: "C" }) },
         indexes: [{ on: [{ column: "b", collate: blind }], name: "i" }] });`,
    `create collation "Blind" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       create collation bytes (locale = 'C'); comment on collation bytes is 'As bytes.';
       create collation odd (provider = icu, locale = 'und', rules = '& a < g'); create domain name as text collate bytes;
       create table t (a text collate "Blind" not null, b text collate "C" not null); create index i on t (b collate "Blind")`,
  ],
  [
    "casts",
    `${LEVEL}
       /** By rank. */
       export const byRank = cast({ from: level, to: integer(), with: rank, as: "assignment" });
       export const there = cast({ from: text(), to: level, with: "inout", as: "implicit" });
       export const back = cast({ from: level(), to: "varchar", with: "inout" });`,
    `${LEVEL_SQL} create cast (level as int) with function rank_of(level) as assignment;
       comment on cast (level as int) is 'By rank.'; create cast (text as level) with inout as implicit;
       create cast (level as varchar) with inout`,
  ],
  [
    "operators, which name one another",
    `${SAME}
       export const equal = operator("===", { left: text(), right: text(), function: same, commutator: "===", negator: "!==", restrict: sql\`eqsel\`, hashes: true });
       export const app = schema("app");
       export const after = operator(">>>", { schema: app, left: text(), right: text(), function: less, commutator: () => before });
       export const before = operator("<<<", { left: text(), right: text(), function: less, commutator: () => after });
       export const other = operator("!==", { left: text(), right: text(), function: sql\`textne\`, negator: () => equal });
       export const minus = operator("|-|", { right: integer(), function: sql\`int4um\` });
       export const v = view("v", { query: sql\`select 'a'::text \${equal} 'b' as x\` });`,
    `${SAME_SQL} create operator === (leftarg = text, rightarg = text, function = same, commutator = ===, negator = !==, restrict = eqsel, hashes);
       create operator !== (leftarg = text, rightarg = text, function = textne, negator = ===); create schema app;
       create operator app.>>> (leftarg = text, rightarg = text, function = less, commutator = operator(public.<<<));
       create operator <<< (leftarg = text, rightarg = text, function = less, commutator = operator(app.>>>));
       create operator |-| (rightarg = int, function = int4um);
       create view v as select 'a'::text operator(public.===) 'b' as x`,
  ],
  [
    "operator classes and families",
    `${SAME}
       export const compare = fn("compare", { arguments: [text(), text()], returns: integer(), language: "sql", volatility: "immutable", body: sql\`select 0\` });
       export const before = operator("<<<", { left: text(), right: text(), function: less });
       export const mixed = operatorFamily("mixed", { using: "btree",
         operators: [[1, sql\`<(integer, bigint)\`], [3, sql\`=(integer, bigint)\`]],
         functions: [[1, sql\`btint48cmp(integer, bigint)\`, [integer(), bigint()]]] });
       export const texts = operatorClass("texts", { for: text(), using: "btree", operators: [[1, before]], functions: [[1, compare]] });
       export const inFamily = operatorClass("numbers", { for: integer(), using: "btree", family: mixed,
         operators: [[1, sql\`<(integer, integer)\`]], functions: [[1, sql\`btint4cmp(integer, integer)\`]] });
       export const level = enumType("level", ["a"]);
       export const stored = operatorClass("stored", { for: level, using: "gist", default: true, storage: integer() });
       export const t = table("t", { columns: { a: text() }, indexes: [{ on: [{ column: "a", opclass: texts }], name: "i" }] });`,
    `${SAME_SQL} create function compare(text, text) returns int language sql immutable as 'select 0';
       create operator <<< (leftarg = text, rightarg = text, function = less);
       create operator family mixed using btree;
       alter operator family mixed using btree add operator 1 < (int, bigint), operator 3 = (int, bigint), function 1 (int, bigint) btint48cmp(int, bigint);
       create operator class texts for type text using btree as operator 1 <<<, function 1 compare(text, text);
       create operator class numbers for type int using btree family mixed as operator 1 <, function 1 btint4cmp(int, int);
       create type level as enum ('a'); create operator class stored default for type level using gist as storage int;
       create table t (a text not null); create index i on t (a texts)`,
  ],
  [
    "aggregates",
    `export const add = fn("add", { arguments: [integer(), integer()], returns: integer(), language: "sql", volatility: "immutable", body: sql\`select $1 + $2\` });
       /** Their sum. */
       export const total = aggregate("total", { arguments: { x: integer() }, state: integer(), transition: add, initial: "0", combine: add,
         sortOperator: sql\`operator(pg_catalog.>)\`, parallel: "safe", grants: [{ to: "public", privileges: ["execute"] }],
         moving: { state: integer(), transition: sql\`int4pl\`, inverse: sql\`int4mi\`, initial: "0" } });
       export const rows = aggregate("rows", { state: bigint(), transition: sql\`int8inc\`, initial: "0" });
       export const middle = aggregate("middle", { arguments: [double()], orderBy: [column("anyelement")], state: "internal",
         transition: sql\`ordered_set_transition\`, final: sql\`percentile_disc_final\`, finalExtra: true });
       export const place = aggregate("place", { arguments: [variadic(column('"any"'))], orderBy: [variadic(column('"any"'))], hypothetical: true,
         state: "internal", transition: sql\`ordered_set_transition_multi\`, final: sql\`rank_final\`, finalExtra: true });`,
    `create function add(int, int) returns int language sql immutable as 'select $1 + $2';
       create aggregate total(x int) (stype = int, sfunc = add, initcond = '0', combinefunc = add, sortop = operator(pg_catalog.>), parallel = safe,
         mstype = int, msfunc = int4pl, minvfunc = int4mi, minitcond = '0'); comment on aggregate total(int) is 'Their sum.';
       create aggregate rows(*) (stype = bigint, sfunc = int8inc, initcond = '0');
       create aggregate middle(float8 order by anyelement) (stype = internal, sfunc = ordered_set_transition, finalfunc = percentile_disc_final, finalfunc_extra);
       create aggregate place(variadic "any" order by variadic "any") (stype = internal, sfunc = ordered_set_transition_multi, finalfunc = rank_final, finalfunc_extra, hypothetical)`,
  ],
  [
    "text search",
    `export const parser = textSearchParser("words", { start: sql\`prsd_start\`, token: sql\`prsd_nexttoken\`, end: sql\`prsd_end\`, lexTypes: sql\`prsd_lextype\` });
       export const template = textSearchTemplate("plain", { init: sql\`dsimple_init\`, lexize: sql\`dsimple_lexize\` });
       export const stems = textSearchDictionary("stems", { template: "snowball", options: { language: "german", stopwords: "german" } });
       export const words = textSearchDictionary("Words", { template: template });
       /** For titles. */
       export const titles = textSearchConfiguration("titles", { parser, mappings: { asciiword: [stems, words], word: ["simple"] } });
       export const usual = textSearchConfiguration("usual", { mappings: { word: [stems] } });`,
    `create text search parser words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
       create text search template plain (init = dsimple_init, lexize = dsimple_lexize);
       create text search dictionary stems (template = snowball, language = 'german', stopwords = 'german');
       create text search dictionary "Words" (template = plain); create text search configuration titles (parser = words);
       alter text search configuration titles add mapping for asciiword with stems, "Words";
       alter text search configuration titles add mapping for word with simple; comment on text search configuration titles is 'For titles.';
       create text search configuration usual (parser = "default"); alter text search configuration usual add mapping for word with stems`,
  ],
  [
    "languages, transforms, conversions, access methods",
    `export const mine = language("Mine", { handler: sql\`plpgsql_call_handler\`, inline: sql\`plpgsql_inline_handler\`, validator: sql\`plpgsql_validator\`, trusted: true });
       export const shape = transform({ for: integer(), language: mine, fromSql: sql\`prsd_lextype(internal)\` });
       export const f = fn("f", { returns: integer(), language: mine, body: "begin return 1; end", transforms: [integer()] });
       export const c = fn("c", { arguments: [text()], returns: "trigger", library: "$libdir/refint", body: "check_primary_key" });
       export const latin = conversion("latin", { from: "LATIN1", to: "UTF8", function: sql\`iso8859_1_to_utf8\`, default: true });
       export const tree = accessMethod("tree", { type: "index", handler: sql\`bthandler\` });
       export const heap = accessMethod("Heap2", { type: "table", handler: sql\`heap_tableam_handler\` });
       export const r = revoke({ on: mine, privileges: "all", from: "public" });`,
    `create trusted language "Mine" handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
       create transform for int language "Mine" (from sql with function prsd_lextype(internal));
       create function f() returns int language "Mine" transform for type int as 'begin return 1; end';
       create function c(text) returns trigger language c as '$libdir/refint', 'check_primary_key';
       create default conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
       create access method tree type index handler bthandler; create access method "Heap2" type table handler heap_tableam_handler;
       revoke usage on language "Mine" from public`,
  ],
  [
    "foreign data",
    `export const wrapper = foreignDataWrapper("w", { validator: sql\`postgresql_fdw_validator\`, options: { }, grants: [{ to: "public", privileges: ["usage"] }] });
       /** Far away. */
       export const far = foreignServer("far", { wrapper, type: "t", version: "1", options: { host: "it's", dbname: "x" }, grants: [{ to: "public", privileges: "all" }] });
       export const loose = foreignDataWrapper("Loose");
       export const near = foreignServer("near", { wrapper: loose });
       export const all_ = userMapping({ for: "public", server: near, options: { user: "u" } });
       export const f = foreignTable("f", { server: near, options: { t: "x", "we ird": "y" },
         columns: {
           /** First. */
           a: integer({ foreignOptions: { c: "z" } }), b: text({ nullable: true, default: "q", check: sql\`b <> ''\` }) },
         checks: { positive: sql\`a > 0\` }, statistics: { fs: { on: ["a", "b"] } }, grants: [{ to: "public", privileges: ["select"], columns: ["a"] }] });
       export const events = table("events", { columns: { day: integer() }, partitionBy: { by: "range", on: ["day"] } });
       export const old = foreignTable("old", { of: events, rows: { from: [0], to: [5] }, server: near });
       export const base = table("base", { columns: { x: integer() } });
       export const child = foreignTable("child", { server: near, inherits: [base], columns: { y: integer() } });
       export const touch = fn("touch", { returns: "trigger", body: "begin return new; end" });
       export const onF = trigger("touch", f, { before: ["insert"], execute: touch });`,
    `create foreign data wrapper w validator postgresql_fdw_validator; grant usage on foreign data wrapper w to public;
       create server far type 't' version '1' foreign data wrapper w options (host 'it''s', dbname 'x');
       comment on server far is 'Far away.'; grant usage on foreign server far to public;
       create foreign data wrapper "Loose"; create server near foreign data wrapper "Loose"; create user mapping for public server near options ("user" 'u');
       create foreign table f (a int options (c 'z') not null, b text default 'q' check (b <> ''), constraint positive check (a > 0))
         server near options (t 'x', "we ird" 'y'); comment on column f.a is 'First.'; grant select (a) on f to public;
       create statistics fs on a, b from f;
       create table events (day int not null) partition by range (day); create foreign table old partition of events for values from (0) to (5) server near;
       create table base (x int not null); create foreign table child (y int not null) inherits (base) server near;
       create function touch() returns trigger language plpgsql as 'begin return new; end';
       create trigger touch before insert on f for each row execute function touch()`,
  ],
  [
    "publications and subscriptions",
    `${TABLES}
       /** For the others. */
       export const feed = publication("feed", { tables: [posts, { table: users, columns: ["id", "n"], where: sql\`\${users.columns.n} > 5\` }], publish: ["insert", "delete"], viaRoot: true });
       export const whole = publication("Whole", { schemas: [app, "public"], generatedColumns: true });
       export const all_ = publication("all_of_it", { allTables: true });
       /** From afar. */
       export const s = subscription("s", { connection: "host=x dbname=d", publications: ["p", "Q q"], slot: null, binary: true, streaming: "on", origin: "none", synchronousCommit: "local" });
       export const t = subscription("t", { connection: "host=x", publications: ["p"] });`,
    `${TABLES_SQL} create publication feed for table app.posts, users (id, n) where (n > 5) with (publish = 'insert, delete', publish_via_partition_root);
       comment on publication feed is 'For the others.'; create publication "Whole" for tables in schema app, public with (publish_generated_columns = stored);
       create publication all_of_it for all tables;
       create subscription s connection 'host=x dbname=d' publication p, "Q q" with (connect = false, slot_name = none, binary, streaming = on, origin = none, synchronous_commit = 'local');
       comment on subscription s is 'From afar.'; create subscription t connection 'host=x' publication p with (connect = false)`,
  ],
  [
    "rules",
    `${TABLES}
       /** For good. */
       export const keep = rule("keep", users, { on: "delete", instead: true, do: [] });
       export const log = rule("log", users, { on: "update", where: sql\`new.n > old.n\`, do: [sql\`insert into \${posts} values (new.id, true)\`, sql\`delete from \${posts} where \${posts.columns.id} = old.id\`], enabled: "always" });
       export const v = view("v", { query: sql\`select \${users.columns.id} from \${users}\` });
       export const through = rule("through", v, { on: "insert", instead: true, do: sql\`insert into \${users} values (new.id, 'x', 1) returning id\` });`,
    `${TABLES_SQL} create rule keep as on delete to users do instead nothing; comment on rule keep on users is 'For good.';
       create rule log as on update to users where new.n > old.n do (insert into app.posts values (new.id, true); delete from app.posts where id = old.id);
       alter table users enable always rule log;
       create view v as select id from users; create rule through as on insert to v do instead insert into users values (new.id, 'x', 1) returning id`,
  ],
  [
    "memberships with options, the database, what extensions brought",
    `export const readers = role("h_readers");
       export const app = role("h_app", { memberOf: [{ role: readers, admin: true, inherit: false, set: false }] });
       export const fuzzy = extension("pg_trgm");
       export const words = comment(database, "Ours");
       export const taken = revoke({ on: member(fuzzy, "FUNCTION public.similarity(text,text)"), privileges: "all", from: "public" });`,
    `create role h_readers; create role h_app; grant h_readers to h_app with admin true, inherit false, set false;
       create extension pg_trgm; do $$ begin execute format('comment on database %I is ''Ours''', current_database()); end $$;
       revoke execute on function similarity(text, text) from public`,
  ],
  [
    "what partitions and children say of what they inherit",
    `export const touch = fn("touch", { returns: "trigger", body: "begin return null; end" });
     export const t = table("t", { columns: { id: integer(), a: integer({ nullable: true, default: 1, statistics: 50 }), b: text({ nullable: true }) },
       partitionBy: { by: "range", on: ["id"] }, indexes: [{ on: ["a"], name: "ti" }, { on: ["b"], name: "alone", only: true }],
       triggers: { x: { after: ["insert"], execute: touch } } });
     export const t1 = partition("t1", { of: t, rows: { from: [0], to: [10] }, inheritedTriggers: { x: false },
       inherited: { a: { default: 5, notNull: true }, b: { storage: "external", comment: "Its own." } } });
     export const t2 = partition("t2", { of: t, rows: { from: [10], to: [20] }, inherited: { a: { default: null, statistics: 7 } },
       indexes: [{ on: ["a"], name: "zz", partOf: "ti", comment: "A part." }] });
     export const p = table("p", { columns: { a: integer({ notNullName: "pn" }), b: integer(), c: integer({ notNullNoInherit: true }), d: integer({ notNullNotValid: true }) } });
     export const c = table("c", { inherits: [p], columns: {}, inherited: { a: { notNull: "cn" }, b: { notNull: "c_b_not_null" } } });
     export const shape = compositeType("shape", { x: integer(), y: integer() });
     export const typed = table("typed", { ofType: shape, columns: {}, inherited: { x: { default: 3, notNull: true } } });`,
    `create function touch() returns trigger language plpgsql as 'begin return null; end';
     create table t (id int not null, a int default 1, b text) partition by range (id); alter table only t alter a set statistics 50;
     create trigger x after insert on t for each row execute function touch();
     create table t1 partition of t (a default 5 not null) for values from (0) to (10); alter table only t1 disable trigger x;
     alter table t1 alter b set storage external; comment on column t1.b is 'Its own.';
     create table t2 partition of t for values from (10) to (20); alter table t2 alter a drop default, alter a set statistics 7;
     create index zz on t2 (a); create index ti on t (a); comment on index zz is 'A part.'; create index alone on only t (b);
     create table p (a int constraint pn not null, b int not null, c int not null no inherit, d int); alter table p add not null d not valid;
     create table c (constraint cn not null a, not null b) inherits (p);
     create type shape as (x int, y int); create table typed of shape (x default 3 not null)`,
  ],
  [
    "keys over periods, defaults of views, what hangs on the sequence of an identity column",
    `export const gist = extension("btree_gist");
     export const rooms = table("rooms", { columns: { id: integer(), during: daterange(), n: integer() },
       primaryKey: { columns: ["id", "during"], withoutOverlaps: true }, unique: [{ columns: ["n", "during"], withoutOverlaps: true }] });
     export const stays = table("stays", { columns: { room: integer(), during: daterange() },
       foreignKeys: [{ columns: ["room", "during"], references: () => rooms, target: ["id", "during"], period: true, onDelete: "no action", index: { none: "small" } }] });
     export const v = view("v", { query: sql\`select \${rooms.columns.n} from \${rooms}\`, defaults: { n: 4 } });
     export const numbered = table("numbered", { columns: { id: integer({ primaryKey: true, identity: { generated: "always", start: 5,
       grants: [{ to: "public", privileges: ["select"] }], sequenceComment: "From five." } }) } });`,
    `create extension btree_gist; create table rooms (id int, during daterange, n int not null, primary key (id, during without overlaps), unique (n, during without overlaps));
     create table stays (room int not null, during daterange not null, foreign key (room, period during) references rooms (id, period during));
     create view v as select n from rooms; alter view v alter n set default 4;
     create table numbered (id int generated always as identity (start 5) primary key);
     grant select on sequence numbered_id_seq to public; comment on sequence numbered_id_seq is 'From five.'`,
  ],
  [
    "privileges that are passed on, and those that an owner took from itself",
    `export const [one, two] = [role("h_one"), role("h_two")];
     export const t = table("t", { columns: { a: integer() }, grants: [{ to: one, privileges: ["select"], withGrantOption: true }, { to: two, privileges: ["select"], grantedBy: one }] });
     export const log = table("log", { columns: { a: integer() }, owner: one, grants: [{ to: itsOwner, privileges: ["insert"], columns: ["a"] }] });
     export const safe = revoke({ on: log, privileges: ["update", "delete", "truncate"], from: itsOwner });`,
    `create role h_one; create role h_two; create table t (a int not null); grant select on t to h_one with grant option;
     set role h_one; grant select on t to h_two; reset role; create table log (a int not null); alter table log owner to h_one;
     revoke update, delete, truncate on log from h_one; grant insert (a) on log to h_one`,
  ],
  [
    "what is said of materialized views, of statistics elsewhere, of what goes with an extension",
    `export const trigrams = extension("pg_trgm");
     export const x = schema("x");
     export const given = domainType("given", text(), { nullable: false, notNullName: "given_at_all" });
     export const f = fn("f", { returns: integer(), language: "sql", body: sql\`select 1\`, droppedWith: [trigrams] });
     export const touch = fn("touch", { returns: "trigger", body: "begin return null; end" });
     export const t = table("t", { columns: { a: integer(), b: text() }, statistics: { s: { on: ["a", "b"], schema: x } },
       indexes: [{ on: ["b"], name: "i", droppedWith: [trigrams] }], triggers: { g: { after: ["insert"], execute: touch, droppedWith: ["pg_trgm"] } } });
     export const m = materializedView("m", { query: sql\`select a, b from \${t}\`, indexes: [{ on: ["a"], name: "mi" }], clusterOn: "mi",
       columnSettings: { a: { statistics: 7 }, b: { storage: "external", comment: "Long." } }, droppedWith: [trigrams] });`,
    `create extension pg_trgm; create schema x; create domain given as text constraint given_at_all not null;
     create function f() returns int language sql as 'select 1'; alter function f() depends on extension pg_trgm;
     create function touch() returns trigger language plpgsql as 'begin return null; end';
     create table t (a int not null, b text not null); create statistics x.s on a, b from t; create index i on t (b);
     create trigger g after insert on t for each row execute function touch(); create materialized view m as select a, b from t;
     create index mi on m (a); cluster m using mi; alter materialized view m alter a set statistics 7, alter b set storage external;
     comment on column m.b is 'Long.'; alter index i depends on extension pg_trgm; alter trigger g on t depends on extension pg_trgm;
     alter materialized view m depends on extension pg_trgm`,
  ],
];
