import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import { readSeedFiles, seedsFolder } from "../../compiler/seed/seedFile.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { postgisServer } from "../servers.ts";
import { outcomes, stepsOf } from "./fixtures.ts";

// Where no server has PostGIS the broker says so on standard error; `.ci/run` installs Debian's package.
const server = await postgisServer();

test.skipIf(server === null)(
  "a domain with places is set up on a server with PostGIS, and finds what is near",
  async () => {
    if (server === null) throw new Error("no server has PostGIS");
    const name = `setup_${randomBytes(6).toString("hex")}`;
    const url = withDatabase(server, name);
    const [domain, migrations, files] = await Promise.all([
      compileDomain("definitions/pupmatch"),
      readMigrations(migrationsFolder("sql", "pupmatch")),
      readSeedFiles(seedsFolder("sql", "pupmatch")),
    ]);
    const pupmatch = { domain, migrations };
    try {
      const steps = await stepsOf(pupmatch, url, {
        seed: async (session) => {
          const { tables } = await seedDatabase(session, { domain: "pupmatch", files }, { environments: ["demo"] });
          return tables.filter(({ inserted }) => inserted > 0).map(({ table, inserted }) => `${table}: ${inserted}`);
        },
      });
      expect(steps.extensions?.problem ?? null).toBeNull();
      expect(outcomes(steps)).toMatchObject({
        database: "done",
        migrations: "done",
        extensions: "there",
        seeds: "done",
        schema: "there",
      });
      expect(steps.extensions?.told).toEqual(
        expect.arrayContaining([expect.stringMatching(/^postgis: Berlin to Paris: 8\d\d km, PostGIS 3\.\d/)]),
      );
      const near = await openServerSession(url);
      expect(
        await near
          .query(
            `select (select count(*)::int from pg_extension where extname = 'postgis') as extensions,
            (select count(*)::int > 0 from profiles p join profiles o on o.id <> p.id
              and st_dwithin(p.location::geography, o.location::geography, 50000)) as "hasNeighbours"`,
          )
          .finally(() => near.close()),
      ).toEqual([{ extensions: 1, hasNeighbours: true }]);
      expect(outcomes(await stepsOf(pupmatch, url))).toMatchObject({ database: "there", migrations: "there" });
    } finally {
      const admin = await openServerSession(server);
      await admin.run(`drop database if exists ${name} with (force)`).finally(() => admin.close());
    }
  },
);
