import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Fact, FactId } from "../facts.ts";
import type { Column } from "../kinds/columns.ts";
import type { Constraint } from "../kinds/constraints.ts";
import type { Domain, DomainConstraint } from "../kinds/domains.ts";
import { ofKind } from "../kinds/kind.ts";
import { quotePath } from "../quote.ts";
import { type CheckReader, type Claim, openCheckReader } from "./checks.ts";
import type { RowCondition } from "./conditions.ts";
import { type ClientFile, importLines, importPath, typescriptFile } from "./file.ts";
import { type ClientModel, type ColumnModel, docText, type TableModel } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import { type RelationModel, relationsOf } from "./relations.ts";
import { insertType, publicType, updateType } from "./tableFile.ts";
import {
  checkedColumn,
  checkedDomain,
  columnRules,
  type JsonSchema,
  type OwnTypes,
  type ValueRules,
} from "./valueRules.ts";
import { ENUMS, type TypeImport } from "./valueTypes.ts";

const FILE = "validators";

/** Zod schemas for what tables hold and take, and the same as JSON Schema, which OpenAPI documents can refer to. */
export async function validatorFiles(domain: CompiledDomain, model: ClientModel): Promise<readonly ClientFile[]> {
  const described = await describeTables(domain, model);
  return [zodFile(model, described), jsonFile(model, described)];
}

export interface DescribedTable {
  readonly table: TableModel;
  readonly columns: readonly { readonly column: ColumnModel; readonly rules: ValueRules }[];
  /** Conditions on rows, by the check that they stand for. */
  readonly conditions: ReadonlyMap<string, readonly RowCondition[]>;
  /** Checks that only PostgreSQL makes; of a domain's, with its name. */
  readonly left: readonly string[];
}

/** What validators ask of each column and row, and which checks are left to PostgreSQL. */
export async function describeTables(domain: CompiledDomain, model: ClientModel): Promise<readonly DescribedTable[]> {
  const reader = await openCheckReader();
  const facts = [...domain.facts.values()];
  const { own, left } = readDomains(model, facts, reader);
  const checks = byTable(
    ofKind<Constraint>(facts, "constraint").filter(({ attributes }) => attributes.type === "check"),
  );
  const columns = byTable(ofKind<Column>(facts, "column"));
  return model.tables.map((table) =>
    describe(table, { reader, own, left, checks: checks.get(table.id) ?? [], columns: columns.get(table.id) ?? [] }),
  );
}

/** The domain's own types, with what their checks claim and what those leave to PostgreSQL, by name. */
function readDomains(
  model: ClientModel,
  facts: readonly Fact[],
  reader: CheckReader,
): { readonly own: OwnTypes; readonly left: ReadonlyMap<string, readonly string[]> } {
  const domains = new Map(ofKind<Domain>(facts, "domain").map(({ attributes: a }) => [quotePath(a.schema, a.name), a]));
  const plain: OwnTypes = { model, domains, domainClaims: new Map() };
  const claims = new Map<string, Claim[]>();
  const left = new Map<string, string[]>();
  for (const { attributes: a } of ofKind<DomainConstraint>(facts, "domain constraint")) {
    const path = quotePath(a.schema, a.domain);
    const type = domains.get(path);
    if (type === undefined) continue;
    const value = checkedDomain(type, plain);
    const found = a.isValidated ? reader.read(a.definition, (name) => (name === "value" ? value : undefined)) : null;
    // A condition on a row needs a row.
    if (found === null || found.conditions.length > 0)
      left.set(path, [...(left.get(path) ?? []), `${a.name} of ${path}`]);
    else claims.set(path, [...(claims.get(path) ?? []), ...(found.claims.get("value") ?? [])]);
  }
  const withBase = (path: string): readonly string[] => {
    const base = domains.get(path)?.type;
    return [...(left.get(path) ?? []), ...(base === undefined ? [] : withBase(base))];
  };
  const all = new Map([...domains.keys()].map((path) => [path, withBase(path)]));
  return { own: { ...plain, domainClaims: claims }, left: all };
}

function byTable<A extends object>(facts: readonly Fact<A>[]): ReadonlyMap<FactId, readonly A[]> {
  const found = new Map<FactId, A[]>();
  for (const { parent, attributes } of facts) {
    if (parent !== null) found.set(parent, [...(found.get(parent) ?? []), attributes]);
  }
  return found;
}

interface Source {
  readonly reader: CheckReader;
  readonly own: OwnTypes;
  /** Checks of domains that are left to PostgreSQL. */
  readonly left: ReadonlyMap<string, readonly string[]>;
  readonly checks: readonly Constraint[];
  readonly columns: readonly Column[];
}

function describe(table: TableModel, { reader, own, left: leftOfDomains, checks, columns }: Source): DescribedTable {
  const collations = new Map(columns.map(({ name, collation }) => [name, collation]));
  const checked = new Map(
    table.columns.map((column) => [column.name, checkedColumn(column, collations.get(column.name) ?? null, own)]),
  );
  const claims = new Map<string, Claim[]>();
  const conditions = new Map<string, readonly RowCondition[]>();
  const left = table.columns.flatMap(({ sqlType }) => leftOfDomains.get(sqlType.replace(/(?:\[\])+$/, "")) ?? []);
  for (const { name, definition, isValidated, isEnforced } of checks) {
    const found = isValidated && isEnforced ? reader.read(definition, (column) => checked.get(column)) : null;
    if (found === null) left.push(name);
    for (const [column, some] of found?.claims ?? []) claims.set(column, [...(claims.get(column) ?? []), ...some]);
    if (found !== null && found.conditions.length > 0) conditions.set(name, found.conditions);
  }
  return {
    table,
    columns: table.columns.map((column) => ({
      column,
      rules: columnRules(column, table, claims.get(column.name) ?? [], own),
    })),
    conditions: new Map([...conditions].sort(([one], [other]) => (one < other ? -1 : 1))),
    left: [...new Set(left)].sort(),
  };
}

const PARTS = ["Columns", "Checks", "Public", "Detail"];

/** What the constants of a table are called. */
type TableNames = Readonly<Record<"name" | "columns" | "checks" | "shown" | "detail", string>>;

const RUNTIME = [
  "atLeast",
  "atMost",
  "bigint",
  "boolean",
  "both",
  "bytes",
  "composite",
  "countGiven",
  "cut",
  "date",
  "dayOf",
  "decimal",
  "decimalOf",
  "differs",
  "either",
  "equals",
  "float",
  "geometry",
  "greaterThan",
  "instantOf",
  "integer",
  "isGiven",
  "isNull",
  "json",
  "judge",
  "lessThan",
  "matchesPattern",
  "minus",
  "momentOf",
  "not",
  "oneOf",
  "plus",
  "single",
  "sizeOf",
  "text",
  "time",
  "timestamp",
  "timestamptz",
  "timetz",
  "uuid",
  "uuidOf",
];

function zodFile(model: ClientModel, described: readonly DescribedTable[]): ClientFile {
  const choose = nameScope();
  // What the file imports keeps its name.
  for (const name of [...RUNTIME, "z"]) choose(name);
  const relations = relationsOf(model);
  const names = new Map(
    described.map(({ table }) => [table.id, choose(camel(table.name), camel(`${table.schema}_${table.name}`))]),
  );
  // Of what a table's schema is made; every name is chosen before the first is mentioned.
  const inner = new Map(
    [...names].map(([id, name]) => {
      const [columns = "", checks = "", shown = "", detail = ""] = PARTS.map((part) => choose(`${name}${part}`));
      return [id, { name, columns, checks, shown, detail }];
    }),
  );
  const parts = described.map((one) => tableText(one, relations.get(one.table.id) ?? [], inner));
  const rules = described.flatMap(({ columns }) => columns.map((one) => one.rules));
  const types = described.flatMap(({ table }): TypeImport[] => [
    { name: table.typeName, file: table.file, isDefault: true },
    ...[insertType(table), updateType(table), publicType(table)].map((name) => ({ name, file: table.file })),
  ]);
  return zodModule(model, FILE, parts, rules, types);
}

/** Zod schemas for the rows of views. */
export async function viewValidatorsFile(
  domain: CompiledDomain,
  model: ClientModel,
  views: readonly TableModel[],
): Promise<ClientFile> {
  const { own } = readDomains(model, [...domain.facts.values()], await openCheckReader());
  const choose = nameScope();
  for (const name of [...RUNTIME, "z"]) choose(name);
  const described = views.map((view) => ({
    view,
    columns: view.columns.map((column) => ({ column, rules: columnRules(column, view, [], own) })),
  }));
  const parts = described.map(({ view, columns }) => {
    const name = choose(camel(view.name), camel(`${view.schema}_${view.name}`));
    const object = (some: typeof columns): string =>
      `z.object({\n${some
        .map(({ column, rules }) => `    ${propertyKey(column.name)}: ${columnZod(column, rules)},`)
        .join("\n")}\n  })`;
    const shown = columns.filter(({ column }) => !column.isSecret);
    const lines = [
      `  row: ${object(columns)} satisfies z.ZodType<${view.typeName}>,`,
      ...(shown.length === columns.length ? [] : [`  /** What may leave the server. */\n  public: ${object(shown)},`]),
    ];
    return `${docText(view.comment, "")}export const ${name} = {\n${lines.join("\n")}\n};`;
  });
  const rules = described.flatMap(({ columns }) => columns.map((one) => one.rules));
  const types = views.map(({ typeName, file }) => ({ name: typeName, file, isDefault: true as const }));
  return zodModule(model, "viewValidators", parts, rules, types);
}

const columnZod = ({ isNullable }: ColumnModel, { zod }: ValueRules): string =>
  `${zod}${isNullable ? ".nullable()" : ""}`;

function zodModule(
  model: ClientModel,
  file: string,
  parts: readonly string[],
  rules: readonly ValueRules[],
  types: readonly TypeImport[],
): ClientFile {
  const text = parts.join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`[ (\\[]${name}[(<]`).test(text));
  const enums = [...new Set(rules.flatMap((one) => one.enums))].sort();
  return typescriptFile(model.domain, file, [
    [
      ...(runtime.length === 0 ? [] : [`import { ${runtime.join(", ")} } from "verso/validators";`]),
      `import { z } from "zod";`,
      ...(enums.length === 0
        ? []
        : [
            `import {\n${enums.map((name) => `  ${name},`).join("\n")}\n} from ${JSON.stringify(importPath(file, ENUMS))};`,
          ]),
      importLines(file, types),
    ].join("\n"),
    ...parts,
  ]);
}

function tableText(
  { table, columns, conditions, left }: DescribedTable,
  relations: readonly RelationModel[],
  names: ReadonlyMap<FactId, TableNames>,
): string {
  const own = names.get(table.id);
  if (own === undefined) throw new Error(`${table.path} has no names`);
  const { name, columns: all, checks } = own;
  const of = ({ name: column }: ColumnModel): string =>
    /^[A-Za-z_$][\w$]*$/.test(column) ? `${all}.${column}` : `${all}[${JSON.stringify(column)}]`;
  const taken = columns.map(({ column }) => column).filter(({ insertion }) => insertion !== "never");
  const secrets = columns.filter(({ column }) => column.isSecret);
  const mentioned = new Set([...conditions.values()].flat().flatMap((one) => [...one.columns]));
  const absent = taken.flatMap((column) => {
    const value = mentioned.has(column.name) ? valueWhenAbsent(column) : null;
    return value === null ? [] : [`${propertyKey(column.name)}: ${value}`];
  });
  const judged = (more: string): string =>
    conditions.size === 0 ? "" : `.superRefine(judge<${table.typeName}>(${checks}${more}))`;
  const object = (lines: readonly string[]): string => (lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n  }`);
  const insert = taken.map(
    (column) =>
      `    ${propertyKey(column.name)}: ${of(column)}${column.insertion === "optional" ? ".exactOptional()" : ""},`,
  );
  const update = taken.map((column) => `    ${propertyKey(column.name)}: ${of(column)}.exactOptional(),`);
  const more = left.length === 0 ? [] : [`Left to PostgreSQL: ${left.join(", ")}.`];
  return [
    `const ${all} = {\n${columns
      .map(({ column, rules }) => `  ${propertyKey(column.name)}: ${columnZod(column, rules)},`)
      .join("\n")}\n};`,
    ...(conditions.size === 0 ? [] : [checksText(checks, table, conditions)]),
    ...(secrets.length === 0
      ? []
      : [
          `const ${own.shown} = z.object(${all}).omit({ ${secrets
            .map(({ column }) => `${propertyKey(column.name)}: true`)
            .join(", ")} });`,
        ]),
    detailText(table, secrets.length === 0 ? all : `${own.shown}.shape`, relations, names),
    `${docText(table.comment, "", more)}export const ${name} = {`,
    `  row: z.object(${all}) satisfies z.ZodType<${table.typeName}>,`,
    ...(secrets.length === 0 ? [] : [`  /** What may leave the server. */\n  public: ${own.shown},`]),
    `  detail: ${own.detail},`,
    `  insert: z.strictObject(${object(insert)})${judged(absent.length === 0 ? "" : `, { ${absent.join(", ")} }`)} satisfies z.ZodType<${insertType(table)}>,`,
    `  update: z.strictObject(${object(update)})${judged("")} satisfies z.ZodType<${updateType(table)}>,`,
    "};",
  ].join("\n");
}

/** A row with those that relations led to. Details refer to each other, so that each says its type. */
function detailText(
  table: TableModel,
  shown: string,
  relations: readonly RelationModel[],
  names: ReadonlyMap<FactId, TableNames>,
): string {
  const known = relations.flatMap((relation) => {
    const detail = names.get(relation.to.id)?.detail;
    return detail === undefined ? [] : [{ ...relation, detail }];
  });
  const types = known.map(({ name, to, isMany, isNullable }) => {
    const type = isMany ? `readonly ${detailType(to)}[]` : `${detailType(to)}${isNullable ? " | null" : ""}`;
    return `  ${propertyKey(name)}?: ${type};`;
  });
  const getters = known.map(({ name, isMany, isNullable, detail }) => {
    const schema = isMany ? `z.array(${detail})` : `${detail}${isNullable ? ".nullable()" : ""}`;
    return `  get ${propertyKey(name)}() {\n    return ${schema}.exactOptional();\n  },`;
  });
  const own = names.get(table.id)?.detail ?? "";
  const type = detailType(table);
  return [
    `/** What may leave the server, with the rows that relations led to, where they were loaded. */`,
    `export interface ${type} extends ${publicType(table)} ${types.length === 0 ? "{}" : `{\n${types.join("\n")}\n}`}`,
    `const ${own}: z.ZodType<${type}> = z.object({\n${[`  ...${shown},`, ...getters].join("\n")}\n});`,
  ].join("\n");
}

function checksText(
  name: string,
  { typeName }: TableModel,
  conditions: ReadonlyMap<string, readonly RowCondition[]>,
): string {
  const lines = [...conditions].flatMap(([constraint, all]) => {
    const [only, ...more] = all.map(({ text }) => text);
    const whole = only === undefined || more.length > 0 ? `both(${all.map(({ text }) => text).join(", ")})` : only;
    const start = `  ${propertyKey(constraint)}: (row: Partial<${typeName}>) =>`;
    return start.length + whole.length < 119 ? [`${start} ${whole},`] : [start, `    ${whole},`];
  });
  return `const ${name} = {\n${lines.join("\n")}\n};`;
}

/** What a column that is left out will hold, as TypeScript; null where only PostgreSQL knows. */
function valueWhenAbsent({ baseType, value, default: written, hasDefault, isNullable }: ColumnModel): string | null {
  if (!hasDefault) return isNullable ? "null" : null;
  if (written === null) return null;
  if (/^(?:true|false)$/.test(written)) return written;
  if (/^-?\d{1,15}$/.test(written)) {
    if (/^(?:smallint|integer|real|double precision)$/.test(baseType)) return written;
    return baseType === "bigint" ? `${written}n` : baseType.startsWith("numeric") ? JSON.stringify(written) : null;
  }
  const [, text] = /^'([^'\\]*)'$/.exec(written) ?? [];
  const isWord =
    /^(?:text|varchar|character varying)\b/.test(baseType) || value.imports.some(({ file }) => file === ENUMS);
  return text !== undefined && isWord ? JSON.stringify(text) : null;
}

function jsonFile(model: ClientModel, described: readonly DescribedTable[]): ClientFile {
  const relations = relationsOf(model);
  const schemas = described.flatMap(({ table, columns }) => {
    const taken = columns.filter(({ column }) => column.insertion !== "never");
    const shown = columns.filter(({ column }) => !column.isSecret);
    const comment = table.comment === null ? {} : { description: table.comment };
    const required = (some: readonly ColumnModel[]) =>
      some.length === 0 ? {} : { required: some.map(({ name }) => name) };
    const object = (some: typeof columns, needed: readonly ColumnModel[], isOpen: boolean): JsonSchema => ({
      type: "object",
      ...comment,
      properties: Object.fromEntries(some.map(({ column, rules }) => [column.name, propertySchema(column, rules)])),
      ...required(needed),
      ...(isOpen ? {} : { additionalProperties: false }),
    });
    const needed = taken.map(({ column }) => column).filter(({ insertion }) => insertion === "required");
    return [
      [
        table.typeName,
        object(
          shown,
          shown.map(({ column }) => column),
          true,
        ),
      ],
      [insertType(table), object(taken, needed, false)],
      [updateType(table), object(taken, [], false)],
      [detailType(table), detailSchema(table, relations.get(table.id) ?? [])],
    ] as const;
  });
  const document = {
    "x-about": `Generated by \`verso compile\` from definitions/${model.domain}: JSON Schema 2020-12, and components of OpenAPI 3.1.`,
    openapi: "3.1.0",
    info: { title: model.domain, version: "1" },
    components: { schemas: Object.fromEntries(schemas) },
  };
  return { file: "schemas.json", text: `${JSON.stringify(document, null, 2)}\n` };
}

const detailType = ({ typeName }: TableModel): string => `${typeName}_Detail`;
const componentOf = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function detailSchema(table: TableModel, relations: readonly RelationModel[]): JsonSchema {
  const properties = relations.map(({ name, to, isMany, isNullable }) => {
    const one = componentOf(detailType(to));
    return [name, isMany ? { type: "array", items: one } : isNullable ? { anyOf: [one, { type: "null" }] } : one];
  });
  return { allOf: [componentOf(table.typeName)], type: "object", properties: Object.fromEntries(properties) };
}

function propertySchema({ comment, isNullable }: ColumnModel, { json }: ValueRules): JsonSchema {
  const isAny = Object.keys(json).length === 0;
  return {
    ...(comment === null ? {} : { description: comment }),
    ...(isNullable && !isAny ? { anyOf: [json, { type: "null" }] } : json),
  };
}
