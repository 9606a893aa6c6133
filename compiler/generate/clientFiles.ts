import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Domain } from "../declare/schemas.ts";
import { type AccessPath, accessPaths, columnList, type PathParameter } from "./accessPaths.ts";
import { type ClientFile, importLines, importPath, listText, typescriptFile } from "./file.ts";
import { type ClientModel, docText, type TableModel, type ViewModel } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import { RELATIONS, relationsFile, relationsType, tableKey } from "./relations.ts";
import { ROUTINES, routinesFile } from "./routines.ts";
import { insertType, updateType } from "./tableFile.ts";
import type { TypeImport } from "./valueTypes.ts";
import { writePaths, writtenTable } from "./writePaths.ts";

export const CONSTRAINTS = "client/constraints";
export const clientFile = ({ file }: { readonly file: string }): string => `client/${file}`;

/** `client.ts`, and for each table the functions that read and write it, with their SQL. */
export function clientFiles(domain: CompiledDomain, model: ClientModel): readonly ClientFile[] {
  const names = relationNames(model);
  const routines = routinesFile(domain, model, [...names.values()]);
  return [
    rootFile(domain, names, routines !== null),
    ...(routines === null ? [] : [routines]),
    constraintsFile(model),
    relationsFile(model),
    ...model.tables.map((table) => tableClient(table, model)),
  ];
}

/** What services call tables and views by. */
export function relationNames({ tables, views }: ClientModel): ReadonlyMap<TableModel | ViewModel, string> {
  const choose = nameScope();
  return new Map(
    [...tables, ...views].map(
      (table) => [table, choose(camel(table.name), camel(`${table.schema}_${table.name}`))] as const,
    ),
  );
}

function rootFile(
  { name, domain }: CompiledDomain,
  names: ReadonlyMap<TableModel | ViewModel, string>,
  hasRoutines: boolean,
): ClientFile {
  const lines = [...names].map(([table, name]) => {
    const from = JSON.stringify(importPath("client", clientFile(table)));
    return `${docText(table.comment, "")}export * as ${name} from ${from};`;
  });
  const routines = hasRoutines ? [`export * from ${JSON.stringify(importPath("client", ROUTINES))};`] : [];
  return typescriptFile(name, "client", [...poolOf(domain, names), [...lines, ...routines].join("\n")]);
}

function poolOf({ options }: Domain, names: ReadonlyMap<unknown, string>): readonly string[] {
  if (options.pool === undefined) return [];
  const { size, overflow } = options.pool;
  const entries = Object.entries({ size, overflow }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  );
  const isTaken = [...names.values()].includes(POOL);
  return [
    `/** The domain's own, for \`openPool(url, { pool: ${POOL} })\`. */\nexport const ${isTaken ? `${POOL}OfDomain` : POOL} = { ${entries.join(", ")} } as const;`,
  ];
}

const POOL = "poolSettings";

/** What errors are read by: every constraint of the domain, since one statement may break those of many tables. */
function constraintsFile({ domain, tables }: ClientModel): ClientFile {
  const entries = tables.map(({ schema, name, constraints }) => {
    const lines = constraints.map((one) => {
      const columns = `[${one.columns.map((column) => JSON.stringify(column)).join(", ")}]`;
      return `    ${propertyKey(one.name)}: { kind: ${JSON.stringify(one.kind)}, columns: ${columns}, comment: ${JSON.stringify(one.comment)} },`;
    });
    const body = lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n  }`;
    return `  ${propertyKey(`${schema}.${name}`)}: ${body},`;
  });
  return typescriptFile(domain, CONSTRAINTS, [
    `import type { DomainConstraints } from "verso/client";`,
    `/** What a violation is read by, by table and name. */\nexport const CONSTRAINTS = {\n${entries.join("\n")}\n} as const satisfies DomainConstraints;`,
  ]);
}

function tableClient(table: TableModel, model: ClientModel): ClientFile {
  const file = clientFile(table);
  const reads = accessPaths(table, model).map((path) => readFunction(path, table));
  const writes = writePaths(table).map(({ name, says, parameters, returns, body }) => {
    const own = parameters.map((one) => `${one.name}: ${one.type}`);
    return `${docText(says, "")}${functionText(name, ["db: Database", ...own, "options?: CallOptions"], returns, body)}`;
  });
  const written = writtenTable(table);
  const quoted = Object.entries(written.quoted).map(([name, sql]) => ` ${propertyKey(name)}: ${literal(sql)}`);
  const body = [
    `const COLUMNS = ${literal(columnList(table))};`,
    [
      "/** Its constraints, for `isViolation`. */",
      `export const constraints = CONSTRAINTS[${JSON.stringify(tableKey(table))}];`,
    ].join("\n"),
    `const RELATED: Related = { table: ${JSON.stringify(tableKey(table))}, domain: RELATIONS };`,
    ...reads,
    [
      "const TABLE: WrittenTable = {",
      `  name: ${literal(written.name)},`,
      "  columns: {",
      ...Object.entries(written.columns).map(([name, type]) => `    ${propertyKey(name)}: ${JSON.stringify(type)},`),
      "  },",
      `  quoted: {${quoted.join(",")}${quoted.length > 0 ? " " : ""}},`,
      "  returning: COLUMNS,",
      "  constraints: CONSTRAINTS,",
      "};",
    ].join("\n"),
    ...writes,
  ];
  const text = body.join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`\\b${name.replace("type ", "")}\\b`).test(text));
  const types: readonly TypeImport[] = [
    { name: table.typeName, file: table.file, isDefault: true },
    ...[insertType(table), updateType(table)]
      .filter((name) => text.includes(name))
      .map((name) => ({ name, file: table.file })),
    { name: relationsType(table), file: RELATIONS },
  ];
  return typescriptFile(model.domain, file, [
    [
      `import ${listText(["{", "}"], runtime, 29)} from "verso/client";`,
      importLines(file, types),
      `import { CONSTRAINTS } from ${JSON.stringify(importPath(file, CONSTRAINTS))};`,
      `import { RELATIONS } from ${JSON.stringify(importPath(file, RELATIONS))};`,
    ].join("\n"),
    ...body,
  ]);
}

export const RUNTIME = [
  "allRows",
  "asJson",
  "asPlace",
  "type CallOptions",
  "type Database",
  "execute",
  "findRow",
  "type GeoJSON",
  "type Including",
  "insertRow",
  "insertRows",
  "type Limit",
  "type List",
  "type Loaded",
  "type Nothing",
  "oneRow",
  "oneValue",
  "type Page",
  "type PageOf",
  "pageOf",
  "type Related",
  "someRows",
  "streamRows",
  "updateRow",
  "updateRows",
  "type With",
  "type WrittenTable",
];

/** A function that reads; without related rows for what has no foreign keys, such as a view. */
export function readFunction(
  { name, servedBy, says, parameters, query }: Omit<AccessPath, "servedBy"> & { readonly servedBy: string | null },
  table: TableModel,
  hasRelations = true,
): string {
  const own = parameters.map((one) => `${one.name}: ${one.type}`);
  const values = `[${parameters.map(valueText).join(", ")}]`;
  const comment = docText(servedBy === null ? says : `${says} By ${servedBy}.`, "");
  const of = hasRelations ? `Loaded<${table.typeName}, ${relationsType(table)}, W>` : table.typeName;
  const including = hasRelations ? ` & Including<W, ${relationsType(table)}>` : "";
  const asked = hasRelations ? `<W extends With<${relationsType(table)}> = Nothing>` : "";
  const related = hasRelations ? ", RELATED" : "";
  const constant = name.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toUpperCase();
  /** Every row of a list, whose statement ends with its limit. */
  const stream = (statement: string): string => {
    const streamed = name.replace(/^list/, "stream");
    const given = `[${[...parameters.map(valueText), "null"].join(", ")}]`;
    const body = `streamRows(db, ${statement}, ${given}, options${related})`;
    const taken = ["db: Database", ...own, `options?: CallOptions${including}`];
    const says = docText(`Every row of \`${name}\`, one after the other, however many there are.`, "");
    return `${says}${functionText(streamed, taken, `AsyncIterable<${of}>`, body, asked)}`;
  };
  if (query.gives === "list") {
    const statements = [
      `const ${constant}: List = {`,
      `  name: ${JSON.stringify(`${table.name}.${name}`)},`,
      `  order: [${query.order.map((column) => JSON.stringify(column)).join(", ")}],`,
      ...(["first", "after", "before"] as const).map(
        (key) => `  ${key}: ${sqlText(query[key], table, key.length + 4)},`,
      ),
      "};",
    ].join("\n");
    const call = functionText(
      name,
      ["db: Database", ...own, `page?: Page${including}`],
      `Promise<PageOf<${of}>>`,
      `pageOf(db, ${constant}, ${values}, page${related})`,
      asked,
    );
    return `${statements}\n${comment}${call}\n${stream(`${constant}.first`)}`;
  }
  if (query.gives === "rows" && name.startsWith("list")) {
    const statement = `const ${constant} = ${sqlText(query.text, table, constant.length + 10)};`;
    const body = `someRows(db, ${constant}, ${values}, options${related})`;
    const taken = ["db: Database", ...own, `options?: Limit${including}`];
    const call = functionText(name, taken, `Promise<readonly ${of}[]>`, body, asked);
    return `${statement}\n${comment}${call}\n${stream(constant)}`;
  }
  const text = sqlText(query.text, table, 4);
  if (query.gives === "count" || query.gives === "exists") {
    const type = query.gives === "count" ? "number" : "boolean";
    const body = `oneValue(db, ${text}, ${values}, options)`;
    return `${comment}${functionText(name, ["db: Database", ...own, "options?: CallOptions"], `Promise<${type}>`, body)}`;
  }
  const returned = {
    one: { type: `${of} | null`, run: "findRow", options: "CallOptions" },
    all: { type: `readonly ${of}[]`, run: "allRows", options: "CallOptions" },
    rows: { type: `readonly ${of}[]`, run: "someRows", options: "Limit" },
  }[query.gives];
  const body = `${returned.run}(db, ${text}, ${values}, options${related})`;
  const taken = ["db: Database", ...own, `options?: ${returned.options}${including}`];
  return `${comment}${functionText(name, taken, `Promise<${returned.type}>`, body, asked)}`;
}

const valueText = ({ name, isJson, isPlace }: PathParameter): string =>
  isJson === true ? `asJson(${name})` : isPlace === undefined ? name : `asPlace(${name}, ${isPlace})`;

function functionText(
  name: string,
  parameters: readonly string[],
  returns: string,
  body: string,
  generic = "",
): string {
  const head = `export const ${name} = ${generic}`;
  return `${head}${listText(["(", ")"], parameters, head.length + returns.length + 6)}: ${returns} =>\n  ${body};`;
}

const LINE_WIDTH = 120;

/** A statement as a template, its columns by their constant; in several lines where it is long. */
function sqlText(text: string, table: TableModel, around: number): string {
  const all = columnList(table);
  const written = literal(text).replace(`select ${literal(all).slice(1, -1)} from`, `select \${COLUMNS} from`);
  if (written.length + around <= LINE_WIDTH) return written;
  const ordered = written.lastIndexOf(" order by ");
  const broken = ordered < 0 ? written : `${written.slice(0, ordered)}\n    ${written.slice(ordered + 1)}`;
  return broken.replace(" where ", "\n    where ");
}

export const literal = (text: string): string => `\`${text.replaceAll(/[\\`]|\$\{/g, (one) => `\\${one}`)}\``;
