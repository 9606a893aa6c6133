import type { EnumType, TypeOptions } from "../declare/types.ts";
import { Diagnostic } from "../diagnostic.ts";
import { quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { swapType } from "./swap.ts";

/** @see PostgreSQL manual, "pg_enum" */
export type Enum = {
  readonly schema: string;
  readonly name: string;
  /** Labels in sort order. */
  readonly labels: readonly string[];
};

export const enumId = (schema: string, name: string) => factId("enum", quotePath(schema, name));

const named = (a: Enum): string => quotePath(a.schema, a.name);
const labelList = (a: Enum): string => a.labels.map(quoteText).join(", ");

/** New labels between old ones are added in place; a label that goes, or another order, needs a new type. */
const alterLabels: Alter<Enum> = (change, around) => {
  const { from, to } = change;
  const before = from.attributes.labels;
  const after = to.attributes.labels;
  const kept = after.filter((label) => before.includes(label));
  const onlyAdds = kept.length === before.length && kept.every((label, i) => label === before[i]);
  if (!onlyAdds)
    return swapType(change, around, `CREATE TYPE ${named(to.attributes)} AS ENUM (${labelList(to.attributes)})`);
  return after.flatMap((label, i) => {
    if (before.includes(label)) return [];
    const previous = after[i - 1];
    const place = previous === undefined ? ` BEFORE ${quoteText(before[0] ?? "")}` : ` AFTER ${quoteText(previous)}`;
    const atEnd = after.slice(i).every((later) => !before.includes(later));
    return [
      statement(
        `ALTER TYPE ${named(to.attributes)} ADD VALUE ${quoteText(label)}${atEnd || before.length === 0 ? "" : place}`,
        {
          transactional: false,
          early: true,
        },
      ),
    ];
  });
};

export const enums = defineKind<Enum>({
  kind: "enum",
  script: "types",
  foundIn: "pg_type where typtype = 'e' and oid >= 16384",
  query: () => `
    select 'pg_type'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as name,
      array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'e' and ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TYPE ${named(a)}`,
  create: ({ attributes: a }) => [statement(`CREATE TYPE ${named(a)} AS ENUM (${labelList(a)})`)],
  drop: ({ attributes: a }) => [statement(`DROP TYPE ${named(a)}`)],
  alter: { schema: "identity", name: "identity", labels: alterLabels },
  rename: (from, to) => [
    ...(from.schema === to.schema ? [] : [statement(`ALTER TYPE ${named(from)} SET SCHEMA ${quotePath(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER TYPE ${quotePath(to.schema, from.name)} RENAME TO ${quotePath(to.name)}`)]),
  ],
  renamesFreely: true,
});

export const TYPE_OPTIONS = {
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
  grants: true,
} satisfies Record<keyof TypeOptions, true>;

export const declaredEnum: Declarer<EnumType> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: enumId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, labels, options }, source, declaring) => {
    checkOptions(options, TYPE_OPTIONS, `enum ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const twice = labels.find((label, i) => labels.indexOf(label) < i);
    if (twice !== undefined) {
      throw new Diagnostic({
        code: "label-declared-twice",
        what: `the enum ${name} has the label ${JSON.stringify(twice)} twice`,
        at: source.position,
        next: "take one of them out",
      });
    }
    const id = declaring.add(
      enums,
      { schema, name, labels },
      {
        ...options,
        place: source,
        hint: renamedFrom(options.renamedFrom, schema, enumId),
      },
    );
    declaring.claimType(schema, name, id, source);
  },
};
