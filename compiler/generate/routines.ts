import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Fact } from "../facts.ts";
import type { Comment } from "../kinds/comments.ts";
import type { Parameter, Routine } from "../kinds/functions.ts";
import { factId, ofKind } from "../kinds/kind.ts";
import { printedType } from "../kinds/typeNames.ts";
import { quoteName, quotePath } from "../quote.ts";
import { CONSTRAINTS } from "./clientFiles.ts";
import { type ClientFile, importLines, importPath, listText, typescriptFile } from "./file.ts";
import { type ClientModel, docText } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import { arrayOf, type TypeText, valueType } from "./valueTypes.ts";

export const ROUTINES = "client/routines";

// What a service does not call: PostgreSQL does.
const UNCALLED = /^(?:event_)?trigger$|^internal$|_handler$/;

/** Functions and procedures as typed calls; null for a domain that has none to call. */
export function routinesFile(domain: CompiledDomain, model: ClientModel, taken: readonly string[]): ClientFile | null {
  const choose = nameScope();
  for (const name of taken) choose(name);
  const routines = ofKind<Routine>(domain.facts.values(), "function")
    .filter(({ attributes: a }) => !UNCALLED.test(a.returns ?? "") && !a.isWindow)
    .toSorted(({ id: a }, { id: b }) => (a < b ? -1 : 1));
  if (routines.length === 0) return null;
  const written = routines.map((routine) => routineText(routine, domain, model, choose));
  const text = written.map((one) => one.text).join("\n");
  const runtime = RUNTIME.filter((name) => new RegExp(`\\b${name.replace("type ", "")}\\b`).test(text));
  return typescriptFile(model.domain, ROUTINES, [
    [
      `import ${listText(["{", "}"], runtime, 29)} from "verso/client";`,
      importLines(
        ROUTINES,
        written.flatMap(({ imports }) => imports),
      ),
      `import { CONSTRAINTS } from ${JSON.stringify(importPath(ROUTINES, CONSTRAINTS))};`,
    ].join("\n"),
    ...written.map((one) => one.text),
  ]);
}

const RUNTIME = ["type CallOptions", "callForMany", "callForNothing", "callForOne", "type Database", "type Routine"];

function routineText(
  { id, attributes: a }: Fact<Routine>,
  domain: CompiledDomain,
  model: ClientModel,
  choose: ReturnType<typeof nameScope>,
): TypeText {
  const name = choose(camel(a.name), camel(`${a.schema}_${a.name}`));
  const isProcedure = a.routine === "procedure";
  const taken = a.parameters.filter(({ mode }) => mode !== "table" && (mode !== "out" || isProcedure));
  const chooseArgument = nameScope();
  const parameters = taken.map((parameter, i) => ({
    ...parameter,
    key: chooseArgument(parameter.name ?? `argument${i + 1}`),
    value: parameterType(parameter, model),
  }));
  const given = parameters.filter(({ mode }) => mode !== "out");
  const isOptional = ({ mode, default: usual }: Parameter): boolean => usual !== null || mode === "variadic";
  const lines = given.map((parameter) => {
    const { key, value, default: usual } = parameter;
    return `${usual !== null ? `    /** @default ${usual.replaceAll(/\s+/g, " ").replaceAll("*/", "*\\/")} */\n` : ""}    ${propertyKey(key)}${isOptional(parameter) ? "?" : ""}: ${value.text} | null;`;
  });
  const isAllOptional = given.every(isOptional);
  const result = resultOf(a, model);
  const constant = name.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toUpperCase();
  // What has no name can only be told by its place, and so all others; as can what goes before a list of any length.
  const isPlaced = parameters.some(({ name: own, mode }) => own === null || mode === "variadic");
  const own = given.length === 0 ? [] : [`given: {\n${lines.join("\n")}\n  }${isAllOptional ? " = {}" : ""}`];
  const known = parameters.map(({ key, name: called, type, mode }) =>
    [
      `    { name: ${JSON.stringify(key)}`,
      `named: ${called === null || isPlaced ? "null" : JSON.stringify(quoteName(called))}`,
      `type: ${JSON.stringify(type)}`,
      ...(mode === "variadic" ? ["isVariadic: true"] : []),
      ...(/^jsonb?$/.test(printedType(type)) ? ["isJson: true"] : []),
      ...(mode === "out" ? ["isOut: true"] : []),
    ].join(", "),
  );
  const comment = (domain.facts.get(factId("comment", id)) as Fact<Comment> | undefined)?.attributes.text ?? null;
  const text = [
    `const ${constant}: Routine = {`,
    `  name: ${JSON.stringify(quotePath(a.schema, a.name))},`,
    ...(isProcedure ? ["  isProcedure: true,"] : []),
    `  gives: ${JSON.stringify(result.gives)},`,
    known.length === 0 ? "  parameters: []," : `  parameters: [\n${known.map((one) => `${one} },`).join("\n")}\n  ],`,
    "};",
    `${docText(comment, "")}export const ${name} = (`,
    ...["db: Database", ...own, "options?: CallOptions"].map((one) => `  ${one},`),
    `): Promise<${result.type.text}> =>`,
    `  ${result.run}(db, ${constant}, ${given.length === 0 ? "{}" : "given"}, options, CONSTRAINTS);`,
  ].join("\n");
  return { text, imports: [...given.flatMap(({ value }) => value.imports), ...result.type.imports] };
}

function parameterType({ type }: Parameter, model: ClientModel): TypeText {
  if (/^jsonb?$/.test(printedType(type))) return { text: "unknown", imports: [] };
  return POLYMORPHIC.test(type) ? { text: "string", imports: [] } : valueType(type, model.types);
}

const POLYMORPHIC = /^any/;

interface Result {
  readonly type: TypeText;
  readonly gives: "rows" | "values";
  readonly run: string;
}

/** What it gives. A function's value can always be null; a row of a table is as the table has it. */
function resultOf(a: Routine, model: ClientModel): Result {
  const outs = a.parameters.filter(({ mode }) => mode === "out" || mode === "inout" || mode === "table");
  const [, setof] = /^SETOF ([\s\S]*)$/i.exec(a.returns ?? "") ?? [];
  const isMany = setof !== undefined || /^TABLE\(/i.test(a.returns ?? "");
  const many = (of: TypeText): TypeText => {
    const list = arrayOf(of);
    return { ...list, text: `readonly ${list.text}` };
  };
  const run = isMany ? "callForMany" : "callForOne";
  if (outs.length > 1 || (isMany && outs.length > 0) || (a.returns === null && outs.length > 0)) {
    const values = outs.map(({ name, type }, i) => ({
      name: name ?? `column${i + 1}`,
      value: valueType(type, model.types),
    }));
    const text = `{ ${values.map(({ name, value }) => `${propertyKey(name)}: ${value.text} | null`).join("; ")} }`;
    const row: TypeText = { text, imports: values.flatMap(({ value }) => value.imports) };
    return { gives: "rows", run, type: isMany ? many(row) : row };
  }
  const returned = setof ?? a.returns ?? "void";
  if (returned === "void") return { gives: "values", run: "callForNothing", type: { text: "void", imports: [] } };
  const table = model.tables.find(({ path }) => path === returned);
  if (table !== undefined) {
    const row: TypeText = {
      text: table.typeName,
      imports: [{ name: table.typeName, file: table.file, isDefault: true }],
    };
    const one: TypeText = { ...row, text: `${row.text} | null` };
    return { gives: "rows", run, type: isMany ? many(row) : one };
  }
  if (returned === "record") {
    const row: TypeText = { text: "Readonly<Record<string, unknown>>", imports: [] };
    return { gives: "rows", run, type: isMany ? many(row) : row };
  }
  const value = POLYMORPHIC.test(returned) ? { text: "unknown", imports: [] } : valueType(returned, model.types);
  const one: TypeText = { ...value, text: `${value.text} | null` };
  return { gives: "values", run, type: isMany ? many(one) : one };
}
