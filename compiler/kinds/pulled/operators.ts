import type { Fact, FactId } from "../../facts.ts";
import {
  type Code,
  call,
  entriesOf,
  list,
  object,
  type Property,
  plain,
  text,
  unlessEmpty,
  when,
} from "../../pull/code.ts";
import { type Pulled, type Pulling, puller } from "../../pull/pulling.ts";
import { quoteName, quotePath } from "../../quote.ts";
import type { Aggregate, Computation } from "../aggregates.ts";
import type { Cast } from "../casts.ts";
import { splitPath } from "../declaring.ts";
import { factId } from "../kind.ts";
import type { OperatorClass } from "../operatorClasses.ts";
import type { OperatorFamily } from "../operatorFamilies.ts";
import type { Operator } from "../operators.ts";
import { attachedTo, commentOf, docOrOption, schemaEntries } from "./attached.ts";
import { flag, functionCode, nameAsSql, signatureCode, typeList, typeNameCode, withoutSchema } from "./names.ts";
import { soleName, splitOutside, takeGroup } from "./scan.ts";
import { bareType } from "./types.ts";

export const castPuller = puller<Cast>({
  file: () => "casts",
  identifier: (a) => `${withoutSchema(a.source)}_to_${withoutSchema(a.target)}`,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = docOrOption(commentOf(fact.id, pulling));
    const given = object({
      from: typeNameCode(a.source, fact, pulling),
      to: typeNameCode(a.target, fact, pulling),
      with:
        a.function !== null
          ? signatureCode("function", a.function, fact, pulling)
          : text(a.method === "binary" ? "binary" : "inout"),
      as: when(a.context !== "explicit", text(a.context)),
    });
    return { value: call("cast", { ...given, entries: [...given.entries, ...entries] }), doc };
  },
});

const operatorText = (a: Pick<Operator, "schema" | "name">): string => `OPERATOR(${quoteName(a.schema)}.${a.name})`;

export const operatorPuller = puller<Operator>({
  file: () => "operators",
  identifier: (a) => `${splitPath(a.function).at(-1)}_operator`,
  mention: operatorText,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const commutator = linkCode(a.commutator, a, `(${a.right}, ${a.left})`);
    const negator = linkCode(a.negator, a, `(${a.left}, ${a.right})`);
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      left: a.left === "NONE" ? undefined : typeNameCode(a.left, fact, pulling),
      right: typeNameCode(a.right, fact, pulling),
      function: nameAsSql(a.function, fact, pulling),
      commutator,
      negator,
      restrict: functionCode(a.restrict, fact, pulling),
      join: functionCode(a.join, fact, pulling),
      hashes: flag(a.hashes),
      merges: flag(a.merges),
    });
    const all: Code = { code: "object", entries: [...schemaEntries(a.schema, pulling), ...given, ...entries] };
    return { value: call("operator", text(a.name), all), doc };
  },
});

/** By symbol in the same schema, else as SQL, which need not wait for the other one. */
function linkCode(link: string | null, a: Operator, types: string): Code | undefined {
  if (link === null) return undefined;
  const own = `${quoteName(a.schema)}.`;
  const symbol = link.slice(0, -types.length);
  return symbol.startsWith(own) ? text(symbol.slice(own.length)) : { code: "sql", parts: [`OPERATOR(${symbol})`] };
}

interface Members {
  readonly operators: readonly Code[];
  readonly functions: readonly Code[];
}

/** Members as AS lists them; null where one is not understood. @param own the type that a class is for */
function membersCode(texts: readonly string[], own: string | null, of: Fact<object>, pulling: Pulling): Members | null {
  const operators: Code[] = [];
  const functions: Code[] = [];
  for (const member of texts) {
    const [, strategy, named = "", sorting] =
      /^OPERATOR (\d+) (\S+?\(.*?\))(?: FOR ORDER BY (.+))?$/.exec(member) ?? [];
    if (strategy !== undefined) {
      const operator = signatureCode("operator", named, of, pulling);
      const orderBy = sorting === undefined ? [] : [object({ orderBy: familyCode(sorting, "btree", of, pulling) })];
      operators.push(list([plain(strategy), operator, ...orderBy]));
      continue;
    }
    const [, number, rest = ""] = /^FUNCTION (\d+) (.*)$/s.exec(member) ?? [];
    const group = takeGroup(rest);
    if (number === undefined || group === null) return null;
    const types = splitOutside(group.inside, ",");
    const isOwn = own !== null && types.every((type) => type === own) && group.rest.includes(`(${own}`);
    functions.push(
      list([
        plain(number),
        signatureCode("function", group.rest, of, pulling),
        ...(isOwn ? [] : [typeList(types, of, pulling)]),
      ]),
    );
  }
  return { operators, functions };
}

const familyId = (path: string, method: string): FactId =>
  factId("operator family", `${path} USING ${quoteName(method)}`);

const familyCode = (path: string, method: string, of: Fact<object>, pulling: Pulling): Code =>
  pulling.constant(familyId(path, method)) ?? nameAsSql(path, of, pulling);

export const operatorFamilyPuller = puller<OperatorFamily>({
  file: () => "operators",
  identifier: (a) => a.name,
  // A class that names no family brings one of its own name.
  isThere: ({ id, attributes: a }, pulling) =>
    a.members.length === 0 &&
    pulling.children(id).length === 0 &&
    pulling
      .dependents(id)
      .some(
        (one) =>
          one.id === factId("operator class", `${quotePath(a.schema, a.name)} USING ${quoteName(a.method)}`) &&
          !isOwned(one.id, pulling),
      ),
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const members = membersCode(
      a.members.map((one) => one.text),
      null,
      fact,
      pulling,
    );
    if (members === null) return null;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = [
      ...schemaEntries(a.schema, pulling),
      { key: "using", value: text(a.method) },
      ...memberEntries(members),
      ...entries,
    ];
    return { value: call("operatorFamily", text(a.name), { code: "object", entries: given }), doc };
  },
});

const isOwned = (id: FactId, pulling: Pulling): boolean => pulling.children(id).some(({ kind }) => kind === "owner");

const memberEntries = ({ operators, functions }: Members): readonly Property[] =>
  entriesOf({ operators: unlessEmpty(list(operators)), functions: unlessEmpty(list(functions)) });

export const operatorClassPuller = puller<OperatorClass>({
  file: () => "operators",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const members = membersCode(a.members, a.type, fact, pulling);
    if (members === null) return null;
    const own = familyId(quotePath(a.schema, a.name), a.method);
    const isImplied = familyId(a.family, a.method) === own && pulling.constant(own) === undefined;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      for: typeNameCode(a.type, fact, pulling),
      using: text(a.method),
      default: flag(a.isDefault),
      family: isImplied ? undefined : familyCode(a.family, a.method, fact, pulling),
      storage: a.storage === null ? undefined : typeNameCode(a.storage, fact, pulling),
    });
    const all = [...schemaEntries(a.schema, pulling), ...given, ...memberEntries(members), ...entries];
    return { value: call("operatorClass", text(a.name), { code: "object", entries: all }), doc };
  },
});

export const aggregatePuller = puller<Aggregate>({
  file: () => "aggregates",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => pullAggregate(fact, pulling),
});

function pullAggregate(fact: Fact<Aggregate>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const [direct = "", ordered] = a.type === "normal" ? [a.arguments] : splitAtOrderBy(a.arguments);
  const own = argumentsCode(direct === "*" ? "" : direct, a.input, fact, pulling);
  const orderBy = ordered === undefined ? undefined : argumentsCode(ordered, a.input, fact, pulling);
  if (own === null || orderBy === null) return null;
  const { doc, entries } = attachedTo(fact, pulling);
  const given = entriesOf({
    arguments: unlessEmpty(own),
    orderBy,
    hypothetical: flag(a.type === "hypothetical-set"),
    ...computationCode(a.plain, a.type, fact, pulling),
    moving:
      a.moving === null
        ? undefined
        : object({
            ...computationCode(a.moving, a.type, fact, pulling),
            inverse: nameAsSql(a.moving.inverse, fact, pulling),
          }),
    combine: functionCode(a.combine, fact, pulling),
    serialize: functionCode(a.serial, fact, pulling),
    deserialize: functionCode(a.deserial, fact, pulling),
    sortOperator: functionCode(a.sortOperator, fact, pulling),
    parallel: when(a.parallel !== "unsafe", text(a.parallel)),
  });
  const all = [...schemaEntries(a.schema, pulling), ...given, ...entries];
  return { value: call("aggregate", text(a.name), { code: "object", entries: all }), doc };
}

const computationCode = (c: Computation, type: Aggregate["type"], of: Fact<object>, pulling: Pulling) => ({
  state: typeNameCode(c.state, of, pulling),
  transition: nameAsSql(c.transition, of, pulling),
  stateBytes: c.stateBytes === 0 ? undefined : plain(c.stateBytes),
  initial: c.initial === null ? undefined : text(c.initial),
  final: functionCode(c.final, of, pulling),
  finalExtra: flag(c.finalExtra),
  finalModify: when(c.finalModify !== (type === "normal" ? "read_only" : "read_write"), text(c.finalModify)),
});

/** Direct arguments, and those behind ORDER BY. */
function splitAtOrderBy(given: string): readonly string[] {
  const at = given.startsWith("ORDER BY ") ? 0 : given.search(/(?<=^[^"]*(?:"[^"]*"[^"]*)*) ORDER BY /);
  return [given.slice(0, at), given.slice(at).replace(/^ ?ORDER BY /, "")];
}

/** `x integer, VARIADIC "any"` as the arguments that they are; null where only some have a name. */
function argumentsCode(given: string, types: readonly string[], of: Fact<object>, pulling: Pulling): Code | null {
  const parts = splitOutside(given, ",").map((part) => {
    const bare = part.replace(/^VARIADIC /, "");
    const type = types.find((one) => bare === one) ?? types.find((one) => bare.endsWith(` ${one}`)) ?? bare;
    const name = bare === type ? null : soleName(bare.slice(0, -type.length - 1));
    const code = bareType(type, of, pulling);
    return { name, code: bare === part ? code : call("variadic", code) };
  });
  if (parts.every(({ name }) => name === null)) return list(parts.map(({ code }) => code));
  const names = parts.map(({ name }) => name);
  const isRecord = names.every((name) => name !== null && !/^\d+$/.test(name)) && new Set(names).size === names.length;
  if (!isRecord) return null;
  return { code: "object", entries: parts.map(({ name, code }) => ({ key: name ?? "", value: code })) };
}
