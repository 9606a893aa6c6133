import { Diagnostic } from "../diagnostic.ts";
import type { Destruction } from "../migrations/proofFile.ts";
import { DatabaseError, type Session } from "../session/session.ts";

export interface Loss {
  readonly migration: string;
  /** `column public.users.age and its values`. */
  readonly what: string;
  /** Rows of the relation on the target, counted up to a million; null when they could not be counted. */
  readonly rows: number | null;
}

const COUNTED = 1_000_000;

/** What a script would destroy on the target as it is now. Relations without rows lose nothing. */
export async function countLosses(
  session: Session,
  migration: string,
  destroys: readonly Destruction[],
): Promise<readonly Loss[]> {
  const counted = new Map<string, number | null>();
  const losses: Loss[] = [];
  for (const { what, rowsOf } of destroys) {
    if (rowsOf !== null && !counted.has(rowsOf)) counted.set(rowsOf, await countRows(session, rowsOf));
    const rows = rowsOf === null ? null : (counted.get(rowsOf) ?? null);
    if (rows !== 0) losses.push({ migration, what, rows });
  }
  return losses;
}

/**
 * @param gone what is lost already, and will be missed
 * @throws Diagnostic `data-loss` naming each loss with its row count, `rows-purged` where nothing is lost any more
 */
export function requireConsent(
  losses: readonly Loss[],
  session: Session,
  isAccepted: boolean,
  gone: readonly string[] = [],
): void {
  if (losses.length + gone.length === 0 || isAccepted) return;
  const why = [
    ...losses.map(({ what, rows }) => `${what} (${rowsText(rows)})`),
    ...gone.map((what) => `does not come back: ${what}`),
  ].join("; ");
  if (losses.length === 0) {
    throw new Diagnostic({
      code: "rows-purged",
      what: `rows that were set aside in ${session.name} do not come back: they were purged`,
      why,
      next: "go on without them with `--accept-data-loss`; nothing was changed",
    });
  }
  throw new Diagnostic({
    code: "data-loss",
    what: `${[...new Set(losses.map(({ migration }) => migration))].join(", ")} would destroy data in ${session.name}`,
    why,
    next: "run it with `--accept-data-loss` if these may go, or save them first; nothing was changed",
  });
}

export function rowsText(rows: number | null): string {
  if (rows === null) return "rows not counted";
  if (rows > COUNTED) return "over a million rows";
  return rows === 1 ? "1 row" : `${rows} rows`;
}

/** Up to a million and one. Null when the relation is not there yet, or may not be read. */
export async function countRows(session: Session, relation: string): Promise<number | null> {
  try {
    const [row] = await session.query<{ rows: number }>(
      `select count(*)::int as rows from (select from ${relation} limit ${COUNTED + 1}) counted`,
    );
    return row?.rows ?? null;
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
}
