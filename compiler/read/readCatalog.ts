import type { Attributes, Fact, FactId, FactIndex, Json } from "../facts.ts";
import { factId, type KindSpec } from "../kinds/kind.ts";
import { KINDS, rankOf } from "../kinds/registry.ts";
import type { Session } from "../session/session.ts";

type Row = { readonly [column: string]: Json };
/** classid, objid, objsubid; the same of what it refers to; deptype. */
type DependencyRow = readonly [number, number, number, number, number, number, string];

/** What a reading must not depend on: expressions are printed by these settings. */
const PRINTING = [
  "search_path = ''",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  "extra_float_digits = 1",
  "quote_all_identifiers = off",
  "bytea_output = 'hex'",
].map((setting) => `SET LOCAL ${setting}`);

/**
 * The facts of a database, all from one snapshot by one query, whatever the number of objects. Sorted by kind, then by
 * identity. Inside a transaction of the caller it sees what that transaction did.
 * @see PostgreSQL manual, "System Catalogs", "pg_depend"
 */
export async function readCatalog(
  session: Session,
  where: "own transaction" | "caller's transaction" = "own transaction",
): Promise<FactIndex> {
  if (where === "own transaction") {
    await session.run(`BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\n${PRINTING.join(";\n")};`);
    try {
      return factsOf(await readRows(session));
    } finally {
      await session.run("ROLLBACK");
    }
  }
  // A savepoint that is rolled back takes the SET LOCALs with it.
  await session.run(`SAVEPOINT verso_read;\n${PRINTING.join(";\n")};`);
  try {
    return factsOf(await readRows(session));
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT verso_read; RELEASE SAVEPOINT verso_read");
  }
}

interface CatalogRows {
  readonly kinds: ReadonlyMap<string, readonly Row[]>;
  readonly dependencies: readonly DependencyRow[];
}

const DEPENDENCIES = `
  select jsonb_build_array(classid::int8, objid::int8, objsubid, refclassid::int8, refobjid::int8, refobjsubid, deptype)
  from pg_depend
  where objid >= 16384 and (refobjid >= 16384 or refclassid = 'pg_namespace'::regclass)
  order by classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype`;

async function readRows(session: Session): Promise<CatalogRows> {
  const parts = KINDS.map(
    (kind) =>
      `select '${kind.kind}' as part, (select coalesce(json_agg(q), '[]') from (${kind.query(session.version)}) q)::text as rows`,
  );
  parts.push(`select '' as part, (select coalesce(json_agg(x.d), '[]') from (${DEPENDENCIES}) x(d))::text as rows`);
  const answers = await session.query<{ part: string; rows: string }>(parts.join("\nunion all\n"));
  const kinds = new Map<string, readonly Row[]>();
  let dependencies: readonly DependencyRow[] = [];
  for (const { part, rows } of answers) {
    if (part === "") dependencies = JSON.parse(rows) as readonly DependencyRow[];
    else kinds.set(part, JSON.parse(rows) as readonly Row[]);
  }
  return { kinds, dependencies };
}

interface Draft {
  readonly kind: KindSpec<Attributes>;
  readonly id: FactId;
  readonly attributes: Attributes;
  readonly dependsOn: Set<FactId>;
  readonly ownedBy: Set<FactId>;
}

const addressKey = (classid: number, objid: number, objsubid: number): string => `${classid}.${objid}.${objsubid}`;

function factsOf({ kinds, dependencies }: CatalogRows): FactIndex {
  const drafts = new Map<FactId, Draft>();
  const byAddress = new Map<string, FactId>();

  const addDraft = (kind: KindSpec<Attributes>, attributes: Attributes): FactId => {
    const id = factId(kind.kind, kind.path(attributes));
    drafts.set(id, { kind, id, attributes, dependsOn: new Set(), ownedBy: new Set() });
    return id;
  };

  for (const kind of KINDS) {
    if (kind.attaches) continue;
    for (const row of kinds.get(kind.kind) ?? []) {
      const { classid, objid, objsubid, aliases, ...attributes } = row;
      const id = addDraft(kind, attributes);
      byAddress.set(addressKey(Number(classid), Number(objid), Number(objsubid)), id);
      for (const alias of (aliases ?? []) as readonly (readonly [number, number, number])[]) {
        byAddress.set(addressKey(...alias), id);
      }
    }
  }

  const resolve = addressResolver(byAddress, dependencies);
  for (const kind of KINDS) {
    if (!kind.attaches) continue;
    for (const row of kinds.get(kind.kind) ?? []) {
      const { classid, objid, objsubid, aliases: _, ...attributes } = row;
      const target = byAddress.get(addressKey(Number(classid), Number(objid), Number(objsubid)));
      if (target !== undefined) addDraft(kind, { ...attributes, target });
    }
  }

  for (const [classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype] of dependencies) {
    const from = resolve(classid, objid, objsubid);
    const to = resolve(refclassid, refobjid, refobjsubid);
    if (from === undefined || to === undefined || from === to) continue;
    const draft = drafts.get(from);
    draft?.dependsOn.add(to);
    if (deptype !== "n" && deptype !== "x") draft?.ownedBy.add(to);
  }
  return indexFacts(drafts);
}

/** Finds the fact at an address, or the one that the address is an inner part of (row types, constraint indexes, members). */
function addressResolver(byAddress: ReadonlyMap<string, FactId>, dependencies: readonly DependencyRow[]) {
  const wholes = new Map<string, readonly [number, number, number]>();
  for (const [classid, objid, , refclassid, refobjid, refobjsubid, deptype] of dependencies) {
    const key = `${classid}.${objid}`;
    if ((deptype === "i" || deptype === "e") && !wholes.has(key)) wholes.set(key, [refclassid, refobjid, refobjsubid]);
  }
  return (classid: number, objid: number, objsubid: number): FactId | undefined => {
    let [c, o, s] = [classid, objid, objsubid];
    for (let depth = 0; depth < 8; depth++) {
      const found = byAddress.get(addressKey(c, o, s)) ?? byAddress.get(addressKey(c, o, 0));
      if (found !== undefined) return found;
      const whole = wholes.get(`${c}.${o}`);
      if (whole === undefined) return undefined;
      [c, o, s] = whole;
    }
    return undefined;
  };
}

function indexFacts(drafts: ReadonlyMap<FactId, Draft>): FactIndex {
  const facts: Fact[] = [];
  for (const { kind, id, attributes, dependsOn, ownedBy } of drafts.values()) {
    const parent = kind.parent(attributes);
    // What lives in something that is not Verso's to manage (an extension's table) is not either.
    if (parent !== null && !drafts.has(parent)) continue;
    if (parent !== null) dependsOn.add(parent);
    for (const need of kind.needs?.(attributes) ?? []) if (drafts.has(need)) dependsOn.add(need);
    facts.push({
      kind: kind.kind,
      id,
      parent,
      attributes,
      dependsOn: [...dependsOn].sort(),
      ownedBy: [...ownedBy].sort(),
    });
  }
  facts.sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1));
  return new Map(facts.map((fact) => [fact.id, fact]));
}
