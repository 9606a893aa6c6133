import type {
  TextSearchParser as TextSearchParserDeclaration,
  TextSearchParserOptions,
} from "../declare/textSearch.ts";
import { quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt, inSchema } from "./given.ts";
import { defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** A text search parser; its functions by their printed names. @see PostgreSQL manual, "pg_ts_parser" */
export type TextSearchParser = {
  readonly schema: string;
  readonly name: string;
  readonly start: string;
  readonly token: string;
  readonly end: string;
  readonly lexTypes: string;
  readonly headline: string | null;
};

const parserId = (schema: string, name: string) => factId("text search parser", quotePath(schema, name));

const named = (a: TextSearchParser): string => quotePath(a.schema, a.name);

export const textSearchParsers = defineKind<TextSearchParser>({
  kind: "text search parser",
  script: "functions",
  foundIn: "pg_ts_parser where oid >= 16384",
  query: () => `
    select 'pg_ts_parser'::regclass::oid::int8 as classid, p.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, p.prsname as name,
      p.prsstart::regproc::text as start, p.prstoken::regproc::text as token, p.prsend::regproc::text as end,
      p.prslextype::regproc::text as "lexTypes",
      case when p.prsheadline <> 0 then p.prsheadline::regproc::text end as headline
    from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_ts_parser", "p.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TEXT SEARCH PARSER ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE TEXT SEARCH PARSER ${named(a)} (START = ${a.start}, GETTOKEN = ${a.token}, END = ${a.end}, LEXTYPES = ${a.lexTypes}${
        a.headline === null ? "" : `, HEADLINE = ${a.headline}`
      })`,
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP TEXT SEARCH PARSER ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    start: "replace",
    token: "replace",
    end: "replace",
    lexTypes: "replace",
    headline: "replace",
  },
  rename: (from, to) => renameQualified("TEXT SEARCH PARSER", from, to),
});

const OPTIONS = {
  start: true,
  token: true,
  end: true,
  lexTypes: true,
  headline: true,
  schema: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof TextSearchParserOptions, true>;

export const declaredTextSearchParser: Declarer<TextSearchParserDeclaration> = {
  identify: inSchema(parserId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `text search parser ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const attributes: TextSearchParser = {
      schema,
      name,
      start: given.name(options.start),
      token: given.name(options.token),
      end: given.name(options.end),
      lexTypes: given.name(options.lexTypes),
      headline: given.function(options.headline),
    };
    const hint = renamedFrom(options.renamedFrom, schema, parserId);
    declaring.add(textSearchParsers, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
