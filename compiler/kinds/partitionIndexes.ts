import type { Fact, FactId, FactIndex } from "../facts.ts";
import { quotePath } from "../quote.ts";
import {
  type Alter,
  defineKind,
  factId,
  notOfExtension,
  ofKind,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { asideName } from "./swap.ts";

/** The part that a partition has of an index of its parent. PostgreSQL makes it, and names it. */
export type PartitionIndex = {
  readonly schema: string;
  readonly table: string;
  /** Printed index that it is attached to. */
  readonly attachedTo: string;
  readonly name: string;
  readonly isUnique: boolean;
  /** What follows CREATE [UNIQUE] INDEX name ON, without ONLY. */
  readonly on: string;
};

const make = (a: PartitionIndex) =>
  statement(`CREATE ${a.isUnique ? "UNIQUE " : ""}INDEX ${quotePath(a.name)} ON ${a.on}`);

/** Indexes that a table makes before it becomes a partition and is given others, under names that PostgreSQL would choose. */
export const indexesToBring = (table: FactId, around: Surroundings): readonly Statement[] =>
  ofKind<PartitionIndex>(around.dependents(table), "partition index")
    .filter(({ parent }) => parent === table)
    .map(({ attributes }) => attributes)
    .filter((a) => !isChosen(a) && !around.others.has(factId("index", quotePath(a.schema, a.name))))
    .map((a) => ({ ...make(a), late: "last" as const }));

export const partitionIndexes = defineKind<PartitionIndex>({
  kind: "partition index",
  script: "indexes",
  foundIn: "pg_class where relkind = 'I'",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.relname as table, format('%I.%I', pn.nspname, p.relname) as "attachedTo", c.relname as name,
      i.indisunique as "isUnique",
      regexp_replace(substr(pg_get_indexdef(c.oid), length(
        format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' else '' end, c.relname)) + 1),
        '^ONLY ', '') as on
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    join pg_inherits h on h.inhrelid = c.oid
    join pg_class p on p.oid = h.inhparent
    join pg_namespace pn on pn.oid = p.relnamespace
    where c.relispartition and ${userSchema("n.nspname")}
      and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
      and ${notOfExtension("pg_class", "t.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => `${quotePath(a.schema, a.table)} of ${a.attachedTo}`,
  parent: (a) => factId("table", quotePath(a.schema, a.table)),
  designate: (a) => `INDEX ${quotePath(a.schema, a.name)}`,
  create: ({ attributes: a, parent }, around) =>
    parent === null || joins(parent, around) || !isMadeApart(a.attachedTo, around)
      ? []
      : [make(a), statement(`ALTER INDEX ${a.attachedTo} ATTACH PARTITION ${quotePath(a.schema, a.name)}`)],
  drop: () => [],
  alter: {
    schema: "identity",
    table: "identity",
    attachedTo: "identity",
    name: (change, around) => tradeNames(change, around),
    isUnique: "no difference",
    on: "no difference",
  },
});

/** PostgreSQL numbers the parts of like indexes as those came: the part of this one may bear another's name, and that one its. */
const tradeNames: Alter<PartitionIndex> = ({ from: { attributes: from }, to: { attributes: to } }, around) => {
  const holds = (name: string, facts: FactIndex): Fact<PartitionIndex> | undefined =>
    ofKind<PartitionIndex>(facts.values(), "partition index").find(
      ({ attributes: a }) => a.schema === to.schema && a.name === name,
    );
  const isOfBoth = (part: Fact | undefined): boolean =>
    part !== undefined && around.facts.has(part.id) && around.others.has(part.id);
  const isTraded = isOfBoth(holds(to.name, around.others)) || isOfBoth(holds(from.name, around.facts));
  if (!isTraded) return renameQualified("INDEX", from, to);
  const aside = asideName(from.name);
  return [
    ...renameQualified("INDEX", from, { ...to, name: aside }),
    ...renameQualified("INDEX", { ...to, name: aside }, to).map((one) => ({ ...one, late: "last" as const })),
  ];
};

/** What moves to another name does so before PostgreSQL chooses names for the parts of a new index. */
export const partsToRename = (table: FactId, around: Surroundings): readonly FactId[] =>
  around.facts.get(table)?.attributes.partitionKey == null
    ? []
    : ofKind<PartitionIndex>(around.facts.values(), "partition index")
        .filter(
          ({ id, attributes: { name } }) =>
            !around.isNew(id) && (around.others.get(id)?.attributes.name ?? name) !== name,
        )
        .map(({ id }) => id);

/**
 * Whether an index on a partitioned table is made ONLY there, and its parts one by one, because their names are not those
 * that PostgreSQL would choose.
 */
export function isMadeApart(index: string, around: Surroundings): boolean {
  if (!around.isNew(factId("index", index))) return false;
  return partsOf(index, around.facts).some(
    ({ attributes, parent }) =>
      parent !== null && !around.isNew(parent) && !joins(parent, around) && !isChosen(attributes),
  );
}

/** Parts of a new index under names of their own, on partitions that are new too. */
const namedParts = (index: string, around: Surroundings): readonly Fact<PartitionIndex>[] =>
  around.isNew(factId("index", index))
    ? partsOf(index, around.facts).filter(
        ({ attributes, parent }) => parent !== null && around.isNew(parent) && !isChosen(attributes),
      )
    : [];

/** Made before the index of which they are parts: PostgreSQL takes an index in that is what it would make. */
export const partsToBring = (index: string, around: Surroundings): readonly Statement[] =>
  namedParts(index, around).map(({ attributes }) => make(attributes));

/** Tables that must be there before the index is made. */
export const tablesOfParts = (index: string, around: Surroundings): readonly FactId[] =>
  namedParts(index, around).flatMap(({ parent }) => parent ?? []);

/** Whether PostgreSQL would have named it so. */
const isChosen = (a: PartitionIndex): boolean => a.name.startsWith(`${a.table}_`) && /_idx\d*$/.test(a.name);

const joins = (table: FactId, around: Surroundings): boolean =>
  !around.isNew(table) &&
  around.others.get(table)?.attributes.partitionOf !== around.facts.get(table)?.attributes.partitionOf;

const partsOf = (index: string, facts: FactIndex): readonly Fact<PartitionIndex>[] =>
  ofKind<PartitionIndex>(facts.values(), "partition index").filter(({ attributes }) => attributes.attachedTo === index);

/** Whether a table's index of this name is part of its parent's index in the other state: it then joins that, or leaves it. */
export function isPartElsewhere(schema: string, table: string, name: string, others: FactIndex): boolean {
  for (const { kind, attributes: a } of others.values()) {
    if (kind === "partition index" && a.schema === schema && a.table === table && a.name === name) return true;
  }
  return false;
}
