-- Pairs of states, each ### title, before, ===, after. Every pair is planned and proved both ways by two judges.

### an enum loses a label that columns, defaults, a check, an index, a view and a function use
create type e as enum('a','b','c'); create table t(x e default 'a', y e[] default '{a,b}', check (x <> 'b')); create index i on t(x) where x = 'a'; create view v as select * from t where x = 'b'; create function f(p e) returns e language sql as 'select p'; comment on type e is 'c'; grant usage on type e to public;
===
create type e as enum('c','a'); create table t(x e default 'a', y e[] default '{a}', check (x <> 'c')); create index i on t(x) where x = 'a'; create view v as select * from t where x = 'c'; create function f(p e) returns e language sql as 'select p'; comment on type e is 'c';

### partition changes
create table t(id int, d date not null, v text) partition by range(d); create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01'); create index ti on t(id);
===
create table t(id int, d date not null, v text, w int default 3) partition by range(d); create table t1 (id int, d date not null, v text, w int default 3); create table t2 partition of t for values from ('2021-01-01') to ('2022-01-01'); create index ti on t(id, d); alter table t add primary key (id, d);

### inherits
create table p(a int, b text); create table c(x int) inherits(p); alter table p add constraint pc check (a > 0);
===
create table p(a bigint, b text not null, z int); create table c(x int) inherits(p); alter table p add constraint pc check (a > 1);

### policy roles
create role r1; create role r3; create table t(a int); create policy p on t for select to r1 using (a > 0);
===
create role r1; create role r3; create table t(a int); create policy p on t for select to r3, r1 using (a > 1);

### aggregates operators
create function sf(int,int) returns int language sql immutable as 'select $1+$2'; create aggregate ag(int) (sfunc = sf, stype = int, initcond = '0'); create operator === (leftarg = int, rightarg = int, function = sf);
===
create function sf(int,int) returns int language sql immutable as 'select $1+$2'; create aggregate ag(int) (sfunc = sf, stype = int, initcond = '1', parallel = safe); create operator === (leftarg = int, rightarg = int, function = sf, commutator = ===); create view v as select ag(x), 1 === 2 from generate_series(1,3) x;

### sub partitions
create table t(id int, r text, d date) partition by list(r);
===
create table t(id int, r text, d date) partition by list(r); create table t_eu partition of t for values in ('eu') partition by range (d); create table t_eu_1 partition of t_eu for values from (minvalue) to ('2020-01-01'); create index on t(d); create table th(a int) partition by hash(a); create table th0 partition of th for values with (modulus 2, remainder 0); alter table t add constraint ck check (id > 0);

### fk on partitioned
create table p(id int primary key); create table t(id int, d int) partition by range(d); create table t1 partition of t for values from (0) to (10);
===
create table p(id int primary key); create table t(id int references p, d int) partition by range(d); create table t1 partition of t for values from (0) to (10); create trigger tg after insert on t for each row execute function suppress_redundant_updates_trigger();

### column used everywhere dropped [without rows] [since 15]
create table t(a int primary key, b text, c int default 1 check (c > 0)); create index i on t(b, c); create unique index j on t(c) include (b); create view v as select a, b from t; create policy p on t using (b = 'x'); create trigger tr before update of b on t for each row execute function suppress_redundant_updates_trigger(); create statistics s on b, c from t; create publication pub for table t(a, b);
===
create table t(a int primary key); create view v as select a from t; create publication pub for table t(a);

### event trigger and comments
create function et() returns event_trigger language plpgsql as 'begin end'; create event trigger e on ddl_command_end when tag in ('CREATE TABLE') execute function et(); comment on event trigger e is 'x';
===
create function et() returns event_trigger language plpgsql as 'begin null; end'; create event trigger e on ddl_command_start execute function et(); alter event trigger e disable;

### casts opclass transforms
create type c as (a int); create function ci(c) returns int language sql immutable as 'select $1.a'; create cast (c as int) with function ci(c);
===
create type c as (a int); create function ci(c) returns int language sql immutable as 'select $1.a'; create cast (c as int) with function ci(c) as implicit; create operator family of using btree; create collation nd (provider = icu, locale = 'und', deterministic = false); create table t(a text collate nd);

### schemas same names
create schema a; create schema b; create table a.t(id int primary key); create table b.t(id int primary key references a.t); create view public.t as select * from b.t; create function a.f() returns int language sql as 'select 1'; create function b.f() returns int language sql as 'select a.f()';
===
create schema a; create table a.t(id bigint primary key); create table a.u(id bigint primary key references a.t); create view public.t as select * from a.u;

### table to view
create table x(a int, b text); create view y as select a from x;
===
create table y(a int); create view x as select a from y;

### grants everything
create role g; create schema s; create table s.t(a int, b int); create sequence s.q; create function s.f() returns int language sql as 'select 1'; create type s.e as enum ('x');
===
create role g; create schema s; create table s.t(a int, b int); create sequence s.q; create function s.f() returns int language sql as 'select 1'; create type s.e as enum ('x'); grant usage, create on schema s to g; grant all on s.t to g; grant usage on sequence s.q to g with grant option; revoke execute on function s.f() from public; grant execute on function s.f() to g; revoke usage on type s.e from public; grant select(a) on s.t to public; alter default privileges in schema s grant all on tables to g; alter default privileges revoke execute on functions from public;

### default privs interplay
create role g; alter default privileges grant select on tables to g;
===
create role g; alter default privileges grant select on tables to g; create table t(a int); create table u(a int); revoke all on u from g; grant insert on t to g;

### generated dependency and pk type [without rows]
create table t(id serial primary key, a int not null default 3, b text generated always as (a::text) stored); create table c(t_id int not null references t on update cascade);
===
create table t(id uuid primary key default gen_random_uuid(), a text not null default '3', b text generated always as (a || 'x') stored); create table c(t_id uuid not null references t on update cascade);

### type change int to text with default check index
create table t(a int default 5 not null check (a > 0), b text default '7'); create index on t(a); create unique index on t((a+1));
===
create table t(a text default '5' not null check (a <> ''), b int default 7); create index on t(a); create unique index on t((a||'1'));

### bool from int
create table t(a int default 0);
===
create table t(a boolean default false);

### timestamp changes
create table t(a timestamp default now(), b date, c varchar(10)[]);
===
create table t(a timestamptz default now(), b timestamp, c text[]);

### trigger function return & procedural deps
create function a() returns int language plpgsql as 'begin return b(); end'; create function b() returns int language sql as 'select 1'; create table t(x int default a());
===
create function a(i int default 1) returns int language plpgsql as 'begin return b(i); end'; create function b(i int) returns int language sql as 'select i'; create table t(x int default a());

### view column renamed/removed with dependents and grants
create role g; create table t(a int, b int); create view v as select a, b from t; create view w as select a from v; grant select on v, w to g; create function f() returns setof v language sql as 'select * from v'; comment on column v.a is 'hi'; alter view v alter column a set default 3; create trigger vt instead of insert on v for each row execute function suppress_redundant_updates_trigger();
===
create role g; create table t(a int, b int); create view v as select a from t; create view w as select a from v; grant select on v, w to g; create function f() returns setof v language sql as 'select * from v'; comment on column v.a is 'hi'; alter view v alter column a set default 3; create trigger vt instead of insert on v for each row execute function suppress_redundant_updates_trigger();

### matview on matview
create table t(a int, b text); create materialized view m as select a, b from t with no data; create index on m(a); grant select on m to public;
===
create table t(a int, b varchar(9)); create materialized view m as select a, b from t; create materialized view n as select a from m where a > 1; create index on n(a); grant select on n to public;

### comment on everything
create table t(a int primary key, b int); comment on constraint t_pkey on t is 'pk'; create index i on t(b); comment on index i is 'i'; create function f(a int) returns int language sql as 'select 1'; comment on function f(int) is 'f'; create schema s; comment on schema s is 's'; create domain d as int constraint dc check (value > 0); comment on constraint dc on domain d is 'dc'; create rule r as on insert to t do also nothing; comment on rule r on t is 'r';
===
create table t(a int primary key, b int); create index i on t(b); comment on index i is 'j'; create function f(a int) returns int language sql as 'select 1'; create schema s; comment on schema s is 's2'; create domain d as int constraint dc check (value > 1); comment on constraint dc on domain d is 'dc'; create rule r as on insert to t do also nothing; comment on column t.a is 'a';

### view on view on function on table type change
create table t(id int, v int); create function f(x int) returns int language sql immutable as 'select x+1'; create view a as select id, f(v) fv from t; create view b as select fv from a; grant select on b to public; comment on view a is 'x';
===
create table t(id int, v bigint); create function f(x bigint) returns bigint language sql immutable as 'select x+1'; create view a as select id, f(v) fv from t; create view b as select fv from a; grant select on b to public; comment on view a is 'x';

### matview with indexes
create table t(id int, v int); create materialized view m as select id, v from t; create unique index mi on m(id); comment on index mi is 'c'; create view mv as select * from m;
===
create table t(id bigint, v int, w text); create materialized view m as select id, v, w from t; create unique index mi on m(id); comment on index mi is 'c'; create view mv as select * from m;

### circular fks
create table a(id int primary key, b int); create table b(id int primary key, a int references a); alter table a add foreign key(b) references b;
===
select 1;

### function and table of each other's row type
create table t(id int); create function f(x t) returns int language sql as 'select 1'; alter table t add c int default 1;
===
create table u(id int); create function f(x u) returns u language sql as 'select x'; create table t(id int, x u);

### pk change referenced
create table p(id int, code text not null, constraint p_pkey primary key(id)); create table c(p_id int references p(id));
===
create table p(id bigint, code text not null, constraint p_pkey primary key(id, code)); alter table p add unique(id); create table c(p_id bigint references p(id));

### function return type changed with dependents
create function f(a int) returns int language sql immutable as 'select a'; create table t(id int default f(1), g int check (f(g) > 0)); create view v as select f(id) from t; create index ti on t(f(id));
===
create function f(a int) returns bigint language sql immutable as 'select a::bigint'; create table t(id int default f(1), g int check (f(g) > 0)); create view v as select f(id) from t; create index ti on t(f(id));

### function arg renamed and default
create function f(a int, b int default 2) returns int language sql as 'select 1';
===
create function f(x int, b int) returns int language sql as 'select 1';

### identity to serial
create table t(id int generated always as identity, v int);
===
create table t(id serial, v int);

### serial to identity
create table t(id serial primary key, v int);
===
create table t(id int generated by default as identity primary key, v int);

### move schema
create schema a; create schema b; create table a.t(id int primary key, n text); create view a.v as select * from a.t;
===
create schema a; create schema b; create table b.t(id int primary key, n text); create view b.v as select * from b.t;

### to partitioned
create table t(id int, d date not null, v text);
===
create table t(id int, d date not null, v text) partition by range(d); create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01'); create table td partition of t default;

### domain changes [without rows]
create domain d as text check (value <> ''); create table t(a d); create view v as select a from t;
===
create domain d as varchar(10) not null default 'x' check (value <> 'y'); create table t(a d); create view v as select a from t;

### composite
create type c as (a int, b text); create table t(x c); create function f(c) returns int language sql as 'select 1';
===
create type c as (a bigint, z text, n numeric); create table t(x c); create function f(c) returns int language sql as 'select 1';

### collation change indexed
create table t(a text, b varchar(10) collate "C"); create index i on t(a); create index j on t(b);
===
create table t(a text collate "C", b varchar(10)); create index i on t(a); create index j on t(b);

### generated columns
create table t(a int, b int generated always as (a*2) stored); create view v as select b from t; create index i on t(b);
===
create table t(a bigint, b bigint generated always as (a*3) stored, c int generated always as (1) stored); create view v as select b from t; create index i on t(b);

### trigger all
create table t(a int, b int); create function tf() returns trigger language plpgsql as 'begin return new; end'; create trigger x before update of a on t for each row when (old.a is distinct from new.a) execute function tf(); create trigger y after insert on t referencing new table as n for each statement execute function tf();
===
create table t(a bigint, b int); create function tf() returns trigger language plpgsql as 'begin return null; end'; create trigger x before update of a, b on t for each row when (old.a is distinct from new.a) execute function tf(); create constraint trigger y after insert on t deferrable initially deferred for each row execute function tf(); alter table t disable trigger x;

### default calling function reading table
create table cfg(v int); create function nextv() returns int language sql as 'select max(v) from cfg'; create table t(a int default nextv());
===
create table cfg(v bigint); create function nextv() returns bigint language sql as 'select max(v) from cfg'; create table t(a bigint default nextv(), b int);

### drop extension type used
create extension hstore; create table t(a hstore, b int); create index i on t using gin(a);
===
create table t(b int);

### roles and grants
create role r1; create role r2; create table t(a int, b int); grant select, insert on t to r1 with grant option; grant update(a) on t to r2; alter default privileges grant select on tables to r1; create policy p on t for select to r1 using (a > 0); alter table t owner to r1;
===
create role r1; create role r3 login; create table t(a int, b int); grant select on t to r1; grant update(a,b), insert(a) on t to r3; alter default privileges grant select on tables to r3; create policy p on t for select to r3, r1 using (a > 1); alter table t owner to r3; create table u(x int);

### hostile names
create schema "my ""schema"; create table "my ""schema"."ta ble"("co""l" int primary key, "select" text, "ünïcode🎉" int); create index "i ""x" on "my ""schema"."ta ble"("select"); create view "my ""schema"."v w" as select "co""l" as "x y" from "my ""schema"."ta ble"; comment on column "my ""schema"."ta ble"."select" is 'it''s \ "q"';
===
create schema "my ""schema"; create table "my ""schema"."ta ble"("co""l" bigint primary key, "select" varchar(5) not null default 'a''b\', "ünïcode🎉" int check ("ünïcode🎉" > 0)); create index "i ""x" on "my ""schema"."ta ble"("select" desc); create view "my ""schema"."v w" as select "co""l" as "x y" from "my ""schema"."ta ble"; comment on column "my ""schema"."ta ble"."select" is 'other $$ $body$';

### sql body functions
create table t(a int); create function f() returns bigint language sql begin atomic select sum(a) from t; end; create view v as select f();
===
create table t(a bigint); create function f() returns numeric language sql begin atomic select sum(a) from t; end; create view v as select f();

### unique and fk swap
create table a(id int primary key, k int unique); create table b(a int references a(k));
===
create table a(id int primary key, k int); create unique index ak on a(k); create table b(a int references a(k) on delete cascade deferrable);

### rules and updatable views
create table t(a int); create view v as select a from t; create rule r as on insert to v do instead insert into t values(new.a); create rule u as on update to t do also notify x;
===
create table t(a int, b int); create view v as select a, b from t; create rule r as on insert to v do instead insert into t values(new.a, new.b);

### sequences
create sequence s start 5; create table t(a int default nextval('s'), b int); alter sequence s owned by t.a;
===
create sequence s as int increment 2 maxvalue 1000 cycle; create table t(a int, b int default nextval('s')); alter sequence s owned by t.b;

### text search
create text search dictionary d (template = simple, stopwords = english); create text search configuration c (parser = default); alter text search configuration c add mapping for asciiword with d;
===
create text search dictionary d (template = simple); create text search configuration c (parser = default); alter text search configuration c add mapping for asciiword, word with d, simple;

### fdw
create foreign data wrapper w; create server s foreign data wrapper w options (a '1'); create foreign table ft(a int) server s options (x 'y'); create user mapping for public server s options (u 'v');
===
create foreign data wrapper w options (z 'q'); create server s version '2' foreign data wrapper w options (a '2'); create foreign table ft(a bigint, b text options (n 'm')) server s options (x 'z');

### publications [since 15]
create table t(a int primary key, b int); create publication p for table t (a) where (a > 1);
===
create table t(a bigint primary key, b int); create table u(x int); create publication p for table t, u with (publish = 'insert');

### overloads procs
create function f(a int) returns int language sql as 'select 1'; create function f(a text) returns int language sql as 'select 1'; create procedure p(inout a int) language plpgsql as 'begin a := 1; end';
===
create function f(a int) returns int language sql stable strict as 'select 2'; create function f(a text, b text) returns table(x int, y text) language sql as 'select 1, $1'; create procedure p(inout a int, b int default 1) language plpgsql as 'begin a := 1; end';

### exclusion and statistics
create extension btree_gist; create table t(a int, r int4range, exclude using gist (a with =, r with &&)); create statistics st on a, r from t;
===
create extension btree_gist; create table t(a int, r int4range, b text, exclude using gist (r with &&) where (a > 0)); create statistics st (ndistinct) on a, b from t; alter table t alter a set statistics 100; alter statistics st set statistics 50;

### rename index constraint
create table t(a int constraint pk1 primary key, b int constraint u1 unique); create index i1 on t(b);
===
create table t(a int constraint pk2 primary key, b int constraint u2 unique); create index i2 on t(b);

### not null and checks
create table t(a int not null, b int, constraint c check (a>0) no inherit);
===
create table t(a int, b int not null, constraint c check (a>0) not valid, constraint d check (b > 0));

### storage
create unlogged table t(a text, b text) with (fillfactor=70); alter table t alter a set storage external; alter table t replica identity full; alter table t enable row level security;
===
create table t(a text, b text compression pglz) with (autovacuum_enabled=false); alter table t force row level security; create unique index ui on t(a); alter table t alter a set not null; alter table t replica identity using index ui; alter table t cluster on ui;

### view options [since 15]
create table t(a int); create view v with (security_barrier) as select * from t where a > 1 with local check option; create view w as select * from v;
===
create table t(a int); create view v with (security_invoker) as select * from t where a > 1 with cascaded check option; create view w as select a as b from v; create recursive view r(n) as values (1) union all select n+1 from r where n < 3;

### table from empty big cleanup
create schema x; create type x.e as enum('a'); create table x.t(id serial primary key, e x.e default 'a', parent int references x.t); create function x.f() returns trigger language plpgsql as 'begin return new; end'; create trigger tr before insert on x.t for each row execute function x.f(); create view x.v as select * from x.t; create materialized view x.m as select * from x.v; create index on x.m(id); grant usage on schema x to public;
===
select 1;

### rename chain free
create table t(a int); create index x on t(a); create index y on t(a desc);
===
create table t(a int); create index y on t(a); create index x on t(a desc);

### owner and default privs role
create role o1; create role o2; create schema s authorization o1; create table s.t(a int); alter table s.t owner to o1; create function s.f() returns int language sql as 'select 1'; alter function s.f() owner to o1; create type s.e as enum('a'); alter type s.e owner to o1; grant select on s.t to o2;
===
create role o1; create role o2; create schema s authorization o2; create table s.t(a bigint); alter table s.t owner to o2; create function s.f() returns int language sql as 'select 2'; alter function s.f() owner to o2; create type s.e as enum('a','b'); alter type s.e owner to o2; grant select on s.t to o1 with grant option;

### view replaced keeps dependents
create table t(a int, b int, c int); create view v as select a, b from t; create view w as select * from v; grant select on v to public;
===
create table t(a int, b int, c int); create view v as select a, b, c from t; create view w as select a, b from v; grant select on v to public;

### procedure to function
create procedure p(a int) language sql as 'select 1';
===
create function p(a int) returns int language sql as 'select 1';

### fk actions
create table p(id int primary key, x int unique); create table c(a int references p on delete cascade, b int references p(x));
===
create table p(id int primary key, x int unique); create table c(a int references p on delete set null on update cascade, b int references p(x) deferrable initially deferred);

### column reorder only
create table t(a int, b text, c date); insert into t values (1,'x',now());
===
create table t(c date, a int, b text);

### sequence type and identity opts
create table t(id bigint generated always as identity (start 10 increment 5), s smallserial);
===
create table t(id int generated by default as identity (start 20 increment 5 cache 7), s bigserial);

### check constraint uses function replaced
create function ok(x int) returns boolean language sql immutable as 'select x > 0'; create table t(a int check (ok(a)), b int generated always as (a) stored); create index i on t(ok(a)); create domain d as int check (ok(value));
===
create function ok(x int, y int default 0) returns boolean language sql immutable as 'select x > y'; create table t(a int check (ok(a)), b int generated always as (a) stored); create index i on t(ok(a)); create domain d as int check (ok(value));

### drop schema cascade-ish
create schema a; create schema b; create type a.e as enum('x'); create table b.t(e a.e, f a.e[] default '{x}'); create function a.g(a.e) returns int language sql as 'select 1'; create view b.v as select a.g(e) from b.t;
===
create schema b; create type b.e as enum('x'); create table b.t(e b.e, f b.e[] default '{x}'); create function b.g(b.e) returns int language sql as 'select 1'; create view b.v as select b.g(e) from b.t;

### unique nulls not distinct include [since 15]
create table t(a int, b int, unique nulls not distinct (a), unique (b) include (a));
===
create table t(a int, b int, unique (a), constraint u2 unique (b, a));

### temporal and without overlaps [since 18]
create extension btree_gist; create table t(id int, r tstzrange);
===
create extension btree_gist; create table t(id int, r tstzrange, primary key (id, r without overlaps)); create table u(id int, r tstzrange, foreign key (id, period r) references t (id, period r));

### virtual generated and not enforced [since 18]
create table t(a int, b int);
===
create table t(a int, b int, c int generated always as (a+b) virtual, constraint ne check (a > 0) not enforced); create table k(a int primary key); alter table t add constraint fk foreign key (a) references k not enforced;

### named not null
create table t(a int constraint nn not null, b int);
===
create table t(a int constraint nn2 not null, b int constraint bb not null);

### trigger on view & function dropped
create table t(a int); create view v as select * from t; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger x instead of insert on v for each row execute function f();
===
create table t(a int); create view v as select * from t;

### large objects privileges language
create table t(a int); revoke all on schema public from public; grant usage on schema public to public; comment on schema public is 'mine';
===
create table t(a int);

### string types with arrays and defaults
create table t(a varchar(10) default 'abc', b char(3) default 'x', c numeric default 1.10, d interval default '1 day 02:00', e timestamptz default '2020-01-01 10:00+02', f bytea default '\xdead', g text[] default array['a','b'], h int4range default '[1,5)');
===
create table t(a varchar(5) default 'abd', b char(3) default 'y', c numeric(5,1) default 1.1, d interval(0) default '1 day 03:00', e timestamptz(3) default '2020-01-01 10:00+01', f bytea default '\xdeadbe', g text[] default array['a','c'], h int4range default '[1,6)');

### serial columns and sequences that a column owns come to a table with rows
create table t(a int); create table q(a int);
===
create table t(a int, id serial primary key, b smallserial, "C" bigserial); comment on sequence t_b_seq is 'x'; create table n(id serial primary key, z text default 'q'); create table q(a int, b int not null); create sequence s start 100 increment 5 owned by q.b; alter table q alter b set default nextval('s') * 2;

### statistics targets and parameters of indexes
create table t(a int, b text, c int[]); create index i on t((a+1), lower(b)); create index j on t(a) with (fillfactor=70); create index k on t using gin(c) with (fastupdate=off); alter index i alter column 2 set statistics 9;
===
create table t(a int, b text, c int[]); create index i on t((a+1), lower(b)); alter index i alter column 1 set statistics 200; create index j on t(a) with (deduplicate_items=off); create index k on t using gin(c);

### enforced and not enforced [since 18]
create table t(a int, constraint c check (a > 0), constraint d check (a > 1) not enforced); create table p(a int primary key); create table f(a int constraint ff references p, b int constraint fg references p not enforced);
===
create table t(a int, constraint c check (a > 0) not enforced, constraint d check (a > 1)); create table p(a int primary key); create table f(a int constraint ff references p not enforced, b int constraint fg references p);

### identity sequences: bounds that leave out the number reached, names, comments, privileges
create role g1; create table t(a int generated always as identity (start 100 increment 10), b int generated always as identity, c int generated by default as identity); grant usage on sequence t_b_seq to g1;
===
create role g1; create table t(a bigint generated by default as identity (minvalue 500 maxvalue 1000 start 700 cycle cache 3), b int generated always as identity (sequence name foo), c int generated by default as identity); grant usage on sequence foo to g1; comment on sequence foo is 'q'; grant select on sequence t_c_seq to g1; alter sequence t_c_seq maxvalue 5000;

### tables that reference one another become unlogged
create table a(id serial primary key); create table b(id int references a); create table c(id int);
===
create unlogged table a(id serial primary key); create unlogged table b(id int references a); create table c(id int);

### not null constraints not validated, not inherited, said again by a child [since 18]
create table t(a int); alter table t add constraint nn not null a not valid; create table u(a int not null, b int); create table v(a int constraint nn not null no inherit, b int not null); create table w() inherits (v); create table p(a int constraint pn not null, b int not null); create table c() inherits(p);
===
create table t(a int not null); create table u(a int, b int); alter table u add not null a not valid; alter table u add constraint q not null b not valid; create table v(a int constraint nn not null, b int constraint bb not null no inherit); create table w() inherits (v); create table p(a int constraint pn not null, b int not null); create table c(constraint cn not null a, not null b) inherits(p);

### a table becomes partitioned with its rows, keys, references and readers
create table t(id int generated always as identity, d date not null, v text, primary key(id, d)); insert into t(d,v) values ('2020-01-01','x'),('2022-03-04','y'); create table c(id int, d date, foreign key (id,d) references t); insert into c values (1,'2020-01-01'); create index on t(v); create view vv as select * from t; grant select on t to public; create table s(id serial, v int, w text);
===
create table t(id int generated always as identity, d date not null, v text, primary key(id, d)) partition by range(d); create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01'); create table td partition of t default; create table c(id int, d date, foreign key (id,d) references t); create index on t(v); create view vv as select * from t; create function f() returns trigger language plpgsql as 'begin raise exception ''no''; end'; create trigger tr before insert on t for each row execute function f(); grant select on t to public; create table s(id serial, v bigint, x int default 4) partition by hash(v); create table s0 partition of s for values with (modulus 2, remainder 0); create table s1 partition of s for values with (modulus 2, remainder 1) partition by list(v); create table s11 partition of s1 default;

### another partition key, another type of it, partitions with and without parts
create table t(id int, d date, v text) partition by range(d); create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01'); create table t2 partition of t default; create index ti on t(id); create view v1 as select * from t1; create table p(id int primary key) partition by range(id); create table p1 partition of p for values from (0) to (100); create table c(id int references p); create table u(id int, r text, d date) partition by list(r); create table eu partition of u for values in ('eu') partition by range(d); create table eu1 partition of eu for values from ('2020-01-01') to ('2021-01-01'); create table us partition of u for values in ('us');
===
create table t(id int, d date, v text) partition by list(v); create table t1 partition of t for values in ('a'); create table t2 partition of t default; create index ti on t(id); create view v1 as select * from t1; create table p(id bigint primary key) partition by range(id); create table p1 partition of p for values from (0) to (100); create table c(id bigint references p); create table u(id int, r text, d date) partition by list(r); create table eu partition of u for values in ('eu'); create table us partition of u for values in ('us') partition by range(d); create table us1 partition of us for values from ('2020-01-01') to ('2021-01-01');

### partitions change their bounds and rows go where they belong
create table l(id int, r text) partition by list(r); create table a partition of l for values in ('a','b'); create table c partition of l for values in ('c'); create table h(id int) partition by hash(id); create table h0 partition of h for values with (modulus 2, remainder 0); create table h1 partition of h for values with (modulus 2, remainder 1); create table d(id int, d date) partition by range(d); create table d1 partition of d for values from ('2020-01-01') to ('2021-01-01');
===
create table l(id int, r text) partition by list(r); create table a partition of l for values in ('a'); create table c partition of l for values in ('c','b'); create table h(id int) partition by hash(id); create table h0 partition of h for values with (modulus 2, remainder 0); create table h1 partition of h for values with (modulus 4, remainder 1); create table h3 partition of h for values with (modulus 4, remainder 3); create table d(id int, d date, e int default 1) partition by range(d); create table d1 partition of d for values from ('2020-01-01') to ('2020-07-01'); create table d2 partition of d for values from ('2020-07-01') to ('2021-01-01');

### indexes of partitions under their own names, left and taken in
create table t(id int, d date) partition by range(d); create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01'); create index ti on only t(id); create index td on t(d); create table t2(id int, d date); create index t2_d_idx on t2(d);
===
create table t(id int, d date) partition by range(d); create table t1(id int, d date); create index t1_d_idx on t1(d); create table t2(id int, d date); create index ti on only t(id); create index zz on t2(id); alter table t attach partition t2 for values from ('2021-01-01') to ('2022-01-01'); comment on index zz is 'x'; create index td on t(d);

### children that inherit what they declared, and declare what they inherited
create table p(a int, b text); create table q(c int); create table c1(a int, b text, x int); create table c2(x int) inherits(p); create table c3() inherits(p, q); create table c4(x int) inherits(p); create view v as select * from c1; create table g() inherits(c4);
===
create table p(a int, b text); create table q(c int); create table c1(x int) inherits(p); create table c2(a int, x int) inherits(p); create table c3() inherits(q, p); create table c4(a int, b text, x int); create view v as select a, x from c1; create table g() inherits(c4);

### an index that was the replica identity goes
create table t(id int not null, b int); create unique index u on t(id); alter table t replica identity using index u; create table s(id int not null); create unique index su on s(id); alter table s replica identity using index su;
===
create table t(id int not null, b int); create table s(id int not null); create unique index su on s(id);

### a function changes its kind under a trigger that leaves it
create function f() returns trigger language plpgsql as 'begin return new; end'; create table t(a int); create trigger x before insert on t for each row execute function f();
===
create function f() returns int language sql as 'select 1'; create function g() returns trigger language plpgsql as 'begin return new; end'; create table t(a int); create trigger x before insert on t for each row execute function g();

### everything moves to a new schema
create schema a; create type a.e as enum ('x','y'); create domain a.d as text check (value <> ''); create type a.c as (p int); create type a.r as range (subtype = int); create table a.t(id serial primary key, e a.e default 'x', d a.d, c a.c, r a.r, g int generated always as identity); create index on a.t(d); create view a.v as select * from a.t; create materialized view a.m as select e from a.t; create function a.f(a.e) returns int language sql as 'select 1'; create sequence a.s; comment on table a.t is 'q'; grant select on a.t to public; create table a.u(t int references a.t); create table a.p(a int) partition by range(a); create table a.p1 partition of a.p for values from (0) to (10);
===
create schema b; create type b.e as enum ('x','y'); create domain b.d as text check (value <> ''); create type b.c as (p int); create type b.r as range (subtype = int); create table b.t(id serial primary key, e b.e default 'x', d b.d, c b.c, r b.r, g int generated always as identity); create index on b.t(d); create view b.v as select * from b.t; create materialized view b.m as select e from b.t; create function b.f(b.e) returns int language sql as 'select 1'; create sequence b.s; comment on table b.t is 'q'; grant select on b.t to public; create table b.u(t int references b.t); create table b.p(a int) partition by range(a); create table b.p1 partition of b.p for values from (0) to (10);

### what moves to another schema is changed on the way, and keeps its rows
create schema s; create type e as enum ('x','y'); create table u(a e); create table t(a int primary key, b text); create table c(x int references t); create sequence q;
===
create schema s; create type s.e as enum ('x','y','z'); create table u(a s.e); create table s.t(a int primary key, b text, c int); create table c(x int references s.t); create sequence s.q increment 5;

### types change their names under columns
create type e as enum ('x','y'); create table t(a e, b e[]); create domain d as int; create table u(a d);
===
create type f as enum ('x','y'); create table t(a f, b f[]); create domain dd as int; create table u(a dd);

### a sequence stays that the column which owned it leaves behind
create sequence s; create table t(a int default nextval('s'), b int); alter sequence s owned by t.a; grant usage on sequence s to public; comment on sequence s is 'x'; create sequence r; create table v(a int default nextval('r'), b int); alter sequence r owned by v.a;
===
create sequence s; create table t(b int default nextval('s')); alter sequence s owned by t.b; grant usage on sequence s to public; comment on sequence s is 'x'; create sequence r; create table v(b int);

### a check comes to a domain that arrays and composite types in tables are made of
create domain d as int; create table t(a d[], b d); create type c as (x d, y text); create table u(v c, w c[]);
===
create domain d as int constraint pos check (value > 0); create table t(a d[], b d); create type c as (x d, y text); create table u(v c, w c[]);

### a privilege that was passed on is taken back
create role ga; create role gb; create table t(a int, b int); grant select on t to ga with grant option; set role ga; grant select on t to gb; reset role;
===
create role ga; create role gb; create table t(a int, b int); grant select, insert on t to ga with grant option; set role ga; grant insert on t to gb with grant option; reset role; grant select(a) on t to public;

### new labels come before the transaction that drops what reads the enum
create type st as enum ('new','done'); create table o(id serial primary key, s st default 'new', n int); create view v as select * from o where s = 'new';
===
create type st as enum ('draft','new','paid','done'); create table o(id bigserial primary key, s st default 'draft', n bigint); create view v as select * from o where s = 'new';

### columns that refuse null go and come back over rows
create table t(a int, e int not null, f text not null, g date not null default now(), h uuid not null, i int primary key); comment on column t.e is 'x'; create type en as enum('a','b'); create table u(a int, x en not null, y int[] not null);
===
create table t(a int, i int primary key); create type en as enum('a','b'); create table u(a int);

### an identity column becomes a nullable one
create sequence s; create table b(id int default nextval('s')); create table e(id bigint default 1);
===
create sequence s; create table b(id bigint generated always as identity); create table e(id bigint generated by default as identity (increment -1));

### partitions with defaults of their own, with and without their parent's
create table t(id int, a int default 1) partition by range(id); create table t1 partition of t(a default 5) for values from (0) to (10); create table t2 partition of t for values from (10) to (20); create table t3 partition of t for values from (20) to (30);
===
create table t(id int, a int default 2) partition by range(id); create table t1 partition of t(a default 6) for values from (0) to (10); create table t2 partition of t for values from (10) to (20); alter table t2 alter a drop default; create table t3 partition of t for values from (20) to (30); create table t4 partition of t(a default 8) for values from (30) to (40);

### an enum that a partition key is of loses a label, and so does one in a column that is generated
create type e as enum('a','b','c'); create table t(id int, x e) partition by list(x); create table t1 partition of t for values in ('a'); create table t2 partition of t for values in ('b','c'); create table r(id int, x e) partition by range(x); create table r1 partition of r for values from ('a') to ('c') partition by list(id); create table r11 partition of r1 default; create table w(x e generated always as ('a'::e) stored); create view v as select * from t; create type k as enum('x','y'); create table d(id int, k k, at date, primary key (id, k, at)) partition by range(at); create table d1 partition of d default partition by list(k); create table d11 partition of d1 for values in ('x', 'y');
===
create type e as enum('a','c','d'); create table t(id int, x e) partition by list(x); create table t1 partition of t for values in ('a'); create table t2 partition of t for values in ('c','d'); create table r(id int, x e) partition by range(x); create table r1 partition of r for values from ('a') to ('c') partition by list(id); create table r11 partition of r1 default; create table w(x e generated always as ('a'::e) stored); create view v as select * from t; create type k as enum('y','x'); create table d(id int, k k, at timestamptz, primary key (id, k, at)) partition by range(at); create table d1 partition of d default partition by list(k); create table d11 partition of d1 for values in ('x', 'y');

### triggers of partitions fire otherwise than their parent's, which is replaced
create function f() returns trigger language plpgsql as 'begin return null; end'; create table t(id int primary key) partition by range(id); create table t1 partition of t for values from (0) to (10); create table t2 partition of t for values from (10) to (20); create trigger x after insert on t for each row execute function f(); alter table t2 disable trigger x;
===
create function f() returns trigger language plpgsql as 'begin return null; end'; create table t(id int primary key) partition by range(id); create table t1 partition of t for values from (0) to (10); create table t2(id int primary key); create trigger x after insert or delete on t for each row when (pg_trigger_depth() > 0 and pg_trigger_depth() < 2 and pg_trigger_depth() < 3) execute function f(); alter table t1 disable trigger x;

### rows that are pointed at change their partition, leave with it, and come out of the default one
create table p(id int primary key, v text) partition by range(id); create table p1 partition of p for values from (0) to (100); create table p3 partition of p for values from (100) to (200); insert into p values (5,'x'),(60,'y'); create table c(id int primary key, p int references p on delete cascade); insert into c values (1,5),(2,60); create table d(id int) partition by range(id); create table dd partition of d default; insert into d values (15),(25),(95); create table s(id int primary key, above int references s) partition by range(id); create table s1 partition of s for values from (0) to (100); insert into s values (60, null), (5, 60);
===
create table p(id int primary key, v text) partition by range(id); create table p1 partition of p for values from (0) to (50); create table p2 partition of p for values from (50) to (100); create table c(id int primary key, p int references p on delete cascade); create table d(id int) partition by range(id); create table d2 partition of d for values from (10) to (20); create table dd partition of d default; create table s(id int primary key, above int references s) partition by range(id); create table s1 partition of s for values from (0) to (50); create table s2 partition of s for values from (50) to (100);

### a partition computes a column otherwise than its parent, and both change [since 17]
create table t(id int, a int, g int generated always as (a + 1) stored) partition by range(id); create table t1(id int, a int, g int generated always as (a + 2) stored); alter table t attach partition t1 for values from (0) to (10); create table t2 partition of t for values from (10) to (20); create table p(id int, n int generated always as identity) partition by range(id); create table p1 partition of p for values from (0) to (100); insert into p values (5),(60);
===
create table t(id int, a int, g int generated always as (a + 7) stored) partition by range(id); create table t1(id int, a int, g int generated always as (a + 3) stored); alter table t attach partition t1 for values from (0) to (10); create table t2 partition of t for values from (10) to (20); create table p(id int, n int generated always as identity) partition by range(id); create table p1 partition of p for values from (0) to (50); create table p2 partition of p for values from (50) to (100);

### what is dropped over rows comes back for rows that have lost their values, or for none
create table t(id int primary key, email varchar(40) not null unique, c char(9) not null, b smallint not null, u uuid not null unique); create unique index on t(b, c); insert into t values (1,'a','q',1, gen_random_uuid()), (2,'b','q',2, gen_random_uuid()); create table w(id int primary key, n int not null check (n > 0)); insert into w values (1, 1); create table a(id int primary key); create table b(id int references a); insert into a values (1); insert into b values (1); create table k(id int primary key, x text); insert into k values (1,'q'),(2,'r');
===
create table t(v int); create table w(id int primary key); create table b(id int); create table k(x text);

### columns of other tables hold rows of a table that changes, and a composite type that is in another
create table a(x int, y text, w int); create table b(id int, r a); insert into b values (1, row(1,'q',3)), (2, null); create table c(x int); create table d(rs c[]); insert into d values (array[row(2)::c]); create type i as (x int); create type o as (a i, y int); create table t(o o); insert into t values (row(row(1)::i, 2)::o);
===
create table a(x bigint, y text, w int, z int not null default 3); create table b(id int, r a); create table c(x bigint); create table d(rs c[]); create type i as (x bigint, z text); create type o as (a i, y int); create table t(o o);

### lists of rows go by the names of their columns, and columns keep the rows of relations that are made anew
create type i as (x int, y text); create type o as (a i, y i[]); create table t(id int, a i[], c o, d o[]); insert into t values (1, array[row(1,'q')::i, null], row(row(3,'r'), array[row(4,'s')::i])::o, array[row(row(3,'r'), array[row(4,'s')::i])::o]); create table b(x int, y text); create view v as select x, y from b; create materialized view m as select y from b; create table p(x int, y text); create table h(r v, rs v[], m m, p p[]); insert into h values (row(1,'q'), array[row(2,'w')::v], row('m'), array[row(5,'p')::p]);
===
create type i as (z int, y text, x bigint); create type o as (a i, y i[]); create table t(id int, a i[], c o, d o[]); create table b(x bigint, y varchar); create view v as select x, y from b; create materialized view m as select y from b; create table p(x int, y text, z int not null default 7) partition by range(x); create table p1 partition of p default; create table h(r v, rs v[], m m, p p[]);

### parts of like keys and indexes are numbered as those came, and so are those of a foreign key
create table p(id int, a int) partition by range(id); create table p1 partition of p for values from (0) to (10); alter table p add constraint u1 unique (id); alter table p add constraint u2 unique (id); create index i1 on p(a); create index i2 on p(a); create table q(id int unique, a int, constraint x unique (id)) partition by range(id); create table q1 partition of q for values from (0) to (10); create index j1 on q(a); create index j2 on q(a); create table r(id int primary key) partition by range(id); create table r1 partition of r for values from (0) to (10); create table r2 partition of r for values from (10) to (20); create table c(a int references r);
===
create table p(id int, a int) partition by range(id); create table p1 partition of p for values from (0) to (10); alter table p add constraint u2 unique (id); create index i2 on p(a); create table q(id int unique, a int) partition by range(id); create table q1 partition of q for values from (0) to (10); alter table q add constraint x unique (id); create index j2 on q(a); create index j1 on q(a); create table r(id int primary key) partition by range(id); create table c(a int references r); create table r2 partition of r for values from (10) to (20); create table r1 partition of r for values from (0) to (10);

### children made before and after a check that is not valid, which comes anew to those that do not obey it
create table p(a int); alter table p add constraint pos check (a > 0) not valid; create table j() inherits(p); create table l() inherits(p); comment on constraint pos on p is 'x'; create table q(a int) partition by list(a); alter table q add constraint pos check (a > 0) not valid;
===
create table p(a int); create table k() inherits (p); create table l() inherits(p); create table m() inherits (k); create table j() inherits(p); alter table p add constraint pos check (a > 0) not valid; alter table j validate constraint pos; comment on constraint pos on p is 'x'; create table q(a int) partition by list(a); create table q1 partition of q default; alter table q add constraint pos check (a > 0) not valid;

### what reads a child's columns makes way where the parent's change or are made anew
create table t(id int, a int, g int generated always as (id + 1) stored); create table t1 (a int) inherits (t); create table t2 () inherits (t1); create view v as select id from t2 where a > 0; create view w as select g from t2; create index on t2(g); create table p(id int, a int) partition by range(id); create table p1 partition of p default; create policy x on p1 using (a > 0); create foreign data wrapper fw; create server s foreign data wrapper fw; create table f(id int, a int) partition by range(id); create foreign table f1 partition of f default server s; create view u as select id from f1 where a > 0;
===
create table t(id int, a bigint, g int generated always as (id + 7) stored); create table t1 (a bigint) inherits (t); create table t2 () inherits (t1); create view v as select id from t2 where a > 0; create view w as select g from t2; create index on t2(g); create table p(id int, a bigint) partition by range(id); create table p1 partition of p default; create policy x on p1 using (a > 0); create foreign data wrapper fw; create server s foreign data wrapper fw; create table f(id int, a bigint) partition by range(id); create foreign table f1 partition of f default server s; create view u as select id from f1 where a > 0;

### columns of statistics and of publications come again, after the others
create table t(id int primary key, a int, b int); create statistics s on a, b, (a + b) from t; create publication p for table t;
===
create table t(id int primary key, b int); create publication p for table t;

### a trigger rests on a partition whose bounds change
create function f() returns trigger language plpgsql as 'begin return new; end'; create table p(id int, a int) partition by list(id); create table p1 partition of p for values in (1); create trigger x before insert on p for each row execute function f();
===
create function f() returns trigger language plpgsql as 'begin return new; end'; create table p(id int, a int) partition by list(id); create table p1 partition of p for values in (1, 3); create trigger x after insert or update on p for each row execute function f(); alter table p1 disable trigger x;

### a check that refuses null comes to a domain of columns that may be null
create domain d as tstzrange; create domain n as text check (value is not null); create table t(id int, r d, s n);
===
create domain d as tstzrange check (lower(value) is not null); create domain n as text check (value is not null) check (value <> ''); create table t(id int, r d, s n);
