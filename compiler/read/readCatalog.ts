import type { Attributes, Fact, FactId, FactIndex, Json } from "../facts.ts";
import { factId, type KindSpec } from "../kinds/kind.ts";
import { needsOf } from "../kinds/needs.ts";
import { KINDS, rankOf } from "../kinds/registry.ts";
import type { Session } from "../session/session.ts";

type Row = { readonly [column: string]: Json };
/** Where a row of pg_depend or pg_description points: `classid.objid.objsubid`. */
type Address = string;
/** A whole object, with all of its parts: `classid.objid`. */
export type ObjectAddress = string;
/** The address of what depends, of what it depends on, and deptype. */
export type DependencyRow = readonly [from: Address, to: Address, type: string];

/** What a reading must not depend on: expressions are printed by these settings. */
const PRINTING = [
  "search_path = ''",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  "extra_float_digits = 1",
  "quote_all_identifiers = off",
  "bytea_output = 'hex'",
  // Compiling so wide a plan, and starting processes for it, takes longer than it can ever save.
  "jit = off",
  "max_parallel_workers_per_gather = 0",
].map((setting) => `SET LOCAL ${setting}`);

/**
 * The facts of a database, all from one snapshot by two queries, whatever the number of objects. Sorted by kind, then by
 * identity. Inside a transaction of the caller it sees what that transaction did.
 * @param known gets `classid.objid` of everything that a fact stands for
 * @see PostgreSQL manual, "System Catalogs", "pg_depend"
 */
export async function readCatalog(
  session: Session,
  where: "own transaction" | "caller's transaction" = "own transaction",
  known?: Set<string>,
): Promise<FactIndex> {
  return inSnapshot(session, where, async () => factsOf(await readRows(session), known));
}

/** Runs `work` where all that it asks sees the same state and is printed in the same way. */
export async function inSnapshot<T>(
  session: Session,
  where: "own transaction" | "caller's transaction",
  work: () => Promise<T>,
): Promise<T> {
  if (where === "own transaction") {
    await session.run(`BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\n${PRINTING.join(";\n")};`);
    try {
      return await work();
    } finally {
      await session.run("ROLLBACK");
    }
  }
  // A savepoint that is rolled back takes the SET LOCALs with it.
  await session.run(`SAVEPOINT verso_read;\n${PRINTING.join(";\n")};`);
  try {
    return await work();
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT verso_read; RELEASE SAVEPOINT verso_read");
  }
}

/** What a part of a catalog is read by. */
export interface Wanted {
  readonly objects: readonly ObjectAddress[];
  /** Kinds of which the objects have facts. */
  readonly kinds: readonly Kind[];
  /** What the objects depend on. */
  readonly dependencies: readonly DependencyRow[];
}

/** The facts of some objects. Runs in the caller's snapshot. */
export async function readObjects(session: Session, { objects, kinds, dependencies }: Wanted): Promise<FactIndex> {
  if (kinds.length === 0) return new Map();
  const asked = (kind: Kind) =>
    `(select * from (${kind.query(session.version)}) k where (k.classid, k.objid) in (${AMONG}))`;
  const query = kinds.map((kind) => rowsQuery(kind, asked(kind))).join("\nunion all\n");
  const answers = await session.query<Answer>(query, addressParameters(objects));
  return factsOf({ kinds: rowsOf(answers), dependencies });
}

const AMONG = "select * from unnest($1::int8[], $2::int8[])";

/** Addresses as two parameters, for `unnest($1::int8[], $2::int8[])`. */
export function addressParameters(objects: Iterable<ObjectAddress>): readonly [string[], string[]] {
  const [classes, ids]: [string[], string[]] = [[], []];
  for (const object of objects) {
    const [classid = "", objid = ""] = object.split(".");
    classes.push(classid);
    ids.push(objid);
  }
  return [classes, ids];
}

interface CatalogRows {
  readonly kinds: ReadonlyMap<string, readonly Row[]>;
  readonly dependencies: readonly DependencyRow[];
}

/** What a query selects of pg_depend `d` for `dependencyOf`. */
export const DEPENDENCY = `concat(d.classid, '.', d.objid, '.', d.objsubid, ' ', d.refclassid, '.', d.refobjid, '.', d.refobjsubid, ' ', d.deptype)`;

/** Dependencies of what is not PostgreSQL's own, on what is not either. */
export const OF_USERS = "d.objid >= 16384 and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)";

export type Kind = (typeof KINDS)[number];

/** The rows of one kind, or what else `part` says, as a single text. */
interface Answer {
  readonly part: string;
  readonly rows: string | null;
}

/** The query for all kinds, for sessions that plan it once and ask it often. */
export const wholeCatalogQuery = (version: number): string => catalogQuery(KINDS, version);

function catalogQuery(kinds: readonly Kind[], version: number): string {
  const parts = kinds.map((kind) => rowsQuery(kind, `(${kind.query(version)})`));
  parts.push(
    `select '' as part, (select string_agg(${DEPENDENCY}, E'\\n') from pg_depend d where ${OF_USERS}) as rows`,
  );
  return parts.join("\nunion all\n");
}

const rowsQuery = (kind: Kind, source: string): string =>
  `select '${kind.kind}' as part, (select coalesce(json_agg(q), '[]') from ${source} q)::text as rows`;

async function readRows(session: Session): Promise<CatalogRows> {
  const whole = wholeCatalogQuery(session.version);
  const query = session.hasPlanned?.(whole) ? whole : catalogQuery(await kindsToAsk(session), session.version);
  const answers = await session.query<Answer>(query);
  const dependencies = dependenciesIn(answers.find(({ part }) => part === "")?.rows);
  return { kinds: rowsOf(answers.filter(({ part }) => part !== "")), dependencies };
}

const rowsOf = (answers: readonly Answer[]): CatalogRows["kinds"] =>
  new Map(answers.map(({ part, rows }) => [part, JSON.parse(rows ?? "[]") as readonly Row[]]));

/** All kinds but those of which the database has none. */
export async function kindsToAsk(session: Session): Promise<readonly Kind[]> {
  const questions = KINDS.map(({ foundIn }) => (foundIn === undefined ? "true" : `exists(select from ${foundIn})`));
  const [row] = await session.query<{ found: readonly boolean[] }>(`select array[${questions.join(", ")}] as found`);
  return KINDS.filter((_, at) => row?.found[at]);
}

/** From what `string_agg` made of `DEPENDENCY`, line by line. */
export const dependenciesIn = (lines: string | null | undefined): readonly DependencyRow[] =>
  lines ? lines.split("\n").map(dependencyOf) : [];

function dependencyOf(line: string): DependencyRow {
  const [from = "", to = "", type = ""] = line.split(" ");
  return [from, to, type];
}

interface Draft {
  readonly kind: KindSpec<Attributes>;
  readonly id: FactId;
  readonly attributes: Attributes;
  /** These may hold one twice. */
  readonly dependsOn: FactId[];
  readonly ownedBy: FactId[];
}

const addressOf = (classid: Json | undefined, objid: Json | undefined, objsubid: Json | undefined): Address =>
  `${classid}.${objid}.${objsubid}`;

function factsOf({ kinds, dependencies }: CatalogRows, known?: Set<string>): FactIndex {
  const drafts = new Map<FactId, Draft>();
  const byAddress = new Map<Address, FactId>();

  const addDraft = (kind: KindSpec<Attributes>, attributes: Attributes): FactId => {
    const id = factId(kind.kind, kind.path(attributes));
    drafts.set(id, { kind, id, attributes, dependsOn: [], ownedBy: [] });
    return id;
  };

  for (const kind of KINDS) {
    if (kind.attaches) continue;
    for (const row of kinds.get(kind.kind) ?? []) {
      const { classid, objid, objsubid, aliases, ...attributes } = row;
      const id = addDraft(kind, attributes);
      byAddress.set(addressOf(classid, objid, objsubid), id);
      for (const alias of (aliases ?? []) as readonly (readonly [number, number, number])[]) {
        byAddress.set(addressOf(...alias), id);
      }
    }
  }

  if (known !== undefined) for (const address of byAddress.keys()) known.add(objectOf(address));

  const resolve = addressResolver(byAddress, dependencies);
  for (const kind of KINDS) {
    if (!kind.attaches) continue;
    for (const row of kinds.get(kind.kind) ?? []) {
      const { classid, objid, objsubid, aliases: _, ...attributes } = row;
      const target = byAddress.get(addressOf(classid, objid, objsubid));
      if (target !== undefined) addDraft(kind, { ...attributes, target });
    }
  }

  for (const [fromAddress, toAddress, type] of dependencies) {
    const from = resolve(fromAddress);
    const to = resolve(toAddress);
    if (from === undefined || to === undefined || from === to) continue;
    const draft = drafts.get(from);
    draft?.dependsOn.push(to);
    if (type !== "n" && type !== "x") draft?.ownedBy.push(to);
  }
  return indexFacts(drafts);
}

export const objectOf = (address: Address): ObjectAddress => address.slice(0, address.lastIndexOf("."));

/** Finds the fact at an address, or the one that the address is an inner part of (row types, constraint indexes, members). */
function addressResolver(byAddress: ReadonlyMap<Address, FactId>, dependencies: readonly DependencyRow[]) {
  const wholes = new Map<string, Address>();
  for (const [from, to, type] of dependencies) {
    if (type !== "i" && type !== "e") continue;
    const object = objectOf(from);
    const known = wholes.get(object);
    if (known === undefined || to < known) wholes.set(object, to);
  }
  return (start: Address): FactId | undefined => {
    let address: Address | undefined = start;
    for (let depth = 0; depth < 8 && address !== undefined; depth++) {
      const found = byAddress.get(address);
      if (found !== undefined) return found;
      const object = objectOf(address);
      const whole = byAddress.get(`${object}.0`);
      if (whole !== undefined) return whole;
      address = wholes.get(object);
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
    if (parent !== null) dependsOn.push(parent);
    for (const need of needsOf(kind, attributes)) if (drafts.has(need)) dependsOn.push(need);
    facts.push({
      kind: kind.kind,
      id,
      parent,
      attributes,
      dependsOn: sortedOnce(dependsOn),
      ownedBy: sortedOnce(ownedBy),
    });
  }
  facts.sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1));
  return new Map(facts.map((fact) => [fact.id, fact]));
}

const sortedOnce = (ids: FactId[]): readonly FactId[] => (ids.length < 2 ? ids : [...new Set(ids)].sort());
