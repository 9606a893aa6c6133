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
