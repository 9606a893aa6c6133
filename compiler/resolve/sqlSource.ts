import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Diagnostic, type Position } from "../diagnostic.ts";
import { nullOfNothing } from "../missing.ts";
import { quoteName } from "../quote.ts";
import { mentionedExtensions } from "../session/extensions.ts";
import { redactUrl } from "../session/server.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { emptySource, type Source, type StandIns } from "./source.ts";

export interface Script {
  readonly file: string;
  readonly text: string;
}

/**
 * A state written as SQL: one file, or a folder of files that are run in the order of their names.
 * @throws Diagnostic `state-not-found` when there is no such file or folder
 */
export async function sqlSource(path: string): Promise<Source> {
  return scriptSource(path, await readScripts(path));
}

/** A state that scripts lead to, run in this order on an empty database. */
export function scriptSource(name: string, scripts: readonly Script[]): Source {
  return {
    ...emptySource,
    name,
    extensions: extensionsNamed(scripts),
    build: async (session, standIns) => {
      for (const script of scripts) await runScript(session, script, standIns);
      // What a script sets for its own session must not colour the reading.
      await session.run("RESET ALL");
    },
  };
}

async function readScripts(path: string): Promise<readonly Script[]> {
  const found = await stat(path).catch(nullOfNothing);
  if (found === null) {
    throw new Diagnostic({
      code: "state-not-found",
      what: `there is no file or folder ${redactUrl(path)}`,
      next: "a state is a database URL, a definitions folder, a .sql file or folder, a snapshot .json, or `empty`",
    });
  }
  const files = found.isDirectory()
    ? (await readdir(path))
        .filter((file) => file.endsWith(".sql"))
        .sort()
        .map((file) => join(path, file))
    : [path];
  if (files.length === 0) {
    throw new Diagnostic({
      code: "state-not-found",
      what: `the folder ${path} holds no state: neither a domain.ts nor any .sql file`,
      next: "name the folder of one domain, such as definitions/shop, or `empty` for a database without anything",
    });
  }
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8") })));
}

/** Extensions that the scripts mention: which bundles to load into an embedded engine, nothing more. */
export function extensionsNamed(scripts: readonly Script[]): readonly string[] {
  return [...new Set(scripts.flatMap(({ text }) => mentionedExtensions(text)))].sort();
}

interface Piece {
  readonly sql: string;
  /** Characters before it in the file. */
  readonly offset: number;
}

async function runScript(session: Session, script: Script, standIns: StandIns): Promise<void> {
  const text = withoutPsql(script.text);
  for (const piece of await splitStatements(text)) {
    await runPiece(session, { ...script, text }, piece, standIns);
  }
}

async function runPiece(session: Session, script: Script, piece: Piece, standIns: StandIns): Promise<void> {
  for (;;) {
    try {
      return await session.run(piece.sql);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const role = missingRole(error);
      if (role === null || standIns.has(role)) throw refusal(error, script, piece);
      standIns.add(role);
      await session.run(`CREATE ROLE ${quoteName(role)}`);
    }
  }
}

/** A role of the server that a database's script takes for granted. */
function missingRole(error: DatabaseError): string | null {
  return error.code === "42704" ? (/^role "(.*)" does not exist$/s.exec(error.message)?.[1] ?? null) : null;
}

function refusal(error: DatabaseError, script: Script, piece: Piece): Diagnostic {
  const leading = /^\s*/.exec(piece.sql)?.[0].length ?? 0;
  const inside = error.fields.position === undefined ? leading : error.fields.position - 1;
  return new Diagnostic(
    {
      code: "statement-refused",
      what: `PostgreSQL refuses a statement of ${script.file}: ${piece.sql.trim().split("\n")[0]}`,
      at: positionOf(script, piece.offset + inside),
      why: `${error.message} (SQLSTATE ${error.code})`,
      next: error.fields.hint ?? "mend the statement; the script must run on an empty database",
    },
    error,
  );
}

function positionOf({ file, text }: Script, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** psql's own commands and COPY data, as pg_dump writes them, are blanked out: a state has no rows. Lines keep their number. */
function withoutPsql(text: string): string {
  return text
    .replace(/^COPY [^;]* FROM stdin;\n[\s\S]*?^\\\.$/gm, (block) => block.replace(/[^\n]/g, ""))
    .replace(/^\\.*$/gm, "");
}

/**
 * Statements as PostgreSQL's own grammar divides them; a text that the grammar of this version does not know goes to the
 * server whole.
 */
async function splitStatements(text: string): Promise<readonly Piece[]> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  const bytes = Buffer.from(text, "utf8");
  let statements: readonly { stmt_location?: number; stmt_len?: number }[];
  try {
    statements = parseSync(text).stmts ?? [];
  } catch {
    return [{ sql: text, offset: 0 }];
  }
  return statements.map(({ stmt_location: start = 0, stmt_len: length }) => ({
    sql: bytes.subarray(start, length === undefined ? undefined : start + length).toString("utf8"),
    offset: bytes.subarray(0, start).toString("utf8").length,
  }));
}
