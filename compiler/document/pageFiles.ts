import { readFileSync } from "node:fs";

const IMPORT = /^import (?:\{[^}]*\} from )?"([^"]+)";\n/gm;

/**
 * A module of the browser and all that it imports, each once and before who imports it, as one script that imports nothing. Names
 * at the top of files are therefore each one's own among all of them.
 */
export function scriptOf(entry: URL): string {
  const read = new Set<string>();
  const textsOf = (file: URL): readonly string[] => {
    if (read.has(file.href)) return [];
    read.add(file.href);
    const text = readFileSync(file, "utf8");
    const imported = [...text.matchAll(IMPORT)].flatMap(([, path = ""]) => textsOf(new URL(path, file)));
    return [
      ...imported,
      text
        .replaceAll(IMPORT, "")
        .replaceAll(/^export /gm, "")
        .trim(),
    ];
  };
  return `\n"use strict";\n(() => {\n${textsOf(entry).join("\n\n")}\n})();\n`;
}

/** A style, behind the one that all pages have. */
export const styleOf = (file: URL): string =>
  [new URL("page/base.css", import.meta.url), file].map((one) => readFileSync(one, "utf8")).join("\n");
