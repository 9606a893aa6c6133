import { type Hand, NAMES, ofKind, pathOf, quote, room, text, type World } from "../world.ts";

export interface Enumeration {
  readonly labels: readonly string[];
}
export interface Domain {
  readonly base: "integer" | "text";
  readonly fallback: boolean;
  readonly checks: readonly { readonly name: string; readonly form: number }[];
}
export interface Composite {
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
}
export interface Span {
  readonly subtype: string;
  readonly hasOptions: boolean;
}
interface Collation {
  readonly options: string;
}
interface Sequence {
  readonly options: readonly string[];
}

/** Names as relations have them, of types too. */
export const inSchema = ({ home }: { readonly home: number | null }): string => `${home}`;

const insertAt = <T>(list: readonly T[], at: number, one: T): readonly T[] => [
  ...list.slice(0, at),
  one,
  ...list.slice(at),
];

export const enums = room<Enumeration>({
  kind: "enum",
  weight: 5,
  isInSchema: true,
  make: (hand) => ({ labels: insertAt(hand.some(["sad", "it's", "Ü", "a b", '"'], 4), hand.below(2), "ok") }),
  vary: ({ attributes: { labels } }, hand) => {
    const others = labels.filter((label) => label !== "ok");
    if (hand.chance(3) && others.length > 0) {
      const gone = hand.pick(others);
      return { labels: labels.filter((label) => label !== gone) };
    }
    if (hand.chance(5)) return { labels: labels.toReversed() };
    const label = hand.pick(NAMES) ?? "new";
    return labels.includes(label) ? { labels } : { labels: insertAt(labels, hand.below(labels.length + 1), label) };
  },
  needs: () => [],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "type", privileges: ["usage"] },
  designate: (thing, world) => `type ${pathOf(thing, world)}`,
  print: (thing, world) => [
    `create type ${pathOf(thing, world)} as enum (${thing.attributes.labels.map(text).join(", ")})`,
  ],
});

const DOMAIN_CHECKS = {
  integer: ["value > 0", "value between -5 and 1000", "value <> 77 and value < 5000"],
  text: ["value <> ''", "length(value) < 99", "value ~ '^[^%]'"],
};

export const domains = room<Domain>({
  kind: "domain",
  weight: 4,
  isInSchema: true,
  make: (hand) => ({
    base: hand.chance(2) ? "integer" : "text",
    fallback: hand.chance(3),
    checks: varyChecks([], hand),
  }),
  vary: ({ attributes }, hand) =>
    hand.chance(3)
      ? { ...attributes, fallback: !attributes.fallback }
      : { ...attributes, checks: varyChecks(attributes.checks, hand) },
  needs: () => [],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "type", privileges: ["usage"] },
  designate: (thing, world) => `domain ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { base, fallback, checks } = thing.attributes;
    const conditions = checks.map(
      ({ name, form }) => ` constraint ${quote(name)} check (${DOMAIN_CHECKS[base][form]})`,
    );
    return [`create domain ${pathOf(thing, world)} as ${base}${fallback ? " default '7'" : ""}${conditions.join("")}`];
  },
});

function varyChecks(checks: Domain["checks"], hand: Hand): Domain["checks"] {
  const name = hand.pick(["d_check", "it's", "select"]) ?? "d_check";
  const others = checks.filter((check) => check.name !== name);
  return hand.chance(3) ? others : [...others, { name, form: hand.below(3) }];
}

const ATTRIBUTE_TYPES = ["integer", "text", "bigint", "varchar(9)"];

export const composites = room<Composite>({
  kind: "composite",
  weight: 3,
  isInSchema: true,
  make: (hand) => ({
    attributes: hand.some(NAMES, 3).map((name) => ({ name, type: hand.pick(ATTRIBUTE_TYPES) ?? "text" })),
  }),
  vary: ({ attributes: { attributes } }, hand) => {
    const at = hand.below(attributes.length);
    const type = hand.pick(ATTRIBUTE_TYPES) ?? "text";
    if (hand.chance(3)) return { attributes: attributes.map((one, i) => (i === at ? { ...one, type } : one)) };
    if (hand.chance(2) && attributes.length > 1) return { attributes: attributes.toSpliced(at, 1) };
    const name = hand.pick(NAMES) ?? "z";
    return attributes.some((one) => one.name === name)
      ? { attributes }
      : { attributes: [...attributes, { name, type }] };
  },
  needs: () => [],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "type", privileges: ["usage"] },
  designate: (thing, world) => `type ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const parts = thing.attributes.attributes.map(({ name, type }) => `${quote(name)} ${type}`);
    return [`create type ${pathOf(thing, world)} as (${parts.join(", ")})`];
  },
});

export const ranges = room<Span>({
  kind: "range",
  weight: 2,
  isInSchema: true,
  make: (hand) => ({ subtype: hand.pick(["integer", "bigint", "numeric"]) ?? "integer", hasOptions: hand.chance(2) }),
  vary: ({ attributes }, hand) =>
    hand.chance(2)
      ? { ...attributes, hasOptions: !attributes.hasOptions }
      : { ...attributes, subtype: hand.pick(["integer", "bigint", "numeric"]) ?? "integer" },
  needs: () => [],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "type", privileges: ["usage"] },
  designate: (thing, world) => `type ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { subtype, hasOptions } = thing.attributes;
    const multirange = `${pathOf({ ...thing, name: `many ${thing.name.slice(0, 40)} ${thing.uid}` }, world)}`;
    const options = hasOptions ? `, multirange_type_name = ${multirange}` : "";
    return [`create type ${pathOf(thing, world)} as range (subtype = ${subtype}${options})`];
  },
});

const COLLATIONS = [
  "locale = 'C'",
  "locale = 'POSIX'",
  "provider = icu, locale = 'de-DE'",
  "provider = icu, locale = 'en'",
];

export const collations = room<Collation>({
  kind: "collation",
  weight: 2,
  isInSchema: true,
  make: (hand) => ({ options: hand.pick(COLLATIONS) ?? "" }),
  vary: (_, hand) => ({ options: hand.pick(COLLATIONS) ?? "" }),
  needs: () => [],
  scope: ({ home }) => `collation ${home}`,
  isOwned: true,
  designate: (thing, world) => `collation ${pathOf(thing, world)}`,
  print: (thing, world) => [`create collation ${pathOf(thing, world)} (${thing.attributes.options})`],
});

const SEQUENCE_OPTIONS = ["increment by 5", "cache 7", "cycle", "minvalue 1 maxvalue 10000", "start with 20"];

export const sequences = room<Sequence>({
  kind: "sequence",
  weight: 4,
  isInSchema: true,
  make: (hand) => ({ options: drawOptions(hand) }),
  vary: (_, hand) => ({ options: drawOptions(hand) }),
  needs: () => [],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "sequence", privileges: ["select", "usage", "update"] },
  designate: (thing, world) => `sequence ${pathOf(thing, world)}`,
  print: (thing, world) => [`create sequence ${pathOf(thing, world)} ${thing.attributes.options.join(" ")}`],
});

const drawOptions = (hand: Hand): readonly string[] => {
  const type = hand.chance(4) ? ["as integer"] : [];
  return [...type, ...(hand.chance(2) ? hand.some(SEQUENCE_OPTIONS, 3) : [])];
};

export const schemas = room<object>({
  kind: "schema",
  weight: 5,
  make: (hand, world: World) => (ofKind(world, "schema").length > 3 && !hand.chance(5) ? null : {}),
  needs: () => [],
  scope: () => "schema",
  isOwned: true,
  grantable: { as: "schema", privileges: ["usage", "create"] },
  designate: (thing, world) => `schema ${pathOf(thing, world)}`,
  print: (thing, world) => [`create schema ${pathOf(thing, world)}`],
});
