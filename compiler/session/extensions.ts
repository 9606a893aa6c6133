import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { PGlite } from "@electric-sql/pglite";
import { Diagnostic } from "../diagnostic.ts";
import { type ImageEntry, parseImage } from "./image.ts";
import { fileSystemOf } from "./memoryFiles.ts";

interface Bundle {
  /** Package that ships it, and its archive there; the extension's name when not given. */
  readonly package?: string;
  readonly archive?: string;
  /** The libraries to load; all in the archive when not given. */
  readonly libraries?: readonly string[];
  readonly requires?: readonly string[];
}

const POSTGIS = { package: "@electric-sql/pglite-postgis", archive: "postgis" };

// The extensions that PGlite ships, by their names in CREATE EXTENSION.
const BUNDLES: ReadonlyMap<string, Bundle> = new Map(
  Object.entries<Bundle>({
    amcheck: {},
    autoinc: { archive: "spi" },
    bloom: {},
    btree_gin: {},
    btree_gist: {},
    citext: {},
    cube: {},
    dict_int: {},
    dict_xsyn: {},
    earthdistance: { requires: ["cube"] },
    file_fdw: {},
    fuzzystrmatch: {},
    hstore: {},
    insert_username: { archive: "spi" },
    intarray: {},
    isn: {},
    lo: {},
    ltree: {},
    moddatetime: { archive: "spi" },
    pageinspect: {},
    pg_buffercache: {},
    pg_freespacemap: {},
    pg_logicalinspect: {},
    pg_stat_statements: {},
    pg_surgery: {},
    pg_trgm: {},
    pg_visibility: {},
    pg_walinspect: {},
    pgcrypto: {},
    postgis: { ...POSTGIS, libraries: ["postgis-3.so"] },
    postgis_raster: { ...POSTGIS, libraries: ["postgis_raster-3.so"], requires: ["postgis"] },
    postgis_tiger_geocoder: { ...POSTGIS, libraries: [], requires: ["postgis", "fuzzystrmatch"] },
    postgis_topology: { ...POSTGIS, libraries: ["postgis_topology-3.so"], requires: ["postgis"] },
    refint: { archive: "spi" },
    seg: {},
    tablefunc: {},
    tcn: {},
    tsm_system_rows: {},
    tsm_system_time: {},
    unaccent: {},
    "uuid-ossp": {},
  }),
);

export const USE_ANOTHER_SHADOW = "use a server that has it as the shadow: `--shadow postgres://user@host/postgres`";

const BUILT_IN = new Set(["plpgsql"]);

/**
 * These extensions and what they require, without what is built in, sorted.
 * @throws Diagnostic `extension-missing-on-shadow` for a name that the embedded engine does not have
 */
export function embeddedExtensions(names: readonly string[]): readonly string[] {
  const all = names.flatMap((name) => {
    if (BUILT_IN.has(name)) return [];
    return [name, ...embeddedExtensions(bundleOf(name).requires ?? [])];
  });
  return [...new Set(all)].sort();
}

export const isEmbedded = (name: string): boolean => BUILT_IN.has(name) || BUNDLES.has(name);

/** The extensions that a script asks for and the embedded engine has: a hint what to load, no judgement of the script. */
export function mentionedExtensions(script: string): readonly string[] {
  const pattern = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi;
  const names = [...script.matchAll(pattern)].map((match) => match[1] ?? (match[2] ?? "").toLowerCase());
  return [...new Set(names)].filter((name) => BUNDLES.has(name)).sort();
}

/**
 * Lays an extension's files into the engine's file system and compiles its libraries, for CREATE EXTENSION to find.
 * @returns the libraries' names as LOAD takes them
 */
export async function loadExtension(lite: PGlite, name: string): Promise<readonly string[]> {
  const bundle = bundleOf(name);
  const archive = await readArchive(bundle.package ?? "@electric-sql/pglite", bundle.archive ?? name);
  const files = fileSystemOf(lite);
  const compiling: Promise<void>[] = [];
  const libraries: string[] = [];
  for (const [file, contents] of archive) {
    const folder = path.posix.join("/pglite", path.posix.dirname(file));
    const base = path.posix.basename(file);
    const isLibrary = base.endsWith(".so");
    if (isLibrary && bundle.libraries !== undefined && !bundle.libraries.includes(base)) continue;
    if (isLibrary) libraries.push(`$libdir/${base.slice(0, -".so".length)}`);
    if (files.analyzePath(`${folder}/${base}`).exists) continue;
    files.mkdirTree(folder);
    if (!isLibrary) files.createDataFile(folder, base, contents, true, true, true);
    else {
      compiling.push(
        new Promise((resolve, reject) => {
          const failed = () => reject(new Error(`${base} of extension ${name} cannot be loaded`));
          files.createPreloadedFile(folder, base, contents, true, true, resolve, failed, false, true);
        }),
      );
    }
  }
  await Promise.all(compiling);
  return libraries;
}

function bundleOf(name: string): Bundle {
  const bundle = BUNDLES.get(name);
  if (bundle !== undefined) return bundle;
  throw new Diagnostic({
    code: "extension-missing-on-shadow",
    what: `the embedded engine has no extension ${name}`,
    why: `it has ${[...BUNDLES.keys()].join(", ")}`,
    next: USE_ANOTHER_SHADOW,
  });
}

type Archive = readonly (readonly [string, Uint8Array])[];

const archives = new Map<string, Promise<Archive>>();

/** The files of an archive, unpacked once in a process and shared by its engines, which only read them. */
function readArchive(packageName: string, name: string): Promise<Archive> {
  const known = archives.get(name);
  if (known !== undefined) return known;
  const reading = (async () => {
    const file = path.join(path.dirname(createRequire(import.meta.url).resolve(packageName)), `${name}.tar.gz`);
    const image = parseImage(await promisify(gunzip)(await readFile(file)));
    if (image === null) throw new Error(`${file} cannot be read`);
    const wanted = image.entries.filter((entry) => !entry.isFolder && isNeeded(entry, name));
    return wanted.map(({ path, start, size }) => [path, image.bytes.slice(start, start + size)] as const);
  })();
  archives.set(name, reading);
  reading.catch(() => archives.delete(name));
  return reading;
}

/** Not documentation, headers and, of PostGIS, the 500 scripts that update from every version there was. */
function isNeeded({ path }: ImageEntry, archive: string): boolean {
  if (/^(include|share\/doc|share\/postgresql\/contrib)\//.test(path)) return false;
  return archive !== "postgis" || !/--.*--/.test(path);
}
