import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactIndex } from "../../compiler/facts.ts";
import { proveDifference } from "../../compiler/prove/proveDifference.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { runSteps } from "../../compiler/prove/runSteps.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { recordedSource } from "../../compiler/resolve/recordedSource.ts";
import { sliceSources } from "../../compiler/resolve/slice.ts";
import type { Session } from "../../compiler/session/session.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { statementsOf } from "../exact.ts";
import { server } from "../servers.ts";

const TOTALS = "create materialized view totals as select customer, sum(total) from orders group by customer";

const SHOP = `
  alter default privileges in schema public grant select on tables to public;
  create type state as enum ('new', 'paid');
  create table customers (id int primary key, name text not null, parent int references customers);
  create table orders (id int primary key, customer int references customers on delete cascade, state state default 'new', total numeric);
  create index orders_state on orders (state) where total > 0;
  create view open_orders as select id, total from orders where state = 'new';
  create view big_orders as select * from open_orders where total > 100;
  ${TOTALS};
  create function order_total(o orders) returns numeric language sql as 'select o.total';
  create table logs (id int generated always as identity, line text, day date) partition by range (day);
  create table logs_1 partition of logs for values from ('2026-01-01') to ('2026-02-01');
  create function stamp() returns trigger language plpgsql as 'begin return new; end';
  create trigger stamp before insert on customers for each row execute function stamp();
  create table far_away (id int primary key, n int check (n > 0));
  comment on column far_away.n is 'none of the others needs it';`;

const CHANGES = [
  "alter table far_away add m int default 3",
  `drop materialized view totals; alter table customers alter id type bigint, alter parent type bigint;
    alter table orders alter customer type bigint; ${TOTALS}`,
  `drop materialized view totals; drop view big_orders, open_orders; alter table orders alter total type numeric(12,2); ${TOTALS};
    create view open_orders as select id, total from orders where state = 'new';
    create view big_orders as select * from open_orders where total > 1000`,
  "alter type state add value 'sent'",
  "create table logs_2 partition of logs for values from ('2026-02-01') to ('2026-03-01'); create index logs_day on logs (day)",
  "create table fresh (id int references customers)",
  "revoke all on orders from public; comment on view big_orders is 'more than a hundred'",
  "drop table far_away; drop trigger stamp on customers; drop function stamp",
  "create or replace function stamp() returns trigger language plpgsql as 'begin new.name = upper(new.name); return new; end'",
];

let shadow: Shadow;
beforeAll(async () => {
  shadow = await openShadow(await server(18));
});
afterAll(() => shadow?.close());

async function withDatabase<T>(sql: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await shadow.scratch();
  try {
    await session.run(sql);
    return await work(session);
  } finally {
    await session.close();
  }
}

const stateOf = (sql: string): Promise<FactIndex> => withDatabase(sql, (session) => readCatalog(session));

describe("the part of two databases that differs", () => {
  test.each(CHANGES)("gives the plan that the whole gives: %s", async (change) => {
    const [before, after] = [await stateOf(SHOP), await stateOf(`${SHOP};${change}`)];
    const [from, to] = [recordedSource("a", before, shadow.version), recordedSource("b", after, shadow.version)];
    const whole = await proveMigration(from, to, shadow, { withRows: false });
    const part = await proveDifference(from, to, shadow, { withRows: false, withObserver: true });
    expect(statementsOf(part.forward)).toEqual(statementsOf(whole.forward));
    expect(statementsOf(part.rollback)).toEqual(statementsOf(whole.rollback));
    expect(part.current.size).toBeLessThan(whole.current.size);
  });

  test("leads the whole database there and back", async () => {
    const change = CHANGES.join(";");
    const [before, after] = [await stateOf(SHOP), await stateOf(`${SHOP};${change}`)];
    const { forward, rollback } = await proveDifference(
      recordedSource("a", before, shadow.version),
      recordedSource("b", after, shadow.version),
      shadow,
      { withRows: false },
    );
    await withDatabase(SHOP, async (session) => {
      await runSteps(session, forward);
      expect(diffFacts(await readCatalog(session), after)).toEqual([]);
      await runSteps(session, rollback);
      expect(diffFacts(await readCatalog(session), before)).toEqual([]);
    });
  });

  test("is not looked for where another major version printed one of them", async () => {
    const facts = await stateOf(SHOP);
    expect(sliceSources(recordedSource("a", facts, 150_008), recordedSource("b", facts, 180_003))).toBeNull();
  });
});
