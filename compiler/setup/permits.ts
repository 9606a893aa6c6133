import type { FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import type { Session } from "../session/session.ts";

/** What the server, or somebody with more rights, has yet to give. */
export interface Lack {
  readonly what: string;
  /** False where only trying tells. */
  readonly isCertain: boolean;
  readonly statement: string;
  readonly before: string | null;
}

/** What keeps this role from making a state on this server. Reads only. */
export async function findLacks(session: Session, facts: FactIndex): Promise<readonly Lack[]> {
  const lacks: Lack[] = [];
  for (const fact of facts.values()) {
    const permit = kindOf(fact).permit?.(fact) ?? null;
    if (permit === null) continue;
    const [row] = await session.query<{ lack: string | null; isCertain: boolean }>(permit.sql);
    if (row === undefined || row.lack === null) continue;
    lacks.push({
      what: row.lack,
      isCertain: row.isCertain,
      statement: permit.statement,
      before: permit.before ?? null,
    });
  }
  return lacks;
}
