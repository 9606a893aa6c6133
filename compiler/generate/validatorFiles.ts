import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Fact, FactId } from "../facts.ts";
import type { Column } from "../kinds/columns.ts";
import type { Constraint } from "../kinds/constraints.ts";
import type { Domain } from "../kinds/domains.ts";
import { ofKind } from "../kinds/kind.ts";
import { quotePath } from "../quote.ts";
import { type CheckReader, type Claim, openCheckReader } from "./checks.ts";
import { type ClientFile, importLines, importPath, typescriptFile } from "./file.ts";
import { type ClientModel, type ColumnModel, docText, type TableModel } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import { insertType, updateType } from "./tableFile.ts";
import { columnRules, type JsonSchema, type OwnTypes, sortOfColumn, type ValueRules } from "./valueRules.ts";
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
  /** Checks that only PostgreSQL makes. */
  readonly left: readonly string[];
}

/** What validators ask of each column, and which checks are left to PostgreSQL. */
export async function describeTables(domain: CompiledDomain, model: ClientModel): Promise<readonly DescribedTable[]> {
  const reader = await openCheckReader();
  const facts = [...domain.facts.values()];
  const own: OwnTypes = {
    model,
    domains: new Map(ofKind<Domain>(facts, "domain").map(({ attributes: a }) => [quotePath(a.schema, a.name), a])),
  };
  const checks = byTable(
    ofKind<Constraint>(facts, "constraint").filter(({ attributes }) => attributes.type === "check"),
  );
  const columns = byTable(ofKind<Column>(facts, "column"));
  return model.tables.map((table) =>
    describe(table, { reader, own, checks: checks.get(table.id) ?? [], columns: columns.get(table.id) ?? [] }),
  );
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
  readonly checks: readonly Constraint[];
  readonly columns: readonly Column[];
}

function describe(table: TableModel, { reader, own, checks, columns }: Source): DescribedTable {
  const collations = new Map(columns.map(({ name, collation }) => [name, collation]));
  const sorts = new Map(
    table.columns.map((column) => [column.name, sortOfColumn(column, collations.get(column.name) ?? null, own)]),
  );
  const claims = new Map<string, Claim[]>();
  const left: string[] = [];
  for (const { name, definition, isValidated, isEnforced } of checks) {
    const found = isValidated && isEnforced ? reader.read(definition, (column) => sorts.get(column)) : null;
    if (found === null) left.push(name);
    for (const [column, some] of found ?? []) claims.set(column, [...(claims.get(column) ?? []), ...some]);
  }
  return {
    table,
    columns: table.columns.map((column) => ({
      column,
      rules: columnRules(column, table, claims.get(column.name) ?? [], own),
    })),
    left: left.sort(),
  };
}

const RUNTIME = [
  "bigint",
  "boolean",
  "bytes",
  "composite",
  "date",
  "decimal",
  "float",
  "integer",
  "json",
  "text",
  "time",
  "timestamp",
  "timestamptz",
  "timetz",
  "uuid",
];

function zodFile(model: ClientModel, described: readonly DescribedTable[]): ClientFile {
  const choose = nameScope();
  // What the file imports keeps its name.
  for (const name of [...RUNTIME, "z"]) choose(name);
  const parts = described.map((one) => tableText(one, choose));
  const text = parts.join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`[ (]${name}[(<]`).test(text));
  const enums = [...new Set(described.flatMap(({ columns }) => columns.flatMap(({ rules }) => rules.enums)))].sort();
  const types = described.flatMap(({ table }): TypeImport[] => [
    { name: table.typeName, file: table.file, isDefault: true },
    ...[insertType(table), updateType(table)].map((name) => ({ name, file: table.file })),
  ]);
  return typescriptFile(model.domain, FILE, [
    [
      `import { ${runtime.join(", ")} } from "verso/validators";`,
      `import { z } from "zod";`,
      ...(enums.length === 0
        ? []
        : [
            `import {\n${enums.map((name) => `  ${name},`).join("\n")}\n} from ${JSON.stringify(importPath(FILE, ENUMS))};`,
          ]),
      importLines(FILE, types),
    ].join("\n"),
    ...parts,
  ]);
}

function tableText({ table, columns, left }: DescribedTable, choose: ReturnType<typeof nameScope>): string {
  const name = choose(camel(table.name), camel(`${table.schema}_${table.name}`));
  const all = choose(`${name}Columns`);
  const of = ({ name: column }: ColumnModel): string =>
    /^[A-Za-z_$][\w$]*$/.test(column) ? `${all}.${column}` : `${all}[${JSON.stringify(column)}]`;
  const taken = columns.map(({ column }) => column).filter(({ insertion }) => insertion !== "never");
  const secrets = columns.filter(({ column }) => column.isSecret);
  const object = (lines: readonly string[]): string => (lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n  }`);
  const insert = taken.map(
    (column) =>
      `    ${propertyKey(column.name)}: ${of(column)}${column.insertion === "optional" ? ".exactOptional()" : ""},`,
  );
  const update = taken.map((column) => `    ${propertyKey(column.name)}: ${of(column)}.exactOptional(),`);
  const more = left.length === 0 ? [] : [`Left to PostgreSQL: ${left.join(", ")}.`];
  return [
    `const ${all} = {\n${columns
      .map(
        ({ column, rules }) => `  ${propertyKey(column.name)}: ${rules.zod}${column.isNullable ? ".nullable()" : ""},`,
      )
      .join("\n")}\n};`,
    `${docText(table.comment, "", more)}export const ${name} = {`,
    `  row: z.object(${all}) satisfies z.ZodType<${table.typeName}>,`,
    ...(secrets.length === 0
      ? []
      : [
          `  /** What may leave the server. */\n  public: z.object(${all}).omit({ ${secrets
            .map(({ column }) => `${propertyKey(column.name)}: true`)
            .join(", ")} }),`,
        ]),
    `  insert: z.strictObject(${object(insert)}) satisfies z.ZodType<${insertType(table)}>,`,
    `  update: z.strictObject(${object(update)}) satisfies z.ZodType<${updateType(table)}>,`,
    "};",
  ].join("\n");
}

function jsonFile(model: ClientModel, described: readonly DescribedTable[]): ClientFile {
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

function propertySchema({ comment, isNullable }: ColumnModel, { json }: ValueRules): JsonSchema {
  const isAny = Object.keys(json).length === 0;
  return {
    ...(comment === null ? {} : { description: comment }),
    ...(isNullable && !isAny ? { anyOf: [json, { type: "null" }] } : json),
  };
}
