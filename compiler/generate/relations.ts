import type { Decoding, DomainRelations, RelatedTable } from "../client/relations.ts";
import type { FactId } from "../facts.ts";
import { quoteName } from "../quote.ts";
import { type ClientFile, importLines, typescriptFile } from "./file.ts";
import type { ClientModel, ColumnModel, ForeignKeyModel, TableModel } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import type { TypeImport } from "./valueTypes.ts";

export const RELATIONS = "client/relations";
export const relationsType = ({ typeName }: TableModel): string => `${typeName}_Relations`;
/** How the tables of a domain are called in what is generated about relations. */
export const tableKey = ({ schema, name }: TableModel): string => `${schema}.${name}`;

export interface RelationModel {
  readonly name: string;
  readonly to: TableModel;
  readonly isMany: boolean;
  readonly isNullable: boolean;
  readonly on: readonly (readonly [own: string, other: string])[];
  /** The constraint that it goes along. */
  readonly by: string;
}

/** Relations of every table, both ways along each foreign key. */
export function relationsOf({ tables }: ClientModel): ReadonlyMap<FactId, readonly RelationModel[]> {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const found = new Map<FactId, RelationModel[]>(tables.map(({ id }) => [id, []]));
  const scopes = new Map(
    tables.map(({ id, columns }) => {
      const choose = nameScope();
      for (const { name } of columns) choose(name);
      return [id, choose];
    }),
  );
  const add = (from: TableModel, { name, ...relation }: RelationModel, other: string): void => {
    const chosen = scopes.get(from.id)?.(name, other) ?? name;
    found.get(from.id)?.push({ ...relation, name: chosen });
  };
  const keys = tables.flatMap((table) => table.foreignKeys.map((key) => [table, key] as const));
  for (const [table, key] of keys) {
    const target = byId.get(key.target);
    if (target === undefined) continue;
    const on = key.columns.map((column, i) => [column, key.targetColumns[i] ?? ""] as const);
    const isNullable = table.columns.some(({ name, isNullable: may }) => may && key.columns.includes(name));
    add(
      table,
      { name: nameOfOne(key, target), to: target, isMany: false, isNullable, on, by: key.name },
      camel(key.name),
    );
  }
  for (const [table, key] of keys) {
    const target = byId.get(key.target);
    if (target === undefined) continue;
    const on = key.columns.map((column, i) => [key.targetColumns[i] ?? "", column] as const);
    const isUnique = table.keys.some(({ columns }) => columns.every((column) => key.columns.includes(column)));
    const siblings = table.foreignKeys.filter((one) => one.target === key.target);
    const plain = camel(table.name);
    const telling = `${plain}By${camel(key.columns[0] ?? "").replace(/^./, (first) => first.toUpperCase())}`;
    const name = siblings.length > 1 ? telling : plain;
    add(target, { name, to: table, isMany: !isUnique, isNullable: isUnique, on, by: key.name }, telling);
  }
  return found;
}

/** `coach_id` → `coach`; a key whose columns end otherwise has its target's name. */
function nameOfOne({ columns }: ForeignKeyModel, target: TableModel): string {
  const named = columns.find((column) => /._id$/.test(column));
  return named === undefined ? camel(target.name) : camel(named.replace(/_id$/, ""));
}

/** What related rows are loaded by, table by table. */
export function domainRelations(model: ClientModel): DomainRelations {
  const relations = relationsOf(model);
  return Object.fromEntries(
    model.tables.map((table): [string, RelatedTable] => {
      const columns = table.columns.map((column) => ({ column, ...asJson(column) }));
      const key = table.keys.find(({ isPrimary }) => isPrimary)?.columns.map(quoteName) ?? [];
      const decoded = columns.flatMap(({ column, decode }) =>
        decode === null ? [] : [[column.name, decode] as const],
      );
      const paths = (relations.get(table.id) ?? []).map(({ name, to, isMany, on }) => {
        const pairs = on.map(([own, other]) => [quoteName(own), quoteName(other)] as const);
        return [name, { table: tableKey(to), isMany, on: pairs }] as const;
      });
      return [
        tableKey(table),
        {
          name: table.path,
          columns: columns.map(({ sql }) => sql).join(", "),
          decode: Object.fromEntries(decoded),
          order: key,
          relations: Object.fromEntries(paths),
        },
      ];
    }),
  );
}

/** What generated functions load related rows by. */
export function relationsFile(model: ClientModel): ClientFile {
  const relations = relationsOf(model);
  const related = (table: TableModel) => relations.get(table.id) ?? [];
  const imports = model.tables.flatMap((table) =>
    related(table).map(({ to }): TypeImport => ({ name: to.typeName, file: to.file, isDefault: true })),
  );
  const types = model.tables.map((table) => {
    const lines = related(table).map(({ name, to, isMany, isNullable, by }) => {
      const row = isMany ? `many: ${to.typeName}` : `one: ${to.typeName}${isNullable ? " | null" : ""}`;
      return `  /** By ${by}. */\n  ${propertyKey(name)}: { ${row}; relations: ${relationsType(to)} };`;
    });
    return `export interface ${relationsType(table)} ${lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`}`;
  });
  const entries = Object.entries(domainRelations(model)).map(([key, table]) => {
    const decoded = Object.entries(table.decode).map(
      ([column, type]) => `${propertyKey(column)}: ${JSON.stringify(type)}`,
    );
    const paths = Object.entries(table.relations).map(([name, path]) => {
      const pairs = path.on.map((pair) => `[${pair.map((one) => JSON.stringify(one)).join(", ")}]`);
      return `      ${propertyKey(name)}: { table: ${JSON.stringify(path.table)}, isMany: ${path.isMany}, on: [${pairs.join(", ")}] },`;
    });
    return [
      `  ${propertyKey(key)}: {`,
      `    name: ${JSON.stringify(table.name)},`,
      `    columns: ${JSON.stringify(table.columns)},`,
      `    decode: {${decoded.length === 0 ? "" : ` ${decoded.join(", ")} `}},`,
      `    order: [${table.order.map((column) => JSON.stringify(column)).join(", ")}],`,
      paths.length === 0 ? "    relations: {}," : `    relations: {\n${paths.join("\n")}\n    },`,
      "  },",
    ].join("\n");
  });
  return typescriptFile(model.domain, RELATIONS, [
    [`import type { DomainRelations } from "verso/client";`, importLines(RELATIONS, imports)].join("\n"),
    ...types,
    `/** Foreign keys, both ways, by table. */\nexport const RELATIONS: DomainRelations = {\n${entries.join("\n")}\n};`,
  ]);
}

/** A column inside JSON. */
function asJson({ name, inJson }: ColumnModel): { readonly sql: string; readonly decode: Decoding } {
  const sql = quoteName(name);
  return inJson === "as it is" ? { sql, decode: null } : { sql: `${sql}::text as ${sql}`, decode: inJson.decode };
}
