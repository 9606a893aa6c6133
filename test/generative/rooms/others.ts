import { ofKind, pathOf, quote, room, thingAt } from "../world.ts";

interface Optional {
  readonly options: readonly string[];
}
interface Of {
  readonly of: number;
  readonly options: readonly string[];
}
interface Choice {
  readonly choice: number;
}

const FDW_OPTIONS = ["a '1'", "\"b c\" 'it''s'", "d ''"];
const optionsText = (options: readonly string[]): string =>
  options.length === 0 ? "" : ` options (${options.join(", ")})`;

export const wrappers = room<Optional>({
  kind: "foreign data wrapper",
  weight: 3,
  make: (hand) => ({ options: hand.chance(2) ? [] : hand.some(FDW_OPTIONS, 2) }),
  vary: (_, hand) => ({ options: hand.some(FDW_OPTIONS, 3) }),
  needs: () => [],
  scope: () => "foreign data wrapper",
  designate: (thing) => `foreign data wrapper ${quote(thing.name)}`,
  print: (thing) => [`create foreign data wrapper ${quote(thing.name)}${optionsText(thing.attributes.options)}`],
});

export const servers = room<Of>({
  kind: "server",
  weight: 5,
  make: (hand, world) => {
    const wrapper = hand.pick(ofKind(world, "foreign data wrapper"));
    return wrapper === undefined ? null : { of: wrapper.uid, options: [] };
  },
  vary: ({ attributes }, hand) => ({ ...attributes, options: hand.some(FDW_OPTIONS, 3) }),
  needs: ({ of }) => [of],
  scope: () => "server",
  isOwned: true,
  designate: (thing) => `server ${quote(thing.name)}`,
  print: (thing, world) => [
    `create server ${quote(thing.name)} foreign data wrapper ${quote(thingAt(world, thing.attributes.of).name)}${optionsText(thing.attributes.options)}`,
  ],
});

export const mappings = room<Of & { readonly role: number | null }>({
  kind: "user mapping",
  weight: 4,
  isNameless: true,
  make: (hand, world) => {
    const server = hand.pick(ofKind(world, "server"));
    const role = hand.pick([null, ...ofKind(world, "role").map(({ uid }) => uid)]) ?? null;
    return server === undefined ? null : { of: server.uid, role, options: [] };
  },
  vary: ({ attributes }, hand) => ({ ...attributes, options: hand.some(FDW_OPTIONS, 2) }),
  needs: ({ of, role }) => [of, ...(role === null ? [] : [role])],
  scope: ({ attributes: { of, role } }) => `mapping ${of} ${role}`,
  print: ({ attributes: { of, role, options } }, world) => [
    `create user mapping for ${role === null ? "public" : quote(thingAt(world, role).name)} server ${quote(thingAt(world, of).name)}${optionsText(options)}`,
  ],
});

const DICTIONARIES = [
  "template = simple",
  "template = simple, accept = false",
  "template = snowball, language = german",
];

export const dictionaries = room<Choice>({
  kind: "text search dictionary",
  weight: 2,
  isInSchema: true,
  make: (hand) => ({ choice: hand.below(3) }),
  vary: (_, hand) => ({ choice: hand.below(3) }),
  needs: () => [],
  scope: ({ home }) => `dictionary ${home}`,
  isOwned: true,
  designate: (thing, world) => `text search dictionary ${pathOf(thing, world)}`,
  print: (thing, world) => [
    `create text search dictionary ${pathOf(thing, world)} (${DICTIONARIES[thing.attributes.choice]})`,
  ],
});

export const configurations = room<{ readonly dictionaries: readonly number[]; readonly tokens: string }>({
  kind: "text search configuration",
  weight: 2,
  isInSchema: true,
  make: (hand, world) => ({
    dictionaries: hand.some(ofKind(world, "text search dictionary"), 2).map(({ uid }) => uid),
    tokens: "word",
  }),
  vary: (_, hand, world) => ({
    dictionaries: hand.some(ofKind(world, "text search dictionary"), 2).map(({ uid }) => uid),
    tokens: hand.pick(["word", "word, asciiword", "email, url"]) ?? "word",
  }),
  needs: ({ dictionaries: list }) => list,
  scope: ({ home }) => `configuration ${home}`,
  isOwned: true,
  designate: (thing, world) => `text search configuration ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const path = pathOf(thing, world);
    const list = ["simple", ...thing.attributes.dictionaries.map((uid) => pathOf(thingAt(world, uid), world))];
    return [
      `create text search configuration ${path} (parser = default)`,
      `alter text search configuration ${path} add mapping for ${thing.attributes.tokens} with ${list.join(", ")}`,
    ];
  },
});

const OPERATORS = ["===", "<#>", "~~~~", "@@@@"];

export const operators = room<Choice & { readonly symbol: string }>({
  kind: "operator",
  weight: 2,
  isInSchema: true,
  isNameless: true,
  make: (hand) => ({ symbol: hand.pick(OPERATORS) ?? "===", choice: hand.below(4) }),
  vary: ({ attributes }, hand) => ({ ...attributes, choice: hand.below(4) }),
  needs: () => [],
  scope: ({ home, attributes: { symbol } }) => `operator ${home} ${symbol}`,
  isOwned: true,
  designate: ({ home, attributes: { symbol } }, world) =>
    `operator ${schemaPrefix(home, world)}${symbol} (integer, integer)`,
  print: ({ home, attributes: { symbol, choice } }, world) => {
    const path = `${schemaPrefix(home, world)}${symbol}`;
    const options = ["", ", restrict = eqsel", `, commutator = operator(${path})`, ", join = eqjoinsel"][choice] ?? "";
    return [`create operator ${path} (leftarg = integer, rightarg = integer, function = int4eq${options})`];
  },
});

const schemaPrefix = (home: number | null, world: Parameters<typeof pathOf>[1]): string =>
  pathOf({ home, name: "x" }, world).slice(0, -3);

export const casts = room<Of>({
  kind: "cast",
  weight: 1,
  isNameless: true,
  make: (hand, world) => {
    const type = hand.pick(ofKind(world, "composite", "enum"));
    return type === undefined ? null : { of: type.uid, options: [] };
  },
  vary: ({ attributes }, hand) => ({
    ...attributes,
    options: [hand.pick(["", " as assignment", " as implicit"]) ?? ""],
  }),
  needs: ({ of }) => [of],
  scope: ({ attributes: { of } }) => `cast ${of}`,
  designate: ({ attributes: { of } }, world) => `cast (${pathOf(thingAt(world, of), world)} as bigint)`,
  print: ({ attributes: { of, options } }, world) => [
    `create cast (${pathOf(thingAt(world, of), world)} as bigint) with inout${options.join("")}`,
  ],
});

export const operatorClasses = room<Choice>({
  kind: "operator class",
  weight: 1,
  isInSchema: true,
  make: (hand) => ({ choice: hand.below(2) }),
  vary: (_, hand) => ({ choice: hand.below(2) }),
  needs: () => [],
  scope: ({ home }) => `operator class ${home}`,
  isOwned: true,
  designate: (thing, world) => `operator class ${pathOf(thing, world)} using btree`,
  print: (thing, world) => {
    const order = thing.attributes.choice === 0 ? ["<", "<=", "=", ">=", ">"] : [">", ">=", "=", "<=", "<"];
    const list = order.map((symbol, i) => `operator ${i + 1} ${symbol}`);
    return [
      `create operator class ${pathOf(thing, world)} for type integer using btree as ${list.join(", ")}, function 1 btint4cmp(integer, integer)`,
    ];
  },
});

export const conversions = room<Choice>({
  kind: "conversion",
  weight: 1,
  isInSchema: true,
  make: (hand) => ({ choice: hand.below(2) }),
  needs: () => [],
  scope: ({ home }) => `conversion ${home}`,
  isOwned: true,
  designate: (thing, world) => `conversion ${pathOf(thing, world)}`,
  print: (thing, world) => [
    `create conversion ${pathOf(thing, world)} for ${["'LATIN1' to 'UTF8' from iso8859_1_to_utf8", "'UTF8' to 'LATIN1' from utf8_to_iso8859_1"][thing.attributes.choice]}`,
  ],
});
