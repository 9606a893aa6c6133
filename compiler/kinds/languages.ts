import type { Language as LanguageDeclaration, LanguageOptions } from "../declare/languages.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { givenAt, renamed } from "./given.ts";
import { defineKind, factId, notOfExtension, statement } from "./kind.ts";

/** A procedural language that no extension brought. @see PostgreSQL manual, "pg_language" */
export type Language = {
  readonly name: string;
  readonly isTrusted: boolean;
  /** Printed names of functions. */
  readonly handler: string;
  readonly inline: string | null;
  readonly validator: string | null;
};

export const languageId = (name: string) => factId("language", quoteName(name));

const create = (verb: string, a: Language) =>
  statement(
    [
      `${verb}${a.isTrusted ? " TRUSTED" : ""} LANGUAGE ${quoteName(a.name)} HANDLER ${a.handler}`,
      a.inline === null ? "" : ` INLINE ${a.inline}`,
      a.validator === null ? "" : ` VALIDATOR ${a.validator}`,
    ].join(""),
  );

const replace = ({ to }: { readonly to: { readonly attributes: Language } }) => [
  create("CREATE OR REPLACE", to.attributes),
];

export const languages = defineKind<Language>({
  kind: "language",
  script: "functions",
  query: () => `
    select 'pg_language'::regclass::oid::int8 as classid, l.oid::int8 as objid, 0 as objsubid,
      l.lanname as name, l.lanpltrusted as "isTrusted", l.lanplcallfoid::regproc::text as handler,
      case when l.laninline <> 0 then l.laninline::regproc::text end as inline,
      case when l.lanvalidator <> 0 then l.lanvalidator::regproc::text end as validator
    from pg_language l
    where l.lanispl and l.oid >= 16384 and ${notOfExtension("pg_language", "l.oid")}`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `LANGUAGE ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [create("CREATE", a)],
  drop: ({ attributes: a }) => [statement(`DROP LANGUAGE ${quoteName(a.name)}`)],
  alter: { name: "identity", isTrusted: replace, handler: replace, inline: replace, validator: replace },
  rename: (from, to) => [statement(`ALTER LANGUAGE ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
});

const OPTIONS = {
  handler: true,
  inline: true,
  validator: true,
  trusted: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof LanguageOptions, true>;

export const declaredLanguage: Declarer<LanguageDeclaration> = {
  identify: ({ name }) => ({ id: languageId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `language ${name}`, source);
    const given = givenAt(source, declaring);
    const attributes: Language = {
      name,
      isTrusted: options.trusted ?? false,
      handler: given.name(options.handler),
      inline: given.function(options.inline),
      validator: given.function(options.validator),
    };
    const hint = renamed(options, languageId);
    declaring.add(languages, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
