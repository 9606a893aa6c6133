import type { Fact } from "../../facts.ts";
import { type Code, call, entriesOf, list, object, plain, text, unlessEmpty, when } from "../../pull/code.ts";
import { type Pulled, type Pulling, puller, standing } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import { dedent } from "../dedent.ts";
import { bodyOf, type Parameter, type Routine } from "../functions.ts";
import { languageId } from "../languages.ts";
import { attachedTo, schemaEntries } from "./attached.ts";
import { literalOf } from "./columns.ts";
import { constantOrName, functionCode, typeList } from "./names.ts";
import { soleName } from "./scan.ts";
import { bareType, typeCode } from "./types.ts";

export const routinePuller = puller<Routine>({
  file: () => "functions",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  // What a base type is made of is said with it.
  pull: (fact, pulling) => (fact.attributes.ofType === null ? pullRoutine(fact, pulling) : null),
});

function pullRoutine(fact: Fact<Routine>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const given = argumentsCode(a, fact, pulling);
  if (given === null) return null;
  const returns = a.routine === "procedure" ? undefined : returnsCode(a, fact, pulling);
  const hasOutputs = a.parameters.some(({ mode }) => mode === "out" || mode === "inout");
  const isRecord =
    a.returns === "record" && a.parameters.filter(({ mode }) => mode === "out" || mode === "inout").length > 1;
  const attached = attachedTo(fact, pulling);
  const language = a.library !== null ? "c" : a.standardBody === null ? "plpgsql" : "sql";
  const isSymbol = a.library !== null || a.language === "internal";
  const body = isSymbol ? text(a.body) : a.standardBody === null ? bodyCode(a) : undefined;
  const atomic =
    a.standardBody === null ? undefined : standing(pulling.sql(dedent(a.standardBody), fact), (one) => dedent(one));
  const names = [given, returns, atomic].filter((code) => code !== undefined);
  const entries = [
    ...schemaEntries(a.schema, pulling),
    ...entriesOf({
      arguments: unlessEmpty(given),
      returns: hasOutputs && isRecord ? undefined : returns,
      language: when(a.language !== language, constantOrName(languageId(a.language), a.language, pulling)),
      library: a.library === null ? undefined : text(a.library),
      transforms: unlessEmpty(typeList(a.transforms, fact, pulling)),
      volatility: when(a.volatility !== "volatile", text(a.volatility)),
      strict: when(a.isStrict, plain(true)),
      leakproof: when(a.isLeakproof, plain(true)),
      parallel: when(a.parallel !== "unsafe", text(a.parallel)),
      cost: a.cost === null ? undefined : plain(a.cost),
      rows: a.rows === null ? undefined : plain(a.rows),
      window: when(a.isWindow, plain(true)),
      support: functionCode(a.support, fact, pulling),
      securityDefiner: when(a.isSecurityDefiner, plain(true)),
      set: unlessEmpty(settingsCode(a.settings)),
      dependsOn: unlessEmpty(list(pulling.unnamed(fact, names))),
      body,
      atomic,
    }),
    ...attached.entries,
  ];
  const maker = a.routine === "procedure" ? "procedure" : "fn";
  return { value: call(maker, text(a.name), { code: "object", entries }), doc: attached.doc };
}

const settingsCode = (settings: readonly string[]): Code =>
  object(
    Object.fromEntries(
      settings.map((setting) => [
        setting.slice(0, setting.indexOf("=")),
        text(setting.slice(setting.indexOf("=") + 1)),
      ]),
    ),
  );

/** A body as SQL that is laid out, where that comes to the same blanks; else as it stands. */
function bodyCode({ body, language }: Routine): Code {
  const laidOut: Code = { code: "sql", parts: [dedent(body)] };
  const read = (given: string) => bodyOf(given, language);
  if (read(dedent(body)) !== body || body.includes("\r")) return { code: "lines", text: body };
  return standing(laidOut, read);
}

/** An object of named arguments, a list where a name is missing or used twice; null where only some have a name. */
function argumentsCode(a: Routine, of: Fact<object>, pulling: Pulling): Code | null {
  const given = a.parameters.filter(({ mode }) => mode !== "table");
  const codes = given.map((one) => argumentCode(one, of, pulling));
  const names = given.map(({ name }) => name);
  if (names.every((name) => name === null)) return list(codes);
  if (names.includes(null) || new Set(names).size < names.length) return null;
  // JavaScript puts keys that are numbers first.
  if (names.some((name) => /^\d+$/.test(name ?? ""))) return null;
  return {
    code: "object",
    entries: given.map(({ name }, i) => ({ key: name ?? "", value: codes[i] ?? plain("null") })),
  };
}

function argumentCode({ mode, type, default: value }: Parameter, of: Fact<object>, pulling: Pulling): Code {
  const literal = value === null ? undefined : (literalOf(value, type) ?? pulling.sql(withoutParentheses(value), of));
  const code = typeCode(type, literal === undefined ? [] : [{ key: "default", value: literal }], of, pulling);
  return mode === "in" || mode === "table" ? code : call(mode, code);
}

/** Names of types that SQL says in one word, as `returns` takes them. */
const WORDS = new Set(["trigger", "void", "event_trigger", "record"]);

function returnsCode(a: Routine, of: Fact<object>, pulling: Pulling): Code | undefined {
  if (a.returns === null) return undefined;
  const columns = a.parameters.filter(({ mode }) => mode === "table");
  if (columns.length > 0) {
    const entries = columns.map(({ name, type }) => ({ key: name ?? "", value: bareType(type, of, pulling) }));
    return object({ table: { code: "object", entries } });
  }
  const [, setof] = /^SETOF (.*)$/s.exec(a.returns) ?? [];
  if (setof !== undefined) return object({ setof: returnedType(setof, of, pulling) });
  return returnedType(a.returns, of, pulling);
}

/** A declaration whose rows it returns, or a type. */
function returnedType(type: string, of: Fact<object>, pulling: Pulling): Code {
  if (WORDS.has(type)) return text(type);
  const code = pulling.sql(type, of);
  const [only, ...others] = code.code === "sql" ? code.parts : [];
  if (only !== undefined && typeof only !== "string" && others.length === 0) return only;
  const column = bareType(type, of, pulling);
  const isUnknown = column.code === "call" && column.callee === "column";
  return isUnknown ? (soleName(type) === null ? code : text(type)) : column;
}
