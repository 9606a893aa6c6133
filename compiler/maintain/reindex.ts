import { INDEX_PAGES } from "../doctor/indexPages.ts";
import { bytesText } from "../quantities.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { longTransaction, whoHasLocked } from "./inTheWay.ts";
import { bytesOf } from "./relations.ts";
import type { Job, Surroundings, Task } from "./task.ts";
import { notAllowed } from "./words.ts";

interface Index {
  readonly table: number;
  readonly path: string;
  readonly bytes: number;
  readonly isValid: boolean;
  readonly isExclusion: boolean;
  /** What a REINDEX CONCURRENTLY that was broken off leaves. */
  readonly isLeft: boolean;
  /** Null where nothing can be said. */
  readonly neededBytes: number | null;
}

/** A smaller one costs nobody anything. */
const WORTHWHILE_BYTES = 1024 ** 2;
const BLOATED_SHARE = 0.4;

/** Indexes that hold more room than rows, and those that are not valid. */
export const reindex: Task = {
  does: "REINDEX CONCURRENTLY of bloated and invalid indexes",
  find: async (around) => {
    const indexes = await around.session.query<Index>(INDEXES);
    return indexes.flatMap((index) => jobOf(index, around)).sort((a, b) => b.need - a.need);
  },
};

const INDEXES = `
  select i.indrelid::int8::float8 as table, format('%I.%I', n.nspname, c.relname) as path,
    ${bytesOf("pg_relation_size", "c")} as bytes, i.indisvalid as "isValid", i.indisexclusion as "isExclusion",
    not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' as "isLeft",
    p.pages * current_setting('block_size')::float8 as "neededBytes"
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  left join (${INDEX_PAGES}) p on p.indexrelid = i.indexrelid
  where c.relkind = 'i' and c.relpersistence <> 't'
  order by n.nspname, c.relname`;

function jobOf(index: Index, around: Surroundings): readonly Job[] {
  const { session, relations, longTransactionMs } = around;
  const { path, bytes, isLeft, isExclusion } = index;
  const relation = relations.get(index.table);
  if (relation === undefined) return [];
  const isServer = session.engine === "server";
  const concurrently = isServer ? " CONCURRENTLY" : "";
  const [reason, need] = needOf(index);
  return [
    {
      object: path,
      relation,
      bytes,
      need,
      reason:
        isLeft || !isServer ? reason : `${reason}; takes ${bytesText(index.neededBytes ?? bytes)} of disk meanwhile`,
      obstacle: !relation.mayChange
        ? notAllowed(relation.path, session)
        : isExclusion && isServer
          ? "PostgreSQL rebuilds indexes of exclusion constraints under an exclusive lock only"
          : undefined,
      sql: [isLeft ? `DROP INDEX${concurrently} ${path}` : `REINDEX INDEX${concurrently} ${path}`],
      before: { bytes },
      // A lock timeout would also count the waits for other transactions in the middle of it.
      isPatient: isServer,
      inTheWay: async () =>
        isServer
          ? ((await whoHasLocked(session, index.table)) ?? (await longTransaction(session, longTransactionMs)))
          : null,
      // Rebuilt, it is another one of the same name.
      measure: async () => {
        const [after] = await session.query<{ bytes: number }>(
          `select ${bytesOf("pg_relation_size", "c")} as bytes from pg_class c where c.oid = to_regclass($1)`,
          [path],
        );
        return { bytes: after?.bytes ?? 0 };
      },
      recover: () => dropLeft(session, index.table),
    },
  ];
}

function needOf({ bytes, isValid, isLeft, neededBytes }: Index): readonly [reason: string, need: number] {
  if (isLeft) return ["left over by a REINDEX CONCURRENTLY that was broken off", 200];
  if (!isValid) return ["invalid: no query uses it", 100];
  if (neededBytes === null || bytes === 0) return ["how full it is cannot be estimated", 0];
  const empty = Math.max(0, bytes - neededBytes);
  const reason = `about ${Math.round((empty / bytes) * 100)} % of it is empty`;
  const isWorthwhile = empty >= WORTHWHILE_BYTES && empty / bytes >= BLOATED_SHARE;
  return [reason, isWorthwhile ? 1 + empty / bytes : 0];
}

/** Drops what a broken-off REINDEX CONCURRENTLY left on a table. */
async function dropLeft(session: Session, table: number): Promise<readonly string[]> {
  const left = (await session.query<Index>(INDEXES)).filter((index) => index.table === table && index.isLeft);
  const told: string[] = [];
  for (const { path } of left) {
    try {
      await session.run(`DROP INDEX CONCURRENTLY ${path}`);
      told.push(`dropped ${path}, which was not finished`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      told.push(
        `${path} is not finished, and could not be dropped (${error.message}): DROP INDEX CONCURRENTLY ${path}`,
      );
    }
  }
  return told;
}
