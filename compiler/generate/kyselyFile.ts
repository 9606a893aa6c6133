import { printedType } from "../kinds/typeNames.ts";
import { type ClientFile, importLines, typescriptFile } from "./file.ts";
import { type ClientModel, type ColumnModel, docText, type TableModel } from "./model.ts";
import { propertyKey } from "./names.ts";

const FILE = "kysely";

/** The same tables and views as Kysely is told of them: `new Kysely<Database>(…)`. */
export function kyselyFile(model: ClientModel): ClientFile {
  const { tables, views, schema } = model;
  // Those of the domain's own schema are found by search_path.
  const keyOf = (one: { readonly schema: string; readonly name: string }): string =>
    propertyKey(one.schema === schema ? one.name : `${one.schema}.${one.name}`);
  const entries = [
    ...tables.map((table) => `  ${keyOf(table)}: ${tableType(table)};`),
    ...views.map((view) => `  ${keyOf(view)}: ${viewType(view)};`),
  ];
  const interfaces = tables.map(
    (table) =>
      `${docText(table.comment, "")}export interface ${tableType(table)} {\n${table.columns
        .map((column) => `  ${propertyKey(column.name)}: ${columnType(column, table)};`)
        .join("\n")}\n}`,
  );
  const readOnly = views.map(
    (view) =>
      `${docText(view.comment, "")}export type ${viewType(view)} = {\n  [C in keyof ${view.typeName}]: ColumnType<${view.typeName}[C], never, never>;\n};`,
  );
  const body = [
    `/** Tables and views, as \`new Kysely<Database>()\` takes them. */\nexport interface Database {\n${entries.join("\n")}\n}`,
    ...interfaces,
    ...readOnly,
  ];
  const text = body.join("\n");
  const kysely = ["ColumnType", "Generated", "GeneratedAlways"].filter((name) => text.includes(`${name}<`));
  return typescriptFile(model.domain, FILE, [
    [
      ...(kysely.length === 0 ? [] : [`import type { ${kysely.join(", ")} } from "kysely";`]),
      importLines(
        FILE,
        [...tables, ...views].map(({ typeName, file }) => ({ name: typeName, file, isDefault: true })),
      ),
    ].join("\n"),
    ...body,
  ]);
}

const tableType = ({ typeName }: { readonly typeName: string }): string => `${typeName}Table`;
const viewType = ({ typeName }: { readonly typeName: string }): string => `${typeName}View`;

function columnType({ name, sqlType, isNullable, insertion, hasDefault }: ColumnModel, table: TableModel): string {
  const value = `${table.typeName}[${JSON.stringify(name)}]`;
  if (insertion === "never") return `GeneratedAlways<${value}>`;
  if (/^jsonb?$/.test(printedType(sqlType))) {
    // As text: a driver that is given a list sends an array.
    const written = isNullable ? "string | null" : "string";
    return `ColumnType<${value}, ${insertion === "optional" ? `${written} | undefined` : written}, ${written}>`;
  }
  return hasDefault ? `Generated<${value}>` : value;
}
