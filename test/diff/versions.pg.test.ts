import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import { proveDifference } from "../../compiler/prove/proveDifference.ts";
import { liveSource } from "../../compiler/resolve/recordedSource.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { freshDatabase, MAJORS, type Major, OLDEST } from "../servers.ts";

/** What one version prints otherwise than another, or records and another does not. */
const SCHEMA = `
  create type mood as enum ('sad', 'ok');
  create domain positive as integer not null default 1 check (value > 0);
  create table p (id integer generated always as identity primary key, a text not null, m mood default 'ok', n positive,
    d date default now(), check (a <> '' and (m = 'ok' or m is null)), unique (a, m));
  create table c (x integer not null, a text not null default 'q') inherits (p);
  alter table c alter column d set not null;
  create table renamed (old_name integer not null);
  alter table renamed rename column old_name to new_name;
  alter table renamed rename to named;
  create table parted (id integer not null, d date not null, primary key (id, d)) partition by range (d);
  create table parted_1 partition of parted for values from ('2020-01-01') to ('2021-01-01');
  create table refs (p integer references p on delete set null deferrable initially deferred, q integer generated always as (p * 2) stored);
  create index on p (lower(a), (d - 1)) where m in ('ok', 'sad');
  create statistics s on a, m from p;
  create view v as select p.id, p.a || 'x' as b, extract(year from p.d) as y, (select count(*) from refs r where r.p = p.id) as n
    from p left join refs using (id_missing) where p.a like 'b%' group by p.id;
  create view w with (security_barrier) as select v.*, row_number() over (partition by b order by y desc) from v where b = any (array['a', 'b']);
  create materialized view m as select a, string_agg(a, ',' order by id) as l from p group by a having count(*) > 1;
  create unique index on m (a);
  create function f(i integer, t text default 'x' || 'y') returns table (a text, b integer) language sql stable
    begin atomic select p.a, p.id from p where p.id = f.i and p.a = t order by p.id limit 3; end;
  create function g() returns trigger language plpgsql as 'begin return new; end';
  create trigger tr before insert or update of a on p for each row when (new.a is distinct from 'z' and new.id > 3) execute function g();
  create rule r as on insert to w do instead insert into p (a) values (new.b) returning p.id, p.a, null::numeric, null::bigint, null::bigint;
  alter table p enable row level security;
  create policy pol on p using (exists (select from refs where refs.p = p.id and current_user = 'x')) with check (a between 'a' and 'b');
  create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
  create sequence seq as smallint increment 2 owned by refs.p;
  create publication pub for table refs, named;
  create text search configuration conf (copy = simple);
  create collation german (provider = icu, locale = 'de-DE');
  comment on column p.a is 'words'; comment on constraint p_pkey on p is 'key';
  grant select, insert on p to public; grant update (a) on p to public; revoke all on function f from public;
  alter default privileges grant all on tables to public;
`.replace("left join refs using (id_missing)", "left join refs on refs.p = p.id");

const shared = ["keys-before.sql", "readers-before.sql"].map((file) => readFileSync(`test/judges/${file}`, "utf8"));

describe("two databases of different versions", () => {
  let shadow: Shadow;
  beforeAll(async () => {
    shadow = await openShadow(undefined);
  });
  afterAll(() => shadow.close());

  const live = async <T>(major: Major, sql: string, work: (source: Awaited<ReturnType<typeof liveSource>>) => T) => {
    const database = await freshDatabase(major);
    const session = await openServerSession(database.url);
    try {
      await session.run(sql);
      return await work(await liveSource(session));
    } finally {
      await session.close();
      await database.close();
    }
  };

  const between = (from: Major, before: string, to: Major, after: string) =>
    live(from, before, (source) =>
      live(to, after, async (goal) => {
        const target = { name: source.name, version: source.recorded?.version ?? 0 };
        return proveDifference(source, goal, shadow, { withRows: false, version: target.version, target });
      }),
    );

  const pairs = MAJORS.filter((major) => major !== OLDEST).flatMap((major) => [
    [OLDEST, major] as const,
    [major, OLDEST] as const,
  ]);

  test.each(pairs)(
    "%i and %i do not differ in what they only print or record otherwise",
    async (from, to) => {
      for (const schema of [SCHEMA, ...shared.filter((text) => !/create role/i.test(text))]) {
        const { current, desired, forward, rollback } = await between(from, schema, to, schema);
        expect(diffFacts(current, desired).map(describeDelta)).toEqual([]);
        expect([forward, rollback]).toEqual([[], []]);
      }
    },
    300_000,
  );

  test("differ in what differs, and in nothing else", async () => {
    const [to = 18] = MAJORS.toReversed();
    const { current, desired } = await between(OLDEST, SCHEMA, to, `${SCHEMA} alter table named add extra text`);
    expect(diffFacts(current, desired).map(describeDelta)).toEqual(["+ column public.named.extra"]);
  });
});
