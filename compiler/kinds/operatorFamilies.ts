import type {
  FamilyFunction,
  FamilyOperator,
  OperatorFamily as OperatorFamilyDeclaration,
  OperatorFamilyOptions,
} from "../declare/operators.ts";
import { isSql } from "../declare/sql.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { type Given, givenAt } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { operatorSignature } from "./operators.ts";

/** An operator or support function, as ADD and AS say it, with what DROP calls it. */
type FamilyMember = {
  /** `OPERATOR 1 public.<(integer,integer)`, `FUNCTION 1 (integer, integer) public.cmp(integer,integer)`. */
  readonly text: string;
  /** `OPERATOR 1 (integer, integer)`. */
  readonly place: string;
};

/** An operator family with those members that belong to none of its classes. @see PostgreSQL manual, "pg_opfamily" */
export type OperatorFamily = {
  readonly schema: string;
  readonly name: string;
  /** Index access method. */
  readonly method: string;
  readonly members: readonly FamilyMember[];
};

export const operatorFamilyId = (schema: string, name: string, method: string) =>
  factId("operator family", named({ schema, name, method }));

const named = (a: Omit<OperatorFamily, "members">): string =>
  `${quotePath(a.schema, a.name)} USING ${quoteName(a.method)}`;

/** Members of the operator families and classes: what they depend on and how they are written, operators first. */
export const MEMBERS = `
  select 'pg_amop'::regclass as classid, p.oid, p.amopfamily as family, 1 as sort, p.amopstrategy as number,
    format('OPERATOR %s (%s, %s)', p.amopstrategy, format_type(p.amoplefttype, null), format_type(p.amoprighttype, null))
      as place,
    format('OPERATOR %s %s%s', p.amopstrategy, p.amopopr::regoperator,
      case when p.amopsortfamily <> 0 then (select format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
        from pg_opfamily s join pg_namespace sn on sn.oid = s.opfnamespace where s.oid = p.amopsortfamily) end) as text
  from pg_amop p where p.oid >= 16384
  union all
  select 'pg_amproc'::regclass, p.oid, p.amprocfamily, 2, p.amprocnum,
    format('FUNCTION %s (%s, %s)', p.amprocnum, format_type(p.amproclefttype, null), format_type(p.amprocrighttype, null)),
    format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, null),
      format_type(p.amprocrighttype, null), p.amproc::regprocedure)
  from pg_amproc p where p.oid >= 16384`;

const change = (a: OperatorFamily, verb: "ADD" | "DROP", members: readonly string[]): readonly Statement[] =>
  members.length === 0
    ? []
    : [statement(`ALTER OPERATOR FAMILY ${named(a)} ${verb}\n${members.map((member) => `  ${member}`).join(",\n")}`)];

const alterMembers: Alter<OperatorFamily> = ({ from, to }) => {
  const before = new Set(from.attributes.members.map(({ text }) => text));
  const after = new Set(to.attributes.members.map(({ text }) => text));
  return [
    ...change(
      to.attributes,
      "DROP",
      from.attributes.members.filter(({ text }) => !after.has(text)).map(({ place }) => place),
    ),
    ...change(
      to.attributes,
      "ADD",
      to.attributes.members.filter(({ text }) => !before.has(text)).map(({ text }) => text),
    ),
  ];
};

export const operatorFamilies = defineKind<OperatorFamily>({
  kind: "operator family",
  script: "functions",
  foundIn: `(select oid from pg_opfamily union all select oid from pg_amop union all select oid from pg_amproc) m
    where oid >= 16384`,
  query: () => `
    select 'pg_opfamily'::regclass::oid::int8 as classid, f.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, f.opfname as name, am.amname as method,
      coalesce(m.members, '[]') as members, m.aliases
    from pg_opfamily f
    join pg_namespace n on n.oid = f.opfnamespace
    join pg_am am on am.oid = f.opfmethod
    left join lateral (
      select jsonb_agg(jsonb_build_object('text', m.text, 'place', m.place) order by m.sort, m.number, m.place) as members,
        jsonb_agg(jsonb_build_array(m.classid::oid::int8, m.oid::int8, 0)) as aliases
      from (${MEMBERS}) m
      where m.family = f.oid and not exists (
        select from pg_depend d
        where d.classid = m.classid and d.objid = m.oid and d.refclassid = 'pg_opclass'::regclass and d.deptype = 'i')
    ) m on true
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_opfamily", "f.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `OPERATOR FAMILY ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(`CREATE OPERATOR FAMILY ${named(a)}`),
    ...change(
      a,
      "ADD",
      a.members.map(({ text }) => text),
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP OPERATOR FAMILY ${named(a)}`)],
  alter: { schema: "identity", name: "identity", method: "identity", members: alterMembers },
  losesMembers: true,
  rename: (from, to) => [
    ...(from.schema === to.schema
      ? []
      : [statement(`ALTER OPERATOR FAMILY ${named(from)} SET SCHEMA ${quoteName(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER OPERATOR FAMILY ${named({ ...from, schema: to.schema })} RENAME TO ${quoteName(to.name)}`)]),
  ],
});

/** Declared members, as AS and ADD list them. */
export function memberTexts(
  {
    operators = [],
    functions = [],
  }: { readonly operators?: readonly FamilyOperator[]; readonly functions?: readonly FamilyFunction[] },
  given: Given,
  place: Place,
  declaring: Declaring,
): readonly string[] {
  return [
    ...operators.map(([strategy, operator, options]) => {
      const sorting = options === undefined ? "" : ` FOR ORDER BY ${given.name(options.orderBy)}`;
      if (isSql(operator)) return `OPERATOR ${strategy} ${given.text(operator)}${sorting}`;
      given.name(operator);
      return `OPERATOR ${strategy} ${operatorSignature(operator, place, declaring)}${sorting}`;
    }),
    ...functions.map(([number, of, types]) => {
      const serves = types === undefined ? "" : ` (${types.map(given.type).join(", ")})`;
      return `FUNCTION ${number}${serves} ${given.signature(of)}`;
    }),
  ];
}

const OPTIONS = {
  using: true,
  operators: true,
  functions: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof OperatorFamilyOptions, true>;

export const declaredOperatorFamily: Declarer<OperatorFamilyDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: operatorFamilyId(schema, name, options.using), text: quotePath(schema, name) };
  },
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `operator family ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const { using: method } = options;
    const given = givenAt(source, declaring);
    const members = memberTexts(options, given, source, declaring).map((text) => ({ text, place: "" }));
    const hint = renamedFrom(options.renamedFrom, schema, (old, oldName) => operatorFamilyId(old, oldName, method));
    const attributes: OperatorFamily = { schema, name, method, members };
    declaring.add(operatorFamilies, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
