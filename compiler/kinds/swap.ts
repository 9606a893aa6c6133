import { isDeepStrictEqual } from "node:util";
import type { Fact, FactId, Hint } from "../facts.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import type { Column } from "./columns.ts";
import { throughJson } from "./heldRows.ts";
import { type Change, clauseOf, ofKind, type Statement, type Surroundings, statement } from "./kind.ts";

/** What a type or collation is called while the new one takes its place. */
export const asideName = (name: string): string => `${name.slice(0, 50)}__replaced`;

interface NamedType {
  readonly schema: string;
  readonly name: string;
}

/**
 * Puts a new type in the place of one that cannot be altered to it, for enums that lose a label, domains on another base
 * and the like: the old one steps aside, every column that holds it is converted through text, the old one goes. All else
 * that depends on it is dropped before and created after; types that are made of it and held by columns go the same way.
 * Values that a text does not carry over are converted by `convert`.
 */
export function swapType<A extends NamedType>(
  { from, to }: Change<A>,
  around: Surroundings,
  create: string,
  convert: (column: string, type: string) => string | null = () => null,
  more: Pick<Statement, "ifRefused"> = {},
  /** Its values are rows: lists of them, and rows of types that are made of it, go by the names of their columns. */
  areRows = false,
): readonly Statement[] {
  const { schema, name } = to.attributes;
  const aside = asideName(name);
  const outer = typesAround(from.id, around);
  const keyed = [from, ...outer].flatMap((type) => tablesPartitionedBy(type, around));
  const holders = [from, ...outer].flatMap((type) => holdersOf(type, around));
  const own = new Set(holdersOf(from, around).map(({ key }) => key));
  const rows = outer.filter(({ kind }) => kind === from.kind);
  const ofRows = new Set((areRows ? rows : []).flatMap((type) => holdersOf(type, around)).map(({ key }) => key));
  const converted = new Set<string>();
  return [
    statement(`ALTER TYPE ${quotePath(schema, name)} RENAME TO ${quoteName(aside)}`, {
      rebuilds: "all",
      ...(outer.length > 0 ? { carries: outer.map(({ id }) => id) } : {}),
      ...(keyed.length > 0 ? { replaces: keyed } : {}),
    }),
    ...outer.map(({ attributes: type }) =>
      statement(`ALTER TYPE ${quotePath(type.schema, type.name)} RENAME TO ${quoteName(carriedName(type.name))}`),
    ),
    statement(create),
    ...outer.flatMap(({ id }) => around.create(id)),
    ...holders.flatMap((holder) => {
      const { key, relation, column, type } = holder;
      if (converted.has(key)) return [];
      converted.add(key);
      const old = quoteName(column);
      const given = around.hint(key).using ?? (own.has(key) ? convert(old, type) : null);
      if (given === null && (ofRows.has(key) || (areRows && own.has(key))))
        return throughJson(holder, type, `to_jsonb(${old})`);
      const text = `ALTER COLUMN ${old} TYPE ${type} USING ${given ?? throughText(old, type)}`;
      return [clauseOf({ table: relation, column, text, sort: "type" }, more)];
    }),
    // Columns that leave the type are altered on their own account, before it goes.
    ...outer
      .toReversed()
      .map(({ attributes: type }) =>
        statement(`DROP TYPE ${quotePath(type.schema, carriedName(type.name))}`, { late: "last" }),
      ),
    statement(`DROP TYPE ${quotePath(schema, aside)}`, { late: "last" }),
  ];
}

const throughText = (value: string, type: string): string =>
  `${value}::text${type.endsWith("[]") ? "[]" : ""}::${type}`;

/** The same, where other labels take the place of some. */
export function throughLabels(value: string, type: string, relabel: Hint["relabel"] = {}): string {
  const labels = Object.entries(relabel).map((pair) => pair.map(quoteText) as [string, string]);
  if (labels.length === 0) return throughText(value, type);
  if (type.endsWith("[]"))
    return `${labels.reduce((array, [old, now]) => `array_replace(${array}, ${old}, ${now})`, `${value}::text[]`)}::${type}`;
  const cases = labels.map(([old, now]) => `WHEN ${old} THEN ${now}`).join(" ");
  return `(CASE ${value}::text ${cases} ELSE ${value}::text END)::${type}`;
}

/** A value that was kept aside while its type was swapped, as one of the new type; null where the type stayed. */
export function swappedValue({ parent, dependsOn, attributes: { name, type } }: Fact<Column>, around: Surroundings) {
  const swapped = dependsOn.find((id) => {
    const [was, is] = [around.others.get(id), around.facts.get(id)];
    if (id === parent || was === undefined || is === undefined) return false;
    return !isDeepStrictEqual(was.attributes, is.attributes);
  });
  return swapped === undefined ? null : throughLabels(quoteName(name), type, around.hint(swapped).relabel);
}

/** PostgreSQL does not alter a column in a partition key. */
function tablesPartitionedBy(type: Pick<Fact, "id">, around: Surroundings): readonly FactId[] {
  const keys = ofKind<Column>(around.others.values(), "column").filter(
    ({ id, dependsOn }) => dependsOn.includes(type.id) && around.facts.get(id)?.dependsOn.includes(type.id) === true,
  );
  return keys.flatMap(({ parent, attributes: { name, type: printed } }) => {
    const by = parent === null ? undefined : around.others.get(parent)?.attributes.partitionedBy;
    return parent !== null && Array.isArray(by) && by.includes(`${quoteName(name)} ${printed}`) ? [parent] : [];
  });
}

const carriedName = (name: string): string => `${name.slice(0, 50)}__carried`;

/**
 * Domains and composite types made of the type, which columns hold: they cannot be dropped meanwhile, so they are made anew
 * with it. Inner ones first.
 */
export function typesAround(from: FactId, around: Surroundings): readonly Fact<NamedType>[] {
  const both = <A extends object>(kind: string) =>
    ofKind<A>(around.others.values(), kind).filter(({ id }) => around.facts.has(id));
  const columns = both<object>("column");
  const types = [...both<NamedType>("composite type"), ...both<NamedType>("domain")];
  const users = (id: FactId): readonly Fact<NamedType>[] => types.filter(({ dependsOn }) => dependsOn.includes(id));
  const isHeld = (id: FactId): boolean =>
    columns.some(({ dependsOn }) => dependsOn.includes(id)) || users(id).some((user) => isHeld(user.id));
  const found: Fact<NamedType>[] = [];
  const visit = (id: FactId): void => {
    for (const user of users(id)) {
      if (found.some((one) => one.id === user.id)) continue;
      visit(user.id);
      if (isHeld(user.id)) found.unshift(user);
    }
  };
  visit(from);
  return found;
}

/** The same for a collation, which nothing can alter: its columns move to the new one while the old one is still there. */
export function swapCollation<A extends NamedType>(
  { from, to }: Change<A>,
  around: Surroundings,
  create: string,
): readonly Statement[] {
  const { schema, name } = to.attributes;
  const aside = asideName(name);
  return [
    statement(`ALTER COLLATION ${quotePath(schema, name)} RENAME TO ${quoteName(aside)}`, { rebuilds: "all" }),
    statement(create),
    ...holdersOf(from, around).map(({ relation, column, type, collation }) =>
      statement(
        `ALTER TABLE ${relation} ALTER COLUMN ${quoteName(column)} TYPE ${type}${
          collation === null ? "" : ` COLLATE ${collation}`
        }`,
      ),
    ),
    statement(`DROP COLLATION ${quotePath(schema, aside)}`, { late: "last" }),
  ];
}

interface Holder extends Pick<Column, "schema" | "table"> {
  readonly key: FactId;
  readonly relation: string;
  readonly column: string;
  readonly type: string;
  readonly collation: string | null;
}

/** Columns that hold the type before and after, in the order of their identities. */
export function holdersOf(from: Pick<Fact, "id">, around: Surroundings): readonly Holder[] {
  const holders: Holder[] = [];
  for (const fact of around.others.values()) {
    if (fact.kind !== "column") continue;
    const { schema, table, name, type, isInherited, collation = null } = fact.attributes;
    const after = around.facts.get(fact.id);
    if (!fact.dependsOn.includes(from.id) || after === undefined || !after.dependsOn.includes(from.id)) continue;
    if (typeof schema !== "string" || typeof table !== "string" || typeof name !== "string") continue;
    if (typeof type !== "string" || isInherited !== false || around.isNew(fact.id)) continue;
    if (collation !== null && typeof collation !== "string") continue;
    holders.push({ key: fact.id, schema, table, relation: quotePath(schema, table), column: name, type, collation });
  }
  return holders.sort((a, b) => (a.relation + a.column < b.relation + b.column ? -1 : 1));
}
