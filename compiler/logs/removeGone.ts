import { Diagnostic, type Position } from "../diagnostic.ts";
import { grouped } from "../grouped.ts";
import { plural } from "../quantities.ts";
import { quoteName } from "../quote.ts";
import { byKey, type Found, referringRows } from "../seed/referring.ts";
import type { RowReference, SeededValue, TableSeed } from "../seed/seedFile.ts";
import type { SeedTables, TargetTable } from "../seed/seedTables.ts";
import type { SeededRowState } from "../seed/upsert.ts";
import type { Session } from "../session/session.ts";

/** Of a table's rows with these values, the told ones are all that there are to be. */
export interface ToldWhole {
  readonly seed: Omit<TableSeed, "rows">;
  readonly of: ReadonlyMap<string, SeededValue>;
  readonly at: Position;
}

export interface Removing {
  readonly tables: SeedTables;
  readonly wholes: readonly ToldWhole[];
  readonly states: readonly SeededRowState[];
  readonly isAccepted: boolean;
}

interface GoneRow {
  readonly target: TargetTable;
  readonly key: Key;
  readonly at: Position;
}

type Key = Readonly<Record<string, string>>;

const LISTED = 20;

/**
 * Removes rows of which all were told, and these not; children first.
 * @returns how many of which table
 * @throws Diagnostic `log-rows-referred` where others refer to one, `log-rows-gone` where nobody consents
 */
export async function removeGone(
  session: Session,
  { tables, wholes, states, isAccepted }: Removing,
): Promise<ReadonlyMap<string, number>> {
  const gone: GoneRow[] = [];
  const find = finderOf(states);
  for (const target of tables.inOrder.toReversed()) {
    const own = wholes.filter(({ seed }) => tables.find(seed.schema, seed.table) === target);
    if (own.length === 0) continue;
    const told = toldKeys(states.filter((one) => one.target === target));
    for (const whole of own) {
      const columns = [...new Set([...whole.seed.key, ...told.flatMap((keys) => keys.columns)])];
      for (const row of await rowsOf(session, target, columns, conditionOf(whole, target, find))) {
        if (told.some((keys) => keys.has(row))) continue;
        const key = Object.fromEntries(whole.seed.key.map((name) => [name, row[name] ?? ""]));
        const one: GoneRow = { target, key, at: whole.at };
        const referring = await referringRows(session, tables, target, byKey(key));
        if (referring !== null) throw referred(one, referring);
        const { condition, values } = byKey(key);
        await session.query(`delete from ${target.text} t where ${condition}`, values);
        gone.push(one);
      }
    }
  }
  // What was removed meanwhile is back then.
  if (gone.length > 0 && !isAccepted) throw unwanted(gone);
  return new Map([...grouped(gone, ({ target }) => target.text)].map(([table, rows]) => [table, rows.length]));
}

type Find = (reference: RowReference) => SeededRowState | undefined;

function finderOf(states: readonly SeededRowState[]): Find {
  const idOf = (schema: string, table: string, row: string) => JSON.stringify([schema, table, row]);
  const byId = new Map(states.map((one) => [idOf(one.target.schema, one.target.name, one.row.name), one]));
  return ({ schema, table, row }) => byId.get(idOf(schema, table, row));
}

interface ToldKeys {
  readonly columns: readonly string[];
  has(row: Key): boolean;
}

/** By the columns of keys: loaders may tell of one table's rows by several. */
function toldKeys(states: readonly SeededRowState[]): readonly ToldKeys[] {
  return [...grouped(states, ({ key }) => JSON.stringify(Object.keys(key))).values()].map((rows) => {
    const columns = Object.keys(rows[0]?.key ?? {});
    const idOf = (key: Key) => JSON.stringify(columns.map((name) => key[name]));
    const ids = new Set(rows.map(({ key }) => idOf(key)));
    return { columns, has: (row) => ids.has(idOf(row)) };
  });
}

async function rowsOf(
  session: Session,
  { text }: TargetTable,
  columns: readonly string[],
  { condition, values }: Found,
): Promise<readonly Key[]> {
  const texts = columns.map((name) => `t.${quoteName(name)}::text`).join(", ");
  const rows = await session.query<{ texts: readonly (string | null)[] }>(
    `select array[${texts}]::text[] as texts from ${text} t where ${condition}`,
    values,
  );
  return rows.map(({ texts }) => Object.fromEntries(columns.map((name, i) => [name, texts[i] ?? ""])));
}

/** What a whole's rows have in common; another row's column is that row's, wherever it got it from. */
function conditionOf({ of }: ToldWhole, target: TargetTable, find: Find): Found {
  const values: string[] = [];
  const given = (text: string, { columns }: TargetTable, name: string): string =>
    `$${values.push(text)}::text::${columns.get(name)?.type}`;
  const settled = (name: string, value: SeededValue): string => {
    if (value.is === "sql") return `(${value.sql})`;
    if (value.is === "value")
      return given(typeof value.json === "string" ? value.json : JSON.stringify(value.json), target, name);
    const other = find(value.of);
    if (other === undefined) return "null";
    const same = Object.entries(other.key).map(
      ([column, text]) => `p.${quoteName(column)} = ${given(text, other.target, column)}`,
    );
    return `(select p.${quoteName(value.of.column)} from ${other.target.text} p where ${same.join(" and ")})`;
  };
  const condition = [...of].map(([name, value]) => `t.${quoteName(name)} = ${settled(name, value)}`);
  return { condition: condition.join(" and "), values };
}

const keyText = (key: Key): string =>
  Object.entries(key)
    .map(([name, text]) => `${name} ${text}`)
    .join(", ");

const referred = ({ target, key, at }: GoneRow, referring: string): Diagnostic =>
  new Diagnostic({
    code: "log-rows-referred",
    what: `a row of ${target.text} is no longer in the logs and cannot be removed; nothing was loaded`,
    at,
    why: `${keyText(key)}: ${referring}`,
    next: "put it back into the log, or remove first what refers to it",
  });

function unwanted(gone: readonly GoneRow[]): Diagnostic {
  const tables = [...new Set(gone.map(({ target }) => target.text))].join(", ");
  const rest = gone.length - LISTED;
  return new Diagnostic({
    code: "log-rows-gone",
    what: `${plural(gone.length, "row")} of ${tables} ${gone.length === 1 ? "is" : "are"} no longer in the logs; nothing was loaded`,
    at: gone[0]?.at,
    why:
      gone
        .slice(0, LISTED)
        .map(({ key }) => keyText(key))
        .join("; ") + (rest > 0 ? `; and ${rest} more` : ""),
    next: "add --accept-data-loss to remove what the logs no longer tell of, or put it back into the log",
  });
}
