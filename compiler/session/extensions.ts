import type { Extension } from "@electric-sql/pglite";
import { Diagnostic } from "../diagnostic.ts";

// Extensions that PGlite ships in its contrib folder: name in CREATE EXTENSION, module. What another one requires is
// loaded with it.
const CONTRIB: ReadonlyMap<string, { readonly module: string; readonly requires?: readonly string[] }> = new Map(
  Object.entries({
    amcheck: { module: "amcheck" },
    bloom: { module: "bloom" },
    btree_gin: { module: "btree_gin" },
    btree_gist: { module: "btree_gist" },
    citext: { module: "citext" },
    cube: { module: "cube" },
    dict_int: { module: "dict_int" },
    dict_xsyn: { module: "dict_xsyn" },
    earthdistance: { module: "earthdistance", requires: ["cube"] },
    file_fdw: { module: "file_fdw" },
    fuzzystrmatch: { module: "fuzzystrmatch" },
    hstore: { module: "hstore" },
    intarray: { module: "intarray" },
    isn: { module: "isn" },
    lo: { module: "lo" },
    ltree: { module: "ltree" },
    moddatetime: { module: "moddatetime" },
    pageinspect: { module: "pageinspect" },
    pg_buffercache: { module: "pg_buffercache" },
    pg_freespacemap: { module: "pg_freespacemap" },
    pg_stat_statements: { module: "pg_stat_statements" },
    pg_surgery: { module: "pg_surgery" },
    pg_trgm: { module: "pg_trgm" },
    pg_visibility: { module: "pg_visibility" },
    pg_walinspect: { module: "pg_walinspect" },
    pgcrypto: { module: "pgcrypto" },
    seg: { module: "seg" },
    tablefunc: { module: "tablefunc" },
    tcn: { module: "tcn" },
    tsm_system_rows: { module: "tsm_system_rows" },
    tsm_system_time: { module: "tsm_system_time" },
    unaccent: { module: "unaccent" },
    "uuid-ossp": { module: "uuid_ossp" },
  }),
);

const BUILT_IN = new Set(["plpgsql"]);

/**
 * The bundles that PGlite must be given for these extensions, and for what they require.
 * @throws Diagnostic `extension-missing-on-shadow` for a name that the embedded engine does not have
 */
export async function embeddedExtensions(names: readonly string[]): Promise<Record<string, Extension>> {
  const bundles: Record<string, Extension> = {};
  for (const name of new Set(names)) {
    if (BUILT_IN.has(name)) continue;
    Object.assign(bundles, await loadBundle(name));
  }
  return bundles;
}

/** The extensions that a script asks for, so that their bundles can be loaded; a hint, no judgement of the script. */
export function mentionedExtensions(script: string): readonly string[] {
  const pattern = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi;
  const names = [...script.matchAll(pattern)].map((match) => match[1] ?? (match[2] ?? "").toLowerCase());
  return [...new Set(names)].filter((name) => name === "postgis" || CONTRIB.has(name)).sort();
}

async function loadBundle(name: string): Promise<Record<string, Extension>> {
  if (name === "postgis") {
    const { postgis } = await import("@electric-sql/pglite-postgis");
    return { postgis };
  }
  const contrib = CONTRIB.get(name);
  if (contrib === undefined) {
    throw new Diagnostic({
      code: "extension-missing-on-shadow",
      what: `the embedded engine has no extension ${name}`,
      why: `it has ${[...CONTRIB.keys(), "postgis"].sort().join(", ")}`,
      next: "use a server that has it as the shadow: `--shadow postgres://user@host/postgres`",
    });
  }
  const module: Record<string, Extension> = await import(`@electric-sql/pglite/contrib/${contrib.module}`);
  const bundle = module[contrib.module];
  const required = await embeddedExtensions(contrib.requires ?? []);
  return bundle === undefined ? required : { ...required, [contrib.module]: bundle };
}
