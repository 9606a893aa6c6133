create type mood as enum ('sad','ok','happy');
create table users (id int primary key, email varchar(50) not null, m mood default 'ok', age int check (age > 0));
create table posts (id bigint generated always as identity primary key, author int not null references users on delete cascade, title text, unique (author, title));
create index posts_title on posts (lower(title));
create table a (id int primary key, b int); create table b (id int primary key, a int references a);
alter table a add foreign key (b) references b;
create table gone (x int);
