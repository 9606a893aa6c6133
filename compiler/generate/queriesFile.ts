import type { AnsweredParameter, AnsweredQuery, AnsweredValue } from "../queries/askShadow.ts";
import type { WrittenQuery } from "../queries/parseQueries.ts";
import { quotePath } from "../quote.ts";
import { CONSTRAINTS, literal } from "./clientFiles.ts";
import { type ClientFile, importLines, importPath, listText, typescriptFile } from "./file.ts";
import { encodingOf } from "./inJson.ts";
import { type ClientModel, type ColumnModel, docText, type TableModel } from "./model.ts";
import { nameScope, pascal, propertyKey } from "./names.ts";
import { arrayOf, type TypeText, valueType } from "./valueTypes.ts";

const FILE = "queries";

/** A function for each hand-written query, with the types that PostgreSQL gave. */
export function queriesFile(
  model: ClientModel,
  queries: readonly WrittenQuery[],
  answers: ReadonlyMap<string, AnsweredQuery>,
): ClientFile | null {
  if (queries.length === 0) return null;
  const columns = columnsByPath(model);
  const chooseName = nameScope();
  for (const { typeName } of model.tables) chooseName(typeName);
  const chooseFunction = nameScope();
  for (const { name } of queries) chooseFunction(name);
  const written = queries.flatMap((query) => {
    const answer = answers.get(query.name);
    return answer === undefined ? [] : [functionOf(query, answer, columns, model, chooseName, chooseFunction)];
  });
  const text = written.map((one) => one.text).join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`\\b${name.replace("type ", "")}\\b`).test(text));
  return typescriptFile(model.domain, FILE, [
    [
      `import ${listText(["{", "}"], runtime, 29)} from "verso/client";`,
      importLines(
        FILE,
        written.flatMap(({ imports }) => imports),
      ),
      ...(/\bCONSTRAINTS\b/.test(text)
        ? [`import { CONSTRAINTS } from ${JSON.stringify(importPath(FILE, CONSTRAINTS))};`]
        : []),
    ].join("\n"),
    ...written.map((one) => one.text),
  ]);
}

const RUNTIME = [
  "asJson",
  "type CallOptions",
  "type Database",
  "encoded",
  "execute",
  "oneRow",
  "onlyRow",
  "streamRows",
];

interface Origin {
  readonly table: TableModel;
  readonly column: ColumnModel;
}

type ColumnsByPath = ReadonlyMap<string, Origin>;

export const columnsByPath = ({ tables }: ClientModel): ColumnsByPath =>
  new Map(
    tables.flatMap((table) =>
      table.columns.map((column) => [quotePath(table.schema, table.name, column.name), { table, column }] as const),
    ),
  );

/** The type of a value: its column's, or what PostgreSQL's type comes to. */
export function answeredType(
  { type, column, isNullable }: AnsweredValue,
  columns: ColumnsByPath,
  model: ClientModel,
): TypeText {
  const origin = column === null ? undefined : columns.get(column);
  const value = origin?.column.value ?? valueType(type, model.types);
  const hasOwnName = origin !== undefined && /__brand|[|&]/.test(value.text);
  if (!hasOwnName) return isNullable ? { ...value, text: `${value.text} | null` } : value;
  const { table, column: own } = origin;
  const whole = `${table.typeName}[${JSON.stringify(own.name)}]`;
  const bare = own.isNullable ? `NonNullable<${whole}>` : whole;
  return {
    text: !isNullable ? bare : own.isNullable ? whole : `${whole} | null`,
    imports: [{ name: table.typeName, file: table.file, isDefault: true }],
  };
}

function functionOf(
  query: WrittenQuery,
  { writes, parameters, columns }: AnsweredQuery,
  known: ColumnsByPath,
  model: ClientModel,
  chooseName: ReturnType<typeof nameScope>,
  chooseFunction: ReturnType<typeof nameScope>,
): { readonly text: string; readonly imports: TypeText["imports"] } {
  const { name, cardinality } = query;
  const given = parameters.map((one) => ({ ...one, value: parameterType(one, known, model) }));
  const results = columns.map((one) => ({ ...one, value: answeredType(one, known, model) }));
  const parametersName = chooseName(`${pascal(name)}Parameters`);
  const rowName = chooseName(`${pascal(name)}Row`);
  const constant = name.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toUpperCase();
  const hasRows = cardinality !== "exec";
  const returns = {
    many: `readonly ${rowName}[]`,
    one: rowName,
    maybe: `${rowName} | null`,
    exec: "void",
  }[cardinality];
  const run = { many: "execute", one: "onlyRow", maybe: "oneRow", exec: "execute" }[cardinality];
  const values = given.map((one) => valueText(one, model)).join(", ");
  const more = writes ? ["options", "CONSTRAINTS"] : ["options"];
  const called = `${hasRows ? "return" : "await"} ${run}${hasRows ? `<${rowName}>` : ""}`;
  const args = ["db", constant, `[${values}]`, ...more];
  const isStreamed = cardinality === "many" && !writes;
  const body = `${called}${listText(["(", ")"], args, called.length + 3).replaceAll("\n", "\n  ")};`;
  const heads = ["db: Database", ...(given.length > 0 ? [`given: ${parametersName}`] : []), "options?: CallOptions"];
  const head = `export ${hasRows ? "" : "async "}function ${name}`;
  const streamed = chooseFunction(`stream${pascal(name)}`);
  const streaming = `return streamRows<${rowName}>`;
  const text = [
    ...(given.length > 0
      ? [
          `/** What \`${name}\` takes. */\nexport interface ${parametersName} {\n${given
            .map((one) => `  readonly ${propertyKey(one.name)}${one.isNullable ? "?" : ""}: ${one.value.text};`)
            .join("\n")}\n}`,
        ]
      : []),
    ...(hasRows
      ? [
          `/** What \`${name}\` gives. */\nexport interface ${rowName} {\n${results
            .map((one) => `  ${propertyKey(one.name)}: ${one.value.text};`)
            .join("\n")}\n}`,
        ]
      : []),
    `const ${constant} = ${literal(`\n${query.text}\n`)};`,
    `${docText(query.doc, "")}${head}${listText(["(", ")"], heads, head.length + returns.length + 14)}: Promise<${returns}> {\n  ${body}\n}`,
    ...(isStreamed
      ? [
          `/** Every row of \`${name}\`, one after the other, however many there are. */\nexport function ${streamed}${listText(["(", ")"], heads, streamed.length + rowName.length + 33)}: AsyncIterable<${rowName}> {\n  ${streaming}${listText(["(", ")"], args, streaming.length + 3).replaceAll("\n", "\n  ")};\n}`,
        ]
      : []),
  ].join("\n\n");
  return { text, imports: [...given, ...(hasRows ? results : [])].flatMap(({ value }) => value.imports) };
}

function parameterType(parameter: AnsweredParameter, known: ColumnsByPath, model: ClientModel): TypeText {
  const { type, isList, isNullable } = parameter;
  const isArray = type.endsWith("[]");
  const element = isList && isArray ? type.slice(0, -2) : type;
  const value = answeredType({ ...parameter, type: element, isNullable: false }, known, model);
  const whole = isList && isArray ? arrayOf(value).text : value.text;
  const text = isArray && !whole.startsWith("readonly ") ? `readonly ${whole}` : whole;
  return { text: isNullable ? `${text} | null` : text, imports: value.imports };
}

function valueText({ name, type, isNullable }: AnsweredParameter, model: ClientModel): string {
  const value = /^[A-Za-z_$][\w$]*$/.test(name) ? `given.${name}` : `given[${JSON.stringify(name)}]`;
  const json = isNullable ? `${value} == null ? null : asJson(${value})` : `asJson(${value})`;
  if (/^jsonb?$/.test(type)) return json;
  if (/^jsonb?\[\]$/.test(type)) return isNullable ? `${value}?.map(asJson)` : `${value}.map(asJson)`;
  const encoding = encodingOf(type, model);
  return encoding === null ? value : `encoded(${value}, ${JSON.stringify(encoding)})`;
}
