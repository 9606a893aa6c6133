import { stat } from "node:fs/promises";
import { openSession } from "../session/open.ts";
import { definitionsSource } from "./definitionsSource.ts";
import { liveSource, snapshotSource } from "./recordedSource.ts";
import { emptySource, type Source } from "./source.ts";
import { sqlSource } from "./sqlSource.ts";

/**
 * A state as the command line names it: a database URL, a definitions folder, a `.sql` file or folder, a snapshot `.json`,
 * or `empty`.
 */
export async function openSource(state: string): Promise<Source> {
  if (state === "empty") return emptySource;
  if (/^[a-z+]+:/i.test(state) && !state.startsWith("file:")) {
    const session = await openSession(state, { mustExist: true });
    try {
      return await liveSource(session);
    } finally {
      await session.close();
    }
  }
  if (state.endsWith(".json")) return snapshotSource(state);
  const isDefinitions = await stat(`${state}/domain.ts`).then(
    () => true,
    () => false,
  );
  return isDefinitions ? definitionsSource(state) : sqlSource(state);
}
