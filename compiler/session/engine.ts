import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { MemoryFS, PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { readCached, writeCached } from "./cache.ts";
import { extractImage, type Image, parseImage } from "./image.ts";
import { fileSystemOf, type MemoryNode } from "./memoryFiles.ts";
import { layContents } from "./rewind.ts";

// PGlite's own start parameters but for two: `-O`, which would let a script alter system catalogs, and
// `search_path=public`, so that a script finds what it finds on a server. And fewer buffers, which are zeroed at each start.
const START_PARAMETERS = [
  ...["--single", "-F", "-j"],
  ...[
    "exit_on_error=false",
    "log_checkpoints=false",
    "max_worker_processes=0",
    "max_parallel_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "io_method=sync",
    "shared_buffers=16MB",
  ].flatMap((setting) => ["-c", setting]),
];
const INITDB_PARAMETERS = ["--locale=C"];
const DATA = "/pglite/data";

type EmscriptenOptions = Parameters<MemoryFS["init"]>[1];

/** A PGlite in memory, from the cached data directory. The first on a machine runs initdb, which takes seconds. */
export async function startInMemory(): Promise<PGlite> {
  const cached = await initialImage();
  try {
    return await startFrom(cached.image);
  } catch (error) {
    if (cached.isNew) throw error;
    return startFrom(await makeImage());
  }
}

/** A PGlite on a folder, which is made when it is not there. */
export async function startInFolder(folder: string): Promise<PGlite> {
  const isThere = await stat(path.join(folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (!isThere) await extractImage((await initialImage()).image, folder);
  return PGlite.create({ fs: new FolderFiles(folder), startParams: START_PARAMETERS });
}

/** PGlite's memory file system, filled with a data directory at the start, without a way through tar and paths. */
class ImageFiles extends MemoryFS {
  readonly #image: Image;

  constructor(image: Image) {
    super();
    this.#image = image;
  }

  override async init(pg: PGlite, options: EmscriptenOptions): ReturnType<MemoryFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: tuneEmscripten(emscriptenOpts) };
  }

  override async initialSyncFs(): Promise<void> {
    if (this.pg === undefined) return;
    const files = fileSystemOf(this.pg);
    files.mkdir(DATA, 0o700);
    const root = files.lookupPath(DATA).node;
    // Files are written in place, so each instance gets its own copy: one copy of the whole.
    const bytes = this.#image.bytes.slice();
    const folders = new Map<string, MemoryNode>([["", root]]);
    const folder = (name: string): MemoryNode => {
      const known = folders.get(name);
      if (known !== undefined) return known;
      const made = add(folder(parentOf(name)), name, 0o40700);
      folders.set(name, made);
      return made;
    };
    const add = (parent: MemoryNode, name: string, mode: number): MemoryNode =>
      parent.node_ops.mknod(parent, path.posix.basename(name), mode, 0);
    for (const entry of this.#image.entries) {
      if (entry.isFolder) {
        folder(entry.path);
        continue;
      }
      const node = add(folder(parentOf(entry.path)), entry.path, 0o100600);
      const end = entry.start + entry.size;
      layContents(node, bytes.subarray(entry.start, end), this.#image.bytes.subarray(entry.start, end));
    }
  }
}

class FolderFiles extends NodeFS {
  override async init(pg: PGlite, options: EmscriptenOptions): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: tuneEmscripten(emscriptenOpts) };
  }
}

const parentOf = (name: string): string => (name.includes("/") ? path.posix.dirname(name) : "");

function startFrom(image: Image): Promise<PGlite> {
  return PGlite.create({ fs: new ImageFiles(image), startParams: START_PARAMETERS });
}

let known: Promise<{ readonly image: Image; readonly isNew: boolean }> | undefined;

/** The data directory as initdb leaves it: from memory, from the cache, or made. */
function initialImage(): Promise<{ readonly image: Image; readonly isNew: boolean }> {
  known ??= (async () => {
    const cached = await readCached(await imageKey());
    const image = cached === null ? null : parseImage(cached);
    return image === null ? { image: await makeImage(), isNew: true } : { image, isNew: false };
  })();
  // A failure is not remembered.
  known.catch(() => {
    known = undefined;
  });
  return known;
}

async function makeImage(): Promise<Image> {
  const bare = await PGlite.create({ startParams: START_PARAMETERS, initDbStartParams: INITDB_PARAMETERS });
  const archive = await bare.dumpDataDir("none");
  await bare.close();
  const bytes = new Uint8Array(await archive.arrayBuffer());
  await writeCached(await imageKey(), bytes);
  const image = parseImage(bytes);
  if (image === null) throw new Error("PGlite gave an archive that cannot be read");
  known = Promise.resolve({ image, isNew: true });
  return image;
}

async function imageKey(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest: unknown = JSON.parse(await readFile(path.join(path.dirname(entry), "../package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "0";
  return `pglite-${String(version)}.tar`;
}

interface WasmImports {
  readonly env: Record<string, (...values: never[]) => unknown>;
}

type InstantiateWasm = (imports: WasmImports, done: unknown) => unknown;

/**
 * Two functions that PGlite's JavaScript gives to WebAssembly are wrapped. `dlsym` lists all exports of a library at each
 * call, 23,000 for PostGIS, to find the place of one, which nothing reads: CREATE EXTENSION postgis then takes 8.5 s instead
 * of 1 s. And PostgreSQL's interval timer must not keep a finished process alive.
 */
function tuneEmscripten(options: EmscriptenOptions): EmscriptenOptions {
  const { instantiateWasm } = options as unknown as { readonly instantiateWasm: InstantiateWasm };
  const tuned: InstantiateWasm = (imports, done) => {
    const { _dlsym_js: dlsym, _setitimer_js: setTimer } = imports.env;
    if (dlsym !== undefined) {
      imports.env._dlsym_js = (...values) =>
        swapped(
          Object,
          "keys",
          () => NO_KEYS,
          () => dlsym(...values),
        );
    }
    if (setTimer !== undefined) {
      const plain = globalThis.setTimeout;
      const unref = (run: () => void, ms: number): NodeJS.Timeout => plain(run, ms).unref();
      imports.env._setitimer_js = (...values) => swapped(globalThis, "setTimeout", unref, () => setTimer(...values));
    }
    return instantiateWasm(imports, done);
  };
  return { ...options, PGLITE_ENV: POSTGIS_ENVIRONMENT, instantiateWasm: tuned } as unknown as EmscriptenOptions;
}

/** What PostGIS reads, as @electric-sql/pglite-postgis sets it; it can be set before the start only. */
const POSTGIS_ENVIRONMENT = {
  POSTGIS_GDAL_ENABLED_DRIVERS: "ENABLE_ALL",
  POSTGIS_ENABLE_OUTDB_RASTERS: "1",
  PROJ_DATA: "/pglite/share/proj",
};

const NO_KEYS: readonly string[] = [];

/** Runs a synchronous call while one method of an object is another one. */
function swapped<T>(owner: object, method: string, other: unknown, call: () => T): T {
  const methods = owner as Record<string, unknown>;
  const own = methods[method];
  methods[method] = other;
  try {
    return call();
  } finally {
    methods[method] = own;
  }
}
