import { parse as parseArray } from "postgres-array";
import { readGeometry, writeGeometry } from "./geojson.ts";
import type { Parameter } from "./session.ts";

/** How one built-in type travels: its object ids, which never change, and what JavaScript gets for it. */
export interface Codec {
  /** Name as in pg_type. */
  readonly name: string;
  readonly oid: number;
  readonly arrayOid: number;
  /** TypeScript type of a decoded value, as the emitted client writes it. */
  readonly ts: string;
  /** From PostgreSQL's text form. */
  readonly decode: (text: string) => unknown;
}

const asText = (text: string): string => text;
const asJson = (text: string): unknown => JSON.parse(text);

// Dates and times stay PostgreSQL's own ISO text: a JavaScript Date has no microseconds, no infinity, no time of its own
// for a date, and reads a timestamp in the zone of the machine.
const DECODED: readonly Codec[] = [
  { name: "bool", oid: 16, arrayOid: 1000, ts: "boolean", decode: (text) => text === "t" },
  { name: "bytea", oid: 17, arrayOid: 1001, ts: "Uint8Array", decode: decodeBytes },
  { name: "int8", oid: 20, arrayOid: 1016, ts: "bigint", decode: BigInt },
  { name: "int2", oid: 21, arrayOid: 1005, ts: "number", decode: Number },
  { name: "int4", oid: 23, arrayOid: 1007, ts: "number", decode: Number },
  { name: "oid", oid: 26, arrayOid: 1028, ts: "number", decode: Number },
  { name: "json", oid: 114, arrayOid: 199, ts: "unknown", decode: asJson },
  { name: "float4", oid: 700, arrayOid: 1021, ts: "number", decode: Number },
  { name: "float8", oid: 701, arrayOid: 1022, ts: "number", decode: Number },
  { name: "jsonb", oid: 3802, arrayOid: 3807, ts: "unknown", decode: asJson },
];

// Built-in types that are text in JavaScript, listed for the sake of their arrays: name, oid, oid of the array. Not box,
// whose arrays are separated by semicolons; they stay text as arrays of user-defined types do.
const TEXT: readonly (readonly [string, number, number])[] = [
  ["char", 18, 1002],
  ["name", 19, 1003],
  ["regproc", 24, 1008],
  ["text", 25, 1009],
  ["tid", 27, 1010],
  ["xid", 28, 1011],
  ["cid", 29, 1012],
  ["xml", 142, 143],
  ["point", 600, 1017],
  ["lseg", 601, 1018],
  ["path", 602, 1019],
  ["polygon", 604, 1027],
  ["line", 628, 629],
  ["cidr", 650, 651],
  ["circle", 718, 719],
  ["macaddr8", 774, 775],
  ["money", 790, 791],
  ["macaddr", 829, 1040],
  ["inet", 869, 1041],
  ["aclitem", 1033, 1034],
  ["bpchar", 1042, 1014],
  ["varchar", 1043, 1015],
  ["date", 1082, 1182],
  ["time", 1083, 1183],
  ["timestamp", 1114, 1115],
  ["timestamptz", 1184, 1185],
  ["interval", 1186, 1187],
  ["timetz", 1266, 1270],
  ["bit", 1560, 1561],
  ["varbit", 1562, 1563],
  ["numeric", 1700, 1231],
  ["refcursor", 1790, 2201],
  ["regprocedure", 2202, 2207],
  ["regoper", 2203, 2208],
  ["regoperator", 2204, 2209],
  ["regclass", 2205, 2210],
  ["regtype", 2206, 2211],
  ["uuid", 2950, 2951],
  ["txid_snapshot", 2970, 2949],
  ["pg_lsn", 3220, 3221],
  ["tsvector", 3614, 3643],
  ["tsquery", 3615, 3645],
  ["regconfig", 3734, 3735],
  ["regdictionary", 3769, 3770],
  ["int4range", 3904, 3905],
  ["numrange", 3906, 3907],
  ["tsrange", 3908, 3909],
  ["tstzrange", 3910, 3911],
  ["daterange", 3912, 3913],
  ["int8range", 3926, 3927],
  ["jsonpath", 4072, 4073],
  ["regnamespace", 4089, 4090],
  ["regrole", 4096, 4097],
  ["regcollation", 4191, 4192],
  ["int4multirange", 4451, 6150],
  ["nummultirange", 4532, 6151],
  ["tsmultirange", 4533, 6152],
  ["tstzmultirange", 4534, 6153],
  ["datemultirange", 4535, 6155],
  ["int8multirange", 4536, 6157],
  ["pg_snapshot", 5038, 5039],
  ["xid8", 5069, 271],
];

/** Every built-in type with its codec, by pg_type name; whatever is not here arrives as PostgreSQL's text. */
export const CODECS: ReadonlyMap<string, Codec> = new Map(
  [
    ...DECODED,
    ...TEXT.map(([name, oid, arrayOid]): Codec => ({ name, oid, arrayOid, ts: "string", decode: asText })),
  ].map((codec) => [codec.name, codec]),
);

/** By object id, arrays included: what both drivers are given. */
export const DECODERS: ReadonlyMap<number, (text: string) => unknown> = new Map(
  [...CODECS.values()].flatMap(({ oid, arrayOid, decode }): [number, (text: string) => unknown][] => [
    [oid, decode],
    [arrayOid, (text) => parseArray(text, decode)],
  ]),
);

/** Types that extensions make, whose object ids differ from one database to the other, by `extension.type`. */
export const EXTENSION_DECODERS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ["postgis.geometry", readGeometry],
  ["postgis.geography", readGeometry],
]);

/** The text form in which a parameter is sent, or null. The server infers its type from where it stands. */
export function encodeParameter(value: Parameter): string | null {
  if (value === null) return null;
  if (isArray(value)) return encodeArray(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value !== "object") return String(value);
  return "coordinates" in value || "geometries" in value ? writeGeometry(value) : JSON.stringify(value);
}

function encodeArray(values: readonly Parameter[]): string {
  const items = values.map((value) => {
    if (value === null) return "NULL";
    if (isArray(value)) return encodeArray(value);
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
    const text = String(encodeParameter(value));
    return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
  });
  return `{${items.join(",")}}`;
}

function isArray(value: Parameter): value is readonly Parameter[] {
  return Array.isArray(value);
}

/** From either form of bytea_output. */
function decodeBytes(text: string): Uint8Array {
  if (text.startsWith("\\x")) return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
  const latin = text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
    code === "\\" ? "\\" : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Uint8Array.from(Buffer.from(latin, "latin1"));
}
