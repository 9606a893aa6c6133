import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nullOfNothing } from "../missing.ts";

/** Packages that the project around a folder says it uses: files for others would not compile there. */
export async function projectPackages(folder: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(nullOfNothing);
  if (text !== null) {
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(text) as Readonly<Record<string, object>>;
    return new Set(Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }));
  }
  const above = dirname(folder);
  return above === folder ? new Set() : projectPackages(above);
}
