import { type ClientFile, importLines, typescriptFile, unionType } from "./file.ts";
import { type ColumnModel, docText, type TableModel } from "./model.ts";
import { propertyKey } from "./names.ts";

/** Names of a table's types. */
export const insertType = ({ typeName }: TableModel): string => `${typeName}_InsertParameters`;
export const updateType = ({ typeName }: TableModel): string => `${typeName}_UpdateParameters`;
export const publicType = ({ typeName }: TableModel): string => `${typeName}_Public`;
export const constraintType = ({ typeName }: TableModel): string => `${typeName}_Constraint`;

/** A table's row, and what goes with it: what INSERT and UPDATE take, what may leave the server, its constraints' names. */
export function tableFile(domain: string, table: TableModel): ClientFile {
  const { typeName, file, columns } = table;
  const comment = docText(table.comment, "");
  const property = (column: ColumnModel, mark: string, more: readonly string[] = []): string =>
    `${docText(column.comment, "  ", more)}  ${propertyKey(column.name)}${mark}: ${readType(column)};`;
  const body = (lines: readonly string[]): string => (lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`);
  const inserted = columns.filter(({ insertion }) => insertion !== "never");
  const secrets = columns.filter(({ isSecret }) => isSecret).map(({ name }) => JSON.stringify(name));
  const names = table.constraints.map(({ name }) => JSON.stringify(name));
  return typescriptFile(domain, file, [
    importLines(
      file,
      columns.flatMap(({ value }) => value.imports),
    ),
    `${comment}export default interface ${typeName} ${body(columns.map((column) => property(column, "")))}`,
    `/** What INSERT takes. */\nexport interface ${insertType(table)} ${body(
      inserted.map((column) => {
        const text = column.default === null ? [] : [`@default ${column.default.replaceAll(/\s+/g, " ")}`];
        return property(column, column.insertion === "optional" ? "?" : "", text);
      }),
    )}`,
    `/** What UPDATE takes. */\nexport type ${updateType(table)} = Partial<${insertType(table)}>;`,
    secrets.length === 0
      ? `/** What may leave the server: all of it. */\nexport type ${publicType(table)} = ${typeName};`
      : `/** What may leave the server: without the secrets. */\nexport type ${publicType(table)} = Omit<${typeName}, ${secrets.join(" | ")}>;`,
    `/** Names of its constraints. */\n${unionType(constraintType(table), names)}`,
  ]);
}

export const readType = ({ value, isNullable }: ColumnModel): string =>
  isNullable ? `${value.text} | null` : value.text;
