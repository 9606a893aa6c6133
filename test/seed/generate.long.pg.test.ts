import { describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { tablesOf } from "../../compiler/seed/generateRequest.ts";
import { generateRows } from "../../compiler/seed/generateRows.ts";
import { seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { build } from "./fixtures.ts";

const SYSTEMS = {
  "photo-identifier": ["pg_trgm"],
  pixcrawler: [],
  pupmatch: ["postgis"],
  "ai-validation": [],
  fitness: ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"],
} as const;

describe.each(Object.entries(SYSTEMS))("rows generated for %s", (name, extensions) => {
  test("fill every table, and PostgreSQL's own checks of all constraints find nothing", async () => {
    const session = await openEmbeddedSession({ extensions });
    const domain = await compileDomain(`definitions/${name}`);
    await build(session, domain);
    await seedDatabase(session, { domain: name, files: domain.seeds.files });
    const generated = await generateRows(session, tablesOf(domain), { rows: 300, seed: 7 });
    console.log(generated.map((g) => `${g.table} ${g.rows}/${g.wanted} ${g.durationMs}ms ${g.why ?? ""}`).join("\n"));
    expect(generated.filter(({ why }) => why !== null)).toEqual([]);
    await session.close();
  });
});
