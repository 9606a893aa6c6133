import { describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { examine } from "../../compiler/doctor/examine.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { legacyDatabase } from "../systems/legacyDatabase.ts";
import { type Engine, type SystemDatabase, seededSystem } from "../systems/systemDatabase.ts";

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  "ai-validation": [],
  fitness: ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"],
  "photo-identifier": ["pg_trgm"],
  pixcrawler: [],
  pupmatch: ["postgis"],
};

/** PixCrawler's database was there before its first migration. */
async function migrated(name: string, engine: Engine): Promise<SystemDatabase> {
  if (name !== "pixcrawler") return seededSystem(name, engine, { extensions: EXTENSIONS[name] ?? [] });
  const system = await legacyDatabase(engine, { withRows: false });
  await apply(system.session, system.migrations, { acceptDataLoss: true });
  return system;
}

describe.each(ENGINES_OF_LONG_SUITES)("on %s", (engine) => {
  const names = Object.keys(EXTENSIONS).filter((name) => engine === "embedded" || name !== "pupmatch");
  test.each(names)("the doctor finds nothing in %s that its definitions should have avoided", async (name) => {
    const system = await migrated(name, engine);
    try {
      // As if its tables were large and its indexes old, so that nothing is excused.
      const report = await examine(system.session, {
        definitions: await compileDomain(`definitions/${name}`),
        thresholds: { smallTableRows: 0, hotQueryRatio: 2 },
      });
      expect(report.outcomes.filter(({ status }) => status === "failed")).toEqual([]);
      const grave = report.findings.filter(
        ({ severity, check }) => severity !== "info" && !["autovacuum-off", "stale-statistics"].includes(check),
      );
      expect(grave.map(({ title, definition }) => ({ title, definition }))).toEqual([]);
      // What is worth knowing is told at its place.
      for (const { check, definition } of report.findings.filter(({ severity }) => severity === "info")) {
        expect({ check, isPlaced: definition !== null }).toEqual({ check, isPlaced: true });
      }
    } finally {
      await system.close();
    }
  });
});
