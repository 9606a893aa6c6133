import { stat } from "node:fs/promises";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { definitionsSource } from "./definitionsSource.ts";
import { differingSources, liveSource, snapshotSource, withoutItsSecrets } from "./recordedSource.ts";
import { emptySource, type Source } from "./source.ts";
import { sqlSource } from "./sqlSource.ts";

/**
 * A state as the command line names it: a database URL, a definitions folder, a `.sql` file or folder, a snapshot `.json`,
 * or `empty`.
 */
export async function openSource(state: string): Promise<Source> {
  if (state === "empty") return emptySource;
  if (isLive(state)) return inDatabase(state, liveSource);
  if (state.endsWith(".json")) return snapshotSource(state);
  return (await isDefinitions(state)) ? definitionsSource(state) : sqlSource(state);
}

/**
 * Two states that are to be compared: of two live ones only what their difference can concern, of one that is compared with
 * definitions, which hold no secrets, what they can say.
 */
export async function openSources(from: string, to: string): Promise<readonly [Source, Source]> {
  const parts =
    isLive(from) && isLive(to) ? await inDatabase(from, (a) => inDatabase(to, (b) => differingSources(a, b))) : null;
  if (parts === null) {
    const [current, desired] = await Promise.all([openSource(from), openSource(to)]);
    const areDefinitions = (await isDefinitions(from)) || (await isDefinitions(to));
    return areDefinitions ? [withoutItsSecrets(current), withoutItsSecrets(desired)] : [current, desired];
  }
  return [partOf(parts[0], from), partOf(parts[1], to)];
}

const partOf = (source: Source, state: string): Source =>
  source.recorded === undefined
    ? source
    : { ...source, recorded: { ...source.recorded, readWhole: () => openSource(state) } };

const isDefinitions = (state: string): Promise<boolean> =>
  stat(`${state}/domain.ts`).then(
    () => true,
    () => false,
  );

const isLive = (state: string): boolean => /^[a-z+]+:/i.test(state) && !state.startsWith("file:");

async function inDatabase<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(url, { mustExist: true });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
