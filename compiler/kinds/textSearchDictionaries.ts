import type {
  TextSearchDictionary as TextSearchDictionaryDeclaration,
  TextSearchDictionaryOptions,
} from "../declare/textSearch.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt, inSchema } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** @see PostgreSQL manual, "pg_ts_dict" */
export type TextSearchDictionary = {
  readonly schema: string;
  readonly name: string;
  /** Printed name. */
  readonly template: string;
  /** As PostgreSQL keeps them: `language = 'english', stopwords = 'english'`. */
  readonly options: string | null;
};

const dictionaryId = (schema: string, name: string) => factId("text search dictionary", quotePath(schema, name));

const named = (a: TextSearchDictionary): string => quotePath(a.schema, a.name);

/** Options by name, values as they are written. */
export function parseOptions(options: string | null): ReadonlyMap<string, string> {
  const pairs = (options ?? "").matchAll(/("(?:[^"]|"")*"|\w+)\s*=\s*(E?'(?:[^'\\]|''|\\.)*'|[^,\s]+)/gs);
  return new Map([...pairs].map(([, name, value]) => [name ?? "", value ?? ""]));
}

/** An option without a value is taken away. */
const alterOptions: Alter<TextSearchDictionary> = ({ from, to }) => {
  const [before, after] = [parseOptions(from.attributes.options), parseOptions(to.attributes.options)];
  const changes = [
    ...[...before.keys()].filter((name) => !after.has(name)),
    ...[...after].filter(([name, value]) => before.get(name) !== value).map(([name, value]) => `${name} = ${value}`),
  ];
  return changes.length === 0
    ? "replace"
    : [statement(`ALTER TEXT SEARCH DICTIONARY ${named(to.attributes)} (${changes.join(", ")})`)];
};

export const textSearchDictionaries = defineKind<TextSearchDictionary>({
  kind: "text search dictionary",
  script: "functions",
  foundIn: "pg_ts_dict where oid >= 16384",
  query: () => `
    select 'pg_ts_dict'::regclass::oid::int8 as classid, d.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, d.dictname as name,
      (select case when tn.nspname = 'pg_catalog' then quote_ident(t.tmplname)
          else format('%I.%I', tn.nspname, t.tmplname) end
        from pg_ts_template t join pg_namespace tn on tn.oid = t.tmplnamespace where t.oid = d.dicttemplate) as template,
      d.dictinitoption as options
    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_ts_dict", "d.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TEXT SEARCH DICTIONARY ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE TEXT SEARCH DICTIONARY ${named(a)} (TEMPLATE = ${a.template}${a.options === null ? "" : `, ${a.options}`})`,
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP TEXT SEARCH DICTIONARY ${named(a)}`)],
  alter: { schema: "identity", name: "identity", template: "replace", options: alterOptions },
  rename: (from, to) => renameQualified("TEXT SEARCH DICTIONARY", from, to),
});

const OPTIONS = {
  template: true,
  options: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof TextSearchDictionaryOptions, true>;

export const declaredTextSearchDictionary: Declarer<TextSearchDictionaryDeclaration> = {
  identify: inSchema(dictionaryId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `text search dictionary ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const pairs = Object.entries(options.options ?? {}).map(
      ([key, value]) => `${quoteName(key)} = ${typeof value === "number" ? value : quoteText(value)}`,
    );
    const attributes: TextSearchDictionary = {
      schema,
      name,
      template: given.name(options.template),
      options: pairs.length === 0 ? null : pairs.join(", "),
    };
    const hint = renamedFrom(options.renamedFrom, schema, dictionaryId);
    declaring.add(textSearchDictionaries, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
