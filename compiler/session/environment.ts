import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { PoolSettings } from "../declare/schemas.ts";
import { Diagnostic } from "../diagnostic.ts";

/** Variables, as a process has them. One that is set to nothing is as good as none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a pool is without a word about it: as many as `@databases/pg` takes by itself. */
const USUAL: Required<PoolSettings> = { size: 10, overflow: 0 };

export interface PoolInUse extends Required<PoolSettings> {
  /** Both together: more connections a process never has. */
  readonly most: number;
  /** Who says so, in words: `by DATABASE_POOL_SIZE`, `by domain.ts`, `unless said otherwise`. */
  readonly saidBy: Readonly<Record<keyof PoolSettings, string>>;
}

/**
 * How many connections a service's pool has: what DATABASE_POOL_SIZE and DATABASE_MAX_OVERFLOW say, else what the domain
 * declares, else 10 and none beyond.
 * @throws Diagnostic `environment-invalid`
 */
export function poolInUse(declared: PoolSettings = {}, environment: Environment = process.env): PoolInUse {
  const size = settle("DATABASE_POOL_SIZE", 1, declared.size, USUAL.size, environment);
  const overflow = settle("DATABASE_MAX_OVERFLOW", 0, declared.overflow, USUAL.overflow, environment);
  return {
    size: size.value,
    overflow: overflow.value,
    most: size.value + overflow.value,
    saidBy: { size: size.by, overflow: overflow.by },
  };
}

function settle(
  variable: string,
  least: number,
  declared: number | undefined,
  usual: number,
  environment: Environment,
): { readonly value: number; readonly by: string } {
  const said = environment[variable];
  if (said !== undefined && said !== "") return { value: wholeNumber(variable, said, least), by: `by ${variable}` };
  return declared === undefined
    ? { value: usual, by: "unless said otherwise" }
    : { value: declared, by: "by domain.ts" };
}

function wholeNumber(variable: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= 10_000) return value;
  throw invalid(variable, text, `a whole number from ${least} on`);
}

const YES = new Set(["true", "1", "yes", "on"]);
const NO = new Set(["", "false", "0", "no", "off"]);

/** @throws Diagnostic `environment-invalid` */
export function isSet(
  variable: "AUTO_INIT_DATABASE" | "DATABASE_ECHO",
  environment: Environment = process.env,
): boolean {
  const text = (environment[variable] ?? "").toLowerCase();
  if (YES.has(text)) return true;
  if (NO.has(text)) return false;
  throw invalid(variable, text, "true or false");
}

const invalid = (variable: string, text: string, wanted: string): Diagnostic =>
  new Diagnostic({
    code: "environment-invalid",
    what: `${variable} is ${JSON.stringify(text)}, and takes ${wanted}`,
    next: `correct ${variable} in the environment or in .env, or leave it out`,
  });

/** Those that are read, the first one first: what it says counts. */
const ENV_FILES = [".env.local", ".env"] as const;

/**
 * Adds what `.env.local` and `.env` of a folder say to the environment, which keeps what it has.
 * @returns the variables that were added
 */
export function loadEnvFiles(folder: string, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const added: string[] = [];
  for (const name of ENV_FILES) {
    for (const [variable, value] of Object.entries(readEnvFile(join(folder, name)) ?? {})) {
      if (environment[variable] !== undefined) continue;
      environment[variable] = value;
      added.push(variable);
    }
  }
  return added;
}

/** What such a file says; null where there is none. */
export function readEnvFile(file: string): Environment | null {
  try {
    return parseEnv(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    // Python keeps its virtual environments in folders of that name.
    const isNone = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR");
    if (isNone) return null;
    throw error;
  }
}
