import { Diagnostic } from "../diagnostic.ts";
import { quotePath } from "../quote.ts";
import { writeGeometry } from "../session/geojson.ts";
import type { Session } from "../session/session.ts";
import type { RememberedRow } from "./memory.ts";
import type { SeedFile } from "./seedFile.ts";

/** A table that rows are seeded into, as the database has it. */
export interface TargetTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As SQL writes it. */
  readonly text: string;
  readonly columns: ReadonlyMap<string, TargetColumn>;
}

export interface TargetColumn {
  readonly name: string;
  /** With its modifier. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** PostGIS's: GeoJSON is put into its text. */
  readonly isPlace: boolean;
}

export interface TargetKey {
  readonly child: number;
  readonly childName: string;
  readonly childColumns: readonly string[];
  readonly parent: number;
  readonly parentColumns: readonly string[];
  /** Some column may be null, so that a row can wait for its parent. */
  readonly canWait: boolean;
}

export interface SeedTables {
  /** Parents before children, as far as they are on no circle. */
  readonly inOrder: readonly TargetTable[];
  readonly keys: readonly TargetKey[];
  find(schema: string, name: string): TargetTable | undefined;
}

type ColumnRow = TargetColumn & { readonly oid: number; readonly schema: string; readonly table: string };

/** @throws Diagnostic `seed-table-missing` */
export async function readTables(
  session: Session,
  files: readonly SeedFile[],
  memory: readonly RememberedRow[],
): Promise<SeedTables> {
  const seeds = files.flatMap((file) => file.seeds);
  const schemas = [...seeds, ...memory].map(({ schema }) => schema);
  const names = [...seeds, ...memory].map(({ table }) => table);
  const rows = await session.query<ColumnRow>(COLUMNS, [schemas, names]);
  const tables = new Map<string, TargetTable & { readonly columns: Map<string, TargetColumn> }>();
  for (const { oid, schema, table, ...column } of rows) {
    const text = quotePath(schema, table);
    const known = tables.get(text) ?? { oid, schema, name: table, text, columns: new Map() };
    known.columns.set(column.name, column);
    tables.set(text, known);
  }
  const find = (schema: string, name: string) => tables.get(quotePath(schema, name));
  for (const seed of seeds) {
    const found = find(seed.schema, seed.table);
    const missing = seed.rows.find(({ values }) => [...values.keys()].some((name) => !found?.columns.has(name)));
    if (found !== undefined && missing === undefined) continue;
    const column = [...(missing?.values.keys() ?? [])].find((name) => !found?.columns.has(name));
    throw new Diagnostic({
      code: "seed-table-missing",
      what: `${session.name} has no ${found === undefined ? "table" : `column ${column} in`} ${quotePath(seed.schema, seed.table)}`,
      at: (missing ?? seed.rows[0])?.at,
      next: "bring the database to its latest migration first: `verso apply`; a new table or column needs a `verso plan`",
    });
  }
  // As declared where foreign keys leave it open: triggers may have their own reasons.
  const declared = [...new Set(seeds.map(({ schema, table }) => quotePath(schema, table)))];
  const places = new Map(declared.map((text, place) => [text, place]));
  const placeOf = ({ text }: TargetTable) => places.get(text) ?? places.size;
  const all = [...tables.values()].toSorted((a, b) => placeOf(a) - placeOf(b));
  const keys = await session.query<TargetKey>(KEYS, [all.map(({ oid }) => oid)]);
  return { inOrder: ordered(all, keys), keys, find };
}

function ordered(tables: readonly TargetTable[], keys: readonly TargetKey[]): readonly TargetTable[] {
  const sorted: TargetTable[] = [];
  const pending = new Set(tables);
  const isFree = (table: TargetTable, strict: boolean): boolean =>
    !keys.some(
      (key) =>
        key.child === table.oid &&
        key.parent !== table.oid &&
        (strict || !key.canWait) &&
        [...pending].some(({ oid }) => oid === key.parent),
    );
  while (pending.size > 0) {
    const [first] = pending;
    const next =
      [...pending].find((one) => isFree(one, true)) ?? [...pending].find((one) => isFree(one, false)) ?? first;
    if (next === undefined) break;
    pending.delete(next);
    sorted.push(next);
  }
  return sorted;
}

/** A value as json_to_recordset reads it into the column. */
export function valueFor({ isPlace }: Pick<TargetColumn, "isPlace">, json: unknown): unknown {
  if (!isPlace || typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((one) => valueFor({ isPlace }, one));
  return writeGeometry(json as Parameters<typeof writeGeometry>[0]);
}

const COLUMNS = `
  select c.oid::int as oid, n.nspname as schema, c.relname as table, a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    exists (select from pg_type t join pg_type b on b.oid in (t.oid, t.typbasetype, t.typelem)
      where t.oid = a.atttypid and b.typname in ('geometry', 'geography')) as "isPlace"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p') and (n.nspname, c.relname) in (select * from unnest($1::name[], $2::name[]))
  order by n.nspname, c.relname, a.attnum`;

const KEYS = `
  select k.conrelid::int as child, k.conrelid::regclass::text as "childName", k.confrelid::int as parent,
    array(select a.attname::text from unnest(k.conkey) with ordinality u(n, at)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.at) as "childColumns",
    array(select a.attname::text from unnest(k.confkey) with ordinality u(n, at)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.at) as "parentColumns",
    exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and not a.attnotnull)
      as "canWait"
  from pg_constraint k where k.contype = 'f' and k.conparentid = 0 and k.confrelid = any ($1::oid[])
  order by k.conrelid, k.conname`;
