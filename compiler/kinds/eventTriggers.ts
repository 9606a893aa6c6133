import type { EventTrigger as EventTriggerDeclaration, EventTriggerDefinition } from "../declare/triggers.ts";
import type { FactId } from "../facts.ts";
import { quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { renamed } from "./given.ts";
import { defineKind, factId, notOfExtension, type Statement, statement } from "./kind.ts";
import { FIRING_WORDS, type Firing, firing, firingOf, functionName } from "./triggers.ts";

/** @see PostgreSQL manual, "pg_event_trigger" */
export type EventTrigger = {
  readonly name: string;
  readonly event: string;
  /** Command tags, sorted; empty for all. */
  readonly tags: readonly string[];
  /** Printed name of its function. */
  readonly function: string;
  readonly fires: Firing;
};

const fire = (a: EventTrigger): Statement =>
  statement(`ALTER EVENT TRIGGER ${quoteName(a.name)} ${FIRING_WORDS[a.fires]}`);

export const eventTriggers = defineKind<EventTrigger>({
  kind: "event trigger",
  script: "triggers",
  foundIn: "pg_event_trigger",
  query: () => `
    select 'pg_event_trigger'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      t.evtname as name, t.evtevent as event,
      array(select tag from unnest(t.evttags) tag order by 1) as tags,
      t.evtfoid::regproc::text as function, ${firing("t.evtenabled")} as fires
    from pg_event_trigger t
    where ${notOfExtension("pg_event_trigger", "t.oid")}`,
  path: (a) => quoteName(a.name),
  ambient: true,
  parent: () => null,
  designate: (a) => `EVENT TRIGGER ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [
    statement(
      [
        `CREATE EVENT TRIGGER ${quoteName(a.name)} ON ${a.event}`,
        ...(a.tags.length > 0 ? [`  WHEN TAG IN (${a.tags.map(quoteText).join(", ")})`] : []),
        `  EXECUTE FUNCTION ${a.function}()`,
      ].join("\n"),
    ),
  ],
  complete: ({ attributes: a }) => (a.fires === "origin" ? [] : [fire(a)]),
  drop: ({ attributes: a }) => [statement(`DROP EVENT TRIGGER ${quoteName(a.name)}`)],
  alter: {
    name: "identity",
    event: "replace",
    tags: "replace",
    function: "replace",
    fires: ({ to: { attributes: a } }) => [fire(a)],
  },
  rename: (from, to) => [statement(`ALTER EVENT TRIGGER ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  since: (a) => (a.event === "login" ? { version: 170000, feature: "event triggers on login" } : null),
});

const OPTIONS = {
  on: true,
  tags: true,
  execute: true,
  enabled: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof EventTriggerDefinition, true>;

export const declaredEventTrigger: Declarer<EventTriggerDeclaration> = {
  declare: ({ name, definition: given }, source, declaring) => {
    checkOptions(given, OPTIONS, `event trigger ${name}`, source);
    const needs = new Set<FactId>();
    const attributes: EventTrigger = {
      name,
      event: given.on,
      tags: [...(given.tags ?? [])].sort(),
      function: functionName(given.execute, (sql) => declaring.text(sql, needs, source)),
      fires: firingOf(given.enabled),
    };
    const hint = renamed(given, (old) => factId("event trigger", quoteName(old)));
    declaring.add(eventTriggers, attributes, { ...given, place: source, needs, hint });
  },
};
