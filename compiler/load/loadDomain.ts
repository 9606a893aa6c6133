import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import type { Domain } from "../declare/schemas.ts";
import { AT, type Sited } from "../declare/site.ts";
import { Diagnostic, type Position } from "../diagnostic.ts";
import * as verso from "../index.ts";
import { nearest } from "../nearest.ts";
import { cacheFolders } from "../session/cache.ts";
import { shown } from "../shown.ts";
import { type FileNotes, type Note, readNotes } from "./notes.ts";

/** Anything that a constructor of the public API returns and a domain consists of. */
export interface Declaration extends Sited {
  readonly declares: string;
}

/** A declaration with the place where the definitions say it. */
export interface Loaded {
  readonly declaration: Declaration;
  readonly source: SourceOf;
}

/** Where a declaration, and what is said inside it, was written and what the comments there say. */
export interface SourceOf extends Place {
  /** A column, by the place of its constructor. */
  column(name: string, column: Sited): Place;
  /** An entry of a record, such as a policy by its name. */
  property(section: string, name: string): Place;
  /** An element of a list, by the columns it names: `["user_id", "created_at"]`. */
  element(section: string, columns: readonly string[]): Place;
}
export interface Place {
  readonly position: Position;
  readonly doc?: string;
  /** Of a declaration: where TypeScript finds it. */
  readonly exported?: Exported;
}

export interface Exported {
  readonly declaration: Declaration;
  readonly file: string;
  /** The export's name, and the property names that lead from there to the declaration. */
  readonly trail: readonly [name: string, ...inside: string[]];
}

export interface LoadedDomain {
  readonly folder: string;
  readonly domain: Domain;
  readonly position: Position;
  readonly declarations: readonly Loaded[];
  /** Every definition file of the domain, for those who watch. */
  readonly files: readonly string[];
}

/** Kinds of values that constructors return for use inside others; exporting them means nothing. */
const PARTS = new Set(["column", "sql", "self", "all of", "database", "member", "its owner", "row value"]);

/**
 * The declarations that the files of a definitions folder export, in the order of files and exports.
 * @throws Diagnostic at the definition that cannot be loaded
 */
export async function loadDomain(folder: string): Promise<LoadedDomain> {
  const root = resolve(folder);
  const files = await definitionFiles(root);
  const found = await inTurn(() => importFiles(files));
  const notes = await readNotes(files);
  const seen = new Map<Declaration, Exported>();
  for (const one of found) {
    const known = seen.get(one.declaration);
    // A re-export leads to the same object; the file that writes it down says more.
    // So does its own constant, more than a record that it is used in.
    const isCloser = known !== undefined && one.trail.length < known.trail.length;
    if (known === undefined || ((isCloser || noteOf(known, notes) === undefined) && noteOf(one, notes) !== undefined)) {
      seen.set(one.declaration, one);
    }
  }
  const all = [...seen.values()].sort((a, b) => inOrderOfWriting(a, b, notes));
  const domains = all.filter(({ declaration }) => declaration.declares === "domain");
  const [own, second] = domains;
  if (own !== undefined && second !== undefined) {
    throw new Diagnostic({
      code: "domain-declared-twice",
      what: `${folder} declares more than one domain`,
      at: sourceOf(second, notes).position,
      why: `the other one is at ${positionText(sourceOf(own, notes).position)}`,
      next: "keep one `export default domain({ … })`, in domain.ts",
    });
  }
  const domain = own?.declaration as Domain | undefined;
  const name = domain?.name === undefined || domain.name === "" ? basename(root) : domain.name;
  return {
    folder: root,
    domain: { ...(domain ?? verso.domain()), name },
    position:
      own === undefined ? { file: shown(join(root, "domain.ts")), line: 1, column: 1 } : sourceOf(own, notes).position,
    declarations: all
      .filter(({ declaration }) => declaration.declares !== "domain")
      .map((one) => ({ declaration: one.declaration, source: sourceOf(one, notes) })),
    files,
  };
}

async function definitionFiles(root: string): Promise<readonly string[]> {
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new Diagnostic({
      code: "domain-not-found",
      what: `there is no folder ${shown(root)}`,
      next: "definitions live in definitions/<domain>/; `verso init` makes a first one",
    });
  }
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.[mc]?ts$/.test(entry.name) && !/\.(test|d)\.[mc]?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`))
    .sort();
}

let loading: Promise<unknown> = Promise.resolve();

/** One load at a time: they share the module cache, which must hold no file of an earlier load. */
function inTurn<T>(load: () => Promise<T>): Promise<T> {
  const turn = loading.then(load, load);
  loading = turn.catch(() => undefined);
  return turn;
}

const ENGINE = fileURLToPath(new URL("..", import.meta.url));

async function importFiles(files: readonly string[]): Promise<readonly Exported[]> {
  const jiti = createJiti(import.meta.url, {
    fsCache: await jitiCache(),
    interopDefault: false,
    virtualModules: { verso },
  });
  const { cache } = createRequire(import.meta.url);
  const before = new Set(Object.keys(cache));
  try {
    const found: Exported[] = [];
    for (const file of files) {
      const exports = await jiti.import<Record<string, unknown>>(file).catch((error: unknown) => {
        return explain(error, file);
      });
      for (const [name, value] of Object.entries(exports)) collect(value, file, [name], found);
    }
    return found;
  } finally {
    for (const key of Object.keys(cache)) {
      const isOthers = before.has(key) || key.startsWith(ENGINE) || key.includes(`${sep}node_modules${sep}`);
      if (!isOthers) delete cache[key];
    }
  }
}

async function jitiCache(): Promise<string | boolean> {
  for (const folder of cacheFolders()) {
    const path = join(folder, "jiti");
    const isThere = await mkdir(path, { recursive: true, mode: 0o700 }).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return false;
}

function collect(value: unknown, file: string, trail: Exported["trail"], found: Exported[]): void {
  if (value === null || (typeof value !== "object" && typeof value !== "function") || trail.length > 5) return;
  if ("declares" in value) {
    const declaration = value as Declaration;
    if (!PARTS.has(declaration.declares)) found.push({ declaration, file, trail });
    return;
  }
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (typeof value === "object" && isPlain) {
    for (const [name, inside] of Object.entries(value)) collect(inside, file, [...trail, name], found);
  }
}

function noteOf({ file, trail: [name, ...inside] }: Exported, notes: ReadonlyMap<string, FileNotes>): Note | undefined {
  return notes.get(file)?.at(name, inside);
}

function sourceOf(one: Exported, notes: ReadonlyMap<string, FileNotes>): SourceOf {
  const found = noteOf(one, notes);
  const fallback = sited(one.declaration, notes) ?? { position: { file: shown(one.file), line: 1, column: 1 } };
  const place = found === undefined ? fallback : placeOf(found, one.file);
  const owner = one.trail[0];
  const written = notes.get(one.file);
  const inside = (note: Note | undefined): Place | undefined =>
    note === undefined ? undefined : placeOf(note, one.file);
  const columns = new Map<string, Place>();
  const columnPlace = (name: string, column: Sited): Place => {
    const own = inside(written?.property(owner, "columns", name));
    const made = own?.doc === undefined ? sited(column, notes, name) : undefined;
    return made ?? own ?? bare(place);
  };
  return {
    ...place,
    exported: one,
    column: (name, column) => {
      const known = columns.get(name) ?? columnPlace(name, column);
      columns.set(name, known);
      return known;
    },
    property: (section, name) => inside(written?.property(owner, section, name)) ?? bare(place),
    element: (section, columns) => inside(written?.element(owner, section, columns.join(","))) ?? bare(place),
  };
}

/** Exports of a module arrive sorted by name. */
function inOrderOfWriting(a: Exported, b: Exported, notes: ReadonlyMap<string, FileNotes>): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  const [first, second] = [noteOf(a, notes), noteOf(b, notes)];
  if (first === undefined || second === undefined) return 0;
  return first.line - second.line || first.column - second.column;
}

/** A place that has no comment of its own. */
const bare = ({ position }: Place): Place => ({ position });

const placeOf = (note: Note, file: string): Place => ({
  position: { file: shown(file), line: note.line, column: note.column },
  ...(note.doc === undefined ? {} : { doc: note.doc }),
});

/** The place of a constructor's call, found in its stack; `name` is what the value is called there. */
function sited(value: Sited, notes: ReadonlyMap<string, FileNotes>, name?: string): Place | undefined {
  for (const { file, line } of framesOf(value[AT]?.stack ?? "")) {
    const written = notes.get(file);
    if (written === undefined) continue;
    const note = name === undefined ? undefined : written.made(name, line);
    return note === undefined ? { position: { file: shown(file), line, column: 1 } } : placeOf(note, file);
  }
  return undefined;
}

function* framesOf(stack: string): Generator<{ readonly file: string; readonly line: number }> {
  for (const frame of stack.split("\n")) {
    const [, place, line] = /^ {4}at (.*):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (place === undefined) continue;
    // "at name (place)", "at place" or "at async place"; a path may have parentheses of its own.
    const named = frame.endsWith(")") ? place.indexOf(" (") + 2 : place.startsWith("async ") ? 6 : 0;
    const file = place.slice(named);
    yield { file: file.startsWith("file:") ? fileURLToPath(file) : file, line: Number(line) };
  }
}

const positionText = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;

/** Says where and why a definition file could not be loaded. @throws always */
async function explain(error: unknown, file: string): Promise<never> {
  if (error instanceof Diagnostic) throw error;
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const syntax = /^ParseError: ([\s\S]*?)\s*\n\s*(\S.*):(\d+):(\d+)\s*$/.exec(message);
  if (syntax !== null) {
    const [, what = "", at = file, line, column] = syntax;
    throw new Diagnostic(
      {
        code: "syntax-error",
        what: `${shown(at)} is not TypeScript that can be read: ${what.trim()}`,
        at: { file: shown(at), line: Number(line), column: Number(column) + 1 },
        next: "mend the syntax there or just before",
      },
      error,
    );
  }
  const twice = /Duplicate declaration "([^"]+)"\s*\n\s*(\S.*):\d+:\d+\s*$/.exec(message);
  if (twice !== null) {
    const [, name = "", at = file] = twice;
    throw new Diagnostic(
      {
        code: "syntax-error",
        what: `${shown(at)} declares ${name} twice`,
        at: await positionOfLast(at, name),
        next: "give one of them another name; what is imported counts too",
      },
      error,
    );
  }
  const missing = /Cannot find module '([^']+)'/.exec(message);
  if (missing !== null) {
    throw new Diagnostic(
      {
        code: "import-not-found",
        what: `${shown(file)} imports ${missing[1]}, which is not there`,
        at: await positionInFile(file, missing[1] ?? ""),
        next: "correct the path, or install the package",
      },
      error,
    );
  }
  const [frame] = [...framesOf(stack)].filter(
    (one) => !one.file.startsWith(ENGINE) && !one.file.includes("node_modules"),
  );
  const place = frame ?? { file, line: 1 };
  const unknown = /\(0 ?, ?_(\w+)\.(\w+)\) is not a function|_(\w+)\.(\w+) is not a function/.exec(message);
  const name = unknown?.[2] ?? unknown?.[4];
  if (unknown !== null && name !== undefined && (unknown[1] ?? unknown[3]) === "verso" && !(name in verso)) {
    const meant = nearest(name, Object.keys(verso));
    throw new Diagnostic(
      {
        code: "unknown-constructor",
        what: `"verso" exports no ${name}`,
        at: await positionInLine(place, name),
        next:
          meant === null ? "the top of Verso's compiler/index.ts shows every constructor" : `did you mean ${meant}?`,
      },
      error,
    );
  }
  const undeclared = /^(?:Cannot access '(\w+)' before initialization|(\w+) is not defined)$/.exec(message);
  throw new Diagnostic(
    {
      code: "definition-failed",
      what: `${shown(place.file)} fails when it is loaded: ${message}`,
      at: await positionInLine(place, undeclared?.[1] ?? undeclared?.[2] ?? ""),
      next:
        undeclared?.[1] === undefined
          ? "mend the definition; `npx tsc --noEmit` often says more"
          : `declare ${undeclared[1]} before it is used, or name it by a thunk or text: references(() => ${undeclared[1]}, …), references("${undeclared[1]}.id", …)`,
    },
    error,
  );
}

async function positionInLine(
  place: { readonly file: string; readonly line: number },
  text: string,
): Promise<Position> {
  const lines = (await readFile(place.file, "utf8").catch(() => "")).split("\n");
  const line = lines[place.line - 1] ?? "";
  const found = text === "" ? line.search(/\S/) : line.indexOf(text);
  return { file: shown(place.file), line: place.line, column: Math.max(found, 0) + 1 };
}

/** Where the file declares the name for the last time. */
async function positionOfLast(file: string, name: string): Promise<Position> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const declares = new RegExp(`\\b(?:const|let|var|function|class)\\s+${name.replaceAll("$", "\\$")}\\b`);
  const index = lines.findLastIndex((line) => declares.test(line));
  return positionInLine({ file, line: Math.max(index, 0) + 1 }, name);
}

async function positionInFile(file: string, text: string): Promise<Position> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  return positionInLine({ file, line: Math.max(index, 0) + 1 }, text);
}
