import { notOfExtension, userSchema } from "../kinds/kind.ts";
import { quotePath } from "../quote.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { attempt } from "./judge.ts";

/** What a generator of rows needs to know of a database, addressed by object id: names change on the way, ids do not. */
export interface Shapes {
  readonly tables: readonly TableShape[];
  readonly types: ReadonlyMap<number, TypeShape>;
}

export interface TableShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly checks: readonly Named<Condition>[];
  readonly foreignKeys: readonly Named<ForeignKeyShape>[];
  readonly uniques: readonly Named<UniqueShape>[];
  /** Of a partitioned table: what each leaf accepts. Null for an ordinary table. */
  readonly leaves: readonly Leaf[] | null;
}

/** What one partition accepts, its columns numbered as its root's. */
export interface Leaf extends Condition {
  readonly oid: number;
  readonly names: readonly string[];
}

/** With the name of the constraint or index. */
export type Named<T> = T & { readonly name: string };

/** An expression over the columns of one row, as PostgreSQL prints it. */
export interface Condition {
  readonly sql: string;
  /** Column numbers. */
  readonly columns: readonly number[];
}

/** A type with its modifier. */
export interface Typed {
  readonly type: number;
  readonly typmod: number;
  /** As format_type prints it with an empty search_path. */
  readonly text: string;
}

export interface ColumnShape extends Typed {
  readonly number: number;
  readonly name: string;
  readonly notNull: boolean;
  /** Expression of a generated column, and the columns it reads. */
  readonly generated: Condition | null;
  /** Expression of the default, for the constants in it; empty for an identity column. */
  readonly default: string | null;
}

export interface ForeignKeyShape {
  readonly columns: readonly number[];
  readonly parent: number;
  readonly parentColumns: readonly number[];
  /** Operators that compare parent and child, qualified. */
  readonly operators: readonly string[];
  /** MATCH FULL: all columns are null or none is. */
  readonly isFull: boolean;
  /** PERIOD on its last column: contained, not equal. */
  readonly hasPeriod: boolean;
}

export interface UniqueShape {
  readonly columns: readonly number[];
  /** On plain columns of all rows, so that different values are all it asks for. */
  readonly isPlain: boolean;
  readonly nullsNotDistinct: boolean;
  readonly isExclusion: boolean;
}

export interface TypeShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b, d, e, c, r, m. */
  readonly kind: string;
  /** pg_type.typcategory: N, S, D … */
  readonly category: string;
  readonly delimiter: string;
  /** Of an array or multirange its element, of a range its subtype, of a domain its base. */
  readonly inner: Typed | null;
  /** Of a domain: it refuses null, by itself or by a check. */
  readonly notNull: boolean;
  readonly checks: readonly string[];
  readonly labels: readonly string[];
  readonly fields: readonly Typed[];
}

const RELATIONS = `
  select c.oid, n.nspname, c.relname, c.relkind
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relpersistence <> 't' and not c.relispartition and ${userSchema("n.nspname")}
    and ${notOfExtension("pg_class", "c.oid")}`;

type TableRow = Pick<TableShape, "oid" | "schema" | "name" | "columns"> & { readonly isPartitioned: boolean };
type PartRow<T> = T & { readonly table: number };

/**
 * Reads the shapes of all ordinary tables and partitioned roots, partitions left out, sorted by name. The search_path must
 * be empty, so that every name is printed with its schema.
 */
export async function readShapes(session: Session): Promise<Shapes> {
  const tables = await rows<TableRow>(session, COLUMNS);
  if (tables.length === 0) return { tables: [], types: new Map() };
  const checks = byTable(await rows<PartRow<Named<Condition>>>(session, CHECKS));
  const foreignKeys = byTable(await rows<PartRow<Named<ForeignKeyShape>>>(session, foreignKeysQuery(session.version)));
  const uniques = byTable(await rows<PartRow<Named<UniqueShape>>>(session, uniquesQuery(session.version)));
  const hasPartitions = tables.some((table) => table.isPartitioned);
  const leaves = byTable(hasPartitions ? await rows<PartRow<Leaf>>(session, LEAVES) : []);
  return {
    tables: tables.map((table) => ({
      ...table,
      checks: checks.get(table.oid) ?? [],
      foreignKeys: foreignKeys.get(table.oid) ?? [],
      uniques: uniques.get(table.oid) ?? [],
      leaves: table.isPartitioned ? (leaves.get(table.oid) ?? []) : null,
    })),
    types: await withRefusals(
      session,
      await readTypes(
        session,
        tables.flatMap(({ columns }) => columns.map(({ type }) => type)),
      ),
    ),
  };
}

/** PostgreSQL asks the checks of a domain of null too. */
async function withRefusals(session: Session, types: Shapes["types"]): Promise<Shapes["types"]> {
  const told = new Map(types);
  for (const [oid, type] of types) {
    if (type.kind !== "d" || type.notNull || type.checks.length === 0) continue;
    const answer = await attempt(session, () => session.query(`select null::${quotePath(type.schema, type.name)}`));
    if (answer instanceof DatabaseError) told.set(oid, { ...type, notNull: true });
  }
  return told;
}

/** Types with all that they are made of. */
export async function readTypes(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, TypeShape>> {
  const types = new Map<number, TypeShape>();
  for (let wanted = [...new Set(oids)]; wanted.length > 0; ) {
    const found = await rows<TypeShape>(session, typesQuery(wanted));
    for (const type of found) types.set(type.oid, type);
    const parts = found.flatMap(({ inner, fields }) => (inner === null ? fields : [inner, ...fields]));
    wanted = [...new Set(parts.map(({ type }) => type))].filter((oid) => !types.has(oid));
  }
  return types;
}

/** Numbers arrive as JSON, not as bigint; a big array is one row of it. */
async function rows<Row>(session: Session, query: string): Promise<readonly Row[]> {
  const [row] = await session.query<{ rows: readonly Row[] | null }>(
    `select jsonb_agg(to_jsonb(q)) as rows from (${query}) q`,
  );
  return row?.rows ?? [];
}

function byTable<T>(parts: readonly PartRow<T>[]): ReadonlyMap<number, readonly T[]> {
  const tables = new Map<number, T[]>();
  for (const part of parts) {
    const list = tables.get(part.table);
    if (list === undefined) tables.set(part.table, [part]);
    else list.push(part);
  }
  return tables;
}

const typed = (type: string, typmod: string): string =>
  `'type', ${type}::int8, 'typmod', ${typmod}, 'text', format_type(${type}, ${typmod})`;

const COLUMNS = `
  select r.oid::int8 as oid, r.nspname as schema, r.relname as name, r.relkind = 'p' as "isPartitioned",
    coalesce((
      select jsonb_agg(jsonb_build_object('number', a.attnum, 'name', a.attname,
        ${typed("a.atttypid", "a.atttypmod")}, 'notNull', a.attnotnull,
        'generated', case when a.attgenerated <> '' then jsonb_build_object(
          'sql', pg_get_expr(d.adbin, d.adrelid),
          -- Recorded for the default or, in older versions, for the column.
          'columns', (select coalesce(jsonb_agg(distinct e.refobjsubid), '[]') from pg_depend e
            where e.refclassid = 'pg_class'::regclass and e.refobjid = r.oid and e.refobjsubid not in (0, a.attnum)
              and (e.classid = 'pg_attrdef'::regclass and e.objid = d.oid
                or e.classid = 'pg_class'::regclass and e.objid = r.oid and e.objsubid = a.attnum))) end,
        'default', case when a.attidentity <> '' then '' when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end
      ) order by a.attnum)
      from pg_attribute a left join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
  from (${RELATIONS}) r order by r.nspname, r.relname`;

const CHECKS = `
  select k.conrelid::int8 as table, k.conname as name, pg_get_expr(k.conbin, k.conrelid) as sql, coalesce(k.conkey, '{}') as columns
  from pg_constraint k where k.contype = 'c' and k.conrelid in (select oid from (${RELATIONS}) r) order by k.conname`;

// A key on a partitioned parent has a further entry for each partition.
const foreignKeysQuery = (version: number): string => `
  select k.conrelid::int8 as table, k.conname as name, k.conkey as columns, k.confrelid::int8 as parent, k.confkey as "parentColumns",
    k.confmatchtype = 'f' as "isFull", ${version >= 180000 ? "k.conperiod" : "false"} as "hasPeriod",
    array(select format('operator(%I.%s)', n.nspname, o.oprname)
      from unnest(k.conpfeqop) with ordinality e(op, at)
      join pg_operator o on o.oid = e.op join pg_namespace n on n.oid = o.oprnamespace order by e.at) as operators
  from pg_constraint k
  where k.contype = 'f' and k.conrelid in (select oid from (${RELATIONS}) r)
    and not exists (select from pg_constraint u where u.oid = k.conparentid and u.conrelid = k.conrelid)
  order by k.conname`;

const uniquesQuery = (version: number): string => `
  select i.indrelid::int8 as table, (select c.relname from pg_class c where c.oid = i.indexrelid) as name,
    array(
      select u.n from unnest(i.indkey::int2[]) with ordinality u(n, at) where u.n > 0 and u.at <= i.indnkeyatts
      union select d.refobjsubid from pg_depend d
        where (i.indpred is not null or i.indexprs is not null) and d.classid = 'pg_class'::regclass
          and d.objid = i.indexrelid and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid
          and d.refobjsubid > 0) as columns,
    i.indisunique and i.indpred is null and i.indexprs is null as "isPlain",
    ${version >= 150000 ? "i.indnullsnotdistinct" : "false"} as "nullsNotDistinct", i.indisexclusion as "isExclusion"
  from pg_index i
  where (i.indisunique or i.indisexclusion) and i.indrelid in (select oid from (${RELATIONS}) r) order by i.indexrelid`;

// Columns of the key, also of those in its expressions, depend internally on their table. By name, since a partition that
// was attached numbers its columns in its own way.
const LEAVES = `
  select r.oid::int8 as table, p.relid::oid::int8 as oid,
    concat_ws(' and ', coalesce(pg_get_partition_constraintdef(p.relid), 'true'), (
      select string_agg('((' || pg_get_expr(k.conbin, k.conrelid) || ') is not false)', ' and ' order by k.conname)
      from pg_constraint k
      where k.conrelid = p.relid and k.contype = 'c' and k.conislocal and k.coninhcount = 0)) as sql,
    array(
      select a.attnum from pg_attribute a
      where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and a.attname in (
        select w.attname from pg_partition_tree(r.oid) b
        join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = b.relid and d.refclassid = d.classid
          and d.refobjid = d.objid and d.refobjsubid = 0 and d.objsubid > 0 and d.deptype = 'i'
        join pg_attribute w on w.attrelid = b.relid and w.attnum = d.objsubid
        union select w.attname from pg_constraint k
        join pg_attribute w on w.attrelid = k.conrelid and w.attnum = any (k.conkey)
        where k.conrelid = p.relid and k.contype = 'c' and k.conislocal and k.coninhcount = 0) order by a.attnum) as columns,
    array(
      select a.attname::text from pg_attribute a
      where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and a.attname in (
        select w.attname from pg_partition_tree(r.oid) b
        join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = b.relid and d.refclassid = d.classid
          and d.refobjid = d.objid and d.refobjsubid = 0 and d.objsubid > 0 and d.deptype = 'i'
        join pg_attribute w on w.attrelid = b.relid and w.attnum = d.objsubid
        union select w.attname from pg_constraint k
        join pg_attribute w on w.attrelid = k.conrelid and w.attnum = any (k.conkey)
        where k.conrelid = p.relid and k.contype = 'c' and k.conislocal and k.coninhcount = 0) order by a.attnum) as names
  from (${RELATIONS}) r cross join lateral pg_partition_tree(r.oid) p join pg_class f on f.oid = p.relid
  where r.relkind = 'p' and p.isleaf and f.relkind = 'r' order by p.relid`;

const typesQuery = (oids: readonly number[]): string => `
  select t.oid::int8 as oid, n.nspname as schema, t.typname as name, t.typtype as kind, t.typcategory as category,
    t.typdelim as delimiter, t.typnotnull as "notNull",
    case
      when t.typtype = 'd' then jsonb_build_object(${typed("t.typbasetype", "t.typtypmod")})
      when t.typcategory = 'A' and t.typelem <> 0 then jsonb_build_object(${typed("t.typelem", "-1")})
      when t.typtype = 'r' then (select jsonb_build_object(${typed("g.rngsubtype", "-1")})
        from pg_range g where g.rngtypid = t.oid)
      when t.typtype = 'm' then (select jsonb_build_object(${typed("g.rngtypid", "-1")})
        from pg_range g where g.rngmultitypid = t.oid) end as inner,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.contypid = t.oid and k.contype = 'c'
      order by k.conname) as checks,
    array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels,
    case when t.typtype <> 'c' then '[]' else (
      select coalesce(jsonb_agg(jsonb_build_object(${typed("a.atttypid", "a.atttypmod")}) order by a.attnum), '[]')
      from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end as fields
  from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid in (${oids.join(", ")})`;
