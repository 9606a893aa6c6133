create table users (id int primary key, "a b" int not null, name text not null, old text);
create view v as select id, name from users;
create view v2 as select name from v;
create function f(x users) returns int language sql as 'select 1';
create index on users (name);
comment on view v is 'hello'; comment on column users.name is 'nm';
do $$ begin create role dump_reader; exception when duplicate_object then null; end $$; grant select on v2 to dump_reader; grant update (name) on users to dump_reader;
alter table users enable row level security; create policy p on users to dump_reader using (name = current_user);
