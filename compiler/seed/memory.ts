import { grouped } from "../grouped.ts";
import { quoteName } from "../quote.ts";
import type { Session } from "../session/session.ts";
import { byKey, type Found, referringRows } from "./referring.ts";
import type { SeedFile } from "./seedFile.ts";
import type { SeedTables, TargetTable } from "./seedTables.ts";
import type { SeededRowState } from "./upsert.ts";

/** A row that seeds declared once, as the ledger has it. */
export interface RememberedRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** Texts of its key's columns. */
  readonly key: Readonly<Record<string, string>>;
  /** A seed made it; otherwise it was there before, and is somebody's own. */
  readonly isMade: boolean;
}

/** A row that is no longer declared and stays. */
export interface KeptRow {
  readonly table: string;
  readonly row: string;
  readonly key: Readonly<Record<string, string>>;
  readonly why: string;
  /** It would go with consent. */
  readonly wantsConsent: boolean;
}

export async function readMemory(session: Session, domain: string): Promise<readonly RememberedRow[]> {
  return session.query<RememberedRow>(
    `select table_schema as schema, table_name as table, row_name as name, key, is_made as "isMade"
     from verso.seeds where domain = $1 order by table_schema, table_name, row_name`,
    [domain],
  );
}

const idOf = (schema: string, table: string, name: string): string => JSON.stringify([schema, table, name]);
const keyIdOf = (schema: string, table: string, key: Readonly<Record<string, string>>): string =>
  JSON.stringify([schema, table, Object.entries(key).sort()]);

type Key = Readonly<Record<string, string>>;

/** Keys of the same columns. Where a seed has another key than before, its rows are taken for what they were. */
const isComparable = (one: Key, other: Key): boolean =>
  JSON.stringify(Object.keys(one).sort()) === JSON.stringify(Object.keys(other).sort());

/** Writes down what was seeded; what is known already is left as it is. */
export async function remember(
  session: Session,
  domain: string,
  rows: readonly SeededRowState[],
  memory: readonly RememberedRow[],
): Promise<void> {
  const byName = new Map(memory.map((one) => [idOf(one.schema, one.table, one.name), one]));
  const byKey = new Map(memory.map((one) => [keyIdOf(one.schema, one.table, one.key), one]));
  const left = new Set(leftBehind(rows, memory));
  const fresh = rows.flatMap(({ target: { schema, name: table }, row, key, outcome, isMoved }) => {
    const known = byName.get(idOf(schema, table, row.name));
    if (known !== undefined && left.has(known)) return [];
    const isThere = known !== undefined && keyIdOf(schema, table, known.key) === keyIdOf(schema, table, key);
    const isSame = isThere || isMoved || (known !== undefined && !isComparable(known.key, key));
    // A row that was there by this key is what it was under any other name.
    const before = isSame ? known : byKey.get(keyIdOf(schema, table, key));
    const isMade = outcome === "inserted" || before?.isMade === true;
    return isThere && known.isMade === isMade ? [] : [{ schema, table, name: row.name, key, is_made: isMade }];
  });
  if (fresh.length === 0) return;
  await session.query(
    `insert into verso.seeds (domain, table_schema, table_name, row_name, key, is_made)
     select $1, d.schema, d.table, d.name, d.key, d.is_made
     from json_to_recordset($2::json) as d(schema text, "table" text, name text, key json, is_made boolean)
     on conflict (domain, table_schema, table_name, row_name) do update
       set key = excluded.key, is_made = excluded.is_made, seeded_at = excluded.seeded_at`,
    [domain, JSON.stringify(fresh)],
  );
}

/** Rows that seeds made whose names stand for other rows now, because those had the new keys already; nobody's any more. */
function leftBehind(rows: readonly SeededRowState[], memory: readonly RememberedRow[]): readonly RememberedRow[] {
  const byName = new Map(rows.map((one) => [idOf(one.target.schema, one.target.name, one.row.name), one]));
  const taken = new Set(rows.map(({ target, key }) => keyIdOf(target.schema, target.name, key)));
  return memory.filter(({ schema, table, name, key, isMade }) => {
    const row = byName.get(idOf(schema, table, name));
    const isElsewhere = row !== undefined && row.outcome !== "inserted" && !row.isMoved && isComparable(row.key, key);
    return isMade && isElsewhere && !taken.has(keyIdOf(schema, table, key));
  });
}

export interface Forgetting {
  readonly tables: SeedTables;
  readonly memory: readonly RememberedRow[];
  /** In all environments. */
  readonly declared: readonly SeedFile[];
  readonly rows: readonly SeededRowState[];
  readonly acceptDataLoss: boolean;
}

/** Removes rows that are no longer declared, children first: such as a seed made, with consent, and that nothing refers to. */
export async function removeForgotten(
  session: Session,
  domain: string,
  { tables, memory, declared, rows, acceptDataLoss }: Forgetting,
): Promise<{ readonly removed: readonly RememberedRow[]; readonly kept: readonly KeptRow[] }> {
  const names = new Set(
    declared.flatMap(({ seeds }) =>
      seeds.flatMap((one) => one.rows.map((row) => idOf(one.schema, one.table, row.name))),
    ),
  );
  const taken = new Set(rows.map(({ target, key }) => keyIdOf(target.schema, target.name, key)));
  const removed: RememberedRow[] = [];
  const kept: KeptRow[] = [];
  const forgotten: RememberedRow[] = [];
  const heirs: SeededRowState[] = [];
  const undeclared = memory.filter((one) => !names.has(idOf(one.schema, one.table, one.name)));
  const gone = [...undeclared, ...leftBehind(rows, memory)];
  const place = ({ schema, table }: RememberedRow) =>
    tables.inOrder.findIndex((one) => one.schema === schema && one.name === table);
  for (const one of gone.toSorted((a, b) => place(b) - place(a))) {
    const target = tables.find(one.schema, one.table);
    const isOwn = one.isMade && !taken.has(keyIdOf(one.schema, one.table, one.key));
    const found = target === undefined || !isOwn ? null : await find(session, target, one);
    const heir =
      target === undefined || found === null ? null : await declaredAs(session, target, found, { one, rows });
    if (heir !== null) heirs.push(heir);
    if (target === undefined || found === null || heir !== null) {
      forgotten.push(one);
      continue;
    }
    const referring = await referringRows(session, tables, target, found);
    if (referring === null && acceptDataLoss) {
      await session.query(`delete from ${target.text} t where ${found.condition}`, found.values);
      removed.push(one);
      forgotten.push(one);
      continue;
    }
    kept.push({
      table: target.text,
      row: one.name,
      key: one.key,
      why: referring ?? "a seed made it, and no seed declares it any more",
      wantsConsent: referring === null,
    });
  }
  if (heirs.length > 0) {
    // A seed made them, under other names and keys.
    await session.query(
      `update verso.seeds s set is_made = true from unnest($2::text[], $3::text[], $4::text[]) d(schema, "table", name)
       where s.domain = $1 and s.table_schema = d.schema and s.table_name = d.table and s.row_name = d.name`,
      [domain, heirs.map((o) => o.target.schema), heirs.map((o) => o.target.name), heirs.map((o) => o.row.name)],
    );
  }
  if (forgotten.length > 0) {
    await session.query(
      `delete from verso.seeds s using unnest($2::text[], $3::text[], $4::text[]) d(schema, "table", name)
       where s.domain = $1 and s.table_schema = d.schema and s.table_name = d.table and s.row_name = d.name`,
      [domain, forgotten.map((o) => o.schema), forgotten.map((o) => o.table), forgotten.map((o) => o.name)],
    );
  }
  return { removed, kept: kept.reverse() };
}

async function find(session: Session, { text, columns }: TargetTable, { key }: RememberedRow): Promise<Found | null> {
  if (!Object.keys(key).every((name) => columns.has(name))) return null;
  const found = byKey(key);
  const rows = await session.query(`select 1 as found from ${text} t where ${found.condition}`, found.values);
  return rows.length === 1 ? found : null;
}

/** What declares a row under another name and by other columns; null where nothing does. */
async function declaredAs(
  session: Session,
  target: TargetTable,
  { condition, values }: Found,
  { one, rows }: { readonly one: RememberedRow; readonly rows: readonly SeededRowState[] },
): Promise<SeededRowState | null> {
  const others = rows.filter((row) => row.target === target && !isComparable(row.key, one.key));
  for (const keys of grouped(others, ({ key }) => JSON.stringify(Object.keys(key))).values()) {
    const columns = Object.keys(keys[0]?.key ?? {}).map(quoteName);
    const [found] = await session.query<{ at: number }>(
      `select d."verso row" as at from ${target.text} t
       join json_to_recordset($${values.length + 1}::json) as d("verso row" int, ${columns.map((name) => `${name} text`).join(", ")})
         on ${columns.map((name) => `t.${name}::text = d.${name}`).join(" and ")}
       where ${condition}`,
      [...values, JSON.stringify(keys.map(({ key }, at) => ({ ...key, "verso row": at })))],
    );
    if (found !== undefined) return keys[found.at] ?? null;
  }
  return null;
}

/** `countries.de (code = DE)` */
export const keptText = ({ table, row, key }: KeptRow): string =>
  `${table} ${row} (${Object.entries(key)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ")})`;
