import type { Fact, FactId } from "../../facts.ts";
import { type Code, list, type Property, plain, text } from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { soleName, soleText, splitOutside, takeGroup, takePath } from "./scan.ts";
import { bareType } from "./types.ts";

/** A constructor's last argument, left out where it would be empty. */
export const options = (entries: readonly Property[]): readonly Code[] =>
  entries.length === 0 ? [] : [{ code: "object", entries }];

/** A printed name as the constant that declares it, or as SQL. */
export function nameAsSql(name: string, of: Fact<object>, pulling: Pulling): Code {
  const code = pulling.sql(name, of);
  const [only, ...others] = code.code === "sql" ? code.parts : [];
  return only !== undefined && typeof only !== "string" && others.length === 0 ? only : code;
}

/** A printed name as the constant that declares it, as text where it stands for itself, or as SQL. */
export function nameCode(name: string, of: Fact<object>, pulling: Pulling): Code {
  const bare = soleName(name);
  return bare === null ? nameAsSql(name, of, pulling) : text(bare);
}

/** A function's name where it has one. */
export const functionCode = (name: string | null, of: Fact<object>, pulling: Pulling): Code | undefined =>
  name === null ? undefined : nameAsSql(name, of, pulling);

/** The path that a fact of this kind has for a printed signature: `public.f(integer, text)`. */
function signaturePath(signature: string): string | null {
  const open = signature.indexOf("(");
  const group = takeGroup(signature.slice(open));
  return open < 0 || group === null
    ? null
    : `${signature.slice(0, open)}(${splitOutside(group.inside, ",").join(", ")})`;
}

/** A printed signature, `public.f(integer,text)`, as the constant that declares it, or as SQL. */
export function signatureCode(kind: string, signature: string, of: Fact<object>, pulling: Pulling): Code {
  const path = signaturePath(signature);
  const declared = path === null ? undefined : pulling.constant(`${kind} ${path}` as FactId);
  return declared ?? pulling.sql(signature, of);
}

/** A type by itself: its constructor, or its name where it has none. */
export function typeNameCode(type: string, of: Fact<object>, pulling: Pulling): Code {
  const code = bareType(type, of, pulling);
  if (code.code !== "call") return code;
  if (typeof code.callee !== "string") return code.callee;
  const [only] = code.arguments;
  return code.callee === "column" && only !== undefined ? only : code;
}

export const typeList = (types: readonly string[], of: Fact<object>, pulling: Pulling): Code =>
  list(types.map((type) => typeNameCode(type, of, pulling)));

/** `name 'value'` options as a record; null where they cannot be told apart. */
export function foreignOptionsCode(given: readonly string[]): Code | null {
  const entries = given.map((option): Property | null => {
    const path = takePath(option);
    const key = path === null ? null : soleName(path.path);
    const value = path === null ? null : soleText(path.rest);
    return key === null || value === null || /^\d+$/.test(key) ? null : { key, value: text(value) };
  });
  return entries.includes(null) ? null : { code: "object", entries: entries as readonly Property[] };
}

/** The constant of a server, wrapper or language, or its name. */
export const constantOrName = (id: FactId, name: string, pulling: Pulling): Code => pulling.constant(id) ?? text(name);

export const flag = (value: boolean): Code | undefined => (value ? plain(true) : undefined);

/** A printed type for the name of a constant. */
export const withoutSchema = (type: string): string => type.replace(/^public\./, "");
