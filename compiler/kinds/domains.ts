import type { CheckOptions } from "../declare/columns.ts";
import { isSql, type Sql } from "../declare/sql.ts";
import type { DomainType, DomainTypeOptions } from "../declare/types.ts";
import type { Fact, FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { literal } from "./defaults.ts";
import { TYPE_OPTIONS } from "./enums.ts";
import { nameText } from "./given.ts";
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
import { objectName, objectNameSql } from "./naming.ts";
import { renameQualified } from "./rename.ts";
import { newest, oddScale } from "./since.ts";
import { holdersOf, swapType, typesAround } from "./swap.ts";

/** @see PostgreSQL manual, "pg_type", typtype d */
export type Domain = {
  readonly schema: string;
  readonly name: string;
  /** Base type as format_type prints it. */
  readonly type: string;
  /** Printed collation where it is not the base type's own. */
  readonly collation: string | null;
  readonly default: string | null;
  readonly notNull: boolean;
  /** Name of the NOT NULL constraint where PostgreSQL would not have chosen it (17 and later). */
  readonly notNullName: string | null;
  /** Names of its checks, which are facts of their own. */
  readonly checks: readonly string[];
};

/** A check of a domain. */
export type DomainConstraint = {
  readonly schema: string;
  readonly domain: string;
  readonly name: string;
  /** As pg_get_constraintdef prints it: `CHECK ((VALUE > 0))`. */
  readonly definition: string;
  readonly isValidated: boolean;
};

export const domainId = (schema: string, name: string) => factId("domain", quotePath(schema, name));
export const domainConstraintId = (schema: string, domain: string, name: string) =>
  factId("domain constraint", quotePath(schema, domain, name));

const named = (a: Domain): string => quotePath(a.schema, a.name);
const domainOf = (a: DomainConstraint): string => quotePath(a.schema, a.domain);

const alterDomain = (a: Domain, action: string) => statement(`ALTER DOMAIN ${named(a)} ${action}`);

function createText(a: Domain, constraints: readonly string[]): string {
  const head = [
    `CREATE DOMAIN ${named(a)} AS ${a.type}`,
    a.collation === null ? "" : `COLLATE ${a.collation}`,
    a.default === null ? "" : `DEFAULT ${a.default}`,
    a.notNull ? `${a.notNullName === null ? "" : `CONSTRAINT ${quoteName(a.notNullName)} `}NOT NULL` : "",
  ].filter((part) => part !== "");
  return [head.join(" "), ...constraints.map((constraint) => `  ${constraint}`)].join("\n");
}

/**
 * Another base makes a new type; so does NOT NULL where arrays of the domain are kept in a table, because PostgreSQL does
 * not look into them, and a check where composite types made of it are.
 */
const isSwapped = (from: Fact<Domain>, to: Fact<Domain>, around: Surroundings): boolean =>
  from.attributes.type !== to.attributes.type ||
  from.attributes.collation !== to.attributes.collation ||
  (from.attributes.notNull !== to.attributes.notNull && around.refused(to.id, NOT_SUPPORTED)) ||
  isRefusedInside(from, to, around);

const isRefusedInside = (from: Fact<Domain>, to: Fact<Domain>, around: Surroundings): boolean =>
  around.dependents(to.id).some(({ kind, id }) => kind === "domain constraint" && around.refused(id, NOT_SUPPORTED)) &&
  typesAround(from.id, around).length > 0;

const alterChecks: Alter<Domain> = (change, around) =>
  isSwapped(change.from, change.to, around) ? swap(change, around) : [];

const NOT_SUPPORTED = "0A000";

/** Checks that can be said in CREATE DOMAIN: those that use nothing which is only made once the domain exists. */
const isSaidAtOnce = ({ attributes, dependsOn, parent }: Fact<DomainConstraint>, around: Surroundings): boolean =>
  attributes.isValidated &&
  dependsOn.every((id) => id === parent || parent === null || !around.facts.get(id)?.dependsOn.includes(parent));

const swap: Alter<Domain> = (change, around) => {
  const constraints = ofKind<DomainConstraint>(around.dependents(change.to.id), "domain constraint").filter((fact) =>
    isSaidAtOnce(fact, around),
  );
  return swapType(change, around, createText(change.to.attributes, constraints.map(constraintText)));
};

const constraintText = ({ attributes: a }: Fact<DomainConstraint>): string =>
  `CONSTRAINT ${quoteName(a.name)} ${a.definition}`;

/** Whether the constraint came with the new domain that took the old one's place. */
function cameWithSwap(fact: Fact<DomainConstraint>, around: Surroundings): boolean {
  const id = domainId(fact.attributes.schema, fact.attributes.domain);
  const [from, to] = [around.others.get(id), around.facts.get(id)] as readonly unknown[] as readonly Fact<Domain>[];
  if (from === undefined || to === undefined || around.isNew(id)) return false;
  return isSwapped(from, to, around) && isSaidAtOnce(fact, around);
}

/** Does it while columns that keep arrays of the domain, which PostgreSQL does not look into, are arrays of its base. */
function besideArrays(a: DomainConstraint, around: Surroundings, change: Statement): readonly Statement[] {
  const id = domainId(a.schema, a.domain);
  const domain = around.others.get(id) as Fact<Domain> | undefined;
  if (domain === undefined || !around.refused(domainConstraintId(a.schema, a.domain, a.name), NOT_SUPPORTED))
    return [change];
  const arrays = holdersOf(domain, around).filter(({ type }) => type.endsWith("[]"));
  const convert = (type: (own: string) => string) =>
    arrays.map(({ relation, column, type: own }) => {
      const name = quoteName(column);
      return statement(`ALTER TABLE ${relation} ALTER COLUMN ${name} TYPE ${type(own)} USING ${name}::${type(own)}`);
    });
  return [...convert(() => `${domain.attributes.type}[]`), change, ...convert((own) => own)];
}

const alterDefault: Alter<Domain> = ({ from, to }, around) => {
  const a = to.attributes;
  if (isSwapped(from, to, around)) return [];
  return [alterDomain(a, a.default === null ? "DROP DEFAULT" : `SET DEFAULT ${a.default}`)];
};

const alterNotNull: Alter<Domain> = (change, around) => {
  const { from, to } = change;
  const a = to.attributes;
  if (isSwapped(from, to, around)) return swap(change, around);
  const add = a.notNullName === null ? "SET NOT NULL" : `ADD CONSTRAINT ${quoteName(a.notNullName)} NOT NULL`;
  return [
    ...(from.attributes.notNull ? [alterDomain(a, "DROP NOT NULL")] : []),
    ...(a.notNull ? [alterDomain(a, add)] : []),
  ];
};

/** Renaming a domain leaves the constraint with the old name. */
const renameNotNull: Alter<Domain> = (change, around) => {
  const [from, to] = [change.from.attributes, change.to.attributes];
  if (!from.notNull || !to.notNull || isSwapped(change.from, change.to, around)) return alterNotNull(change, around);
  const nameOf = (a: Domain): string => quoteName(a.notNullName ?? objectName(a.name, "", "not_null"));
  return [alterDomain(to, `RENAME CONSTRAINT ${nameOf(from)} TO ${nameOf(to)}`)];
};

export const domains = defineKind<Domain>({
  kind: "domain",
  script: "types",
  foundIn: "pg_type where typtype = 'd' and oid >= 16384",
  query: (version) => `
    select 'pg_type'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as name,
      format_type(t.typbasetype, t.typtypmod) as type,
      case when t.typcollation <> b.typcollation then (
        select case when cn.nspname = 'pg_catalog' then quote_ident(co.collname)
          else format('%I.%I', cn.nspname, co.collname) end
        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = t.typcollation
      ) end as collation,
      pg_get_expr(t.typdefaultbin, 0) as default,
      t.typnotnull as "notNull",
      ${
        version >= 170000
          ? `(select k.conname from pg_constraint k
             where k.contypid = t.oid and k.contype = 'n' and k.conname <> ${objectNameSql("t.typname", null, "not_null")})`
          : "null::text"
      } as "notNullName",
      array(select k.conname || case when k.convalidated then '' else ' NOT VALID' end from pg_constraint k
        where k.contypid = t.oid and k.contype = 'c' order by 1) as checks
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
    join pg_type b on b.oid = t.typbasetype
    where t.typtype = 'd' and ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `DOMAIN ${named(a)}`,
  create: ({ id, attributes: a }, around: Surroundings) => [statement(createText(a, around.folded(id)))],
  drop: ({ attributes: a }) => [statement(`DROP DOMAIN ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    type: swap,
    collation: swap,
    default: alterDefault,
    notNull: alterNotNull,
    notNullName: renameNotNull,
    checks: alterChecks,
  },
  rename: (from, to) => renameQualified("DOMAIN", from, to),
  renamesFreely: true,
  // A name that PostgreSQL gave before the domain was renamed is nobody's wish.
  asRecordedBy: (a, version) =>
    version < 170000 && /_not_null\d*$/.test(a.notNullName ?? "") ? { ...a, notNullName: null } : a,
  since: (a) =>
    newest(
      a.notNullName !== null && { version: 170000, feature: "named NOT NULL constraints of domains" },
      oddScale(a.type),
    ),
});

export const domainConstraints = defineKind<DomainConstraint>({
  kind: "domain constraint",
  script: "types",
  foundIn: "pg_constraint where contypid <> 0 and oid >= 16384",
  query: () => `
    select 'pg_constraint'::regclass::oid::int8 as classid, k.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as domain, k.conname as name,
      regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as definition, k.convalidated as "isValidated"
    from pg_constraint k
    join pg_type t on t.oid = k.contypid
    join pg_namespace n on n.oid = t.typnamespace
    where k.contype = 'c' and ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: (a) => quotePath(a.schema, a.domain, a.name),
  parent: (a) => domainId(a.schema, a.domain),
  designate: (a) => `CONSTRAINT ${quoteName(a.name)} ON DOMAIN ${domainOf(a)}`,
  clause: (fact) => (fact.attributes.isValidated ? constraintText(fact) : null),
  create: (fact, around) => {
    const { attributes: a } = fact;
    if (cameWithSwap(fact, around)) return [];
    const add = `ALTER DOMAIN ${domainOf(a)} ADD ${constraintText(fact)}`;
    return a.isValidated ? besideArrays(a, around, statement(add)) : [statement(`${add} NOT VALID`)];
  },
  drop: ({ attributes: a }) => [statement(`ALTER DOMAIN ${domainOf(a)} DROP CONSTRAINT ${quoteName(a.name)}`)],
  prints: ["definition"],
  alter: {
    schema: "identity",
    domain: "identity",
    name: "identity",
    definition: "replace",
    isValidated: ({ to: { attributes: a } }, around) =>
      a.isValidated
        ? besideArrays(a, around, statement(`ALTER DOMAIN ${domainOf(a)} VALIDATE CONSTRAINT ${quoteName(a.name)}`))
        : "replace",
  },
  rename: (from, to) => [
    statement(`ALTER DOMAIN ${domainOf(to)} RENAME CONSTRAINT ${quoteName(from.name)} TO ${quoteName(to.name)}`),
  ],
  renamesFreely: true,
});

const OPTIONS = {
  ...TYPE_OPTIONS,
  nullable: true,
  notNullName: true,
  default: true,
  collate: true,
  check: true,
} satisfies Record<keyof DomainTypeOptions, true>;

export const declaredDomain: Declarer<DomainType> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: domainId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, base, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `domain type ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const text = (sql: Sql | string): string => declaring.text(sql, needs, source);
    const type = text(base.type);
    const { collate, check } = options;
    const attributes: Domain = {
      schema,
      name,
      type,
      collation: collate === undefined ? null : nameText(collate, text),
      default: options.default === undefined ? null : text(literal(options.default, type, source)),
      // NOT NULL belongs on columns: a domain that forbids null surprises in outer joins.
      notNull: options.nullable === false,
      notNullName: options.notNullName ?? null,
      checks: [],
    };
    const hint = renamedFrom(options.renamedFrom, schema, domainId);
    const id = declaring.add(domains, attributes, { ...options, place: source, needs, hint });
    declaring.claimType(schema, name, id, source);
    const checks: readonly (readonly [string, Sql | CheckOptions])[] =
      check === undefined ? [] : isSql(check) ? [[`${name}_check`, check]] : Object.entries(check);
    for (const [constraint, given] of checks) {
      const checkOptions = isSql(given) ? { expression: given } : given;
      const checkNeeds = new Set<FactId>();
      const place = source.property("check", constraint);
      const definition = `CHECK (${declaring.text(checkOptions.expression, checkNeeds, place)})`;
      declaring.add(
        domainConstraints,
        {
          schema,
          domain: name,
          name: constraint,
          definition,
          isValidated: checkOptions.notValid !== true,
        } satisfies DomainConstraint,
        { place, needs: checkNeeds, comment: checkOptions.comment },
      );
    }
  },
};
