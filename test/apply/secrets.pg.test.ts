import { afterAll, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { openSources } from "../../compiler/resolve/openSource.ts";
import { definitionsFolder } from "../definitionsFolder.ts";
import { embeddedShadow, statementsOf } from "../exact.ts";
import { NEWEST } from "../servers.ts";
import { freshTarget, migrationsThrough, one } from "./fixtures.ts";

const MAPPED = `create foreign data wrapper w; create server s foreign data wrapper w;
  create user mapping for public server s options ("user" 'reader');`;
const PASSWORD = "alter user mapping for public server s options (add password 'hunter2')";

afterAll(async () => {
  await (await embeddedShadow()).close();
});

test("a password that was set by hand is no drift, stays, and is kept in no ledger", async () => {
  const migrations = await migrationsThrough(MAPPED, `${MAPPED} create table t (a int);`);
  const target = await freshTarget(NEWEST);
  try {
    await apply(target.session, migrations.slice(0, 1));
    await target.session.run(PASSWORD);
    await apply(target.session, migrations);
    expect(await check(target.session)).toMatchObject({ drift: [] });
    const kept = await one(target.session, "select count(*)::int as n from verso.target t where t::text ~ 'hunter2'");
    expect(kept).toBe(0);
    await rollback(target.session, { steps: 1, acceptDataLoss: true });
    const mapping = await one(target.session, "select array_to_string(umoptions, ' ') as o from pg_user_mappings");
    expect(mapping).toBe("user=reader password=hunter2");
  } finally {
    await target.close();
  }
});

test("definitions, which hold no secrets, leave those of a database as they are", async () => {
  const folder = await definitionsFolder({
    "domain.ts": `import { domain, foreignDataWrapper, foreignServer, table, text, userMapping } from "verso";
      const w = foreignDataWrapper("w");
      const s = foreignServer("s", { wrapper: w });
      const mapping = userMapping({ for: "public", server: s, options: { user: "writer" } });
      export const t = table("t", { columns: { a: text() } });
      export default domain({ name: "shop" }); export { w, s, mapping };`,
  });
  const target = await freshTarget(NEWEST);
  try {
    await target.session.run(`${MAPPED}; ${PASSWORD}`);
    const [from, to] = await openSources(target.url ?? "", folder);
    const { forward } = await proveMigration(from, to, await embeddedShadow(), { withRows: false });
    expect(statementsOf(forward)).toEqual([
      `ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET "user" 'writer')`,
      "CREATE TABLE public.t (\n  a text NOT NULL\n)",
    ]);
  } finally {
    await target.close();
  }
});
