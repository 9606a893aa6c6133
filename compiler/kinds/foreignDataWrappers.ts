import type {
  ForeignDataWrapper as ForeignDataWrapperDeclaration,
  ForeignDataWrapperOptions,
} from "../declare/foreign.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { alterOptions, createOptions, foreignOptionsOf, optionTexts } from "./foreignOptions.ts";
import { givenAt, renamed } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_foreign_data_wrapper" */
export type ForeignDataWrapper = {
  readonly name: string;
  /** Printed names of functions. */
  readonly handler: string | null;
  readonly validator: string | null;
  /** `name 'value'`, sorted. */
  readonly options: readonly string[];
};

const functions = (a: ForeignDataWrapper): readonly [string, string] => [
  a.handler === null ? "NO HANDLER" : `HANDLER ${a.handler}`,
  a.validator === null ? "NO VALIDATOR" : `VALIDATOR ${a.validator}`,
];

const alterWrapper =
  (action: (a: ForeignDataWrapper, from: ForeignDataWrapper) => string): Alter<ForeignDataWrapper> =>
  ({ from, to: { attributes: a } }) => [
    statement(`ALTER FOREIGN DATA WRAPPER ${quoteName(a.name)} ${action(a, from.attributes)}`),
  ];

export const foreignDataWrappers = defineKind<ForeignDataWrapper>({
  kind: "foreign data wrapper",
  script: "functions",
  foundIn: "pg_foreign_data_wrapper",
  query: () => `
    select 'pg_foreign_data_wrapper'::regclass::oid::int8 as classid, w.oid::int8 as objid, 0 as objsubid,
      w.fdwname as name,
      case when w.fdwhandler <> 0 then w.fdwhandler::regproc::text end as handler,
      case when w.fdwvalidator <> 0 then w.fdwvalidator::regproc::text end as validator,
      ${foreignOptionsOf("w.fdwoptions")} as options
    from pg_foreign_data_wrapper w
    where w.oid >= 16384 and ${notOfExtension("pg_foreign_data_wrapper", "w.oid")}`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `FOREIGN DATA WRAPPER ${quoteName(a.name)}`,
  create: ({ attributes: a }) => {
    const given = functions(a).filter((one) => !one.startsWith("NO "));
    return [
      statement(`${["CREATE FOREIGN DATA WRAPPER", quoteName(a.name), ...given].join(" ")}${createOptions(a.options)}`),
    ];
  },
  drop: ({ attributes: a }) => [statement(`DROP FOREIGN DATA WRAPPER ${quoteName(a.name)}`)],
  alter: {
    name: "identity",
    handler: alterWrapper((a) => functions(a)[0]),
    validator: alterWrapper((a) => functions(a)[1]),
    options: alterWrapper((a, from) => alterOptions(from.options, a.options)),
  },
  rename: (from, to) => [
    statement(`ALTER FOREIGN DATA WRAPPER ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`),
  ],
});

const OPTIONS = {
  handler: true,
  validator: true,
  options: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof ForeignDataWrapperOptions, true>;

const wrapperId = (name: string) => factId("foreign data wrapper", quoteName(name));

export const declaredForeignDataWrapper: Declarer<ForeignDataWrapperDeclaration> = {
  identify: ({ name }) => ({ id: wrapperId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `foreign data wrapper ${name}`, source);
    const given = givenAt(source, declaring);
    const attributes: ForeignDataWrapper = {
      name,
      handler: given.function(options.handler),
      validator: given.function(options.validator),
      options: optionTexts(options.options),
    };
    const hint = renamed(options, wrapperId);
    declaring.add(foreignDataWrappers, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
