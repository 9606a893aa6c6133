import { printedType } from "../kinds/typeNames.ts";
import { CODECS } from "../session/codecs.ts";
import { type ClientFile, importPath, listText, RUNTIME_MODULE, typescriptFile } from "./file.ts";
import { type ClientModel, type ColumnModel, fileName, type TableModel } from "./model.ts";
import { propertyKey } from "./names.ts";
import { constraintType, insertType, publicType, updateType } from "./tableFile.ts";
import { CUSTOM_TYPES, catalogName, ENUMS } from "./valueTypes.ts";

/** The files by which `@databases/pg-typed` knows a schema's tables: `index.ts` and `schema.json`. */
export function schemaFiles(model: ClientModel, schema: string): readonly ClientFile[] {
  const folder = schema === model.schema ? "" : `${fileName(schema)}/`;
  const tables = model.tables.filter((table) => table.schema === schema);
  return [
    indexFile(model, tables, `${folder}index`, folder === ""),
    { file: `${folder}schema.json`, text: `${JSON.stringify(tables.map(schemaEntry), null, 2)}\n` },
  ];
}

function indexFile(model: ClientModel, tables: readonly TableModel[], file: string, isRoot: boolean): ClientFile {
  const from = (path: string): string => JSON.stringify(importPath(file, path));
  const types = (table: TableModel) => [insertType, updateType, publicType, constraintType].map((name) => name(table));
  const imports = tables.map(
    (table) =>
      `import type ${table.typeName} from ${from(table.file)};\nimport type ${listText(["{", "}"], types(table), 25 + from(table.file).length)} from ${from(table.file)};`,
  );
  const entries = tables.map(
    (table) => `  ${propertyKey(table.name)}: { record: ${table.typeName}; insert: ${insertType(table)} };`,
  );
  const exported = tables.flatMap((table) => [table.typeName, ...types(table)]);
  const serialize = serializeValue(tables);
  const runtime = serialize.includes("asPlace(") ? [`import { asPlace, type GeoJSON } from "${RUNTIME_MODULE}";`] : [];
  return typescriptFile(model.domain, file, [
    [...runtime, ...imports].join("\n"),
    `/** Every table by its name in SQL, as \`tables<DatabaseSchema>()\` of @databases/pg-typed takes them. */\nexport default interface DatabaseSchema {\n${entries.join("\n")}\n}`,
    serialize,
    `export type {\n${exported.map((name) => `  ${name},`).join("\n")}\n};`,
    isRoot ? `export type * from ${from(CUSTOM_TYPES)};` : "",
    isRoot && model.enums.length > 0 ? `export * from ${from(ENUMS)};` : "",
  ]);
}

/** A JSON column takes any value as JSON, also a list, which the driver would otherwise send as an array. */
function serializeValue(tables: readonly TableModel[]): string {
  const named = (type: RegExp) =>
    tables.flatMap(({ name, columns }) => {
      const found = columns.filter(({ sqlType }) => type.test(printedType(sqlType))).map((column) => column.name);
      return found.length === 0
        ? []
        : [`  ${propertyKey(name)}: [${found.map((one) => JSON.stringify(one)).join(", ")}],`];
    });
  const list = (name: string, lines: readonly string[]) =>
    `const ${name}: Readonly<Record<string, readonly string[]>> = {${lines.length === 0 ? "" : `\n${lines.join("\n")}\n`}};`;
  const places = named(/^(?:\w+\.)?(?:geometry|geography)$/);
  const hasPlaces = places.length > 0;
  return `${hasPlaces ? `${list("PLACE_COLUMNS", places)}\n` : ""}${list("JSON_COLUMNS", named(/^jsonb?$/))}
${list("JSON_ARRAY_COLUMNS", named(/^jsonb?\[\]$/))}

/** A value as the driver must be given it: \`tables({ serializeValue })\`. */
export function serializeValue(tableName: string, columnName: string, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (JSON_COLUMNS[tableName]?.includes(columnName)) return JSON.stringify(value);
${hasPlaces ? "  if (PLACE_COLUMNS[tableName]?.includes(columnName)) return asPlace(value as GeoJSON.Geometry | string, 0);\n" : ""}  if (JSON_ARRAY_COLUMNS[tableName]?.includes(columnName) && Array.isArray(value)) {
    return value.map((one) => JSON.stringify(one));
  }
  return value;
}`;
}

/** A table as pg-typed reads it. Object ids of types that a database makes itself differ from one to the other: 0. */
function schemaEntry({ name, columns }: TableModel) {
  return {
    name,
    columns: columns.map((column) => ({
      name: column.name,
      isNullable: column.isNullable,
      hasDefault: column.hasDefault,
      ...typeEntry(column),
    })),
  };
}

function typeEntry({ sqlType, isUserType }: ColumnModel): { readonly typeId: number; readonly typeName: string } {
  const printed = printedType(sqlType);
  const isArray = printed.endsWith("[]");
  const codec = isUserType ? undefined : CODECS.get(catalogName(isArray ? printed.slice(0, -2) : printed));
  const typeId = codec === undefined ? 0 : isArray ? codec.arrayOid : codec.oid;
  return { typeId, typeName: isUserType ? sqlType : printed };
}
