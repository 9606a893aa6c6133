import type { Rule as RuleDeclaration, RuleDefinition } from "../declare/rules.ts";
import { isSql, REFERENCE } from "../declare/sql.ts";
import type { FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { dedent } from "./dedent.ts";
import { defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { FIRING_WORDS, type Firing, firing, firingOf, RELATIONS } from "./triggers.ts";

/** A rewrite rule other than the one that a view is. @see PostgreSQL manual, "pg_rewrite" */
export type Rule = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly relation: "table" | "view" | "foreign table";
  /** What follows the name in pg_get_ruledef: `ON INSERT TO public.t DO INSTEAD NOTHING`. */
  readonly definition: string;
  readonly fires: Firing;
};

const on = (a: Rule): string => quotePath(a.schema, a.table);

const createText = (a: Rule, verb: "CREATE" | "CREATE OR REPLACE"): string =>
  `${verb} RULE ${quoteName(a.name)} AS\n  ${a.definition}`;

const fire = (a: Rule): Statement =>
  statement(`ALTER TABLE ${on(a)} ${FIRING_WORDS[a.fires]} RULE ${quoteName(a.name)}`);

export const rules = defineKind<Rule>({
  kind: "rule",
  script: "views",
  foundIn: "pg_rewrite where ev_type <> '1' and oid >= 16384",
  query: () => `
    select 'pg_rewrite'::regclass::oid::int8 as classid, r.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, r.rulename as name,
      case c.relkind when 'v' then 'view' when 'f' then 'foreign table' else 'table' end as relation,
      regexp_replace(
        substr(pg_get_ruledef(r.oid), length(format('CREATE RULE %I AS', r.rulename)) + 1), '^\\s+|;\\s*$', '', 'g') as definition,
      ${firing("r.ev_enabled")} as fires
    from pg_rewrite r
    join pg_class c on c.oid = r.ev_class
    join pg_namespace n on n.oid = c.relnamespace
    where r.ev_type <> '1' and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_rewrite", "r.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, on(a)),
  designate: (a) => `RULE ${quoteName(a.name)} ON ${on(a)}`,
  create: ({ attributes: a }) => [statement(createText(a, "CREATE"))],
  complete: ({ attributes: a }) => (a.fires === "origin" ? [] : [fire(a)]),
  drop: ({ attributes: a }) => [statement(`DROP RULE ${quoteName(a.name)} ON ${on(a)}`)],
  prints: ["definition"],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    definition: ({ to: { attributes: a } }) => [statement(createText(a, "CREATE OR REPLACE"))],
    fires: ({ to: { attributes: a } }) => [fire(a)],
  },
  rename: (from, to) => [statement(`ALTER RULE ${quoteName(from.name)} ON ${on(to)} RENAME TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  pins: () => true,
});

const OPTIONS = {
  on: true,
  where: true,
  do: true,
  instead: true,
  enabled: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof RuleDefinition, true>;

const ruleId = (schema: string, table: string, name: string) => factId("rule", quotePath(schema, table, name));

export const declaredRule: Declarer<RuleDeclaration> = {
  declare: ({ name, table, definition: given }, source, declaring) => {
    checkOptions(given, OPTIONS, `rule ${name}`, source);
    const { id, schema, text, declaration } = declaring.get(table[REFERENCE], source);
    const needs = new Set<FactId>([id]);
    const read = (sql: Parameters<typeof declaring.text>[0]): string =>
      dedent(declaring.text(sql, needs, source, table[REFERENCE])).replace(/;\s*$/, "");
    const commands = (isSql(given.do) ? [given.do] : given.do).map(read);
    const [only = "NOTHING"] = commands;
    const parts = [
      `ON ${given.on.toUpperCase()} TO ${text}`,
      given.where === undefined ? "" : `WHERE (${read(given.where)})`,
      `DO ${given.instead ? "INSTEAD" : "ALSO"} ${commands.length > 1 ? `(${commands.join("; ")})` : only}`,
    ];
    const attributes: Rule = {
      schema: schema ?? "",
      table: table[REFERENCE].name,
      name,
      relation: RELATIONS[declaration.declares] ?? "table",
      definition: parts.filter((part) => part !== "").join(" "),
      fires: firingOf(given.enabled),
    };
    const hint = renamedFrom(given.renamedFrom, attributes.schema, (_, old) =>
      ruleId(attributes.schema, attributes.table, old),
    );
    declaring.add(rules, attributes, { place: source, needs, comment: given.comment, hint });
  },
};
