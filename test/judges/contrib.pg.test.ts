import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { expectExact } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";

/** Those of PostgreSQL's own extensions whose scripts do without others', and without a database of their own. */
const EXTENSIONS = [
  "btree_gin",
  "citext",
  "cube",
  "dblink",
  "dict_int",
  "dict_xsyn",
  "file_fdw",
  "fuzzystrmatch",
  "hstore",
  "intagg",
  "intarray",
  "lo",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "postgres_fdw",
  "seg",
  "tablefunc",
  "tcn",
  "tsm_system_rows",
  "unaccent",
  "uuid-ossp",
];

/** What CREATE EXTENSION would run, as anybody's own objects: functions in C, operator classes, wrappers, templates. */
function scriptOf(folder: string, extension: string): string {
  const file = readdirSync(folder).find((name) => new RegExp(`^${extension}--[\\d.]+\\.sql$`).test(name));
  if (file === undefined) throw new Error(`${folder} has no ${extension}`);
  const control = readFileSync(join(folder, `${extension}.control`), "utf8");
  const library = /^module_pathname = '([^']+)'/m.exec(control)?.[1] ?? `$libdir/${extension}`;
  return readFileSync(join(folder, file), "utf8")
    .replaceAll("MODULE_PATHNAME", library)
    .replaceAll("@extschema@", "public")
    .replace(/^\\.*$/gm, "");
}

describe.each(MAJORS_OF_LONG_SUITES)("what extensions are made of, on PostgreSQL %i", (major) => {
  let cluster: Cluster;
  let shadow: Shadow;
  beforeAll(async () => {
    cluster = await ownServer(major);
    shadow = await openShadow(cluster.url);
  });
  afterAll(async () => {
    await shadow.close();
    await cluster.close();
  });

  test("comes and goes exactly, all at once", async ({ skip }) => {
    const folder = join((await findBinaries(major)).bin, "../share/postgresql/extension");
    const there = new Set(readdirSync(folder).map((file) => file.split("--")[0]));
    skip(!EXTENSIONS.every((one) => there.has(one)), "these binaries come without them");
    const { forward, desired } = await expectExact(
      "",
      EXTENSIONS.map((one) => scriptOf(folder, one)).join("\n"),
      shadow,
    );
    expect(forward).toHaveLength(1);
    expect(desired.size).toBeGreaterThan(250);
  });
});
