import type {
  TextSearchConfiguration as TextSearchConfigurationDeclaration,
  TextSearchConfigurationOptions,
} from "../declare/textSearch.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt, inSchema } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** @see PostgreSQL manual, "pg_ts_config", "pg_ts_config_map" */
export type TextSearchConfiguration = {
  readonly schema: string;
  readonly name: string;
  /** Printed name. */
  readonly parser: string;
  /** Printed dictionaries in the order in which they are asked, by token type. */
  readonly mappings: { readonly [token: string]: readonly string[] };
};

const configurationId = (schema: string, name: string) => factId("text search configuration", quotePath(schema, name));

const named = (a: TextSearchConfiguration): string => quotePath(a.schema, a.name);

/** One statement for all token types that go to the same dictionaries. */
function mapTokens(a: TextSearchConfiguration, verb: "ADD" | "ALTER", tokens: readonly string[]): readonly Statement[] {
  const byDictionaries = new Map<string, string[]>();
  for (const token of tokens) {
    const dictionaries = (a.mappings[token] ?? []).join(", ");
    byDictionaries.set(dictionaries, [...(byDictionaries.get(dictionaries) ?? []), quoteName(token)]);
  }
  return [...byDictionaries].map(([dictionaries, group]) =>
    statement(
      `ALTER TEXT SEARCH CONFIGURATION ${named(a)} ${verb} MAPPING FOR ${group.join(", ")} WITH ${dictionaries}`,
    ),
  );
}

const alterMappings: Alter<TextSearchConfiguration> = ({ from, to: { attributes: a } }) => {
  const before = from.attributes.mappings;
  const gone = Object.keys(before).filter((token) => a.mappings[token] === undefined);
  const isChanged = (token: string) => before[token]?.join() !== a.mappings[token]?.join();
  const kept = Object.keys(a.mappings).filter((token) => before[token] !== undefined);
  return [
    ...(gone.length === 0
      ? []
      : [statement(`ALTER TEXT SEARCH CONFIGURATION ${named(a)} DROP MAPPING FOR ${gone.map(quoteName).join(", ")}`)]),
    ...mapTokens(a, "ALTER", kept.filter(isChanged)),
    ...mapTokens(
      a,
      "ADD",
      Object.keys(a.mappings).filter((token) => before[token] === undefined),
    ),
  ];
};

export const textSearchConfigurations = defineKind<TextSearchConfiguration>({
  kind: "text search configuration",
  script: "functions",
  foundIn: "pg_ts_config where oid >= 16384",
  query: () => `
    select 'pg_ts_config'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.cfgname as name,
      (select case when pn.nspname = 'pg_catalog' then quote_ident(p.prsname)
          else format('%I.%I', pn.nspname, p.prsname) end
        from pg_ts_parser p join pg_namespace pn on pn.oid = p.prsnamespace where p.oid = c.cfgparser) as parser,
      coalesce((
        select jsonb_object_agg(m.token, m.dictionaries) from (
          select k.alias as token, jsonb_agg(
            case when dn.nspname = 'pg_catalog' then quote_ident(d.dictname) else format('%I.%I', dn.nspname, d.dictname) end
            order by m.mapseqno) as dictionaries
          from pg_ts_config_map m
          join ts_token_type(c.cfgparser) k on k.tokid = m.maptokentype
          join pg_ts_dict d on d.oid = m.mapdict
          join pg_namespace dn on dn.oid = d.dictnamespace
          where m.mapcfg = c.oid group by k.alias
        ) m), '{}') as mappings
    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_ts_config", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TEXT SEARCH CONFIGURATION ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(`CREATE TEXT SEARCH CONFIGURATION ${named(a)} (PARSER = ${a.parser})`),
    ...mapTokens(a, "ADD", Object.keys(a.mappings)),
  ],
  drop: ({ attributes: a }) => [statement(`DROP TEXT SEARCH CONFIGURATION ${named(a)}`)],
  alter: { schema: "identity", name: "identity", parser: "replace", mappings: alterMappings },
  rename: (from, to) => renameQualified("TEXT SEARCH CONFIGURATION", from, to),
});

const OPTIONS = {
  parser: true,
  mappings: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof TextSearchConfigurationOptions, true>;

export const declaredTextSearchConfiguration: Declarer<TextSearchConfigurationDeclaration> = {
  identify: inSchema(configurationId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `text search configuration ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const mappings = Object.entries(options.mappings ?? {}).map(
      ([token, dictionaries]) => [token, dictionaries.map(given.name)] as const,
    );
    const attributes: TextSearchConfiguration = {
      schema,
      name,
      parser: given.name(options.parser ?? "default"),
      mappings: Object.fromEntries(mappings),
    };
    const hint = renamedFrom(options.renamedFrom, schema, configurationId);
    declaring.add(textSearchConfigurations, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
