import { formatPosition, type Position } from "../diagnostic.ts";
import type { Delta } from "../diff/diffFacts.ts";
import type { Fact, FactId, FactIndex, Json } from "../facts.ts";
import { grouped } from "../grouped.ts";
import { describeRename, type Rename } from "../plan/renames.ts";

/** One thing that differs, for people. */
export interface Difference {
  readonly fate: "added" | "removed" | "changed" | "renamed";
  /** `column email`. */
  readonly what: string;
  readonly says: string;
  /** Where the definitions say it. */
  readonly at?: string;
}

/** What differs of one table, or of another thing that lives in nothing else. */
export interface ObjectDifferences {
  readonly object: FactId;
  readonly differences: readonly Difference[];
}

/** How two states are spoken of. */
interface Sides {
  readonly added: string;
  readonly removed: string;
  readonly changed: (attribute: string, from: string, to: string) => string;
  /** Where a value is too long to stand in a line. */
  readonly differs: (attribute: string) => string;
}

/** From what Verso left to what is there now. */
export const SINCE_LEFT: Sides = {
  added: "was made",
  removed: "was dropped",
  changed: (attribute, from, to) => `${attribute} was ${from}, and is ${to}`,
  differs: (attribute) => `${attribute} was changed`,
};

/** From the database to what is declared. */
export const TO_DECLARED: Sides = {
  added: "is declared, and not in the database",
  removed: "is in the database, and not declared",
  changed: (attribute, from, to) => `${attribute} is ${from} in the database, and declared as ${to}`,
  differs: (attribute) => `${attribute} is declared otherwise`,
};

interface Beside {
  readonly positions?: ReadonlyMap<FactId, Position>;
  readonly renames?: readonly Rename[];
}

/**
 * Differences by the object that they are in, without what comes or goes with something that does.
 * @param facts of both states, to find out what lives in what
 */
export function inWords(
  deltas: readonly Delta[],
  facts: FactIndex,
  sides: Sides,
  { positions = new Map(), renames = [] }: Beside = {},
): readonly ObjectDifferences[] {
  const whole = new Set(deltas.flatMap((delta) => (delta.verb === "change" ? [] : [delta.fact.id])));
  const telling = deltas.filter(
    (delta) => delta.verb === "change" || delta.fact.parent === null || !whole.has(delta.fact.parent),
  );
  const rootOf = (id: FactId): FactId => {
    const parent = facts.get(id)?.parent ?? null;
    return parent === null ? id : rootOf(parent);
  };
  const at = (id: FactId) => {
    const position = positions.get(id);
    return position === undefined ? {} : { at: formatPosition(position) };
  };
  const told = [
    ...renames.map((rename) => {
      const { from, to } = rename;
      const root = rootOf(to.id);
      // What moves with its names is called the same.
      const says = from.id === to.id ? describeRename(rename).slice(2) : `is called ${from.id} in the database`;
      const difference: Difference = { fate: "renamed", what: nameWithin(to, root), says, ...at(to.id) };
      return { root, difference };
    }),
    ...telling.map((delta) => {
      const fact = delta.verb === "change" ? delta.to : delta.fact;
      const root = facts.has(fact.id) ? rootOf(fact.id) : (fact.parent ?? fact.id);
      const difference: Difference = { ...describe(delta, sides), what: nameWithin(fact, root), ...at(fact.id) };
      return { root, difference };
    }),
  ];
  return [...grouped(told, ({ root }) => root)]
    .map(([object, found]) => ({
      object,
      differences: found
        .map(({ difference }) => difference)
        .toSorted((one, other) => (one.what < other.what ? -1 : Number(one.what !== other.what))),
    }))
    .toSorted((one, other) => (one.object < other.object ? -1 : 1));
}

function describe(delta: Delta, sides: Sides): Pick<Difference, "fate" | "says"> {
  if (delta.verb === "add") return { fate: "added", says: sides.added };
  if (delta.verb === "remove") return { fate: "removed", says: sides.removed };
  const says = delta.attributes.map((name) => {
    const [from, to] = [delta.from.attributes[name], delta.to.attributes[name]].map((value) => shown(value ?? null));
    const attribute = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return from === undefined || to === undefined ? sides.differs(attribute) : sides.changed(attribute, from, to);
  });
  return { fate: "changed", says: says.join("; ") };
}

const LONG = 80;

/** Undefined for what takes more than a line. */
function shown(value: Json): string | undefined {
  if (value === null) return "nothing";
  if (typeof value === "boolean") return value ? "true" : "false";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "empty";
  return text.length > LONG || text.includes("\n") ? undefined : text;
}

/** `column email` for `column public.users.email` in a table that is told of. */
function nameWithin({ id, kind }: Fact, root: FactId): string {
  if (id === root) return kind;
  const path = root.slice(root.indexOf(" ") + 1);
  return id.replace(`${path}.`, "");
}
