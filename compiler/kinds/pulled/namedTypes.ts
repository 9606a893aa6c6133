import type { Fact } from "../../facts.ts";
import { call, entriesOf, object, type Property, plain, text, texts, when } from "../../pull/code.ts";
import { type Pulled, type Pulling, puller } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import type { Composite } from "../composites.ts";
import { splitPath } from "../declaring.ts";
import type { Domain, DomainConstraint } from "../domains.ts";
import type { Enum } from "../enums.ts";
import { factId, ofKind } from "../kind.ts";
import type { Range } from "../ranges.ts";
import type { Sequence } from "../sequences.ts";
import { attachedTo, commentOf, docOrOption, schemaEntries } from "./attached.ts";
import { collationCode, literalOf, sequenceOptions } from "./columns.ts";
import { nameAsSql, options } from "./names.ts";
import { takeGroup } from "./scan.ts";
import { typeCode } from "./types.ts";

const named = (a: { readonly schema: string; readonly name: string }): string => quotePath(a.schema, a.name);

export const enumPuller = puller<Enum>({
  file: () => "enums",
  identifier: (a) => a.name,
  typeName: named,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const attached = attachedTo(fact, pulling);
    const entries = [...schemaEntries(a.schema, pulling), ...attached.entries];
    return { value: call("enumType", text(a.name), texts(a.labels), ...options(entries)), doc: attached.doc };
  },
});

export const domainPuller = puller<Domain>({
  file: () => "types",
  identifier: (a) => a.name,
  typeName: named,
  breaksCircles: true,
  pull: (fact, pulling) => pullDomain(fact, pulling),
});

function pullDomain(fact: Fact<Domain>, pulling: Pulling): Pulled | null {
  const { attributes: a } = fact;
  const attached = attachedTo(fact, pulling);
  const checks = ofKind<DomainConstraint>(pulling.children(fact.id), "domain constraint").flatMap(
    (one) => domainCheck(one, pulling) ?? [],
  );
  const [only, second] = checks;
  const isUsual =
    only?.key === `${a.name}_check` && second === undefined && only.value.code === "sql" && only.doc === undefined;
  const entries = [
    ...schemaEntries(a.schema, pulling),
    ...entriesOf({
      nullable: when(a.notNull, plain(false)),
      notNullName: a.notNullName === null ? undefined : text(a.notNullName),
      default:
        a.default === null
          ? undefined
          : (literalOf(a.default, a.type) ?? pulling.sql(withoutParentheses(a.default), fact)),
      collate: a.collation === null ? undefined : collationCode(a.collation, fact, pulling),
      check: only === undefined ? undefined : isUsual ? only.value : { code: "object", entries: checks },
    }),
    ...attached.entries,
  ];
  const value = call("domainType", text(a.name), typeCode(a.type, [], fact, pulling), ...options(entries));
  return { value, doc: attached.doc };
}

function domainCheck(fact: Fact<DomainConstraint>, pulling: Pulling): Property | null {
  const { attributes: a } = fact;
  const group = takeGroup(a.definition.replace(/^CHECK /, ""));
  if (group === null || group.rest !== "") return null;
  // A function that takes values of the domain comes after it, and the check that calls it after that.
  const isCircle = fact.dependsOn.some(
    (need) => pulling.facts.get(need)?.kind === "function" && pulling.constant(need) === undefined,
  );
  if (isCircle) return null;
  pulling.say(fact.id);
  const expression = pulling.sql(withoutParentheses(group.inside), fact);
  const comment = commentOf(fact.id, pulling);
  if (a.isValidated && comment === undefined) return { key: a.name, value: expression };
  const value = object({
    expression,
    notValid: when(!a.isValidated, plain(true)),
    comment: comment === undefined ? undefined : text(comment),
  });
  return { key: a.name, value };
}

export const compositePuller = puller<Composite>({
  file: () => "types",
  identifier: (a) => a.name,
  typeName: named,
  pull: (fact, pulling) => pullComposite(fact, pulling),
});

function pullComposite(fact: Fact<Composite>, pulling: Pulling): Pulled {
  const { attributes: a } = fact;
  const attached = attachedTo(fact, pulling);
  const attributes = a.attributes.map(({ name, type, collation }): Property => {
    const id = factId("composite attribute", quotePath(a.schema, a.name, name));
    pulling.say(id);
    const comment = commentOf(id, pulling);
    const { doc, entries } = docOrOption(comment);
    const collate = collation === null ? [] : [{ key: "collate", value: collationCode(collation, fact, pulling) }];
    return { key: name, value: typeCode(type, [...collate, ...entries], fact, pulling), doc };
  });
  const entries = [...schemaEntries(a.schema, pulling), ...attached.entries];
  const value = call("compositeType", text(a.name), { code: "object", entries: attributes }, ...options(entries));
  return { value, doc: attached.doc };
}

export const rangePuller = puller<Range>({
  file: () => "types",
  identifier: (a) => a.name,
  typeName: named,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const attached = attachedTo(fact, pulling);
    const printed = (value: string | null) => {
      if (value === null) return undefined;
      const code = nameAsSql(value, fact, pulling);
      return code.code === "sql" ? text(value) : code;
    };
    const entries = [
      ...schemaEntries(a.schema, pulling),
      ...entriesOf({
        subtype: typeCode(a.subtype, [], fact, pulling),
        subtypeOpclass: printed(a.subtypeOpclass),
        collation: printed(a.collation),
        canonical: printed(a.canonical),
        subtypeDiff: printed(a.subtypeDiff),
        multirangeName: printed(a.multirangeName),
      }),
      ...attached.entries,
    ];
    return { value: call("rangeType", text(a.name), ...options(entries)), doc: attached.doc };
  },
});

const LIMITS: Readonly<Record<string, string>> = { smallint: "32767", integer: "2147483647" };

export const sequencePuller = puller<Sequence>({
  file: (a) => {
    const [schema, table] = a.ownedBy === null ? [] : splitPath(a.ownedBy);
    return schema === undefined || table === undefined
      ? "sequences"
      : { with: factId("table", quotePath(schema, table)) };
  },
  identifier: (a) => a.name,
  mention: named,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const attached = attachedTo(fact, pulling);
    const entries = [
      ...schemaEntries(a.schema, pulling),
      ...entriesOf({
        as: when(a.type !== "bigint", text(a.type)),
        ...sequenceOptions(a, LIMITS[a.type] ?? "9223372036854775807"),
        unlogged: when(a.isUnlogged, plain(true)),
        ownedBy: a.ownedBy === null ? undefined : text(ownerPath(a.ownedBy, pulling)),
      }),
      ...attached.entries,
    ];
    return { value: call("sequence", text(a.name), ...options(entries)), doc: attached.doc };
  },
});

/** Without the schema where it is the domain's. */
function ownerPath(path: string, pulling: Pulling): string {
  const [schema = "", ...rest] = splitPath(path);
  return schema === pulling.schema ? quotePath(...rest) : path;
}
