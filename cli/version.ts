import { readFileSync } from "node:fs";

function packageVersion(): string {
  // From cli/ in a checkout, from dist/cli/ when installed.
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string }).version;
    } catch {}
  }
  return "unknown";
}

export const version = packageVersion();
