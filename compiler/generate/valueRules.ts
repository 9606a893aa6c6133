import type { Domain } from "../kinds/domains.ts";
import { printedType } from "../kinds/typeNames.ts";
import type { CheckedColumn, Claim, ValueSort } from "./checks.ts";
import { operandOf } from "./conditions.ts";
import type { ClientModel, ColumnModel, TableModel } from "./model.ts";
import { catalogName, ENUMS, elementOf, isUserType } from "./valueTypes.ts";

/** What a validator asks of a value that is not null, in each language that it is written in. */
export interface ValueRules {
  /** A Zod schema, as TypeScript. */
  readonly zod: string;
  readonly json: JsonSchema;
  /** Values of `_enums` that `zod` mentions. */
  readonly enums: readonly string[];
}

export type JsonSchema = { readonly [key: string]: unknown };

/** The domain's own types, by their names as SQL. */
export interface OwnTypes {
  readonly model: ClientModel;
  readonly domains: ReadonlyMap<string, Domain>;
  /** What their checks claim of their values, by the domain's name as SQL. */
  readonly domainClaims: ReadonlyMap<string, readonly Claim[]>;
}

/** What checks of a column can be about. */
export function checkedColumn(column: ColumnModel, collation: string | null, own: OwnTypes): CheckedColumn {
  const value = /^[A-Za-z_$][\w$]*$/.test(column.name) ? `row.${column.name}` : `row[${JSON.stringify(column.name)}]`;
  return checkedValue(column.sqlType, collation, value, own);
}

function checkedValue(type: string, collation: string | null, value: string, own: OwnTypes): CheckedColumn {
  const label = enumOf(type, own);
  if (label !== null) return { sort: "label", operand: { value, text: value, type: `enum ${label}` } };
  const domain = own.domains.get(type);
  if (domain !== undefined) return checkedValue(domain.type, collation ?? domain.collation, value, own);
  if (isUserType(type, own.model.types)) return { sort: "other", operand: { value, text: value, type: "other" } };
  const printed = printedType(type);
  const isText = printed === "text" || printed === "character varying";
  // Under another collation equal texts may differ, and patterns mean other things.
  if (isText && collation !== null) return { sort: "other", operand: { value, text: value, type: "other" } };
  const operand = operandOf(printed, { limit: lengthOf(type, null), scale: scaleOf(type) }, value);
  return { sort: isText ? "text" : (SORTS[printed] ?? "other"), operand };
}

/** The column of conditions on a domain's values. */
export const checkedDomain = (domain: Domain, own: OwnTypes): CheckedColumn =>
  checkedValue(domain.type, domain.collation, "", own);

const SORTS: Readonly<Record<string, ValueSort>> = {
  smallint: "number",
  integer: "number",
  real: "number",
  "double precision": "number",
  bigint: "bigint",
  numeric: "decimal",
  json: "json",
  jsonb: "jsonb",
};

/** The rules of a column's values: those of its type, and what its checks claim. */
export function columnRules(
  column: ColumnModel,
  table: TableModel,
  claims: readonly Claim[],
  own: OwnTypes,
): ValueRules {
  const whole = `${table.typeName}[${JSON.stringify(column.name)}]`;
  const declared = column.isNullable ? `NonNullable<${whole}>` : whole;
  return valueRules(column.sqlType, claims, declared, /^string\b(?! \|)/.test(column.value.text), own);
}

function valueRules(
  type: string,
  claims: readonly Claim[],
  declared: string,
  isPlainText: boolean,
  own: OwnTypes,
): ValueRules {
  const printed = printedType(type);
  if (printed.endsWith("[]")) {
    const element = valueRules(elementOf(type), [], `${declared}[number]`, false, own);
    return {
      zod: `z.array(${element.zod})`,
      json: { type: "array", items: element.json },
      enums: element.enums,
    };
  }
  const labels = enumOf(type, own);
  if (labels !== null) return labelRules(labels, claims, own);
  const domain = own.domains.get(type);
  if (domain !== undefined) {
    const all = [...(own.domainClaims.get(type) ?? []), ...claims];
    return valueRules(domain.type, all, declared, false, own);
  }
  if (isUserType(type, own.model.types)) {
    return { zod: `composite<${declared}>()`, json: { type: "object" }, enums: [] };
  }
  const plain = (zod: string, json: JsonSchema): ValueRules => ({ zod, json, enums: [] });
  switch (printed) {
    case "text":
    case "character varying":
      return textRules(lengthOf(type, null), claims, isPlainText ? "" : `<${declared}>`);
    case "character":
      return textRules(lengthOf(type, 1), claims, isPlainText ? "" : `<${declared}>`);
    case "smallint":
    case "integer":
    case "oid":
      return plain(`integer(${[JSON.stringify(printed), ...optionsText(rangeOf(claims))].join(", ")})`, {
        type: "integer",
        ...jsonRange(claims, printed),
      });
    case "bigint":
      return plain(`bigint(${optionsText(rangeOf(claims)).join("")})`, {
        type: "string",
        format: "int64",
        pattern: "^-?\\d+$",
      });
    case "real":
    case "double precision":
      return plain(`float(${[JSON.stringify(printed), ...optionsText(rangeOf(claims))].join(", ")})`, {
        type: "number",
        format: printed === "real" ? "float" : "double",
        ...jsonRange(claims, printed),
      });
    case "numeric":
      return plain(`decimal(${optionsText([...precisionOf(type), ...rangeOf(claims)]).join("")})`, {
        type: "string",
        format: "decimal",
      });
    case "boolean":
      return plain("boolean()", { type: "boolean" });
    case "bytea":
      return plain("bytes()", { type: "string", contentEncoding: "base64" });
    case "json":
    case "jsonb": {
      const [found] = claims.flatMap((claim) => (claim.rule === "json type" ? [claim.type] : []));
      return plain(
        `json<${declared}>(${found === undefined ? "" : JSON.stringify(found)})`,
        found === undefined ? {} : { type: found },
      );
    }
    case "uuid":
      return plain("uuid()", { type: "string", format: "uuid" });
    case "date":
      return plain("date()", { type: "string", format: "date" });
    case "geometry":
    case "geography":
      return plain(`geometry<${declared}>()`, { type: "object", required: ["type"] });
    default: {
      const made = TIMES[catalogName(printed)];
      return plain(made ?? `text${isPlainText ? "" : `<${declared}>`}()`, { type: "string" });
    }
  }
}

const TIMES: Readonly<Record<string, string>> = {
  timestamp: "timestamp()",
  timestamptz: "timestamptz()",
  time: "time()",
  timetz: "timetz()",
};

/** The name of the enum that a type is. */
function enumOf(type: string, { model }: OwnTypes): string | null {
  const known = model.types.get(type);
  return known?.imports.some(({ file }) => file === ENUMS) ? known.text : null;
}

function labelRules(name: string, claims: readonly Claim[], { model }: OwnTypes): ValueRules {
  const labels = model.enums.find((one) => one.name === name)?.labels ?? [];
  const some = intersection(claims.flatMap((claim) => (claim.rule === "one of" ? [claim.values] : [])));
  return some === null
    ? { zod: `z.enum(${name}_Labels)`, json: { enum: labels }, enums: [`${name}_Labels`] }
    : { zod: `z.enum(${JSON.stringify(some)})`, json: { enum: some }, enums: [] };
}

function textRules(limit: number | null, claims: readonly Claim[], declared: string): ValueRules {
  const oneOf = intersection(claims.flatMap((claim) => (claim.rule === "one of" ? [claim.values] : [])));
  if (oneOf !== null && claims.every(({ rule }) => rule === "one of")) {
    const possible = oneOf.filter((value) => limit === null || [...value].length <= limit);
    return { zod: `z.enum(${listOf(possible)})`, json: { enum: possible }, enums: [] };
  }
  const min = claims.flatMap((claim) => (claim.rule === "shortest" ? [claim.length] : []));
  const max = claims.flatMap((claim) => (claim.rule === "longest" ? [claim.length] : []));
  const patterns = claims.flatMap((claim) => (claim.rule === "pattern" ? [claim.source] : []));
  const isNotBlank = claims.some(({ rule }) => rule === "not blank");
  const options = [
    ...(limit === null ? [] : [`limit: ${limit}`]),
    ...(min.length === 0 ? [] : [`min: ${Math.max(...min)}`]),
    ...(max.length === 0 ? [] : [`max: ${Math.min(...max)}`]),
    ...(patterns.length === 0 ? [] : [`pattern: /${merged(patterns)}/su`]),
    ...(oneOf === null ? [] : [`oneOf: ${listOf(oneOf)}`]),
    ...(isNotBlank ? ["notBlank: true"] : []),
  ];
  const longest = [...(limit === null ? [] : [limit]), ...max];
  const jsonPatterns = [...patterns, ...(isNotBlank ? ["[^ ]"] : [])];
  return {
    zod: `text${declared}(${optionsText(options).join("")})`,
    json: {
      type: "string",
      ...(min.length === 0 ? {} : { minLength: Math.max(...min) }),
      ...(longest.length === 0 ? {} : { maxLength: Math.min(...longest) }),
      ...(jsonPatterns.length === 0 ? {} : { pattern: merged(jsonPatterns) }),
      ...(oneOf === null ? {} : { enum: oneOf }),
    },
    enums: [],
  };
}

/** One pattern that says what several do. */
const merged = (patterns: readonly string[]): string => {
  const [only, ...more] = patterns;
  return more.length === 0 && only !== undefined ? only : `^${patterns.map((one) => `(?=[^]*?(?:${one}))`).join("")}`;
};

function intersection(lists: readonly (readonly string[])[]): readonly string[] | null {
  const [first, ...more] = lists;
  return first === undefined ? null : first.filter((value) => more.every((other) => other.includes(value)));
}

const listOf = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;

/** Names and values in one object, or nothing where there are none. */
const optionsText = (options: readonly string[]): readonly string[] =>
  options.length === 0 ? [] : [`{ ${options.join(", ")} }`];

type Limit = Extract<Claim, { readonly limit: string }>;

/** The narrowest limit on each side: of two that are written on one side, the later check is the narrower or says less. */
function limitsOf(claims: readonly Claim[]): readonly Limit[] {
  const narrowest = new Map<string, Limit>();
  for (const claim of claims) {
    if (!("limit" in claim)) continue;
    const known = narrowest.get(claim.rule);
    const isLower = claim.rule === "max" || claim.rule === "below";
    const narrows = known === undefined || Number(claim.limit) < Number(known.limit) === isLower;
    if (narrows) narrowest.set(claim.rule, claim);
  }
  return [...narrowest.values()];
}

const rangeOf = (claims: readonly Claim[]): readonly string[] =>
  limitsOf(claims).map(({ rule, limit }) => `${rule}: ${JSON.stringify(limit)}`);

const BOUNDS: Readonly<Record<string, JsonSchema>> = {
  smallint: { minimum: -32_768, maximum: 32_767 },
  integer: { minimum: -2_147_483_648, maximum: 2_147_483_647 },
  oid: { minimum: 0, maximum: 4_294_967_295 },
};
const JSON_LIMITS = { min: "minimum", above: "exclusiveMinimum", max: "maximum", below: "exclusiveMaximum" } as const;

const jsonRange = (claims: readonly Claim[], type: string): JsonSchema => ({
  ...BOUNDS[type],
  ...Object.fromEntries(limitsOf(claims).map(({ rule, limit }) => [JSON_LIMITS[rule], Number(limit)])),
});

function lengthOf(type: string, otherwise: number | null): number | null {
  const [, length] = /\(\s*(\d+)\s*\)/.exec(type) ?? [];
  return length === undefined ? otherwise : Number(length);
}

function scaleOf(type: string): number | null {
  const [, scale] = /\(\s*\d+\s*(?:,\s*(-?\d+)\s*)?\)/.exec(type) ?? [];
  return type.includes("(") ? Number(scale ?? 0) : null;
}

function precisionOf(type: string): readonly string[] {
  const [, precision, scale] = /\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/.exec(type) ?? [];
  return precision === undefined ? [] : [`precision: ${precision}`, `scale: ${scale ?? 0}`];
}
