import { expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { purge } from "../../compiler/apply/attic.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { legacyDatabase } from "../systems/legacyDatabase.ts";
import { one } from "./fixtures.ts";

test.each(ENGINES_OF_LONG_SUITES)(
  "pixcrawler's orphans of a year are purged, and its first migration goes back without them, on %s",
  async (engine) => {
    const { session, migrations, close } = await legacyDatabase(engine);
    try {
      const count = async () => (await one<number>(session, "select count(*)::int from images")) ?? Number.NaN;
      const before = await count();
      await apply(session, migrations, { steps: 1, acceptDataLoss: true });
      const after = await count();
      const { tables } = await purge(session, { migration: "0001_initial", acceptDataLoss: true });
      expect(tables.map(({ name, rows }) => [name.replace("verso_attic.", ""), rows])).toContainEqual([
        "images_crawl_job_id_fkey",
        before - after,
      ]);
      expect(tables).toHaveLength(9);
      await expect(rollback(session)).rejects.toMatchObject({
        why: expect.stringContaining(
          `does not come back: 0001_initial: ${before - after} rows of verso_attic.images_crawl`,
        ),
      });
      await rollback(session, { acceptDataLoss: true });
      expect(await count()).toBe(after);
      expect(
        await session.query("select relname from pg_class where relnamespace = 'verso_attic'::regnamespace"),
      ).toEqual([]);
    } finally {
      await close();
    }
  },
);
