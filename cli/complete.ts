import { basename } from "node:path";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { migrationNames, migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { COMMANDS, COMPLETION, commandNamed, wordOf } from "./commands.ts";
import { chooseDomain, domainNames, SQL } from "./project.ts";

/**
 * What a shell offers at the cursor, of what only this project knows.
 * @param line the words so far, as the shell's script hands them over; the last is being typed, perhaps empty
 * @returns null where commands and options are wanted, which yargs knows
 */
export async function valuesAt(line: readonly string[]): Promise<readonly string[] | null> {
  // Some shells hand over the program's name too.
  const words = basename(line[0] ?? "") === "verso" ? line.slice(1) : line;
  const current = words.at(-1) ?? "";
  const values = await valuesFor(words.slice(0, -1), current.startsWith("-"));
  return values?.filter((value) => value.startsWith(current)) ?? null;
}

async function valuesFor(words: readonly string[], isOption: boolean): Promise<readonly string[] | null> {
  const [command, last] = [words[0] ?? "", words.at(-1) ?? ""];
  const named = words.includes("--domain") ? words[words.lastIndexOf("--domain") + 1] : undefined;
  const migrations = () => ofProject(async () => migrationNames(migrationsFolder(SQL, await chooseDomain(named))));
  if (last === "--domain") return ofProject(domainNames);
  if (last === "--to" && command !== "diff") return migrations();
  if (last === "--shadow") return ["binary:", "docker:postgres:", "postgres://"];
  if (isOption || last.startsWith("--")) return null;
  if (command === "help") return [...COMMANDS, COMPLETION].map(wordOf);
  const takes = commandNamed(command)?.name.split(" ")[1];
  if (takes === "[domains..]") return ofProject(domainNames);
  if (takes === "[tasks..]") return Object.keys((await import("../compiler/maintain/maintain.ts")).TASKS);
  return takes === "<migration>" ? migrations() : null;
}

/** Where there is no project, or no telling which domain is meant, there is nothing to offer, and nobody to tell why. */
async function ofProject(names: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names();
  } catch (error) {
    if (error instanceof Diagnostic) return [];
    throw error;
  }
}
