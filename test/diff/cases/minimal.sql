-- Pairs of states as in hard.sql, each with the forward script that a careful person would write, as the newest version takes it.

### a default goes down to partitions and children with one statement
create table t(id int, a int default 1, b int) partition by range(id); create table t1 partition of t for values from (0) to (10) partition by range(id); create table t11 partition of t1 for values from (0) to (5); create table p(a int default 1); create table c() inherits(p); create table d(a int default 9) inherits(p); create table e() inherits(c);
===
create table t(id int, a int default 2, b int default 7) partition by range(id); create table t1 partition of t for values from (0) to (10) partition by range(id); create table t11 partition of t1 for values from (0) to (5); create table p(a int default 2); create table c() inherits(p); create table d(a int default 9) inherits(p); create table e() inherits(c);
===
ALTER TABLE public.c ALTER COLUMN a SET DEFAULT 2;
ALTER TABLE ONLY public.p ALTER COLUMN a SET DEFAULT 2;
ALTER TABLE public.t ALTER COLUMN a SET DEFAULT 2;
ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 7;

### an identity goes on after the numbers that rows have, and its sequence follows the column's type
create table a(id int generated always as identity); create table d(id int not null); create table e(id int primary key); insert into d values (4),(9);
===
create table a(id bigint generated always as identity); create table d(id int generated always as identity); create table e(id serial primary key);
===
CREATE SEQUENCE public.e_id_seq AS integer OWNED BY public.e.id;
SELECT setval('public.e_id_seq', max(id)) FROM public.e HAVING max(id) >= 1;
ALTER TABLE public.a ALTER COLUMN id TYPE bigint;
ALTER TABLE public.d ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('public.d', 'id'), max(id)) FROM public.d HAVING max(id) >= 1;
ALTER TABLE public.e ALTER COLUMN id SET DEFAULT nextval('public.e_id_seq'::regclass);

### the keys of a table in use are made of indexes that were built while others write [in use]
create table t(a int not null, b int, "c (x" int, d int not null); create table c(a int); create table p(a int) partition by range(a); create table p1 partition of p default;
===
create table t(a int not null, b int unique deferrable, "c (x" int, d int not null constraint u unique with (fillfactor=50), constraint tp primary key (a) include (b), unique ("c (x", d)); alter table t replica identity using index u; create table c(a int references t); create table p(a int unique) partition by range(a); create table p1 partition of p default;
===
ALTER TABLE public.p ADD CONSTRAINT p_a_key UNIQUE (a);
CREATE UNIQUE INDEX CONCURRENTLY tp ON public.t USING btree (a) INCLUDE (b);
ALTER TABLE public.t ADD CONSTRAINT tp PRIMARY KEY USING INDEX tp;
ALTER TABLE public.c ADD CONSTRAINT c_a_fkey FOREIGN KEY (a) REFERENCES public.t(a) NOT VALID;
CREATE UNIQUE INDEX CONCURRENTLY "t_c (x_d_key" ON public.t USING btree ("c (x", d);
ALTER TABLE public.t ADD CONSTRAINT "t_c (x_d_key" UNIQUE USING INDEX "t_c (x_d_key";
CREATE UNIQUE INDEX CONCURRENTLY t_b_key ON public.t USING btree (b);
ALTER TABLE public.t ADD CONSTRAINT t_b_key UNIQUE USING INDEX t_b_key DEFERRABLE;
CREATE UNIQUE INDEX CONCURRENTLY u ON public.t USING btree (d) WITH (fillfactor=50);
ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u;
ALTER TABLE public.t REPLICA IDENTITY USING INDEX u;
ALTER TABLE public.c VALIDATE CONSTRAINT c_a_fkey;

### what makes PostgreSQL write a table anew is said in one statement
create table t(a int, b int, c int, s text); create table z(a int, b int); create type e as enum('a','b'); create table w(a e, b e[]); insert into t values (1, 2, 3, '4');
===
create table t(a bigint, b bigint not null, c text, e int, f text default 'x', s int); create table z(a bigint, b bigint); create type e as enum('b','a'); create table w(a e, b e[]);
===
ALTER TYPE public.e RENAME TO e__replaced;
CREATE TYPE public.e AS ENUM ('b', 'a');
ALTER TABLE public.w
  ALTER COLUMN a TYPE public.e USING a::text::public.e,
  ALTER COLUMN b TYPE public.e[] USING b::text[]::public.e[];
ALTER TABLE public.t
  ALTER COLUMN a TYPE bigint,
  ALTER COLUMN b TYPE bigint,
  ALTER COLUMN c TYPE text,
  ALTER COLUMN s TYPE integer USING s::integer;
ALTER TABLE public.t ALTER COLUMN b SET NOT NULL;
ALTER TABLE public.t
  ADD COLUMN e integer,
  ADD COLUMN f text DEFAULT 'x'::text;
ALTER TABLE public.z
  ALTER COLUMN a TYPE bigint,
  ALTER COLUMN b TYPE bigint;
DROP TYPE public.e__replaced;

### what names other things changes its name or schema before all else, and they go along
create extension citext; create table t(a citext default 'x'); create index i on t(a); create view v as select a as x from t; create type r as range(subtype=int4, multirange_type_name = mr); create table u(a r, b mr); create schema o; create table o.t(id int primary key); create view o.v as select * from o.t;
===
create schema s; create extension citext schema s; create table t(a s.citext default 'x'); create index i on t(a); create view v as select a as y from t; create type q as range(subtype=int4, multirange_type_name = mq); create table u(a q, b mq); create schema p; create table p.t(id int primary key); create view p.v as select * from p.t;
===
ALTER SCHEMA o RENAME TO p;
ALTER TYPE public.r RENAME TO q;
ALTER FUNCTION public.r(integer, integer) RENAME TO q;
ALTER FUNCTION public.r(integer, integer, text) RENAME TO q;
CREATE SCHEMA s;
ALTER EXTENSION citext SET SCHEMA s;
ALTER TYPE public.mr RENAME TO mq;
ALTER FUNCTION public.mr() RENAME TO mq;
ALTER FUNCTION public.mr(public.q) RENAME TO mq;
ALTER FUNCTION public.mr(public.q[]) RENAME TO mq;
ALTER VIEW public.v RENAME COLUMN x TO y;

### a key takes the unique index that is there
create table t(a int, b int not null, c int); create unique index u on t(a); create unique index t_b on t(b) include (c); create unique index p on t(c) where c > 0; insert into t values (1, 1);
===
create table t(a int, b int not null, c int, constraint u unique(a), primary key (b) include (c), constraint p unique(c));
===
DROP INDEX public.p;
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_b;
ALTER TABLE public.t ADD CONSTRAINT p UNIQUE (c);
ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u;

### what has but one owner, or place, or use is the same under another name
create table t(id int primary key) partition by range(id); create table t1 partition of t for values from (0) to (10); create view v as select * from t1; create sequence s; create table u(id int default nextval('s')); alter sequence s owned by u.id; create domain d as int not null; create table w(a d);
===
create table t(id int primary key) partition by range(id); create table t_first partition of t for values from (0) to (10); create view v as select * from t_first; create sequence u_id_seq; create table u(id int default nextval('u_id_seq')); alter sequence u_id_seq owned by u.id; create domain e as int not null; create table w(a e);
===
ALTER DOMAIN public.d RENAME TO e;
ALTER SEQUENCE public.s RENAME TO u_id_seq;
ALTER TABLE public.t1 RENAME TO t_first;
ALTER TABLE public.t_first RENAME CONSTRAINT t1_pkey TO t_first_pkey;
ALTER DOMAIN public.e RENAME CONSTRAINT d_not_null TO e_not_null;
