import type { CompiledDomain } from "../../compile/compileDomain.ts";
import type { Position } from "../../diagnostic.ts";
import { tableId } from "../../kinds/tables.ts";
import { DatabaseError, type Session } from "../../session/session.ts";
import { type Around, needsActivity } from "../check.ts";
import { type CountedQuery, countedQueries, needsCountedQueries, OF_SERVICES } from "../checks/queries.ts";
import { inTransaction, lookAround } from "../examine.ts";
import type { Gap } from "../finding.ts";
import { type Candidate, candidatesOf, createIndex } from "./candidates.ts";
import { type Asker, genericPlan, linesOf, nodesOf, type PlanNode, readsTables } from "./plan.ts";
import { hypotheticalTrial, realTrial, type Trial, type TriedIndex } from "./trial.ts";

export interface ExplainOptions {
  readonly definitions?: Pick<CompiledDomain, "positions" | "facts"> | undefined;
  /** Builds indexes for the trial where none can be hypothetical, and rolls them back: blocks writes meanwhile. */
  readonly tryIndexes?: boolean;
  readonly onProgress?: (query: string, done: number, total: number) => void;
}

/** A plan in short, with the planner's own measure of it. */
export interface PlanSummary {
  readonly cost: number;
  readonly lines: readonly string[];
}

export interface Proposal {
  readonly sql: string;
  readonly sizeBytes: number;
  readonly definition: { readonly at: Position; readonly how: string } | null;
}

export interface ExplainedQuery {
  readonly queryId: string;
  readonly query: string;
  readonly calls: number;
  readonly meanMs: number;
  readonly totalMs: number;
  readonly shareRatio: number | null;
  /** Null where PostgreSQL cannot plan it without its constants. */
  readonly before: PlanSummary | null;
  /** Null where no index was found that makes it cheaper. */
  readonly after: PlanSummary | null;
  /** Those that `after` uses; where nothing could be tried, what might help. */
  readonly proposals: readonly Proposal[];
  /** Why there is no plan, or why none could be tried. */
  readonly refusal: string | null;
}

export interface Explanation {
  /** Why no query was looked at. */
  readonly gap: Gap | null;
  readonly judge: { readonly how: Trial["how"] | "none"; readonly says: string };
  readonly queries: readonly ExplainedQuery[];
}

const MOST_QUERIES = 10;
/** Less is not worth what an index costs. */
const WORTHWHILE = 0.8;
const MOST_INDEXES = 2;
const MOST_ROUNDS = 4;
/** Nobody writes to the table meanwhile. */
const BUILD_TIMEOUT_MS = 30_000;

const COSTS = "each index costs every write a little, and one that begins with another's columns replaces it";

interface HotQuery extends CountedQuery, Asker {
  readonly query: string;
  readonly asker: string;
  /**
   * To plan a query calls stable functions of whoever wrote it or its views, and these can take SET ROLE back: a superuser lends
   * that to superusers alone.
   */
  readonly isUntrusted: boolean;
}

/** The queries that take most of the server's time, with the plan that each has and the one that it would have with an index. */
export async function explainHotQueries(session: Session, options: ExplainOptions = {}): Promise<Explanation> {
  const isReal = options.tryIndexes === true;
  return inTransaction(session, isReal ? { timeoutMs: BUILD_TIMEOUT_MS } : { readOnly: true }, async () => {
    const around = await lookAround(session, {});
    const judge = judgeOf(session, around, isReal);
    const gap = needsCountedQueries(around) ?? needsActivity(around);
    if (gap !== null) return { gap, judge: { how: judge.how, says: judge.says }, queries: [] };
    const hot = await readHotQueries(session, around);
    const queries: ExplainedQuery[] = [];
    for (const query of hot) {
      if (queries.length === MOST_QUERIES) break;
      options.onProgress?.(query.query, queries.length, Math.min(hot.length, MOST_QUERIES));
      const explained = await explainOne(session, query, judge.trial, options);
      if (explained !== null) queries.push(explained);
    }
    return { gap: null, judge: { how: judge.how, says: judge.says }, queries };
  });
}

interface Judge {
  readonly how: Trial["how"] | "none";
  readonly says: string;
  readonly trial: Trial | null;
}

function judgeOf(session: Session, { extensions }: Around, isReal: boolean): Judge {
  const hypopg = extensions.get("hypopg");
  if (hypopg !== undefined) {
    const trial = hypotheticalTrial(session, hypopg.schema);
    return { how: trial.how, trial, says: `plans with hypothetical indexes, by hypopg: nothing was built; ${COSTS}` };
  }
  if (isReal) {
    const trial = realTrial(session);
    return { how: trial.how, trial, says: `plans with indexes that were built and rolled back; ${COSTS}` };
  }
  return {
    how: "none",
    trial: null,
    says: "nothing tells whether these indexes would be used: install hypopg and CREATE EXTENSION hypopg, or give --try-indexes, which builds them, blocks writes to their tables meanwhile, and rolls back",
  };
}

async function readHotQueries(session: Session, around: Around): Promise<readonly HotQuery[]> {
  return session.query<HotQuery>(`
    select q.*, q.userid::regrole::text as asker,
      exists (select from pg_roles where rolsuper and rolname in (current_user, session_user))
        and not exists (select from pg_roles where rolsuper and oid = q.userid) as "isUntrusted",
      case when pg_has_role(current_user, q.userid, 'member') and q.userid <> current_user::regrole
        then q.userid::regrole::text end as role,
      coalesce((select split_part(s, '=', 2) from pg_db_role_setting r, unnest(r.setconfig) s
          where s like 'search\\_path=%' and r.setrole in (0, q.userid)
            and r.setdatabase in (0, (select oid from pg_database where datname = current_database()))
          order by r.setrole = 0, r.setdatabase = 0 limit 1),
        (select reset_val from pg_settings where name = 'search_path')) as "searchPath"
    from (${countedQueries(around)}) q
    where ${OF_SERVICES}
    order by q."totalMs" desc limit ${MOST_QUERIES * 10}`);
}

/** Null for a query that reads no table of anybody's. */
async function explainOne(
  session: Session,
  { role, searchPath, asker, isUntrusted, ...counted }: HotQuery,
  trial: Trial | null,
  { definitions }: ExplainOptions,
): Promise<ExplainedQuery | null> {
  const { queryId, query, calls, meanMs, totalMs, shareRatio } = counted;
  const about = { queryId, query, calls, meanMs, totalMs, shareRatio };
  const planned = isUntrusted
    ? { refusal: withoutSuperuser(asker) }
    : await attempted(() => genericPlan(session, query, { role, searchPath }));
  if ("refusal" in planned) {
    const { refusal } = planned;
    return /\bpg_/.test(query) ? null : { ...about, before: null, after: null, proposals: [], refusal };
  }
  const plan = planned.value;
  if (!readsTables(plan)) return null;
  const before = summaryOf(plan);
  if (trial === null) {
    const [first] = isReadThrough(plan) ? await candidatesOf(plan) : [];
    const proposals = first === undefined ? [] : [proposalOf(first, 0, definitions)];
    return { ...about, before, after: null, proposals, refusal: null };
  }
  const { best, refusal } = await bestOf(plan, (chosen) =>
    trial.withIndexes(chosen, async (indexes) => ({
      chosen,
      indexes,
      plan: await genericPlan(session, query, { role, searchPath }),
    })),
  );
  if (best === null) return { ...about, before, after: null, proposals: [], refusal };
  const called = new Map(
    best.indexes.map(({ name }, i) => [name, `a new index (${best.chosen[i]?.columns.join(", ")})`]),
  );
  return {
    ...about,
    before,
    after: summaryOf(best.plan, called),
    proposals: best.chosen.map((one, i) => proposalOf(one, best.indexes[i]?.sizeBytes ?? 0, definitions)),
    refusal: null,
  };
}

const withoutSuperuser = (asker: string): string =>
  `not planned for a superuser, whose rights functions in a query of ${asker} could take: connect as a role without them that is a member of pg_read_all_stats and of ${asker}`;

interface Tried {
  readonly chosen: readonly Candidate[];
  readonly indexes: readonly TriedIndex[];
  readonly plan: PlanNode;
}

const isUsed = ({ indexes, plan }: Tried): boolean => {
  const used = new Set([...nodesOf(plan)].map((node) => node["Index Name"]));
  return indexes.every(({ name }) => used.has(name));
};

/**
 * The cheapest, with few indexes, as long as it is worth while: each round tries what the best plan so far suggests, in
 * place of what there is and beside it.
 */
async function bestOf(
  plan: PlanNode,
  attempt: (chosen: readonly Candidate[]) => Promise<Tried>,
): Promise<{ readonly best: Tried | null; readonly refusal: string | null }> {
  let best: Tried | null = null;
  const pool = new Map<string, Candidate>();
  const known = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const start: Tried | null = best;
    for (const one of await candidatesOf(start?.plan ?? plan)) pool.set(createIndex(one), one);
    const sets: readonly (readonly Candidate[])[] = [...pool.values()].flatMap((one) => [
      [one],
      ...(start === null ? [] : [[...start.chosen, one]]),
    ]);
    for (const chosen of sets.filter(({ length }) => length <= MOST_INDEXES)) {
      const key = [...new Set(chosen.map((one) => createIndex(one)))].sort().join();
      if (known.has(key)) continue;
      known.add(key);
      const tried: Attempted<Tried> = await attempted(() => attempt(chosen));
      // What keeps one index from being built keeps others too, after as long a wait.
      if ("refusal" in tried) return { best, refusal: `an index could not be tried: ${tried.refusal}` };
      // One index more must be worth it; another one of the same need only be better.
      const isMore = chosen.length > (best?.chosen.length ?? 0);
      const bar: number = (best?.plan ?? plan)["Total Cost"] * (isMore ? WORTHWHILE : 1);
      if (tried.value.plan["Total Cost"] < bar && isUsed(tried.value)) best = tried.value;
    }
    if (best === start) break;
  }
  return { best, refusal: null };
}

type Attempted<T> = { readonly value: T } | { readonly refusal: string };

async function attempted<T>(ask: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof DatabaseError) return { refusal: `${error.message} (SQLSTATE ${error.code})` };
    throw error;
  }
}

const summaryOf = (plan: PlanNode, called?: ReadonlyMap<string, string>): PlanSummary => ({
  cost: plan["Total Cost"],
  lines: linesOf(plan, called),
});

const isReadThrough = (plan: PlanNode): boolean =>
  [...nodesOf(plan)].some((node) => node["Node Type"] === "Seq Scan" || node["Node Type"] === "Sort");

function proposalOf(candidate: Candidate, sizeBytes: number, definitions: ExplainOptions["definitions"]): Proposal {
  const { schema, table, columns } = candidate;
  const at = definitions?.positions.get(tableId(schema, table));
  const names = columns.map((one) => JSON.stringify(one)).join(", ");
  const how = `add { on: [${names}] } to the \`indexes\` of ${table}`;
  return { sql: createIndex(candidate, true), sizeBytes, definition: at === undefined ? null : { at, how } };
}
