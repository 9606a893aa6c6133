import type { Code, Entry, ObjectCode, Property } from "./code.ts";
import { constantsIn } from "./code.ts";
import type { Declaration } from "./declarations.ts";
import { printCode } from "./printCode.ts";

/** Columns that several tables have alike, as one constant to be spread. */
export interface SharedColumns {
  readonly name: string;
  readonly columns: readonly Property[];
}

/** One column in two tables says little; two columns side by side are a habit, and so is one in three tables. */
const LEAST_TABLES = (columns: number): number => (columns > 1 ? 2 : 3);

/**
 * Recognises runs of neighbouring columns that tables have in identical form, such as created_at and updated_at. Only columns
 * that say more than their type count: two plain texts of a name are a coincidence.
 * @param nameFor a free name for what they are
 */
export function shareColumns(
  declarations: readonly Declaration[],
  nameFor: (columns: readonly Property[]) => string,
): { readonly declarations: readonly Declaration[]; readonly shared: readonly SharedColumns[] } {
  const shared: SharedColumns[] = [];
  let current = declarations;
  for (;;) {
    const run = bestRun(current);
    if (run === null) return { declarations: current, shared };
    const name = nameFor(run);
    shared.push({ name, columns: run });
    const prints = run.map(print);
    current = current.map((one) => withColumns(one, (columns) => replaceRun(columns, prints, name)));
  }
}

const print = ({ key, value, doc }: Property): string =>
  JSON.stringify([key, doc ?? null, printCode(value, ({ id }) => id)]);

/** Something is said of it, and nothing that other files must be asked for. */
function isShareable({ value }: Property): boolean {
  if (value.code !== "call" || value.callee === "references" || constantsIn(value, true).length > 0) return false;
  const options = value.arguments.at(-1);
  if (options?.code !== "object") return false;
  const keys = options.entries.map((entry) => ("key" in entry ? entry.key : ""));
  return keys.some((key) => ["primaryKey", "default", "identity", "generated"].includes(key));
}

function bestRun(declarations: readonly Declaration[]): readonly Property[] | null {
  const found = new Map<string, { run: readonly Property[]; tables: number }>();
  for (const declaration of declarations) {
    const columns = columnsOf(declaration);
    const seen = new Set<string>();
    for (let start = 0; start < columns.length; start++) {
      const run: Property[] = [];
      for (const column of columns.slice(start)) {
        if ("spread" in column || !isShareable(column)) break;
        run.push(column);
        const key = run.map(print).join();
        if (seen.has(key)) continue;
        seen.add(key);
        const known = found.get(key);
        if (known === undefined) found.set(key, { run: [...run], tables: 1 });
        else known.tables++;
      }
    }
  }
  const worth = ({ run, tables }: { run: readonly Property[]; tables: number }) => run.length * tables;
  const runs = [...found].filter(([, { run, tables }]) => tables >= LEAST_TABLES(run.length));
  const [best] = runs.sort(([a, x], [b, y]) => worth(y) - worth(x) || y.run.length - x.run.length || (a < b ? -1 : 1));
  return best?.[1].run ?? null;
}

function columnsOf({ value }: Declaration): readonly Entry[] {
  if (value.code !== "call" || value.callee !== "table") return [];
  const definition = value.arguments[1];
  const columns = definition?.code === "object" ? propertyOf(definition, "columns") : undefined;
  return columns?.code === "object" ? columns.entries : [];
}

const propertyOf = (object: ObjectCode, key: string): Code | undefined =>
  object.entries.flatMap((entry) => ("key" in entry && entry.key === key ? [entry.value] : []))[0];

function withColumns(declaration: Declaration, change: (columns: readonly Entry[]) => readonly Entry[]): Declaration {
  const { value } = declaration;
  if (columnsOf(declaration).length === 0 || value.code !== "call") return declaration;
  const given = value.arguments.map((argument): Code => {
    if (argument.code !== "object") return argument;
    const entries = argument.entries.map((entry): Entry => {
      if (!("key" in entry) || entry.key !== "columns" || entry.value.code !== "object") return entry;
      return { ...entry, value: { ...entry.value, entries: change(entry.value.entries) } };
    });
    return { ...argument, entries };
  });
  return { ...declaration, value: { ...value, arguments: given } };
}

function replaceRun(columns: readonly Entry[], prints: readonly string[], name: string): readonly Entry[] {
  const printed = columns.map((entry) => ("spread" in entry ? "" : print(entry)));
  const start = printed.findIndex((_, i) => prints.every((one, n) => printed[i + n] === one));
  if (start < 0) return columns;
  return [...columns.slice(0, start), { spread: name }, ...columns.slice(start + prints.length)];
}

const TIMES = new Set(["timestamp", "timestamptz", "date", "time"]);

/** What a person would call them. */
export function nameOfShared(columns: readonly Property[]): string {
  const names = columns.map(({ key }) => key);
  const [only = "columns"] = names;
  const isKey = (column: Property | undefined): boolean =>
    column?.value.code === "call" &&
    column.value.arguments.some(
      (argument) =>
        argument.code === "object" && argument.entries.some((entry) => "key" in entry && entry.key === "primaryKey"),
    );
  if (
    columns.every(({ value }) => value.code === "call" && typeof value.callee === "string" && TIMES.has(value.callee))
  ) {
    return names.length > 1 ? "timestamps" : only.replace(/_at$/, "");
  }
  if (names.length === 1 && isKey(columns[0])) return "key";
  return names.length === 1 ? only : names.join("_and_");
}
