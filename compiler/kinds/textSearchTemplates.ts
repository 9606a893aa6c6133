import type {
  TextSearchTemplate as TextSearchTemplateDeclaration,
  TextSearchTemplateOptions,
} from "../declare/textSearch.ts";
import { quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt, inSchema } from "./given.ts";
import { defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** What text search dictionaries are made from; functions by their printed names. @see PostgreSQL manual, "pg_ts_template" */
export type TextSearchTemplate = {
  readonly schema: string;
  readonly name: string;
  readonly init: string | null;
  readonly lexize: string;
};

const templateId = (schema: string, name: string) => factId("text search template", quotePath(schema, name));

const named = (a: TextSearchTemplate): string => quotePath(a.schema, a.name);

export const textSearchTemplates = defineKind<TextSearchTemplate>({
  kind: "text search template",
  script: "functions",
  foundIn: "pg_ts_template where oid >= 16384",
  query: () => `
    select 'pg_ts_template'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.tmplname as name,
      case when t.tmplinit <> 0 then t.tmplinit::regproc::text end as init, t.tmpllexize::regproc::text as lexize
    from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_ts_template", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TEXT SEARCH TEMPLATE ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE TEXT SEARCH TEMPLATE ${named(a)} (${a.init === null ? "" : `INIT = ${a.init}, `}LEXIZE = ${a.lexize})`,
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP TEXT SEARCH TEMPLATE ${named(a)}`)],
  alter: { schema: "identity", name: "identity", init: "replace", lexize: "replace" },
  rename: (from, to) => renameQualified("TEXT SEARCH TEMPLATE", from, to),
});

const OPTIONS = {
  init: true,
  lexize: true,
  schema: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof TextSearchTemplateOptions, true>;

export const declaredTextSearchTemplate: Declarer<TextSearchTemplateDeclaration> = {
  identify: inSchema(templateId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `text search template ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const attributes: TextSearchTemplate = {
      schema,
      name,
      init: given.function(options.init),
      lexize: given.name(options.lexize),
    };
    const hint = renamedFrom(options.renamedFrom, schema, templateId);
    declaring.add(textSearchTemplates, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
