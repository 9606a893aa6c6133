import type { Session } from "../session/session.ts";
import { COLUMNS_LEFT_OUT, LEFT_OUT } from "./leftOut.ts";

type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
type CatalogRow = { readonly [column: string]: Value };

/**
 * Every row that a database adds to pg_catalog, with object ids resolved to names, as sorted lines `pg_class {…}`. It knows
 * no kinds and shares no code with the reader that plans: what that one overlooks, this one still sees.
 * @see PostgreSQL manual, "System Catalogs"; pg_get_catalog_foreign_keys() tells what each id points to
 */
export async function walkCatalog(
  session: Session,
  where: "own transaction" | "caller's transaction" = "own transaction",
  unseen: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  if (where === "own transaction") await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  try {
    await session.run("SET LOCAL search_path = ''");
    const catalogs = await readCatalogs(session, unseen);
    const keys = await session.query<ForeignKey>(FOREIGN_KEYS);
    const [here] = await session.query<{ id: number }>(
      "select oid::int4 as id from pg_database where datname = current_database()",
    );
    const roles = await session.query<Role>(
      "select oid::int8::text as id, case when rolname = current_user then $1 else quote_ident(rolname) end as name from pg_roles",
      [WHOEVER],
    );
    return describeRows(catalogs, keys, roles, here?.id ?? 0);
  } finally {
    if (where === "own transaction") await session.run("ROLLBACK");
  }
}

/** Lines of one walk that the other lacks: `-` only in the first, `+` only in the second. */
export function compareWalks(first: readonly string[], second: readonly string[]): readonly string[] {
  const count = (lines: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const [a, b] = [count(first), count(second)];
  const differences: string[] = [];
  for (const [line, n] of a) if (n > (b.get(line) ?? 0)) differences.push(`- ${line}`);
  for (const [line, n] of b) if (n > (a.get(line) ?? 0)) differences.push(`+ ${line}`);
  return differences.sort((x, y) => (x.slice(2) < y.slice(2) ? -1 : 1));
}

/** Lists whose order means nothing. */
const SETS = new Set([
  "pg_class.reloptions",
  "pg_attribute.attoptions",
  "pg_proc.proconfig",
  "pg_db_role_setting.setconfig",
  "pg_event_trigger.evttags",
]);

/** Texts that stand for what is stored as node trees. */
const PRINTED: Readonly<Record<string, string>> = {
  pg_attrdef: "pg_get_expr(t.adbin, t.adrelid)",
  pg_constraint: "pg_get_constraintdef(t.oid)",
  pg_index: "pg_get_indexdef(t.indexrelid)",
  pg_policy:
    "coalesce(pg_get_expr(t.polqual, t.polrelid), '') || ' / ' || coalesce(pg_get_expr(t.polwithcheck, t.polrelid), '')",
  pg_rewrite: "pg_get_ruledef(t.oid)",
  pg_trigger: "pg_get_triggerdef(t.oid)",
  pg_proc: "pg_get_function_arguments(t.oid) || ' / ' || coalesce(pg_get_function_sqlbody(t.oid), '')",
  pg_class: "pg_get_expr(t.relpartbound, t.oid)",
  pg_partitioned_table: "pg_get_partkeydef(t.partrelid)",
  pg_statistic_ext: "array_to_string(pg_get_statisticsobjdef_expressions(t.oid), ', ')",
  pg_enum: "(select count(*) from pg_enum o where o.enumtypid = t.enumtypid and o.enumsortorder < t.enumsortorder)",
  pg_publication_rel: "pg_get_expr(t.prqual, t.prrelid)",
};

/** What no ACL at all stands for. */
const DEFAULT_ACL: Readonly<Record<string, string>> = {
  pg_class: `acldefault(case t.relkind when 'S' then 's' else 'r' end::"char", t.relowner)`,
  pg_proc: "acldefault('f', t.proowner)",
  pg_type: "acldefault('T', t.typowner)",
  pg_namespace: "acldefault('n', t.nspowner)",
  pg_language: "acldefault('l', t.lanowner)",
  pg_foreign_data_wrapper: "acldefault('F', t.fdwowner)",
  pg_foreign_server: "acldefault('S', t.srvowner)",
  pg_database: "acldefault('d', t.datdba)",
};

/** Lists of `name=value` whose order says nothing. */
const UNORDERED = [
  "reloptions",
  "attoptions",
  "attfdwoptions",
  "fdwoptions",
  "srvoptions",
  "umoptions",
  "ftoptions",
  "spcoptions",
  "setconfig",
];

interface Catalog {
  readonly name: string;
  readonly id: number;
  readonly rows: readonly CatalogRow[];
}

/** What the role is called that walks: its own things are the same whoever it is. */
const WHOEVER = "whoever walks";

const roleName = (id: string): string =>
  `(select case when r.rolname = current_user then '${WHOEVER}' else r.rolname end from pg_roles r where r.oid = ${id})`;

interface Role {
  readonly id: string;
  readonly name: string;
}

/**
 * Catalogs, and columns as `pg_subscription.subconninfo`, that PostgreSQL does not let this session read, without those that
 * are left out anyway.
 */
export async function unreadable(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(`
    select distinct case when has_any_column_privilege(c.oid, 'select') then c.relname || '.' || a.attname else c.relname end as name
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and not has_column_privilege(c.oid, a.attnum, 'select')`);
  const isOfInterest = (name: string): boolean =>
    LEFT_OUT[name.split(".")[0] ?? ""] === undefined && COLUMNS_LEFT_OUT[name] === undefined;
  return new Set(rows.map(({ name }) => name).filter(isOfInterest));
}

async function readCatalogs(session: Session, unseen: ReadonlySet<string>): Promise<readonly Catalog[]> {
  const columns = await session.query<{ catalog: string; id: number; names: string; hasOid: boolean }>(`
    select c.relname as catalog, c.oid::int4 as id, bool_or(a.attname = 'oid') as "hasOid",
      string_agg(case when a.atttypid = 'pg_node_tree'::regtype then null
        when a.atttypid in ('aclitem[]'::regtype) then 
          format('array(select concat(verso_grantee, ''='', string_agg(
              i.privilege_type || case when i.is_grantable then ''*'' else '''' end, '','' order by i.privilege_type), ''/'', verso_grantor)
            from aclexplode(coalesce(t.%I, verso_default_acl)) i group by i.grantee, i.grantor order by 1) as %I', a.attname, a.attname)
        when a.attname in ('${UNORDERED.join("', '")}')
          then format('array(select i from unnest(t.%I) i order by 1) as %I', a.attname, a.attname)
        when a.atttypid in ('oidvector'::regtype, 'int2vector'::regtype) then format('t.%I::text as %I', a.attname, a.attname)
        when a.atttypid in ('"char"'::regtype, 'xid'::regtype, 'anyarray'::regtype) then format('t.%I::text as %I', a.attname, a.attname)
        when a.attname = 'rolvaliduntil' then 'nullif(t.rolvaliduntil, ''infinity'') as rolvaliduntil'
        else format('t.%I', a.attname) end, ', ' order by a.attnum) as names
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and has_column_privilege(c.oid, a.attnum, 'select')
    group by c.relname, c.oid order by c.relname`);
  const catalogs: Catalog[] = [];
  for (const { catalog, id, names, hasOid } of columns) {
    if (LEFT_OUT[catalog] !== undefined || unseen.has(catalog)) continue;
    const key = KEY[catalog] ?? "oid";
    // Publications filter rows from PostgreSQL 15 on.
    const isTooOld = catalog === "pg_publication_rel" && session.version < 150000;
    const printed = PRINTED[catalog] === undefined || isTooOld ? "" : `, ${PRINTED[catalog]} as printed`;
    // A label has an id, but only the type that it belongs to has an identity; a database's is its name.
    const identity =
      hasOid && catalog !== "pg_enum" && catalog !== "pg_database"
        ? `, (pg_identify_object('${catalog}'::regclass, t.oid, 0)).identity as identity`
        : "";
    const which = ROWS[catalog] ?? `t.${key}::oid >= ${FIRST_USER_ID}`;
    const [answer] = await session.query<{ rows: string }>(`
      select coalesce(json_agg(q), '[]')::text as rows
      from (select ${names
        .replaceAll("verso_default_acl", DEFAULT_ACL[catalog] ?? "null")
        .replaceAll("verso_grantee", `coalesce(${roleName("i.grantee")}, 'public')`)
        .replaceAll(
          "verso_grantor",
          roleName("i.grantor"),
        )}, t.${key}::oid::int8 as "verso key"${printed}${identity} from ${catalog} t
        where ${which}) q`);
    const rows = JSON.parse(answer?.rows ?? "[]") as CatalogRow[];
    catalogs.push({ name: catalog, id, rows: rows.map((row) => without(row, catalog, unseen)) });
  }
  return catalogs;
}

/** Whose own rows count, or one of PostgreSQL's that people change. */
const ROWS: Readonly<Record<string, string>> = {
  pg_namespace: "t.oid >= 16384 or t.nspname = 'public'",
  pg_database: "t.datname = current_database()",
};

function without(row: CatalogRow, catalog: string, unseen: ReadonlySet<string>): CatalogRow {
  if (unseen.size === 0) return row;
  return Object.fromEntries(Object.entries(row).filter(([column]) => !unseen.has(`${catalog}.${column}`)));
}

/** The column that says whose row it is, in catalogs without an id of their own. */
const KEY: Readonly<Record<string, string>> = {
  pg_aggregate: "aggfnoid",
  pg_attribute: "attrelid",
  pg_auth_members: "roleid",
  pg_db_role_setting: "setrole",
  pg_description: "objoid",
  pg_foreign_table: "ftrelid",
  pg_index: "indexrelid",
  pg_inherits: "inhrelid",
  pg_partitioned_table: "partrelid",
  pg_range: "rngtypid",
  pg_seclabel: "objoid",
  pg_sequence: "seqrelid",
  pg_shdescription: "objoid",
  pg_shseclabel: "objoid",
  pg_ts_config_map: "mapcfg",
};

interface ForeignKey {
  readonly fktable: string;
  readonly fkcols: readonly string[];
  readonly pktable: string;
  readonly isArray: boolean;
}

/** Ids below are PostgreSQL's own, the same in every database of a version. */
const FIRST_USER_ID = 16384;

const FOREIGN_KEYS = `
  select fktable::text, array_to_json(fkcols)::jsonb as fkcols, pktable::text, is_array as "isArray"
  from pg_get_catalog_foreign_keys()`;

function describeRows(
  catalogs: readonly Catalog[],
  keys: readonly ForeignKey[],
  roles: readonly Role[],
  here: number,
): readonly string[] {
  const databases = catalogs.find(({ name }) => name === "pg_database")?.id;
  const isElsewhere = (name: string, row: CatalogRow): boolean => {
    if (name === "pg_database") return Number(row.oid) !== here;
    if (name === "pg_subscription") return Number(row.subdbid) !== here;
    if (name === "pg_db_role_setting") return Number(row.setdatabase) !== 0 && Number(row.setdatabase) !== here;
    return row.objoid !== undefined && Number(row.classoid) === databases && Number(row.objoid) !== here;
  };
  const names = new Map([[`pg_database ${here}`, "this one"]]);
  const attributes = new Map<string, string>();
  for (const { name, rows } of catalogs) {
    for (const row of rows) {
      if (name !== "pg_database" && (typeof row.oid === "number" || typeof row.oid === "string"))
        names.set(`${name} ${row.oid}`, String(row.identity));
      if (name === "pg_attribute") attributes.set(`${row.attrelid} ${row.attnum}`, String(row.attname));
    }
  }
  for (const { id, name } of roles) names.set(`pg_authid ${id}`, name);
  const nameOf = (catalog: string, id: Value): Value =>
    Number(id) === 0 ? 0 : (names.get(`${catalog} ${id}`) ?? `? ${id}`);

  const constraints = catalogs.find(({ name }) => name === "pg_constraint")?.rows ?? [];
  const constrained = new Map(constraints.map(({ oid, conrelid }) => [oid, conrelid]));
  const indexes = new Set(catalogs.find(({ name }) => name === "pg_index")?.rows.map((row) => row.indexrelid));
  const lines: string[] = [];
  for (const { name, rows } of catalogs) {
    const own = keys.filter(({ fktable }) => fktable === name);
    for (const row of rows) {
      if (isForeign(name, row, names) || isElsewhere(name, row)) continue;
      // A foreign key has one for each partition of its target, numbered as those came.
      if (name === "pg_constraint" && constrained.get(row.conparentid) === row.conrelid) continue;
      const described: Record<string, Value> = {};
      for (const [column, value] of Object.entries(row)) {
        if (column === "oid" || column === "verso key" || COLUMNS_LEFT_OUT[`${name}.${column}`] !== undefined) continue;
        described[column] = SETS.has(`${name}.${column}`) && Array.isArray(value) ? value.toSorted() : value;
      }
      // An index's columns keep the names that the table's had when it was made, and nobody sees them.
      if (name === "pg_attribute" && indexes.has(row.attrelid ?? null)) described.attname = row.attnum ?? null;
      for (const { fkcols, pktable, isArray } of own) {
        const column = fkcols.at(-1) ?? "";
        const value = row[column];
        if (value === undefined || value === null || described[column] === undefined) continue;
        const resolve = (one: Value): Value =>
          fkcols.length === 2 ? (attributes.get(`${row[fkcols[0] ?? ""]} ${one}`) ?? one) : nameOf(pktable, one);
        described[column] = isArray ? listOf(value).map(resolve) : resolve(value);
      }
      if (["pg_description", "pg_shdescription", "pg_seclabel", "pg_shseclabel"].includes(name))
        describeTarget(described, row, catalogs, names, attributes);
      if (name === "pg_constraint" && row.contype === "c")
        described.conkey = [...listOf(described.conkey ?? [])].sort();
      // Nobody can choose it for a key, and one that was a partition's keeps another.
      if (name === "pg_constraint" && row.contype !== "c" && row.contype !== "n") delete described.connoinherit;
      // The one column list that pg_get_catalog_foreign_keys() does not know.
      if (name === "pg_publication_rel" && row.prattrs !== null) {
        described.prattrs = listOf(row.prattrs ?? []).map(
          (number) => attributes.get(`${row.prrelid} ${number}`) ?? number,
        );
      }
      if (name === "pg_policy") described.polroles = [...listOf(described.polroles ?? [])].sort();
      if (name === "pg_statistic_ext") described.stxkeys = [...listOf(described.stxkeys ?? [])].sort();
      lines.push(`${name} ${JSON.stringify(described)}`);
    }
  }
  return lines.sort();
}

function listOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return typeof value === "string" && value !== "" ? value.split(" ") : [];
}

/** Rows that are no part of the schema: internal ones, dropped columns, Verso's own schemas. */
function isForeign(catalog: string, row: CatalogRow, names: ReadonlyMap<string, string>): boolean {
  // Partitions' copies of triggers count as internal before PostgreSQL 15, those that make a foreign key work always.
  if (catalog === "pg_trigger" && row.tgisinternal === true)
    return Number(row.tgparentid) === 0 || Number(row.tgconstraint) !== 0;
  // Its name depends on the way it came, and nobody can choose it.
  if (catalog === "pg_constraint" && row.contype === "n" && row.conislocal === false) return true;
  if (catalog === "pg_attribute" && (row.attisdropped === true || Number(row.attnum) < 0)) return true;
  // A session's schema for temporary tables outlives them.
  if (catalog === "pg_namespace" && /^pg_(toast_)?temp_/.test(String(row.nspname))) return true;
  const whose =
    catalog === "pg_attribute"
      ? names.get(`pg_class ${row.attrelid}`)
      : catalog === "pg_index"
        ? names.get(`pg_class ${row.indexrelid}`)
        : row.identity;
  return typeof whose === "string" && /^"?(pg_toast|verso|verso_attic|pg_temp)"?\./.test(whose);
}

function describeTarget(
  described: Record<string, Value>,
  row: CatalogRow,
  catalogs: readonly Catalog[],
  names: ReadonlyMap<string, string>,
  attributes: ReadonlyMap<string, string>,
): void {
  const catalog = catalogs.find(({ id }) => id === Number(row.classoid))?.name ?? "";
  described.classoid = catalog;
  described.objoid = names.get(`${catalog} ${row.objoid}`) ?? null;
  described.objsubid = attributes.get(`${row.objoid} ${row.objsubid}`) ?? 0;
}
