import { quotePath, quoteText } from "../../quote.ts";
import type { Session } from "../../session/session.ts";
import { type Candidate, createIndex } from "./candidates.ts";

/** How it is found out what a plan would be with an index. */
export interface Trial {
  readonly how: "hypothetical" | "real";
  /** Runs `work` while these indexes are there, as far as the planner knows; they are gone after it. */
  withIndexes<T>(candidates: readonly Candidate[], work: (indexes: readonly TriedIndex[]) => Promise<T>): Promise<T>;
}

export interface TriedIndex {
  /** As EXPLAIN names it. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Indexes that only this session's planner knows of. Nothing is built, and nobody waits. @see https://hypopg.readthedocs.io */
export const hypotheticalTrial = (session: Session, schema: string): Trial => ({
  how: "hypothetical",
  withIndexes: async (candidates, work) => {
    try {
      const indexes: TriedIndex[] = [];
      for (const candidate of candidates) {
        const [made] = await session.query<TriedIndex>(
          `select h.indexname as name, ${quotePath(schema, "hypopg_relation_size")}(h.indexrelid)::float8 as "sizeBytes"
           from ${quotePath(schema, "hypopg_create_index")}(${quoteText(createIndex(candidate))}) h`,
        );
        if (made !== undefined) indexes.push(made);
      }
      return await work(indexes);
    } finally {
      await session.query(`select ${quotePath(schema, "hypopg_reset")}()`);
    }
  },
});

/**
 * Indexes that are built and rolled back. While one is built and looked at nobody can write to its table; it is for
 * databases that nobody writes to, and for those who accept that.
 */
export const realTrial = (session: Session): Trial => ({
  how: "real",
  withIndexes: async (candidates, work) => {
    await session.run("SAVEPOINT verso_index");
    try {
      const indexes: TriedIndex[] = [];
      for (const candidate of candidates) indexes.push(await buildIndex(session, candidate));
      return await work(indexes);
    } finally {
      await session.run("ROLLBACK TO verso_index; RELEASE verso_index");
    }
  },
});

async function buildIndex(session: Session, candidate: Candidate): Promise<TriedIndex> {
  await session.run(createIndex(candidate));
  const [built] = await session.query<TriedIndex>(
    `select c.relname as name, pg_relation_size(c.oid)::float8 as "sizeBytes"
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = ${quoteText(quotePath(candidate.schema, candidate.table))}::regclass
     order by c.oid desc limit 1`,
  );
  if (built === undefined) throw new Error("an index that was built is not there");
  return built;
}
