import { printedType } from "../kinds/typeNames.ts";
import { CODECS } from "../session/codecs.ts";
import { RUNTIME_MODULE } from "./file.ts";

/** A type as a generated file writes it, with the names that the file must import. */
export interface TypeText {
  readonly text: string;
  readonly imports: readonly TypeImport[];
}

export interface TypeImport {
  readonly name: string;
  /** The generated file, by its path in the domain's folder without the extension. */
  readonly file: string;
  /** Exported as default: a table's row. */
  readonly isDefault?: true;
}

/** What JavaScript gets for values of the domain's own types, by printed name. */
export type UserTypes = ReadonlyMap<string, TypeText>;

export const CUSTOM_TYPES = "_custom_types";
export const ENUMS = "_enums";
const JSON_TYPE: TypeText = { text: "Json", imports: [{ name: "Json", file: CUSTOM_TYPES }] };

// Names in pg_type of the built-in types that are printed in other words.
const CATALOG_NAMES: Readonly<Record<string, string>> = {
  smallint: "int2",
  integer: "int4",
  bigint: "int8",
  real: "float4",
  "double precision": "float8",
  boolean: "bool",
  "character varying": "varchar",
  character: "bpchar",
  "bit varying": "varbit",
  "time without time zone": "time",
  "time with time zone": "timetz",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

/** The name in pg_type of a printed type that is no array; the printed one for what is not PostgreSQL's own. */
export const catalogName = (printed: string): string => CATALOG_NAMES[printed] ?? printed;

/**
 * The TypeScript type of a PostgreSQL type's values as the codec table decodes them. Whatever has no codec arrives as
 * PostgreSQL's own text, from which nothing is lost.
 */
export function valueType(type: string, types: UserTypes): TypeText {
  const printed = printedType(type);
  // Whose elements are divided by semicolons.
  if (printed === "box[]") return { text: "string", imports: [] };
  if (printed.endsWith("[]")) return arrayOf(valueType(elementOf(type), types));
  const own = types.get(type) ?? types.get(printed);
  if (own !== undefined) return own;
  if (printed === "json" || printed === "jsonb") return JSON_TYPE;
  if (isSpatial(type)) return spatialType(type);
  return { text: CODECS.get(catalogName(printed))?.ts ?? "string", imports: [] };
}

/** True for PostGIS's types. */
export const isSpatial = (type: string): boolean => /^(?:\w+\.)?(?:geometry|geography)$/.test(printedType(type));

const FLAT_SHAPES = ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"];

/** The number of a spatial type's reference system; 0 where it says none. A geography is in WGS 84 unless it says otherwise. */
export function sridOf(type: string): number {
  const [, srid = "0"] = /,\s*(\d+)\s*\)/.exec(type) ?? [];
  return srid === "0" && printedType(type).endsWith("geography") ? 4326 : Number(srid);
}

/** GeoJSON, as far as a column's shape and reference system say it; `Value` of the runtime knows the rest. */
function spatialType(type: string): TypeText {
  const [, shape = "Geometry"] = /\(\s*(\w+)/.exec(type) ?? [];
  const srid = sridOf(type);
  const flat = FLAT_SHAPES.find((one) => one.toLowerCase() === shape.toLowerCase());
  const isPlain = flat !== undefined && srid === 4326;
  return {
    text: isPlain ? `GeoJSON.${flat}` : `GeoJSON.Value<${JSON.stringify(shape)}, ${srid}>`,
    imports: [{ name: "GeoJSON", file: RUNTIME_MODULE }],
  };
}

export const arrayOf = ({ text, imports }: TypeText): TypeText => ({
  text: /[|&]|^readonly /.test(text) ? `(${text})[]` : `${text}[]`,
  imports,
});

/** Of an array's element, with its length or precision. */
export const elementOf = (type: string): string => type.trim().replace(/(?:\s*\[\d*\])+$/, "");

/** True for a type of the domain itself, or an array of one. */
export function isUserType(type: string, types: UserTypes): boolean {
  const printed = printedType(type);
  const element = printed.endsWith("[]") ? printed.slice(0, -2) : type;
  return types.has(element) || types.has(printedType(element));
}
