import type { Options } from "yargs";

/** Options that several commands take, told in the same words. */
export const DOMAIN = { type: "string", describe: "the domain, where there are several" } satisfies Options;

export const TARGET = {
  type: "string",
  describe: "database URL; else <DOMAIN>_DATABASE_URL, else DATABASE_URL",
} satisfies Options;

export const SHADOW = {
  type: "string",
  describe: "engine for the proof: postgres://…, binary:15, docker:postgres:15",
} satisfies Options;

/** What a command's help ends with: command lines to copy, each under what it does. */
export const examples = (...pairs: readonly (readonly [does: string, line: string])[]): string =>
  ["Examples:", ...pairs.map(([does, line]) => `  # ${does}\n  ${line}`)].join("\n");
