import type { Subscription as SubscriptionDeclaration, SubscriptionOptions } from "../declare/publications.ts";
import { Diagnostic } from "../diagnostic.ts";
import { quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { renamed } from "./given.ts";
import { type Alter, defineKind, factId, statement } from "./kind.ts";

/**
 * A subscription. A script creates it disabled and without connecting: whether a database starts to receive rows is no
 * matter of its schema, and no shadow may ever ask a publisher for them. @see PostgreSQL manual, "pg_subscription"
 */
export type Subscription = {
  readonly name: string;
  /** Without its password; null where the reader may not see it. */
  readonly connection: string | null;
  readonly publications: readonly string[];
  readonly slot: string | null;
  /** Further options of WITH that are not at their default: `binary = true`, sorted. */
  readonly options: readonly string[];
  readonly isEnabled: boolean;
};

const defaultOf = (option: string, version: number): string =>
  ({
    binary: "false",
    streaming: version >= 180000 ? "parallel" : "off",
    two_phase: "false",
    disable_on_error: "false",
    password_required: "true",
    run_as_owner: "false",
    origin: "any",
    failover: "false",
  })[option] ?? "'off'";

/** Options that came after PostgreSQL 14. */
const SINCE: Readonly<Record<string, number>> = {
  two_phase: 150000,
  disable_on_error: 150000,
  origin: 160000,
  password_required: 160000,
  run_as_owner: 160000,
  failover: 170000,
};

const nameOf = (option: string): string => option.slice(0, option.indexOf(" "));
const slotText = (a: Subscription): string => `slot_name = ${a.slot === null ? "NONE" : quoteText(a.slot)}`;
const publicationList = (a: Subscription): string => a.publications.map(quoteName).join(", ");

const alterSubscription =
  (action: (a: Subscription) => string): Alter<Subscription> =>
  ({ to: { attributes: a } }) => [statement(`ALTER SUBSCRIPTION ${quoteName(a.name)} ${action(a)}`)];

const alterOptions: Alter<Subscription> = ({ from, to: { attributes: a } }, around) => {
  const kept = new Set(a.options.map(nameOf));
  const changes = [
    ...from.attributes.options
      .map(nameOf)
      .filter((name) => !kept.has(name))
      .map((name) => `${name} = ${defaultOf(name, around.version)}`),
    ...a.options.filter((option) => !from.attributes.options.includes(option)),
  ];
  // Two-phase commit and failover are settled with the publisher's slot when a subscription is made.
  if (changes.some((change) => change.startsWith("two_phase ") || change.startsWith("failover "))) return "replace";
  return [statement(`ALTER SUBSCRIPTION ${quoteName(a.name)} SET (${changes.join(", ")})`)];
};

const unlessDefault = (option: string, isOther: string, value: string): string =>
  `case when ${isOther} then format('%s = %s', '${option}', ${value}) end`;

export const subscriptions = defineKind<Subscription>({
  kind: "subscription",
  script: "settings",
  // Only superusers may read subconninfo. A query that names the column fails for others, so it is asked for through
  // query_to_xml, which runs only where it may.
  foundIn: "pg_subscription",
  query: (version) => `
    select 'pg_subscription'::regclass::oid::int8 as classid, s.oid::int8 as objid, 0 as objsubid, s.subname as name,
      case when has_column_privilege('pg_subscription', 'subconninfo', 'select') then
        regexp_replace(regexp_replace(
          replace(replace(replace(substring(
            query_to_xml(format('select subconninfo as c from pg_catalog.pg_subscription where oid = %s', s.oid), true, true, '')::text
            from '<c>(.*)</c>'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&'),
          '\\s*password\\s*=\\s*(''([^''\\\\]|\\\\.)*''|\\S+)', ''), '(://[^:/@]*):[^@/]*@', '\\1@') end as connection,
      s.subpublications as publications, s.subslotname as slot,
      array_remove(array[
        ${unlessDefault("binary", "s.subbinary", "'true'")},
        ${
          version >= 160000
            ? unlessDefault(
                "streaming",
                `s.substream <> '${version >= 180000 ? "p" : "f"}'`,
                "case s.substream when 't' then 'on' when 'p' then 'parallel' else 'off' end",
              )
            : unlessDefault("streaming", "s.substream", "'on'")
        },
        ${
          version >= 150000
            ? `${unlessDefault("two_phase", "s.subtwophasestate <> 'd'", "'true'")},
        ${unlessDefault("disable_on_error", "s.subdisableonerr", "'true'")},`
            : ""
        }
        ${
          version >= 160000
            ? `${unlessDefault("password_required", "not s.subpasswordrequired", "'false'")},
        ${unlessDefault("run_as_owner", "s.subrunasowner", "'true'")},
        ${unlessDefault("origin", "s.suborigin <> 'any'", "s.suborigin")},`
            : ""
        }
        ${version >= 170000 ? `${unlessDefault("failover", "s.subfailover", "'true'")},` : ""}
        ${unlessDefault("synchronous_commit", "s.subsynccommit <> 'off'", "quote_literal(s.subsynccommit)")}
      ], null) as options,
      s.subenabled as "isEnabled"
    from pg_subscription s
    where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `SUBSCRIPTION ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE SUBSCRIPTION ${quoteName(a.name)} CONNECTION ${quoteText(a.connection ?? "")} PUBLICATION ${publicationList(
        a,
      )} WITH (${["connect = false", slotText(a), ...a.options].join(", ")})`,
    ),
  ],
  // Without its slot it lets go of the publisher, so that it can be dropped inside a transaction; the slot stays there.
  // DROP SUBSCRIPTION would leave its comment behind.
  drop: ({ id, attributes: a }, around) => [
    ...(around.facts.has(factId("comment", id))
      ? [statement(`COMMENT ON SUBSCRIPTION ${quoteName(a.name)} IS NULL`)]
      : []),
    statement(`ALTER SUBSCRIPTION ${quoteName(a.name)} DISABLE`),
    statement(`ALTER SUBSCRIPTION ${quoteName(a.name)} SET (slot_name = NONE)`),
    statement(`DROP SUBSCRIPTION ${quoteName(a.name)}`),
  ],
  alter: {
    name: "identity",
    connection: ({ to: { attributes: a } }) =>
      a.connection === null
        ? []
        : [statement(`ALTER SUBSCRIPTION ${quoteName(a.name)} CONNECTION ${quoteText(a.connection)}`)],
    publications: alterSubscription((a) => `SET PUBLICATION ${publicationList(a)} WITH (refresh = false)`),
    slot: alterSubscription((a) => `SET (${slotText(a)})`),
    options: alterOptions,
    isEnabled: "no difference",
  },
  since: (a) =>
    a.options
      .flatMap((option) => {
        const version = SINCE[nameOf(option)] ?? (option === "streaming = parallel" ? 160000 : 0);
        return version > 0 ? [{ version, feature: `${option} of a subscription` }] : [];
      })
      .toSorted((one, other) => other.version - one.version)[0] ?? null,
  rename: (from, to) => [statement(`ALTER SUBSCRIPTION ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
  unread: (a) =>
    a.connection === null
      ? `the connection of subscription ${quoteName(a.name)}`
      : `the password in the connection of subscription ${quoteName(a.name)}, if it has one`,
});

const OPTIONS = {
  connection: true,
  publications: true,
  slot: true,
  binary: true,
  streaming: true,
  synchronousCommit: true,
  twoPhase: true,
  disableOnError: true,
  passwordRequired: true,
  runAsOwner: true,
  origin: true,
  failover: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof SubscriptionOptions, true>;

/** The options of WITH by their names in definitions, in the order in which they are read. */
export const WITH_OPTIONS = {
  binary: "binary",
  streaming: "streaming",
  twoPhase: "two_phase",
  disableOnError: "disable_on_error",
  passwordRequired: "password_required",
  runAsOwner: "run_as_owner",
  origin: "origin",
  failover: "failover",
  synchronousCommit: "synchronous_commit",
} as const satisfies Partial<Record<keyof SubscriptionOptions, string>>;

const subscriptionId = (name: string) => factId("subscription", quoteName(name));

export const declaredSubscription: Declarer<SubscriptionDeclaration> = {
  identify: ({ name }) => ({ id: subscriptionId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `subscription ${name}`, source);
    if (/\bpassword\s*=|:\/\/[^:/@]*:[^@/]*@/.test(options.connection)) {
      throw new Diagnostic({
        code: "secret-in-definition",
        what: `the connection of subscription ${name} holds a password`,
        at: source.position,
        why: "definitions and what is generated from them are committed, and read by all who may read the code",
        next: "take it out, and set it where secrets are kept: ALTER SUBSCRIPTION … CONNECTION, or a password file on the server",
      });
    }
    const { slot = name } = options;
    const given = Object.entries(WITH_OPTIONS).flatMap(([key, word]) => {
      const value = options[key as keyof typeof WITH_OPTIONS];
      if (value === undefined) return [];
      return [`${word} = ${key === "synchronousCommit" ? quoteText(String(value)) : value}`];
    });
    const attributes: Subscription = {
      name,
      connection: options.connection,
      publications: options.publications,
      slot,
      options: given,
      isEnabled: false,
    };
    const hint = renamed(options, subscriptionId);
    declaring.add(subscriptions, attributes, { ...options, place: source, hint });
  },
};
