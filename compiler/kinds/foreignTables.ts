import type { ForeignTable as ForeignTableDeclaration } from "../declare/foreign.ts";
import { REFERENCE, type Referable } from "../declare/sql.ts";
import { quoteName, quotePath } from "../quote.ts";
import { declareConstraints, type TableScope } from "./constraints.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { alterOptions, createOptions, foreignOptionsOf, optionTexts } from "./foreignOptions.ts";
import { givenAt, inSchema } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { serverId, serverName } from "./servers.ts";
import { declareStatistics } from "./statistics.ts";
import { boundText, declareColumns } from "./tables.ts";
import { declareTrigger } from "./triggers.ts";

/** Its columns and checks are facts of their own. @see PostgreSQL manual, "pg_foreign_table" */
export type ForeignTable = {
  readonly schema: string;
  readonly name: string;
  readonly server: string;
  /** `name 'value'`, sorted. */
  readonly options: readonly string[];
  /** Parents of INHERITS, printed, in order; empty for a partition. */
  readonly inherits: readonly string[];
  readonly partitionOf: string | null;
  readonly partitionBound: string | null;
};

const named = (a: ForeignTable): string => quotePath(a.schema, a.name);

const alterForeignOptions: Alter<ForeignTable> = ({ from, to: { attributes: a } }) => [
  statement(`ALTER FOREIGN TABLE ${named(a)} ${alterOptions(from.attributes.options, a.options)}`),
];

/** A column that an ALTER finds there already stays the table's own; inherited ones come with CREATE alone. No row is lost. */
const alterInherits: Alter<ForeignTable> = ({ from: { attributes: from }, to: { id, attributes: to } }, around) => {
  const left = from.inherits.filter((parent) => !to.inherits.includes(parent));
  const joined = to.inherits.filter((parent) => !from.inherits.includes(parent));
  const inheritsColumns = around
    .dependents(id)
    .some((fact) => fact.parent === id && fact.kind === "column" && fact.attributes.isInherited === true);
  if (joined.length > 0 && inheritsColumns) return "replace";
  return [
    ...left.map((parent) => statement(`ALTER FOREIGN TABLE ${named(to)} NO INHERIT ${parent}`)),
    ...joined.map((parent) => statement(`ALTER FOREIGN TABLE ${named(to)} INHERIT ${parent}`)),
  ];
};

const alterPartition: Alter<ForeignTable> = ({ from: { attributes: from }, to: { attributes: to } }) => [
  ...(from.partitionOf === null ? [] : [statement(`ALTER TABLE ${from.partitionOf} DETACH PARTITION ${named(to)}`)]),
  ...(to.partitionOf === null
    ? []
    : [statement(`ALTER TABLE ${to.partitionOf} ATTACH PARTITION ${named(to)} ${to.partitionBound}`)]),
];

const PARENT = `(
  select format('%I.%I', pn.nspname, p.relname)
  from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
  where i.inhrelid = c.oid order by i.inhseqno`;

export const foreignTables = defineKind<ForeignTable>({
  kind: "foreign table",
  script: "tables",
  foundIn: "pg_foreign_table",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name, s.srvname as server, ${foreignOptionsOf("f.ftoptions")} as options,
      case when c.relispartition then '{}'::text[] else array${PARENT}) end as inherits,
      case when c.relispartition then ${PARENT}) end as "partitionOf",
      case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as "partitionBound"
    from pg_foreign_table f
    join pg_class c on c.oid = f.ftrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_foreign_server s on s.oid = f.ftserver
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  needs: (a) => [serverId(a.server)],
  designate: (a) => `FOREIGN TABLE ${named(a)}`,
  create: ({ id, attributes: a }, around) => {
    const clauses = around.folded(id);
    const body = clauses.length > 0 ? ` (\n${clauses.map((clause) => `  ${clause}`).join(",\n")}\n)` : "";
    const shape = a.partitionOf === null ? body || " ()" : ` PARTITION OF ${a.partitionOf}${body} ${a.partitionBound}`;
    const inherits = a.inherits.length > 0 ? ` INHERITS (${a.inherits.join(", ")})` : "";
    return [
      statement(
        `CREATE FOREIGN TABLE ${named(a)}${shape}${inherits} SERVER ${quoteName(a.server)}${createOptions(a.options)}`,
      ),
    ];
  },
  drop: ({ attributes: a }) => [statement(`DROP FOREIGN TABLE ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    server: "replace",
    options: alterForeignOptions,
    inherits: alterInherits,
    partitionOf: alterPartition,
    partitionBound: alterPartition,
  },
  rename: (from, to) => renameQualified("FOREIGN TABLE", from, to),
});

const OPTIONS = {
  server: true,
  options: true,
  checks: true,
  triggers: true,
  statistics: true,
  inherits: true,
  inherited: true,
  grants: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof ForeignTableDeclaration["options"], true>;

const foreignTableId = (schema: string, name: string) => factId("foreign table", quotePath(schema, name));

export const declaredForeignTable: Declarer<ForeignTableDeclaration> = {
  identify: inSchema(foreignTableId),
  declare: (declaration, source, declaring) => {
    const { name, options, partitionOf } = declaration;
    const known = { columns: true, of: true, rows: true, ...OPTIONS } as const;
    checkOptions(options, partitionOf === undefined ? known : OPTIONS, `foreign table ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const id = foreignTableId(schema, name);
    const given = givenAt(source, declaring);
    const printed = (table: Referable): string => given.name(table);
    declaring.claim(schema, name, id, source);
    const attributes: ForeignTable = {
      schema,
      name,
      server: serverName(options.server, given),
      options: optionTexts(options.options),
      inherits: (options.inherits ?? []).map(printed),
      partitionOf: partitionOf === undefined ? null : printed(partitionOf.parent),
      partitionBound: partitionOf === undefined ? null : boundText(partitionOf.bound, given.text),
    };
    const hint = renamedFrom(options.renamedFrom, schema, foreignTableId);
    declaring.add(foreignTables, attributes, { ...options, place: source, needs: given.needs, hint });
    const scope: TableScope = {
      declaring,
      declaration,
      source,
      schema,
      name,
      id,
      self: declaration[REFERENCE],
      relation: "foreign table",
    };
    declareColumns(scope);
    declareConstraints(scope);
    for (const [trigger, definition] of Object.entries(options.triggers ?? {})) {
      declareTrigger(declaration, trigger, definition, source.property("triggers", trigger), declaring);
    }
    for (const [statistics, definition] of Object.entries(options.statistics ?? {})) {
      declareStatistics(declaration, statistics, definition, source.property("statistics", statistics), declaring);
    }
  },
};
