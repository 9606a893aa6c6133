import { quoteName, quotePath } from "../quote.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";

/** Which sessions a trigger or rule fires in. @see PostgreSQL manual, "session_replication_role" */
export type Firing = "origin" | "always" | "replica" | "disabled";

/** @see PostgreSQL manual, "pg_trigger" */
export type Trigger = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly relation: "table" | "foreign table" | "view";
  readonly isConstraint: boolean;
  /** What follows the name in pg_get_triggerdef: `BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION …`. */
  readonly definition: string;
  readonly fires: Firing;
};

export const triggerId = (schema: string, table: string, name: string) =>
  factId("trigger", quotePath(schema, table, name));

const on = (a: Trigger): string => quotePath(a.schema, a.table);

/** ENABLE, DISABLE and their kin, for ALTER TABLE and ALTER EVENT TRIGGER. */
export const FIRING_WORDS: Readonly<Record<Firing, string>> = {
  origin: "ENABLE",
  always: "ENABLE ALWAYS",
  replica: "ENABLE REPLICA",
  disabled: "DISABLE",
};

export const firing = (column: string): string =>
  `case ${column} when 'O' then 'origin' when 'A' then 'always' when 'R' then 'replica' when 'D' then 'disabled' end`;

const createText = (a: Trigger, verb: "CREATE" | "CREATE OR REPLACE"): string =>
  `${verb}${a.isConstraint ? " CONSTRAINT" : ""} TRIGGER ${quoteName(a.name)}\n${breakLines(a.definition)}`;

/** The function on a line of its own. Only the last match counts: arguments are texts, which may hold the same words. */
function breakLines(definition: string): string {
  const at = definition.search(/ FOR EACH (?:ROW|STATEMENT) /);
  return at < 0 ? `  ${definition}` : `  ${definition.slice(0, at)}\n  ${definition.slice(at + 1)}`;
}

const fire = (a: Trigger): Statement =>
  statement(`ALTER TABLE ${on(a)} ${FIRING_WORDS[a.fires]} TRIGGER ${quoteName(a.name)}`);

const alterDefinition: Alter<Trigger> = ({ from, to: { id, attributes: a } }, around) => {
  if (a.isConstraint || from.attributes.isConstraint || around.refused(id)) return "replace";
  // A replaced trigger fires as a new one does.
  return [statement(createText(a, "CREATE OR REPLACE")), ...(a.fires === "origin" ? [] : [fire(a)])];
};

export const triggers = defineKind<Trigger>({
  kind: "trigger",
  script: "triggers",
  query: () => `
    select 'pg_trigger'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, t.tgname as name,
      case c.relkind when 'v' then 'view' when 'f' then 'foreign table' else 'table' end as relation,
      t.tgconstraint <> 0 as "isConstraint",
      substr(pg_get_triggerdef(t.oid), length(
        format('CREATE %sTRIGGER %I ', case when t.tgconstraint <> 0 then 'CONSTRAINT ' else '' end, t.tgname)) + 1) as definition,
      ${firing("t.tgenabled")} as fires,
      (select jsonb_build_array(jsonb_build_array('pg_constraint'::regclass::oid::int8, t.tgconstraint::int8, 0))
        where t.tgconstraint <> 0) as aliases
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgparentid = 0 and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_trigger", "t.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, on(a)),
  designate: (a) => `TRIGGER ${quoteName(a.name)} ON ${on(a)}`,
  create: ({ attributes: a }) => [statement(createText(a, "CREATE"))],
  complete: ({ attributes: a }) => (a.fires === "origin" ? [] : [fire(a)]),
  drop: ({ attributes: a }) => [statement(`DROP TRIGGER ${quoteName(a.name)} ON ${on(a)}`)],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    isConstraint: "replace",
    definition: alterDefinition,
    fires: ({ to: { attributes: a } }) => [fire(a)],
  },
  rename: (from, to) => [
    statement(`ALTER TRIGGER ${quoteName(from.name)} ON ${on(to)} RENAME TO ${quoteName(to.name)}`),
  ],
  renamesFreely: true,
  // PostgreSQL refuses another type for a column that UPDATE OF or WHEN names.
  pins: () => true,
});
