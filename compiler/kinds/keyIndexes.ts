import type { Fact, FactId, FactIndex } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { Constraint } from "./constraints.ts";
import type { Index } from "./indexes.ts";
import { ofKind, type Surroundings } from "./kind.ts";

/** `UNIQUE`, its columns, and what they INCLUDE. */
const KEY = /^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\((?:[^()"]|"(?:[^"]|"")*")*\))( INCLUDE \(.*\))?$/;

/** The unique index that a key can be made of. */
interface KeyIndex {
  /** As CREATE UNIQUE INDEX and pg_get_indexdef have it after ON. */
  readonly on: string;
  /** `UNIQUE USING INDEX`. */
  readonly using: string;
}

/** Null for what no index says by itself. */
export function indexOfKey(a: Constraint): KeyIndex | null {
  const [, type, nulls = "", columns, include = ""] = KEY.exec(a.definition) ?? [];
  if (type === undefined || / WITHOUT OVERLAPS\)$/.test(columns ?? "")) return null;
  const options = a.indexOptions.length > 0 ? ` WITH (${a.indexOptions.join(", ")})` : "";
  return {
    on: `${quotePath(a.schema, a.table)} USING btree ${columns}${include}${nulls}${options}`,
    using: `${type} USING INDEX`,
  };
}

/** A new key and the old index that it is made of, where nothing else wants either. */
interface Taking {
  readonly key: Fact<Constraint>;
  readonly index: Fact<Index>;
}

const known = new WeakMap<FactIndex, WeakMap<FactIndex, readonly Taking[]>>();

function takings(before: FactIndex, after: FactIndex): readonly Taking[] {
  const ofBefore = known.get(before) ?? new WeakMap<FactIndex, readonly Taking[]>();
  known.set(before, ofBefore);
  const found = ofBefore.get(after) ?? findTakings(before, after);
  ofBefore.set(after, found);
  return found;
}

function findTakings(before: FactIndex, after: FactIndex): readonly Taking[] {
  const goes = ofKind<Index>(before.values(), "index").filter(
    ({ id, attributes: a }) => !after.has(id) && a.isUnique && a.isValid && a.tablespace === null,
  );
  if (goes.length === 0) return [];
  // What is said of an index would stay with it.
  const spokenOf = new Set([...before.values()].map(({ parent }) => parent));
  const comes = ofKind<Constraint>(after.values(), "constraint").filter(({ id }) => !before.has(id));
  const pairs = comes.flatMap((key) => {
    const on = indexOfKey(key.attributes)?.on;
    return goes
      .filter((index) => index.attributes.on === on && !spokenOf.has(index.id))
      .map((index) => ({ key, index }));
  });
  return pairs.filter(
    ({ key, index }) => pairs.filter((other) => other.key === key || other.index === index).length === 1,
  );
}

/** `ADD CONSTRAINT … USING INDEX`, which gives the index the key's name; null where no old one is there for it. */
export function takeIndex(key: Fact<Constraint>, around: Surroundings): string | null {
  const taking = takings(around.others, around.facts).find((one) => one.key.id === key.id);
  const using = indexOfKey(key.attributes)?.using;
  if (taking === undefined || using === undefined || around.refused(key.id)) return null;
  return `ADD CONSTRAINT ${quoteName(key.attributes.name)} ${using} ${quoteName(taking.index.attributes.name)}`;
}

/** Whether a key takes the index, so that nobody drops it. */
export const isTaken = (index: FactId, around: Surroundings): boolean =>
  takings(around.facts, around.others).some(({ key, index: one }) => one.id === index && !around.refused(key.id));
