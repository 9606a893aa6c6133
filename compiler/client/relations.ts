import { CODECS, DECODERS, EXTENSION_DECODERS } from "../session/codecs.ts";
import type { Row } from "./statement.ts";
import { arrayDecoder, rowDecoder } from "./userTypes.ts";

/** A way from a table's row to rows of another, or of its own, along a foreign key. */
export interface RelationPath {
  readonly table: string;
  readonly isMany: boolean;
  /** Columns of the row, and those of the other that equal them, as SQL. */
  readonly on: readonly (readonly [own: string, other: string])[];
}

/** By a type's name in the codec table, `int8` or `int8[]`; as a list of such texts; as a row of them; null for the text itself. */
export type Decoding =
  | string
  | null
  | { readonly list: Decoding }
  | { readonly row: Readonly<Record<string, Decoding>> };

/** A table as its rows stand inside others', as JSON. */
export interface RelatedTable {
  readonly name: string;
  /** Its columns for SELECT; those of which JSON would lose something as text. */
  readonly columns: string;
  /** How such a text is read. */
  readonly decode: Readonly<Record<string, Decoding>>;
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

type Decode = (text: string) => unknown;
type MutableRow = Record<string, unknown>;

/** The row, which nobody else has yet, the values inside its related rows as those of other rows are. */
export function decodeRelations(row: Row, asked: object, { table, domain }: Related): Row {
  const relations = domain[table]?.relations ?? {};
  for (const [name, one] of Object.entries(asked as AskedOf)) {
    const to = relations[name]?.table;
    const other = to === undefined ? undefined : domain[to];
    if (one === undefined || to === undefined || other === undefined) continue;
    const further = one === true ? undefined : one.with;
    const decode = (inside: MutableRow): void => {
      for (const [column, read] of decodersOf(other)) {
        const value = inside[column];
        if (typeof value === "string") inside[column] = read(value);
      }
      if (further !== undefined) decodeRelations(inside, further, { table: to, domain });
    };
    const value = row[name] as MutableRow | readonly MutableRow[] | null;
    if (isList(value)) value.forEach(decode);
    else if (value !== null) decode(value);
  }
  return row;
}

const isList = (value: MutableRow | readonly MutableRow[] | null): value is readonly MutableRow[] =>
  Array.isArray(value);

const decoders = new WeakMap<RelatedTable, readonly (readonly [column: string, decode: Decode])[]>();

function decodersOf(table: RelatedTable): readonly (readonly [column: string, decode: Decode])[] {
  const known = decoders.get(table);
  if (known !== undefined) return known;
  const made = Object.entries(table.decode).map(([column, decoding]) => [column, decoderOf(decoding)] as const);
  decoders.set(table, made);
  return made;
}

function decoderOf(decoding: Decoding): Decode {
  if (decoding === null) return (text) => text;
  if (typeof decoding === "string") {
    const isArray = decoding.endsWith("[]");
    const codec = CODECS.get(isArray ? decoding.slice(0, -2) : decoding);
    const decode =
      codec === undefined ? EXTENSION_DECODERS.get(decoding) : DECODERS.get(isArray ? codec.arrayOid : codec.oid);
    return decode ?? ((text) => text);
  }
  if ("list" in decoding) {
    return arrayDecoder(decoderOf(decoding.list), typeof decoding.list === "string" ? decoding.list : null);
  }
  const fields = Object.entries(decoding.row);
  return rowDecoder(
    fields.map(([name]) => name),
    fields.map(([, field]) => decoderOf(field)),
  );
}
