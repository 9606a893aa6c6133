import { CODECS, DECODERS } from "../session/codecs.ts";
import type { Row } from "./statement.ts";

/** A way from a table's row to rows of another, or of its own, along a foreign key. */
export interface RelationPath {
  readonly table: string;
  readonly isMany: boolean;
  /** Columns of the row, and those of the other that equal them, as SQL. */
  readonly on: readonly (readonly [own: string, other: string])[];
}

/** A table as its rows stand inside others', as JSON. */
export interface RelatedTable {
  readonly name: string;
  /** Its columns for SELECT; those of which JSON would lose something as text. */
  readonly columns: string;
  /** Names in pg_type of the types that such a text is read by. */
  readonly decode: Readonly<Record<string, string>>;
  /** The primary key, by which many rows are ordered. */
  readonly order: readonly string[];
  readonly relations: Readonly<Record<string, RelationPath>>;
}

export type DomainRelations = Readonly<Record<string, RelatedTable>>;

/** What TypeScript knows of a table's relations: `{ photos: { many: Photos; relations: Photos_Relations } }`. */
export interface Relation {
  readonly one?: unknown;
  readonly many?: unknown;
  readonly relations: unknown;
}

/** What to load along: `{ author: true, photos: { limit: 5, with: { comments: true } } }`. */
export type With<Relations> = { readonly [K in keyof Relations]?: true | RelationOptions<Relations[K]> };

type RelationOptions<R> = R extends { readonly relations: infer Further }
  ? { readonly with?: With<Further> } & (R extends { readonly many: unknown } ? { readonly limit?: number } : unknown)
  : never;

export interface Including<W, Relations> {
  /** Related rows that come along, in the same round trip. */
  readonly with?: W & { readonly [K in Exclude<keyof W, keyof Relations>]: never };
}

/** A table of the domain whose relations are meant. */
export interface Related {
  readonly table: string;
  readonly domain: DomainRelations;
}

export type Nothing = Readonly<Record<never, never>>;

/** A row with what was asked to come along. */
export type Loaded<R, Relations, W> = keyof W extends never
  ? R
  : R & { readonly [K in keyof W & keyof Relations]: LoadedRelation<Relations[K], W[K]> };

type LoadedRelation<R, Asked> = R extends { readonly many: infer Other; readonly relations: infer Further }
  ? readonly Loaded<Other, Further, Inside<Asked>>[]
  : R extends { readonly one: infer Other; readonly relations: infer Further }
    ? Loaded<NonNullable<Other>, Further, Inside<Asked>> | Extract<Other, null>
    : never;

type Inside<Asked> = Asked extends { readonly with: infer W } ? W : Nothing;

interface Asked {
  readonly with?: AskedOf;
  readonly limit?: number;
}
type AskedOf = Readonly<Record<string, true | Asked | undefined>>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A statement whose rows have related rows in them, as JSON that PostgreSQL builds. */
export function withRelations(text: string, asked: object, { table, domain }: Related): string {
  let aliases = 0;
  const columnsOf = (of: string, alias: string, given: AskedOf): readonly string[] =>
    Object.entries(given).flatMap(([name, one]) => {
      if (one === undefined) return [];
      const relation = domain[of]?.relations[name];
      const other = relation === undefined ? undefined : domain[relation.table];
      if (relation === undefined || other === undefined) throw new TypeError(`${of} has no relation ${name}`);
      const { with: further = {}, limit } = one === true ? {} : one;
      aliases++;
      const inner = `t${aliases}`;
      const columns = [other.columns, ...columnsOf(relation.table, inner, further)].join(", ");
      const same = relation.on.map(([own, others]) => `s.${others} = ${alias}.${own}`).join(" and ");
      const order = other.order.map((column) => `s.${column}`).join(", ");
      const sorted = relation.isMany && order !== "" ? ` order by ${order}` : "";
      const limited = limit === undefined ? "" : ` limit ${wholeNumber(limit)}`;
      // Chosen first, so that texts are made of those rows alone.
      const chosen = `select s.* from ${other.name} as s where ${same}${sorted}${limited}`;
      const rows = `select ${columns} from (${chosen}) as ${inner}`;
      const json = relation.isMany
        ? `select coalesce(json_agg(row_to_json(r)), '[]') from (${rows}) as r`
        : `select row_to_json(r) from (${rows}) as r`;
      return [`(${json}) as ${quoted(name)}`];
    });
  const columns = columnsOf(table, "t0", asked as AskedOf);
  return columns.length === 0 ? text : `select t0.*, ${columns.join(", ")} from (${text}) as t0`;
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`a limit of ${value}`);
  return value;
}

/** The row, the values inside its related rows as those of other rows are. */
export function decodeRelations(row: Row, asked: object, { table, domain }: Related): Row {
  const changed = Object.entries(asked as AskedOf).flatMap(([name, one]) => {
    const relation = domain[table]?.relations[name];
    if (one === undefined || relation === undefined) return [];
    const { with: further = {} } = one === true ? {} : one;
    const decode = (inside: Row): Row =>
      decodeRelations(decodeColumns(inside, domain[relation.table]), further, { table: relation.table, domain });
    const value = row[name] as Row | readonly Row[] | null;
    return [[name, value === null ? null : isList(value) ? value.map(decode) : decode(value)] as const];
  });
  return { ...row, ...Object.fromEntries(changed) };
}

const isList = (value: Row | readonly Row[]): value is readonly Row[] => Array.isArray(value);

function decodeColumns(row: Row, table: RelatedTable | undefined): Row {
  const entries = Object.entries(table?.decode ?? {});
  if (entries.length === 0) return row;
  const decoded = entries.map(([column, type]) => {
    const value = row[column];
    return [column, typeof value === "string" ? decoderOf(type)(value) : value];
  });
  return { ...row, ...Object.fromEntries(decoded) };
}

function decoderOf(type: string): (text: string) => unknown {
  const isArray = type.endsWith("[]");
  const codec = CODECS.get(isArray ? type.slice(0, -2) : type);
  const decode = codec === undefined ? undefined : DECODERS.get(isArray ? codec.arrayOid : codec.oid);
  return decode ?? ((text) => text);
}
