import { REFERENCE, type Reference } from "../declare/sql.ts";
import type { Sequence as SequenceDeclaration, SequenceOptions } from "../declare/types.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { quotePath, quoteText } from "../quote.ts";
import { columnId, referenceByName } from "./columns.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { columnToCount, comesWithColumn, continueNumbers } from "./serial.ts";

/** A sequence that is not an identity column's; numbers printed in decimal (bigint range). @see PostgreSQL manual, "pg_sequence" */
export type Sequence = {
  readonly schema: string;
  readonly name: string;
  readonly isUnlogged: boolean;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  /** Printed column with which it is dropped: `public.users.id`. */
  readonly ownedBy: string | null;
};

export const sequenceId = (schema: string, name: string) => factId("sequence", quotePath(schema, name));

const named = (a: Sequence): string => quotePath(a.schema, a.name);

const LIMITS: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

interface Bounds {
  readonly minimum: string;
  readonly maximum: string;
}

/** The bounds of a sequence that names none. */
function defaultBounds(a: Sequence): Bounds {
  const limit = LIMITS[a.type] ?? "9223372036854775807";
  return a.increment.startsWith("-")
    ? { minimum: `-${BigInt(limit) + 1n}`, maximum: "-1" }
    : { minimum: "1", maximum: limit };
}

function definition(a: Sequence): string {
  const bounds = defaultBounds(a);
  const start = a.increment.startsWith("-") ? a.maximum : a.minimum;
  return [
    a.type === "bigint" ? "" : `AS ${a.type}`,
    a.start === start ? "" : `START WITH ${a.start}`,
    a.increment === "1" ? "" : `INCREMENT BY ${a.increment}`,
    a.minimum === bounds.minimum ? "" : `MINVALUE ${a.minimum}`,
    a.maximum === bounds.maximum ? "" : `MAXVALUE ${a.maximum}`,
    a.cache === "1" ? "" : `CACHE ${a.cache}`,
    a.cycle ? "CYCLE" : "",
    a.ownedBy === null ? "" : `OWNED BY ${a.ownedBy}`,
  ]
    .filter((option) => option !== "")
    .map((option) => ` ${option}`)
    .join("");
}

const alterSequence: Alter<Sequence> = ({ from: { attributes: from }, to: { id, attributes: to } }, around) => {
  const retyped = from.type !== to.type;
  const [own, next] = [defaultBounds(from), defaultBounds(to)];
  const keeps = (bound: keyof Bounds) =>
    retyped ? from[bound] === own[bound] && to[bound] === next[bound] : from[bound] === to[bound];
  const changes = [
    retyped ? `AS ${to.type}` : "",
    from.increment === to.increment ? "" : `INCREMENT BY ${to.increment}`,
    // A new type moves the bounds that were the old type's own.
    keeps("minimum") ? "" : `MINVALUE ${to.minimum}`,
    keeps("maximum") ? "" : `MAXVALUE ${to.maximum}`,
    from.start === to.start ? "" : `START WITH ${to.start}`,
    from.cache === to.cache ? "" : `CACHE ${to.cache}`,
    from.cycle === to.cycle ? "" : to.cycle ? "CYCLE" : "NO CYCLE",
    // The number that it has reached lies outside of the new bounds.
    around.refused(id, "22023") ? "RESTART" : "",
    from.ownedBy === to.ownedBy ? "" : `OWNED BY ${to.ownedBy ?? "NONE"}`,
  ].filter((option) => option !== "");
  return [statement(`ALTER SEQUENCE ${named(to)} ${changes.join(" ")}`)];
};

export const sequences = defineKind<Sequence>({
  kind: "sequence",
  script: "sequences",
  foundIn: "pg_class where relkind = 'S'",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name, c.relpersistence = 'u' as "isUnlogged",
      format_type(s.seqtypid, null) as type, s.seqstart::text as start, s.seqincrement::text as increment,
      s.seqmin::text as minimum, s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle,
      (select format('%I.%I.%I', tn.nspname, t.relname, a.attname)
        from pg_depend d
        join pg_class t on t.oid = d.refobjid
        join pg_namespace tn on tn.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
          and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = 'a') as "ownedBy"
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid
    join pg_namespace n on n.oid = c.relnamespace
    where c.relpersistence <> 't' and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}
      and not exists (select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')`,
  path: named,
  parent: () => null,
  designate: (a) => `SEQUENCE ${named(a)}`,
  comesWith: ({ id, attributes: a }, around) => {
    const column = a.ownedBy === null ? null : factId("column", a.ownedBy);
    return column !== null && comesWithColumn(column, id, around) ? column : null;
  },
  create: (fact, around) => {
    const { attributes: a } = fact;
    const column = columnToCount(fact, around);
    return [
      statement(`CREATE ${a.isUnlogged ? "UNLOGGED " : ""}SEQUENCE ${named(a)}${definition(a)}`),
      ...(column === null ? [] : [continueNumbers(quoteText(named(a)), column, a)]),
    ];
  },
  drop: ({ attributes: a }) => [
    statement(`DROP SEQUENCE ${named(a)}`, { destroys: `sequence ${named(a)} and the number it has reached` }),
  ],
  alter: {
    schema: "identity",
    name: "identity",
    isUnlogged: ({ to: { attributes: a } }, around) => {
      const column = a.ownedBy === null ? undefined : around.facts.get(factId("column", a.ownedBy));
      const owner = column?.parent ?? null;
      const persistence = (facts: FactIndex) => (owner === null ? null : facts.get(owner)?.attributes.isUnlogged);
      // It goes along with the table of the column that owns it.
      const goesAlong = persistence(around.facts) === a.isUnlogged && persistence(around.others) === !a.isUnlogged;
      return goesAlong ? [] : [statement(`ALTER SEQUENCE ${named(a)} SET ${a.isUnlogged ? "UNLOGGED" : "LOGGED"}`)];
    },
    type: alterSequence,
    start: alterSequence,
    increment: alterSequence,
    minimum: alterSequence,
    maximum: alterSequence,
    cache: alterSequence,
    cycle: alterSequence,
    ownedBy: alterSequence,
  },
  rename: (from, to) => renameQualified("SEQUENCE", from, to),
  renamesFreely: "to another schema",
  since: (a) => (a.isUnlogged ? { version: 150000, feature: "unlogged sequences" } : null),
});

const OPTIONS = {
  schema: true,
  as: true,
  start: true,
  increment: true,
  minimum: true,
  maximum: true,
  cache: true,
  cycle: true,
  unlogged: true,
  ownedBy: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof SequenceOptions, true>;

export const declaredSequence: Declarer<SequenceDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: sequenceId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `sequence ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const { ownedBy, as: type = "bigint", increment = 1 } = options;
    const draft: Sequence = {
      schema,
      name,
      isUnlogged: options.unlogged ?? false,
      type,
      increment: String(increment),
      start: "",
      minimum: "",
      maximum: "",
      cache: String(options.cache ?? 1),
      cycle: options.cycle ?? false,
      ownedBy: null,
    };
    const bounds = defaultBounds(draft);
    const minimum = String(options.minimum ?? bounds.minimum);
    const maximum = String(options.maximum ?? bounds.maximum);
    const start = String(options.start ?? (draft.increment.startsWith("-") ? maximum : minimum));
    let owner: string | null = null;
    if (ownedBy !== undefined) {
      const reference: Reference = typeof ownedBy === "string" ? referenceByName(ownedBy) : ownedBy()[REFERENCE];
      const table = declaring.get(reference, source);
      const column = reference.column ?? "";
      owner = quotePath(table.schema ?? "", reference.name, column);
      needs.add(columnId(table.schema ?? "", reference.name, column));
    }
    const id = declaring.add(
      sequences,
      { ...draft, minimum, maximum, start, ownedBy: owner },
      {
        ...options,
        place: source,
        needs,
        hint: renamedFrom(options.renamedFrom, schema, sequenceId),
      },
    );
    declaring.claim(schema, name, id, source);
  },
};
