import type { AnsweredValue } from "../queries/askShadow.ts";
import { quoteName } from "../quote.ts";
import { accessPaths, columnList } from "./accessPaths.ts";
import { clientFile, literal, RUNTIME, readFunction } from "./clientFiles.ts";
import { type ClientFile, importLines, listText, typescriptFile } from "./file.ts";
import { type ClientModel, type ColumnModel, docText, type TableModel, type ViewModel } from "./model.ts";
import { propertyKey } from "./names.ts";
import { answeredType, columnsByPath } from "./queriesFile.ts";
import { publicType, readType } from "./tableFile.ts";

/** Views with the columns that PostgreSQL said they have. */
export function answeredViews(
  model: ClientModel,
  answers: ReadonlyMap<string, readonly AnsweredValue[]>,
): readonly AnsweredView[] {
  const known = columnsByPath(model);
  return model.views.map((view) => {
    const columns = (answers.get(view.path) ?? []).map((one): ColumnModel => {
      const origin = one.column === null ? undefined : known.get(one.column)?.column;
      return {
        name: one.name,
        comment: view.columnComments[quoteName(one.name)] ?? origin?.comment ?? null,
        sqlType: one.type,
        baseType: one.type,
        isUserType: origin?.isUserType ?? false,
        value: answeredType({ ...one, isNullable: false }, known, model),
        isNullable: one.isNullable,
        insertion: "never",
        hasDefault: false,
        default: null,
        isSecret: origin?.isSecret ?? false,
        inJson: "as it is",
      };
    });
    return { ...view, columns, keys: [], foreignKeys: [], constraints: [] };
  });
}

type AnsweredView = TableModel & ViewModel;

/** Rows of views, and the functions that read them. */
export const viewFiles = (model: ClientModel, views: readonly AnsweredView[]): readonly ClientFile[] =>
  views.flatMap((view) => [rowFile(model, view), functionsFile(model, view)]);

function rowFile({ domain }: ClientModel, view: TableModel): ClientFile {
  const { typeName, file, columns } = view;
  const lines = columns.map(
    (column) => `${docText(column.comment, "  ")}  ${propertyKey(column.name)}: ${readType(column)};`,
  );
  const secrets = columns.filter(({ isSecret }) => isSecret).map(({ name }) => JSON.stringify(name));
  const shown = secrets.length === 0 ? typeName : `Omit<${typeName}, ${secrets.join(" | ")}>`;
  return typescriptFile(domain, file, [
    importLines(
      file,
      columns.flatMap(({ value }) => value.imports),
    ),
    `${docText(view.comment, "")}export default interface ${typeName} ${lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`}`,
    `/** What may leave the server. */\nexport type ${publicType(view)} = ${shown};`,
  ]);
}

function functionsFile(model: ClientModel, view: AnsweredView): ClientFile {
  const { typeName, refresh } = view;
  const file = clientFile(view);
  const reads = accessPaths(view, model).map((way) => readFunction(way, view, false));
  const body = [
    `const COLUMNS = ${literal(columnList(view))};`,
    readFunction(listOfAll(view), view, false),
    ...reads,
    ...(refresh === null ? [] : [refreshFunction(view, refresh)]),
  ];
  const text = body.join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`\\b${name.replace("type ", "")}\\b`).test(text));
  return typescriptFile(model.domain, file, [
    [
      `import ${listText(["{", "}"], runtime, 29)} from "verso/client";`,
      importLines(file, [{ name: typeName, file: view.file, isDefault: true }]),
    ].join("\n"),
    ...body,
  ]);
}

const listOfAll = (view: TableModel) => ({
  name: "list",
  servedBy: null,
  says: "Its rows, in the order that its query has, up to a limit.",
  parameters: [],
  query: { gives: "rows" as const, text: `select ${columnList(view)} from ${view.path} limit $1` },
});

/** Concurrently only where a unique index of plain columns tells the rows apart. */
function refreshFunction({ indexes }: TableModel, refresh: NonNullable<ViewModel["refresh"]>): string {
  const isTold = indexes.some(
    ({ isUnique, where, elements }) => isUnique && where === null && elements.every(({ column }) => column !== null),
  );
  const says = isTold
    ? "Runs the query again; readers see the old rows until then."
    : "Runs the query again; readers wait.";
  return [
    `/** ${says} */`,
    "export const refresh = async (db: Database, options?: CallOptions): Promise<void> => {",
    `  await execute(db, ${literal(isTold ? refresh.concurrent : refresh.plain)}, [], options);`,
    "};",
  ].join("\n");
}
