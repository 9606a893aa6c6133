import { compareWithCopy } from "../observe/compareWithCopy.ts";
import type { Source } from "../resolve/source.ts";
import type { Session } from "../session/session.ts";
import type { Shadow } from "../shadow/shadow.ts";

/** What the observer says of a live database and of the copy that the shadow makes of what was read from it. */
export interface Judgement {
  readonly state: string;
  readonly verdict: "agrees" | "disagrees" | "not asked";
  readonly why?: string;
  /** Rows of pg_catalog: `-` only in the database, `+` only in the copy. */
  readonly differences: readonly string[];
  /** Catalogs and columns that the database does not show to this user. */
  readonly unseen: readonly string[];
}

/** Whether the reader overlooked anything: the observer compares the database with what the facts make of an empty one. */
export async function judgeCopy(original: Session, source: Source, shadow: Shadow): Promise<Judgement> {
  const state = source.name;
  const [live, own] = [original.version, shadow.version].map((version) => Math.floor(version / 10_000));
  if (live !== own) {
    const why = `it is PostgreSQL ${live} and the shadow ${own}, and their catalogs are not the same; take --shadow binary:${live}`;
    return { state, verdict: "not asked", why, differences: [], unseen: [] };
  }
  const copy = await shadow.scratch({ extensions: source.extensions });
  try {
    await source.build(copy, new Set());
    const { differences, unseen } = await compareWithCopy(original, copy);
    return { state, verdict: differences.length === 0 ? "agrees" : "disagrees", differences, unseen };
  } finally {
    await copy.close();
  }
}
