import type { Fact } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { type Change, type Statement, type Surroundings, statement } from "./kind.ts";

/** What a type or collation is called while the new one takes its place. */
export const asideName = (name: string): string => `${name.slice(0, 50)}__replaced`;

interface NamedType {
  readonly schema: string;
  readonly name: string;
}

/**
 * Puts a new type in the place of one that cannot be altered to it, for enums that lose a label, domains on another base
 * and the like: the old one steps aside, every column that holds it is converted through text, the old one goes. All else
 * that depends on it is dropped before and created after. Values that a text does not carry over are converted by
 * `convert`.
 */
export function swapType<A extends NamedType>(
  { from, to }: Change<A>,
  around: Surroundings,
  create: string,
  convert: (column: string, type: string) => string | null = () => null,
): readonly Statement[] {
  const { schema, name } = to.attributes;
  const aside = asideName(name);
  const holders = holdersOf(from, around);
  return [
    statement(`ALTER TYPE ${quotePath(schema, name)} RENAME TO ${quoteName(aside)}`, { rebuilds: "all" }),
    statement(create),
    ...holders.map(({ relation, column, type }) => {
      const old = quoteName(column);
      const using = convert(old, type) ?? `${old}::text${type.endsWith("[]") ? "[]" : ""}::${type}`;
      return statement(`ALTER TABLE ${relation} ALTER COLUMN ${old} TYPE ${type} USING ${using}`);
    }),
    // Columns that leave the type are altered on their own account, before it goes.
    statement(`DROP TYPE ${quotePath(schema, aside)}`, { late: "last" }),
  ];
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
  readonly relation: string;
  readonly column: string;
  readonly type: string;
  readonly collation: string | null;
}

/** Columns that hold the type before and after, in the order of their identities. */
export function holdersOf(from: Fact<NamedType>, around: Surroundings): readonly Holder[] {
  const holders: Holder[] = [];
  for (const fact of around.others.values()) {
    if (fact.kind !== "column") continue;
    const { schema, table, name, type, isInherited, collation = null } = fact.attributes;
    const after = around.facts.get(fact.id);
    if (!fact.dependsOn.includes(from.id) || after === undefined || !after.dependsOn.includes(from.id)) continue;
    if (typeof schema !== "string" || typeof table !== "string" || typeof name !== "string") continue;
    if (typeof type !== "string" || isInherited !== false) continue;
    if (collation !== null && typeof collation !== "string") continue;
    holders.push({ relation: quotePath(schema, table), column: name, type, collation });
  }
  return holders.sort((a, b) => (a.relation + a.column < b.relation + b.column ? -1 : 1));
}
