import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("collations", (exactly, major) => {
  test("of libc and ICU", async () => {
    const { forward } = await exactly(
      "",
      `create collation german (provider = icu, locale = 'de-u-co-phonebk');
       create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       create collation plain (provider = libc, locale = 'C');
       create collation mixed (lc_collate = 'C', lc_ctype = 'POSIX')`,
    );
    expect(forward).toContain("CREATE COLLATION public.german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk')");
    expect(forward).toContain(
      "CREATE COLLATION public.blind (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false)",
    );
  });

  test("another locale moves the columns, and what stands on them is rebuilt", async () => {
    const made = (locale: string) => `create collation "We ird" (provider = icu, locale = '${locale}');
      create table t (a text collate "We ird", b text); create index i on t (a); create index j on t (b collate "We ird");
      create view v as select a, b collate "We ird" as b from t; create materialized view m as select a from t;
      comment on collation "We ird" is 'words'`;
    await exactly(made("de"), made("sv"));
  });

  test.runIf(major >= 17)("of the builtin provider, and with rules", async () => {
    await exactly(
      "",
      `create collation b (provider = builtin, locale = 'C.UTF-8'); create collation r (provider = icu, locale = 'und', rules = '&a < g')`,
    );
  });
});
