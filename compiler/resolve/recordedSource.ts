import { readFile } from "node:fs/promises";
import { Diagnostic } from "../diagnostic.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import { extensionNames } from "../kinds/extensions.ts";
import { kindOf } from "../kinds/registry.ts";
import { findUnmodelled, type Known } from "../observe/findUnmodelled.ts";
import { planActions } from "../plan/planActions.ts";
import { stepsOf } from "../plan/steps.ts";
import { runSteps } from "../prove/runSteps.ts";
import { readCatalog } from "../read/readCatalog.ts";
import { type Part, readDifference } from "../read/readDifference.ts";
import type { Session } from "../session/session.ts";
import { isOfServer, withoutIdleRoles, withoutSecrets } from "./governed.ts";
import { emptySource, type Source } from "./source.ts";

export interface Snapshot {
  readonly format: "verso snapshot 1";
  /** server_version_num of the PostgreSQL that printed the facts. */
  readonly version: number;
  readonly facts: readonly Fact[];
}

/** The state of a live database, read once. Roles that nothing in this database needs are other databases' affair. */
export async function liveSource(session: Session): Promise<Source> {
  const known = new Set<string>();
  const facts = withoutIdleRoles(await readCatalog(session, "own transaction", known));
  return withInventory(session, facts, known);
}

/**
 * Two live databases as far as they differ: of what is the same in both, and is not concerned, nothing is read.
 * @returns null where it takes the whole of both to compare them
 */
export async function differingSources(from: Session, to: Session): Promise<readonly [Source, Source] | null> {
  const parts = await readDifference(from, to);
  if (parts === null) return null;
  const [current, desired] = [neededIn(parts[0]), neededIn(parts[1])];
  // What needs a role is not known before it is read.
  if (diffFacts(current, desired).some((delta) => concernsServer(delta, current, desired))) return null;
  return Promise.all([
    withInventory(from, current, parts[0].digests.known),
    withInventory(to, desired, parts[1].digests.known),
  ]);
}

const neededIn = ({ facts, digests }: Part): FactIndex => withoutIdleRoles(facts, digests.roles);

const concernsServer = (delta: Delta, current: FactIndex, desired: FactIndex): boolean =>
  delta.verb === "change"
    ? isOfServer(delta.to, desired)
    : isOfServer(delta.fact, delta.verb === "add" ? desired : current);

async function withInventory(session: Session, facts: FactIndex, known: Known): Promise<Source> {
  const source = recordedSource(session.name, facts, session.version);
  const unmodelled = await findUnmodelled(session, known);
  return { ...source, recorded: { facts, version: session.version, unmodelled } };
}

/** The state as definitions can say it. */
export function withoutItsSecrets(source: Source): Source {
  if (source.recorded === undefined) return source;
  const { facts, version } = source.recorded;
  const shown = recordedSource(source.name, withoutSecrets(facts), version);
  return { ...shown, recorded: { ...source.recorded, ...shown.recorded } };
}

/** @throws Diagnostic `snapshot-unreadable` when the file is none of ours */
export async function snapshotSource(path: string): Promise<Source> {
  const snapshot = parseSnapshot(await readFile(path, "utf8").catch(() => ""));
  if (snapshot === null) {
    throw new Diagnostic({
      code: "snapshot-unreadable",
      what: `${path} is not a snapshot of a catalog`,
      next: "write one with `verso snapshot STATE --out FILE`",
    });
  }
  return recordedSource(path, new Map(snapshot.facts.map((fact) => [fact.id, fact])), snapshot.version);
}

export function snapshotText(facts: FactIndex, version: number): string {
  const snapshot: Snapshot = { format: "verso snapshot 1", version, facts: [...facts.values()] };
  return `${JSON.stringify(snapshot, null, 1)}\n`;
}

function parseSnapshot(text: string): Snapshot | null {
  try {
    const value: unknown = JSON.parse(text);
    const isOurs =
      typeof value === "object" && value !== null && "format" in value && value.format === "verso snapshot 1";
    return isOurs ? (value as Snapshot) : null;
  } catch {
    return null;
  }
}

const ROUNDS = 3;

/**
 * Facts that were read elsewhere are built again on the scratch database by the very statements a migration would use, and
 * what these bring about by themselves, default privileges for one, is mended as it is there.
 */
export function recordedSource(name: string, facts: FactIndex, version: number): Source {
  return {
    ...emptySource,
    name,
    recorded: { facts, version },
    extensions: extensionNames(facts),
    build: async (session) => {
      for (let round = 0; round < ROUNDS; round++) {
        const reached = await readCatalog(session);
        const goal = printedAs(reached, facts);
        const steps = stepsOf(
          planActions(reached, goal, { hints: new Map(), version: session.version, refused: new Map() }),
        );
        if (steps.length === 0) return;
        await runSteps(session, steps);
      }
    },
  };
}

/** Texts in the words of the PostgreSQL at hand, which made them from the others' words. */
function printedAs(reached: FactIndex, facts: FactIndex): FactIndex {
  const worded = ([id, fact]: readonly [FactId, Fact]): readonly [FactId, Fact] => {
    const texts = kindOf(fact).prints ?? [];
    const there = reached.get(id)?.attributes;
    if (there === undefined || texts.length === 0) return [id, fact];
    const own = Object.fromEntries(texts.map((name) => [name, there[name] ?? null]));
    return [id, { ...fact, attributes: { ...fact.attributes, ...own } }];
  };
  return new Map([...facts].map(worded));
}
