import type { Fact, FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { type Change, ofKind, type Statement, type Surroundings, statement } from "./kind.ts";

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
): readonly Statement[] {
  const { schema, name } = to.attributes;
  const aside = asideName(name);
  const outer = typesAround(from.id, around);
  const holders = [from, ...outer].flatMap((type) => holdersOf(type, around));
  const own = new Set(holdersOf(from, around).map(({ key }) => key));
  const converted = new Set<string>();
  return [
    statement(`ALTER TYPE ${quotePath(schema, name)} RENAME TO ${quoteName(aside)}`, {
      rebuilds: "all",
      ...(outer.length > 0 ? { carries: outer.map(({ id }) => id) } : {}),
    }),
    ...outer.map(({ attributes: type }) =>
      statement(`ALTER TYPE ${quotePath(type.schema, type.name)} RENAME TO ${quoteName(carriedName(type.name))}`),
    ),
    statement(create),
    ...outer.flatMap(({ id }) => around.create(id)),
    ...holders.flatMap(({ key, relation, column, type }) => {
      if (converted.has(key)) return [];
      converted.add(key);
      const old = quoteName(column);
      const direct = own.has(key) ? convert(old, type) : null;
      const using = direct ?? `${old}::text${type.endsWith("[]") ? "[]" : ""}::${type}`;
      return [statement(`ALTER TABLE ${relation} ALTER COLUMN ${old} TYPE ${type} USING ${using}`)];
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

interface Holder {
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
    if (typeof type !== "string" || isInherited !== false) continue;
    if (collation !== null && typeof collation !== "string") continue;
    holders.push({ key: fact.id, relation: quotePath(schema, table), column: name, type, collation });
  }
  return holders.sort((a, b) => (a.relation + a.column < b.relation + b.column ? -1 : 1));
}
