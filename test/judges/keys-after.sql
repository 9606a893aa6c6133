create type mood as enum ('ok','happy','great');
create table users (id bigint primary key, email text not null, m mood default 'happy', age int check (age > 1), bio text not null default '');
create table posts (id bigint generated always as identity primary key, author bigint not null references users on delete set null, title text);
create unique index posts_title2 on posts (lower(title));
create schema app; create table app."We ird" ("a b" int, c text collate "C", d int generated always as ("a b" * 2) stored);
