import type { EnumOptions, EnumType, TypeOptions } from "../declare/types.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, Hint } from "../facts.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import type { Looks, Obstacle } from "./rowsToBe.ts";
import { swapType, throughLabels } from "./swap.ts";

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

/**
 * A new label whose definition says which old one it was is that one renamed; new labels between old ones are added in place;
 * a label that goes, or another order, needs a new type.
 */
const alterLabels: Alter<Enum> = (change, around) => {
  const { from, to } = change;
  const after = to.attributes.labels;
  const relabel = around.hint(to.id).relabel ?? {};
  const renamed = Object.entries(relabel).filter(
    ([old, now]) => isGone(old, from.attributes, to.attributes) && isGone(now, to.attributes, from.attributes),
  );
  const before = from.attributes.labels.map((label) => new Map(renamed).get(label) ?? label);
  const renames = renamed.map(([old, now]) =>
    statement(`ALTER TYPE ${named(to.attributes)} RENAME VALUE ${quoteText(old)} TO ${quoteText(now)}`),
  );
  const kept = after.filter((label) => before.includes(label));
  const onlyAdds = kept.length === before.length && kept.every((label, i) => label === before[i]);
  if (!onlyAdds)
    return swapType(
      change,
      around,
      `CREATE TYPE ${named(to.attributes)} AS ENUM (${labelList(to.attributes)})`,
      (column, type) => throughLabels(column, type, relabel),
      { ifRefused: withoutLabels(from.attributes, to.attributes, relabel) },
    );
  const additions = after.flatMap((label, i) => {
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
  return [...renames.map((one) => (additions.length > 0 ? { ...one, early: true as const } : one)), ...additions];
};

const isGone = (label: string, from: Enum, to: Enum): boolean =>
  from.labels.includes(label) && !to.labels.includes(label);

/** Labels that go and that nothing takes the place of. */
const withoutHeirs = (from: Enum, to: Enum, relabel: Hint["relabel"] = {}): readonly string[] =>
  from.labels.filter((label) => isGone(label, from, to) && relabel[label] === undefined);

function withoutLabels(from: Enum, to: Enum, relabel: Hint["relabel"]): string {
  const gone = withoutHeirs(from, to, relabel);
  const labels = gone.map((label) => JSON.stringify(label)).join(", ");
  const heirs = gone.map((label) => `${JSON.stringify(label)}: "…"`).join(", ");
  return `rows hold a label that ${named(to)} no longer has (${labels}): update them first, or say in its definition what takes the label's place: relabel: { ${heirs} }`;
}

/** The rows with labels that go. */
function losing({ id, attributes: a }: Fact<Enum>, looks: Looks): readonly Obstacle[] {
  const was = looks.now(id)?.attributes as Enum | undefined;
  const gone = was === undefined ? [] : withoutHeirs(was, a, looks.hint(id).relabel);
  if (gone.length === 0) return [];
  const labels = gone.map(quoteText).join(", ");
  return looks.columnsThatKeep(id).flatMap(({ id: column, attributes: { schema, table, name, type } }) => {
    const relation = quotePath(schema, table);
    const rows = looks.at(relation);
    if (rows === null || looks.hint(column).using !== undefined) return [];
    const value = `child.${quoteName(name)}`;
    const isArray = type.endsWith("[]");
    return {
      id,
      what: `rows of ${relation} whose ${quoteName(name)} is ${labels}, which ${named(a)} no longer has,`,
      fate: "refused" as const,
      query: looks.select(
        relation,
        [quoteName(name)],
        [rows, null],
        isArray ? `${value}::text[] && ARRAY[${labels}]` : `${value}::text IN (${labels})`,
      ),
    };
  });
}

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
  obstacle: losing,
});

export const TYPE_OPTIONS = {
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
  grants: true,
} satisfies Record<keyof TypeOptions, true>;

const OPTIONS = { ...TYPE_OPTIONS, relabel: true } satisfies Record<keyof EnumOptions, true>;

export const declaredEnum: Declarer<EnumType> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: enumId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, labels, options }, source, declaring) => {
    const { relabel }: EnumOptions = options;
    checkOptions(options, OPTIONS, `enum ${name}`, source);
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
    const absent = Object.entries(relabel ?? {}).find(([old, now]) => labels.includes(old) || !labels.includes(now));
    if (absent !== undefined) {
      const [old, now] = absent;
      throw new Diagnostic({
        code: "relabel-not-a-label",
        what: `the enum ${name} relabels ${JSON.stringify(old)} to ${JSON.stringify(now)}, and ${
          labels.includes(old) ? `${JSON.stringify(old)} is still a label` : `has no label ${JSON.stringify(now)}`
        }`,
        at: source.position,
        next: "relabel labels that go to ones that are there",
      });
    }
    const id = declaring.add(
      enums,
      { schema, name, labels },
      {
        ...options,
        place: source,
        hint: {
          ...renamedFrom(options.renamedFrom, schema, enumId),
          ...(relabel === undefined ? {} : { relabel }),
        },
      },
    );
    declaring.claimType(schema, name, id, source);
  },
};
