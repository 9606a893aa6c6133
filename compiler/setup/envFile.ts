import { chmod, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { readEnvFile } from "../session/environment.ts";

/** What such a file would say otherwise, were these values written: `DATABASE_POOL_SIZE`. */
export function replacedIn(file: string, values: Readonly<Record<string, string>>): readonly string[] {
  const now = readEnvFile(file) ?? {};
  return Object.keys(values).filter((name) => now[name] !== undefined && now[name] !== values[name]);
}

/**
 * Writes values into a `.env` file that only its owner may read, all of them or, where writing fails, none. Other lines stay as
 * they are.
 */
export async function writeEnvFile(file: string, values: Readonly<Record<string, string>>): Promise<void> {
  const now = readEnvFile(file) ?? {};
  let text = await textOf(file);
  for (const [name, value] of Object.entries(values)) {
    if (now[name] === value) continue;
    const line = `${name}=${quoted(value)}`;
    const assigned = [...text.matchAll(ASSIGNMENT)].find(({ groups }) => groups?.name === name);
    text =
      assigned === undefined
        ? `${ended(text)}${line}\n`
        : `${text.slice(0, assigned.index)}${line}${text.slice(assigned.index + assigned[0].length)}`;
  }
  const place = (await unlessMissing(() => realpath(file))) ?? file;
  const draft = `${place}.${process.pid}`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, place);
  } finally {
    await rm(draft, { force: true });
  }
}

/** One from the first line to the last: what is quoted may span several, and what stands in it assigns nothing. */
const ASSIGNMENT = /^[^\S\n]*(?:export[^\S\n]+)?(?<name>[\w.-]+)[^\S\n]*=[^\S\n]*(?:"[^"]*"|'[^']*'|`[^`]*`)?[^\n]*/gm;

/** Has version control leave something alone. @returns whether it had not been told before */
export async function ignore(file: string, ...patterns: readonly string[]): Promise<boolean> {
  const text = await textOf(file);
  const known = new Set(text.split("\n").map((line) => line.trim().replace(/^\//, "").replace(/\/$/, "")));
  const missing = patterns.filter((pattern) => !known.has(pattern.replace(/^\//, "").replace(/\/$/, "")));
  if (missing.length === 0) return false;
  await writeFile(file, `${ended(text)}${missing.join("\n")}\n`);
  return true;
}

const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** Where other readers of such files would see more than the text: a comment, a variable, a blank, another command. */
function quoted(value: string): string {
  if (/^[\w.:/@%?=+,-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

const textOf = async (file: string): Promise<string> => (await unlessMissing(() => readFile(file, "utf8"))) ?? "";

async function unlessMissing(read: () => Promise<string>): Promise<string | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
