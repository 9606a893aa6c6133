import type { Encoding } from "../client/encode.ts";
import type { Decoding } from "../client/relations.ts";
import type { Composite } from "../kinds/composites.ts";
import type { Domain } from "../kinds/domains.ts";
import { printedType } from "../kinds/typeNames.ts";
import { CODECS } from "../session/codecs.ts";
import type { ColumnModel } from "./model.ts";
import { catalogName, elementOf, isSpatial, type UserTypes } from "./valueTypes.ts";

/** Types that a domain makes, by name. */
export interface OwnTypes {
  readonly types: UserTypes;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly composites: ReadonlyMap<string, Composite>;
}

// What JSON holds as the driver would give it.
const NATIVE = /^(?:boolean|smallint|integer|text|character varying|character|uuid|jsonb?|citext)$/;

/** How values of a type stand inside JSON: as text where JSON would lose digits, or write another form than PostgreSQL does. */
export function inJson(type: string, own: OwnTypes): ColumnModel["inJson"] {
  return isNative(type, own) ? "as it is" : { decode: decodingOf(type, own) };
}

function isNative(type: string, own: OwnTypes): boolean {
  const element = elementOf(type);
  const base = own.domains.get(element)?.type;
  if (base !== undefined) return isNative(base, own);
  return NATIVE.test(printedType(element)) || (own.types.has(element) && !own.composites.has(element));
}

function decodingOf(type: string, own: OwnTypes): Decoding {
  const element = elementOf(type);
  // Of boxes, which semicolons divide, the text stays whole.
  if (element !== type.trim() && printedType(element) !== "box") {
    const of = decodingOf(element, own);
    const known = catalogName(printedType(element));
    return CODECS.has(known) ? `${known}[]` : { list: of };
  }
  const base = own.domains.get(type)?.type;
  if (base !== undefined) return decodingOf(base, own);
  const composite = own.composites.get(type);
  if (composite !== undefined) {
    return { row: Object.fromEntries(composite.attributes.map((one) => [one.name, decodingOf(one.type, own)])) };
  }
  if (isSpatial(type)) return "postgis.geometry";
  const known = catalogName(printedType(type));
  const codec = CODECS.get(known);
  return codec === undefined || codec.ts === "string" ? null : known;
}

/** How values of a type go as parameters. */
export function encodingOf(type: string, own: OwnTypes): Encoding {
  const element = elementOf(type);
  if (element !== type.trim()) {
    const list = encodingOf(element, own);
    return list === null ? null : { list };
  }
  const base = own.domains.get(type)?.type;
  if (base !== undefined) return encodingOf(base, own);
  const composite = own.composites.get(type);
  if (composite !== undefined) return { row: composite.attributes.map((one) => [one.name, encodingOf(one.type, own)]) };
  return /^jsonb?$/.test(printedType(type)) ? "json" : null;
}
