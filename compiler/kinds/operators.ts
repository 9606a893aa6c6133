import type { Operator as OperatorDeclaration, OperatorLink, OperatorOptions } from "../declare/operators.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { givenAt } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";

/** @see PostgreSQL manual, "pg_operator" */
export type Operator = {
  readonly schema: string;
  /** Its characters, such as `@@`; never quoted. */
  readonly name: string;
  /** Printed types; `NONE` on the left of a prefix operator. */
  readonly left: string;
  readonly right: string;
  /** Printed name of its function. */
  readonly function: string;
  /** Identities of other operators, printed as `public.=(integer, integer)`. */
  readonly commutator: string | null;
  readonly negator: string | null;
  /** Printed names of estimator functions. */
  readonly restrict: string | null;
  readonly join: string | null;
  readonly hashes: boolean;
  readonly merges: boolean;
};

type Identity = Pick<Operator, "schema" | "name" | "left" | "right">;

const symbol = (a: Pick<Operator, "schema" | "name">): string => `${quoteName(a.schema)}.${a.name}`;
const signature = (a: Identity): string => `${symbol(a)} (${a.left}, ${a.right})`;
const path = (a: Identity): string => `${symbol(a)}(${a.left}, ${a.right})`;
const operatorId = (printed: string) => factId("operator", printed);

/** `public.=(integer, integer)` as an attribute of CREATE OPERATOR names it. */
const asReference = (printed: string): string => `OPERATOR(${printed.slice(0, printed.lastIndexOf("("))})`;

/**
 * Commutators and negators link two operators: creating one links the other back, dropping it unlinks. Between operators
 * that both stay a link can be added, from PostgreSQL 17 on; never taken away.
 */
const alterLink =
  (attribute: "commutator" | "negator"): Alter<Operator> =>
  ({ from, to }, around) => {
    const [before, after] = [from.attributes[attribute], to.attributes[attribute]];
    if (after === null) {
      const gone =
        before === null || around.facts.has(operatorId(before)) ? undefined : around.others.get(operatorId(before));
      return gone?.attributes[attribute] === path(from.attributes) ? [] : "replace";
    }
    const other = around.facts.get(operatorId(after));
    if (other !== undefined && around.isNew(other.id)) {
      return other.attributes[attribute] === path(to.attributes) ? [] : "replace";
    }
    return around.version >= 170000 && before === null
      ? [alterOperator(to.attributes, `${attribute.toUpperCase()} = ${asReference(after)}`)]
      : "replace";
  };

const alterOperator = (a: Operator, set: string) => statement(`ALTER OPERATOR ${signature(a)} SET (${set})`);

const alterEstimator =
  (attribute: "restrict" | "join"): Alter<Operator> =>
  ({ to: { attributes: a } }) => [alterOperator(a, `${attribute.toUpperCase()} = ${a[attribute] ?? "NONE"}`)];

const alterAbility =
  (attribute: "hashes" | "merges"): Alter<Operator> =>
  ({ to: { attributes: a } }, around) =>
    a[attribute] && around.version >= 170000 ? [alterOperator(a, attribute.toUpperCase())] : "replace";

const LINK = (oid: string): string => `(
  select format('%s.%s(%s, %s)', quote_ident(ln.nspname), l.oprname,
    case when l.oprleft = 0 then 'NONE' else format_type(l.oprleft, null) end, format_type(l.oprright, null))
  from pg_operator l join pg_namespace ln on ln.oid = l.oprnamespace where l.oid = ${oid})`;

export const operators = defineKind<Operator>({
  kind: "operator",
  script: "functions",
  // Without a function it is a shell, made for a link to an operator that does not exist yet.
  foundIn: "pg_operator where oid >= 16384",
  query: () => `
    select 'pg_operator'::regclass::oid::int8 as classid, o.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, o.oprname as name,
      case when o.oprleft = 0 then 'NONE' else format_type(o.oprleft, null) end as left,
      format_type(o.oprright, null) as right, o.oprcode::regproc::text as function,
      ${LINK("o.oprcom")} as commutator, ${LINK("o.oprnegate")} as negator,
      case when o.oprrest <> 0 then o.oprrest::regproc::text end as restrict,
      case when o.oprjoin <> 0 then o.oprjoin::regproc::text end as join,
      o.oprcanhash as hashes, o.oprcanmerge as merges
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
    where o.oprcode <> 0 and ${userSchema("n.nspname")} and ${notOfExtension("pg_operator", "o.oid")}`,
  path,
  parent: () => null,
  designate: (a) => `OPERATOR ${signature(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE OPERATOR ${symbol(a)} (\n${[
        `FUNCTION = ${a.function}`,
        a.left === "NONE" ? "" : `LEFTARG = ${a.left}`,
        `RIGHTARG = ${a.right}`,
        a.commutator === null ? "" : `COMMUTATOR = ${asReference(a.commutator)}`,
        a.negator === null ? "" : `NEGATOR = ${asReference(a.negator)}`,
        a.restrict === null ? "" : `RESTRICT = ${a.restrict}`,
        a.join === null ? "" : `JOIN = ${a.join}`,
        a.hashes ? "HASHES" : "",
        a.merges ? "MERGES" : "",
      ]
        .filter((option) => option !== "")
        .map((option) => `  ${option}`)
        .join(",\n")}\n)`,
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP OPERATOR ${signature(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    left: "identity",
    right: "identity",
    function: "replace",
    commutator: alterLink("commutator"),
    negator: alterLink("negator"),
    restrict: alterEstimator("restrict"),
    join: alterEstimator("join"),
    hashes: alterAbility("hashes"),
    merges: alterAbility("merges"),
  },
  // A link to an operator that does not link back is made while that one is still a shell.
  order: (a) => (a.commutator === null && a.negator === null ? 1 : 0),
  rename: (from, to) => {
    if (from.name !== to.name || from.left !== to.left || from.right !== to.right) {
      throw new Diagnostic({
        code: "rename-impossible",
        what: `operator ${path(from)} cannot become ${path(to)} by a rename`,
        why: "PostgreSQL moves an operator to another schema, but does not rename it",
        next: "take `renamedFrom` out; the old operator is then dropped and the new one created",
      });
    }
    return [statement(`ALTER OPERATOR ${signature(from)} SET SCHEMA ${quoteName(to.schema)}`)];
  },
});

const OPTIONS = {
  left: true,
  right: true,
  function: true,
  commutator: true,
  negator: true,
  restrict: true,
  join: true,
  hashes: true,
  merges: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof OperatorOptions, true>;

/** An operator's schema, symbol and types. */
function identityOf({ name, options }: OperatorDeclaration, place: Place, declaring: Declaring) {
  const { argumentType } = givenAt(place, declaring);
  return {
    schema: declaring.schemaName(options.schema),
    name,
    left: options.left === undefined ? "NONE" : argumentType(options.left),
    right: argumentType(options.right),
  };
}

/** A declared operator as members of families name it. */
export const operatorSignature = (operator: OperatorDeclaration, place: Place, declaring: Declaring): string =>
  path(identityOf(operator, place, declaring));

export const declaredOperator: Declarer<OperatorDeclaration> = {
  identify: (declaration, source, declaring) => {
    const own = identityOf(declaration, source, declaring);
    return { id: operatorId(path(own)), text: `OPERATOR(${symbol(own)})` };
  },
  declare: (declaration, source, declaring) => {
    const { name, options } = declaration;
    checkOptions(options, OPTIONS, `operator ${name}`, source);
    const given = givenAt(source, declaring);
    for (const type of [options.left, options.right]) if (type !== undefined) given.type(type);
    const own = identityOf(declaration, source, declaring);
    // Operators that name one another are made in any order: the first leaves a shell for the second.
    const link = (other: OperatorLink | undefined, left: string, right: string): string | null => {
      if (other === undefined) return null;
      if (typeof other === "string") return path({ schema: own.schema, name: other, left, right });
      if (typeof other === "function") return operatorSignature(other(), source, declaring);
      const [, written] = /^operator\s*\((.*)\)$/is.exec(given.text(other)) ?? [];
      return `${written ?? given.text(other)}(${left}, ${right})`;
    };
    const attributes: Operator = {
      ...own,
      function: given.name(options.function),
      commutator: link(options.commutator, own.right, own.left),
      negator: link(options.negator, own.left, own.right),
      restrict: given.function(options.restrict),
      join: given.function(options.join),
      hashes: options.hashes ?? false,
      merges: options.merges ?? false,
    };
    const hint = renamedFrom(options.renamedFrom, own.schema, (schema, old) =>
      operatorId(path({ ...own, schema, name: old })),
    );
    declaring.add(operators, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
