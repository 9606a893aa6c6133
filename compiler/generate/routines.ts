import type { Routine as Called } from "../client/routines.ts";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { Fact, FactIndex } from "../facts.ts";
import type { Comment } from "../kinds/comments.ts";
import type { Parameter, Routine } from "../kinds/functions.ts";
import { factId, ofKind } from "../kinds/kind.ts";
import { printedType } from "../kinds/typeNames.ts";
import { quoteName, quotePath } from "../quote.ts";
import { CONSTRAINTS } from "./clientFiles.ts";
import { type ClientFile, importLines, importPath, listText, typescriptFile } from "./file.ts";
import { encodingOf } from "./inJson.ts";
import { type ClientModel, docText } from "./model.ts";
import { camel, nameScope, propertyKey } from "./names.ts";
import { arrayOf, type TypeText, valueType } from "./valueTypes.ts";

export const ROUTINES = "client/routines";

// What a service does not call: PostgreSQL does.
const UNCALLED = /^(?:event_)?trigger$|^internal$|_handler$/;

/** Functions and procedures as typed calls; null for a domain that has none to call. */
export function routinesFile(domain: CompiledDomain, model: ClientModel, taken: readonly string[]): ClientFile | null {
  const routines = calledRoutines(domain.facts, model, taken);
  if (routines.length === 0) return null;
  const written = routines.map((routine) => routineText(routine, domain, model));
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

/** A routine as services call it. */
export interface CalledRoutine {
  readonly fact: Fact<Routine>;
  /** Of the generated function. */
  readonly name: string;
  readonly call: Called;
  /** What it takes, by the names that the generated function has for them. */
  readonly given: readonly GivenParameter[];
}

interface GivenParameter {
  readonly key: string;
  readonly type: string;
  readonly default: string | null;
  readonly isOptional: boolean;
}

/** Those that services call, in the order of their identities. */
export function calledRoutines(
  facts: FactIndex,
  model: ClientModel,
  taken: readonly string[],
): readonly CalledRoutine[] {
  const choose = nameScope();
  for (const name of taken) choose(name);
  return ofKind<Routine>(facts.values(), "function")
    .filter(({ attributes: a }) => !UNCALLED.test(a.returns ?? "") && !a.isWindow)
    .toSorted(({ id: a }, { id: b }) => (a < b ? -1 : 1))
    .map((fact) => ({
      fact,
      name: choose(camel(fact.attributes.name), camel(`${fact.attributes.schema}_${fact.attributes.name}`)),
      ...callTo(fact.attributes, model),
    }));
}

function callTo(a: Routine, model: ClientModel): Pick<CalledRoutine, "call" | "given"> {
  const isProcedure = a.routine === "procedure";
  const choose = nameScope();
  const parameters = a.parameters
    .filter(({ mode }) => mode !== "table" && (mode !== "out" || isProcedure))
    .map((parameter, i) => ({ ...parameter, key: choose(parameter.name ?? `argument${i + 1}`) }));
  // What has no name can only be told by its place, and so all others; as can what goes before a list of any length.
  const isPlaced = parameters.some(({ name, mode }) => name === null || mode === "variadic");
  return {
    call: {
      name: quotePath(a.schema, a.name),
      ...(isProcedure ? { isProcedure } : {}),
      gives: resultOf(a, model).gives,
      parameters: parameters.map(({ key, name, type, mode }) => ({
        name: key,
        named: name === null || isPlaced ? null : quoteName(name),
        type,
        ...(mode === "variadic" ? { isVariadic: true } : {}),
        ...(/^jsonb?$/.test(printedType(type)) ? { isJson: true } : encodingEntry(type, model)),
        ...(mode === "out" ? { isOut: true } : {}),
      })),
    },
    given: parameters
      .filter(({ mode }) => mode !== "out")
      .map(({ key, type, mode, default: usual }) => ({
        key,
        type,
        default: usual,
        isOptional: usual !== null || mode === "variadic",
      })),
  };
}

const encodingEntry = (type: string, model: ClientModel): Pick<Called["parameters"][number], "encoding"> => {
  const encoding = encodingOf(type, model);
  return encoding === null ? {} : { encoding };
};

const RUNTIME = ["type CallOptions", "callForMany", "callForNothing", "callForOne", "type Database", "type Routine"];

function routineText(
  { fact, name, call, given: taken }: CalledRoutine,
  domain: CompiledDomain,
  model: ClientModel,
): TypeText {
  const given = taken.map((parameter) => ({ ...parameter, value: parameterType(parameter, model) }));
  const lines = given.map(({ key, value, default: usual, isOptional }) => {
    const says =
      usual === null ? "" : `    /** @default ${usual.replaceAll(/\s+/g, " ").replaceAll("*/", "*\\/")} */\n`;
    return `${says}    ${propertyKey(key)}${isOptional ? "?" : ""}: ${value.text} | null;`;
  });
  const isAllOptional = given.every(({ isOptional }) => isOptional);
  const result = resultOf(fact.attributes, model);
  const constant = name.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toUpperCase();
  const own = given.length === 0 ? [] : [`given: {\n${lines.join("\n")}\n  }${isAllOptional ? " = {}" : ""}`];
  const known = call.parameters.map((parameter) => {
    const entries = Object.entries(parameter).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return `    { ${entries.join(", ")} },`;
  });
  const comment = (domain.facts.get(factId("comment", fact.id)) as Fact<Comment> | undefined)?.attributes.text ?? null;
  const text = [
    `const ${constant}: Routine = {`,
    `  name: ${JSON.stringify(call.name)},`,
    ...(call.isProcedure === true ? ["  isProcedure: true,"] : []),
    `  gives: ${JSON.stringify(call.gives)},`,
    known.length === 0 ? "  parameters: []," : `  parameters: [\n${known.join("\n")}\n  ],`,
    "};",
    `${docText(comment, "")}export const ${name} = (`,
    ...["db: Database", ...own, "options?: CallOptions"].map((one) => `  ${one},`),
    `): Promise<${result.type.text}> =>`,
    `  ${result.run}(db, ${constant}, ${given.length === 0 ? "{}" : "given"}, options, CONSTRAINTS);`,
  ].join("\n");
  return { text, imports: [...given.flatMap(({ value }) => value.imports), ...result.type.imports] };
}

function parameterType({ type }: Pick<Parameter, "type">, model: ClientModel): TypeText {
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
