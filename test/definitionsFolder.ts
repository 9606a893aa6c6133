import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { type CompiledDomain, compileDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

/** A definitions folder with these files; gone after the test file. */
export async function definitionsFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), "verso-definitions-"));
  made.push(root);
  const folder = path.join(root, "definitions", "shop");
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Compiles one file, which may use everything that "verso" exports. */
export async function compileText(text: string): Promise<CompiledDomain> {
  return compileDomain(await definitionsFolder({ "shop.ts": EVERYTHING + text }));
}

// On one line, so that line 2 is the first of the text.
const EVERYTHING = `import { accessMethod, aggregate, all, array, bigint, boolean, cast, collation, column, comment, compositeType, conversion, database, databaseSetting, date, daterange, defaultPrivileges, domain, domainType, double, enumType, eventTrigger, extension, fn, foreignDataWrapper, foreignKey, foreignServer, foreignTable, grant, inout, integer, itsOwner, jsonb, language, materializedView, member, numeric, operator, operatorClass, operatorFamily, out, partition, policy, procedure, publication, rangeType, rawSql, references, revoke, role, roleSetting, rule, schema, securityLabel, self, sequence, sql, statistics, subscription, table, text, textSearchConfiguration, textSearchDictionary, textSearchParser, textSearchTemplate, timestamptz, transform, trigger, userMapping, uuid, varchar, variadic, view } from "verso";\n`;

/** Statements of a domain in order, without the settings. */
export const statementsOf = (domain: CompiledDomain): string[] =>
  domain.scripts.flatMap(({ statements }) => statements.filter(({ id }) => id !== null).map(({ sql }) => sql));

/** The diagnostic that compiling a text ends with; its position as `file:line:column` without folders. */
export async function complaint(text: string): Promise<{ code: string; at: string; message: string }> {
  try {
    await compileText(text);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return complaintOf(error);
  }
  throw new Error("it compiles");
}

export function complaintOf({ code, at, message }: Diagnostic): { code: string; at: string; message: string } {
  const position = typeof at === "object" ? `${path.basename(at.file)}:${at.line}:${at.column}` : String(at);
  return { code, at: position, message };
}
