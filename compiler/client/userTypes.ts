import { parse as parseArray } from "postgres-array";
import { DECODERS, EXTENSION_DECODERS } from "../session/codecs.ts";

type Decode = (text: string) => unknown;

/** A type that a database, or an extension in it, made for itself. Object ids as text. */
export interface UserType {
  readonly oid: string;
  readonly arrayOid: string;
  /** `extension.type`, of one that an extension made. */
  readonly extension: string | null;
  readonly sort: string;
  readonly base: string;
  readonly delimiter: string;
  /** Names and types of a composite's attributes, in order. */
  readonly names: readonly string[];
  readonly types: readonly string[];
}

/** Those of a database: their object ids differ from one to the other. */
export const USER_TYPES = `
  select t.oid::text as oid, t.typarray::text as "arrayOid", t.typtype::text as sort, t.typbasetype::text as base,
    t.typdelim::text as delimiter,
    (select e.extname || '.' || t.typname from pg_catalog.pg_depend d
      join pg_catalog.pg_extension e on e.oid = d.refobjid
      where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
        and d.refclassid = 'pg_catalog.pg_extension'::regclass) as extension,
    coalesce((select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '{}') as names,
    coalesce((select array_agg(a.atttypid::text order by a.attnum) from pg_catalog.pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '{}') as types
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_' and t.typelem = 0
    and (t.typrelid = 0 or c.relkind = 'c' or c.relkind in ('r', 'p', 'v', 'm', 'f'))`;

/** Decoders of those types and their arrays by object id. What has none is text. */
export function userDecoders(types: readonly UserType[]): ReadonlyMap<number, Decode> {
  const byOid = new Map(types.map((type) => [type.oid, type]));
  const arrays = new Map(types.map((type) => [type.arrayOid, type]));
  const decodersByOid = new Map<string, Decode>();
  const decoderOf = (oid: string): Decode => {
    const known = DECODERS.get(Number(oid)) ?? decodersByOid.get(oid);
    if (known !== undefined) return known;
    const type = byOid.get(oid);
    const element = arrays.get(oid);
    // A composite may hold itself, by way of an array: its decoder is looked up when there is a value.
    const made: Decode =
      type !== undefined
        ? decoderOfType(type, decoderOf)
        : element !== undefined
          ? arrayDecoder(decoderOf(element.oid), element.extension, element.delimiter)
          : (text) => text;
    decodersByOid.set(oid, made);
    return made;
  };
  return new Map(
    types
      .flatMap(({ oid, arrayOid }) => [oid, arrayOid])
      .filter((oid) => oid !== "0")
      .map((oid) => [Number(oid), decoderOf(oid)]),
  );
}

/** Of lists of a type, which an extension made or none: `postgis.geometry`. */
export function arrayDecoder(decode: Decode, extension: string | null, delimiter = ","): Decode {
  // PostGIS's own are hexadecimal digits between colons.
  if (extension !== null && EXTENSION_DECODERS.has(extension)) {
    return (text) => parseArray(text.replaceAll(":", ","), decode);
  }
  return delimiter === "," ? (text) => parseArray(text, decode) : (text) => text;
}

function decoderOfType({ sort, base, names, types, extension }: UserType, decoderOf: (oid: string) => Decode): Decode {
  const known = EXTENSION_DECODERS.get(extension ?? "");
  if (known !== undefined) return known;
  if (sort === "d") return (text) => decoderOf(base)(text);
  if (sort !== "c") return (text) => text;
  return rowDecoder(
    names,
    types.map((type) => (text) => decoderOf(type)(text)),
  );
}

/** Of a composite's values. */
export const rowDecoder =
  (names: readonly string[], decoders: readonly Decode[]): Decode =>
  (text) =>
    Object.fromEntries(
      parseRow(text).map((value, i) => [names[i] ?? "", value === null ? null : decoders[i]?.(value)]),
    );

/** The fields of a row's text form: `(a,"b c",,"")`. @see PostgreSQL manual, "Composite Types", input and output syntax */
function parseRow(text: string): readonly (string | null)[] {
  const inside = text.slice(1, -1);
  if (inside === "") return [null];
  const fields: (string | null)[] = [];
  let field: string | null = null;
  for (const [token] of inside.matchAll(/"(?:[^"\\]|""|\\.)*"|\\.|,|[^",\\]+/gs)) {
    if (token === ",") {
      fields.push(field);
      field = null;
    } else {
      const quoted = token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token;
      field = (field ?? "") + quoted.replaceAll(/\\(.)/gs, "$1");
    }
  }
  return [...fields, field];
}
