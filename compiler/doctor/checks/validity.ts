import { constraintId } from "../../kinds/constraints.ts";
import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { materializedViewId } from "../../kinds/materializedViews.ts";
import { tableId } from "../../kinds/tables.ts";
import { triggerId } from "../../kinds/triggers.ts";
import { bytesOf } from "../../maintain/relations.ts";
import { quoteName, quotePath } from "../../quote.ts";
import { defineCheck, EFFECTS } from "../check.ts";

interface ConstraintRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly isEnforced: boolean;
  readonly sizeBytes: number;
}

export const constraintNotValid = defineCheck<ConstraintRow>({
  name: "constraint-not-valid",
  looksFor: "constraints that not all rows were checked against",
  query: ({ version }) => `
    select n.nspname as schema, t.relname as table, k.conname as name, ${bytesOf("pg_table_size", "t", "t.reltoastrelid")} as "sizeBytes",
      ${version >= 180000 ? "k.conenforced" : "true"} as "isEnforced"
    from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
    where not k.convalidated and k.conparentid = 0 and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2, 3`,
  judge: ({ schema, table, name, isEnforced, sizeBytes }) => ({
    severity: isEnforced ? "warning" : "info",
    object: quotePath(schema, table, name),
    title: isEnforced
      ? `${quoteName(name)} of ${quotePath(schema, table)} was never checked against the rows that were there before it`
      : `${quoteName(name)} of ${quotePath(schema, table)} is not enforced`,
    why: isEnforced
      ? "rows that break it may be there, an UPDATE of such a row fails, and the planner does not rely on it"
      : "rows that break it are taken; the planner relies on nothing of it",
    evidence: { sizeBytes },
    remedies: isEnforced
      ? [
          {
            sql: `ALTER TABLE ${quotePath(schema, table)} VALIDATE CONSTRAINT ${quoteName(name)}`,
            effect: `${EFFECTS.goesOn} while it reads the table`,
          },
        ]
      : [
          {
            sql: `ALTER TABLE ${quotePath(schema, table)} ALTER CONSTRAINT ${quoteName(name)} ENFORCED`,
            effect: "for foreign keys; others are dropped and added. Blocks writes while it reads the table",
          },
        ],
    mend: {
      at: [constraintId(schema, table, name), tableId(schema, table)],
      how: isEnforced ? "take `notValid: true` out, where it says so" : "take `notEnforced: true` out",
    },
  }),
});

interface TriggerRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** Of the foreign key that it is there for. */
  readonly constraint: string | null;
}

export const disabledTrigger = defineCheck<TriggerRow>({
  name: "disabled-trigger",
  looksFor: "disabled triggers",
  query: () => `
    select distinct on (n.nspname, t.relname, coalesce(k.conname, g.tgname)) n.nspname as schema, t.relname as table,
      g.tgname as name, case when g.tgisinternal then k.conname end as constraint
    from pg_trigger g join pg_class t on t.oid = g.tgrelid join pg_namespace n on n.oid = t.relnamespace
    left join pg_constraint k on k.oid = g.tgconstraint
    where g.tgenabled = 'D' and (not g.tgisinternal or k.oid is not null) and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2, coalesce(k.conname, g.tgname)`,
  judge: ({ schema, table, name, constraint }, { declared }) => {
    const isMeant = declared.get(triggerId(schema, table, name))?.attributes.fires === "disabled";
    const on = quotePath(schema, table);
    return {
      severity: constraint !== null ? "error" : isMeant ? "info" : "warning",
      object: quotePath(schema, table, constraint ?? name),
      title:
        constraint !== null
          ? `${quoteName(constraint)} is not checked on ${on}: its triggers are disabled`
          : `trigger ${quoteName(name)} of ${on} is disabled${isMeant ? ", as it is declared" : ""}`,
      why:
        constraint !== null
          ? "rows without a parent come in, or stay behind, and the constraint claims that there are none"
          : "what it is there for does not happen; a load that disabled it may have been broken off",
      evidence: {},
      remedies: [
        constraint !== null
          ? {
              sql: `ALTER TABLE ${on} ENABLE TRIGGER ALL`,
              effect: `${EFFECTS.brief}; rows that came meanwhile stay unchecked, and triggers disabled on purpose are enabled too`,
            }
          : { sql: `ALTER TABLE ${on} ENABLE TRIGGER ${quoteName(name)}`, effect: EFFECTS.brief },
      ],
      ...(isMeant ? { mend: { at: [triggerId(schema, table, name)], how: "take `enabled: false` out" } } : {}),
    };
  },
});

interface UnpopulatedRow {
  readonly schema: string;
  readonly view: string;
}

export const unpopulatedView = defineCheck<UnpopulatedRow>({
  name: "unpopulated-materialized-view",
  looksFor: "materialized views that were never filled",
  query: () => `
    select n.nspname as schema, v.relname as view from pg_class v join pg_namespace n on n.oid = v.relnamespace
    where v.relkind = 'm' and not v.relispopulated and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "v.oid")}
    order by 1, 2`,
  judge: ({ schema, view }) => ({
    severity: "warning",
    object: quotePath(schema, view),
    title: `${quotePath(schema, view)} was never filled`,
    why: "every query of it fails",
    evidence: {},
    remedies: [
      { sql: `REFRESH MATERIALIZED VIEW ${quotePath(schema, view)}`, effect: "blocks reads of it as long as it runs" },
    ],
    mend: {
      at: [materializedViewId(schema, view)],
      how: "have it filled when it is created: take `withData: false` out",
    },
  }),
});
