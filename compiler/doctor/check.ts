import type { FactId, FactIndex, Hint } from "../facts.ts";
import type { Session } from "../session/session.ts";
import type { Advice, Gap } from "./finding.ts";
import type { Thresholds } from "./thresholds.ts";

interface Extension {
  readonly schema: string;
  readonly version: string;
}

/** What a check may ask of the database that it looks at. */
export interface Around {
  /** server_version_num. */
  readonly version: number;
  readonly engine: Session["engine"];
  readonly database: string;
  readonly role: string;
  readonly isReplica: boolean;
  /** Whether this role sees what other roles' sessions do. */
  readonly seesActivity: boolean;
  /** Whether there are tables that this role may not read; statistics of their columns are hidden from it. */
  readonly hasHiddenTables: boolean;
  /** How far the server's statistics reach back, at least. */
  readonly statisticsSeconds: number;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly thresholds: Thresholds;
  /** What is declared, where there are definitions. */
  readonly declared: FactIndex;
  readonly hints: ReadonlyMap<FactId, Hint>;
}

/** One thing to look for. */
export interface Check {
  /** Stable and hyphenated: `foreign-key-without-index`. */
  readonly name: string;
  /** In the plural: `foreign keys without an index`. */
  readonly looksFor: string;
  /** @throws DatabaseError where this role may not look */
  examine(session: Session, around: Around): Promise<Examined>;
}

export interface Examined {
  readonly advice: readonly Advice[];
  /** What it did not see, though it looked. */
  readonly unseen: Gap | null;
}

interface Spec<Row extends object> extends Pick<Check, "name" | "looksFor"> {
  /** Why there is nothing to ask here: an extension, a version, rights. */
  readonly gap?: (around: Around) => Gap | null;
  /** Runs with an empty search_path. Leaves out what is PostgreSQL's own or Verso's, and what extensions own. */
  readonly query: (around: Around) => string;
  readonly judge: (row: Row, around: Around) => Advice | null;
  /** What this role did not get to see. */
  readonly unseen?: (rows: readonly Row[], around: Around) => Gap | null;
}

/** A check that asks one query and says something of each of its rows, or nothing. */
export function defineCheck<Row extends object>({ name, looksFor, gap, query, judge, unseen }: Spec<Row>): Check {
  return {
    name,
    looksFor,
    examine: async (session, around) => {
      const missing = gap?.(around) ?? null;
      if (missing !== null) return { advice: [], unseen: missing };
      const rows = await session.query<Row>(query(around));
      return {
        advice: rows.map((row) => judge(row, around)).filter((one) => one !== null),
        unseen: unseen?.(rows, around) ?? null,
      };
    },
  };
}

/** For checks of what sessions do: others' are hidden from most roles. */
export const needsActivity = ({ seesActivity, role }: Around): Gap | null =>
  seesActivity
    ? null
    : { why: `${role} does not see what other roles' sessions do`, next: `GRANT pg_read_all_stats TO ${role}` };

/** For checks of what ANALYZE found in columns. */
export const unseenStatistics = ({ hasHiddenTables, role }: Around): Gap | null =>
  hasHiddenTables
    ? {
        why: `${role} sees statistics of columns only where it may read them`,
        next: `GRANT pg_read_all_data TO ${role}`,
      }
    : null;

/** For what a database inside of one process does not have. */
export const needsServer =
  (what: string) =>
  ({ engine }: Around): Gap | null =>
    engine === "server" ? null : { why: `the embedded engine has no ${what}`, next: "nothing is to be done here" };

/** What a statement means to those who use the database meanwhile. */
export const EFFECTS = {
  none: "reads only",
  concurrent: "reads and writes go on; cannot run inside a transaction",
  goesOn: "reads and writes go on",
  brief: "blocks reads and writes for a moment, once no transaction uses the table",
  blocksWrites: "blocks writes as long as it runs",
  rewrites: "blocks reads and writes while it rewrites the table",
  endsOther: "ends another session's work, which is rolled back",
} as const;
