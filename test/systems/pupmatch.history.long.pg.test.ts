import { describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { EXTENSIONS, POSTGIS_ENGINES } from "./postgis.ts";
import { emptySystem } from "./systemDatabase.ts";
import { walkHistory } from "./walkHistory.ts";

describe.each(POSTGIS_ENGINES)("pupmatch, on $name", { timeout: 120_000 }, ({ engine }) => {
  test("goes from empty to its latest migration and back with its rows, and leaves PostGIS where it is", async () => {
    const fresh = await emptySystem("pupmatch", engine, EXTENSIONS);
    const { session: other, migrations } = fresh;
    try {
      await walkHistory(fresh, {
        stays: (fact) => /^(?:comment )?extension postgis$/.test(fact),
        arrived: async (migration) => {
          if (migration === "0001_initial") {
            await other.run(`
              insert into users (id, email, password_hash) values ('u', 'rex@example.com', 'x');
              insert into profiles (id, user_id, name, latitude, longitude, updated_at)
              values ('p', 'u', 'Rex', 40.5, -73.5, '2020-01-01');
              insert into photos (profile_id, url, position) values ('p', 'https://images.example.com/1.jpg', 3)`);
          }
          if (migration === "0002_locations") {
            expect(
              await other.query(`select st_astext(location) as location, p.updated_at::date::text as touched, "order"
                from profiles p join photos h on h.profile_id = p.id`),
            ).toEqual([{ location: "POINT(-73.5 40.5)", touched: "2020-01-01", order: 3 }]);
          }
        },
        returned: async (migration) => {
          if (migration === "0001_initial") return;
          expect(await other.query("select name from profiles")).toEqual([{ name: "Rex" }]);
        },
      });
      expect(await other.query("select 1 as there from pg_extension where extname = 'postgis'")).toEqual([
        { there: 1 },
      ]);
      // And what it left is no obstacle to going up again.
      await apply(other, migrations, { acceptDataLoss: true });
    } finally {
      await fresh.close();
    }
  });

  test("starts on a database that has PostGIS already", async () => {
    const fresh = await emptySystem("pupmatch", engine, EXTENSIONS);
    try {
      await fresh.session.run("create extension postgis");
      await apply(fresh.session, fresh.migrations, { acceptDataLoss: true });
      await rollback(fresh.session, { to: "empty", acceptDataLoss: true });
      expect(await fresh.session.query("select 1 as there from pg_extension where extname = 'postgis'")).toEqual([
        { there: 1 },
      ]);
    } finally {
      await fresh.close();
    }
  });
});
