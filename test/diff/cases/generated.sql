-- Found by test/generative, cut down. The same form as in hard.sql.

### a child's column is generated from one that it inherits

===
create table p (a integer); create table c (b bigint generated always as (a * 2) stored, d text default 'x') inherits (p); create table c2 (e integer) inherits (c);

### a foreign key leans on one of two unique indexes
create table t (id integer not null constraint k primary key); create unique index u on t (id); alter table t add constraint f foreign key (id) references t;
===
create table t (id integer not null); create unique index u on t (id);

### a column gets another enum, range or composite type in place of the one it had
create type e as enum ('a', 'b'); create type r as range (subtype = integer); create type c as (x integer);
create table t (e e not null default 'a', es e[], r r, c c); create index on t (e); create view v as select * from t;
===
create type e2 as enum ('b', 'a', 'c'); create type r2 as range (subtype = bigint); create type c2 as (x bigint);
create table t (e e2 not null default 'b', es e2[], r r2, c c2); create index on t (e); create view v as select * from t;

### partitions by hash come, and go together
create table t (a integer) partition by hash (a);
===
create table t (a integer) partition by hash (a); create table p0 partition of t for values with (modulus 3, remainder 0); create table p2 partition of t for values with (modulus 3, remainder 2);

### an operator family and a function that is a member of it go together
create function cmp(integer, bigint) returns integer language sql immutable as 'select 0'; create operator family fam using btree; alter operator family fam using btree add function 1 (integer, bigint) cmp(integer, bigint); create function own(integer, integer) returns integer language sql immutable as 'select 0'; create operator class cl for type integer using btree family fam as function 1 own(integer, integer);
===
create table t (a integer);

### an index of a partitioned table changes, and a partition goes by another name
create table p (id bigint not null, f boolean not null) partition by hash (id);
create index i on p using btree (f) where f is not null or true;
create table p1 partition of p for values with (modulus 3, remainder 0);
create table x partition of p for values with (modulus 3, remainder 2);
===
create table p (id bigint not null, f boolean not null) partition by hash (id);
create index i on p using hash (id);
create table p1 partition of p for values with (modulus 3, remainder 0);
create table y partition of p for values with (modulus 3, remainder 2);
