import { readFile } from "node:fs/promises";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactIndex } from "../facts.ts";
import { extensionNames } from "../kinds/extensions.ts";
import { kindOf } from "../kinds/registry.ts";
import { planActions } from "../plan/planActions.ts";
import { stepsOf } from "../plan/steps.ts";
import { runSteps } from "../prove/runSteps.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { emptySource, type Source } from "./source.ts";

export interface Snapshot {
  readonly format: "verso snapshot 1";
  /** server_version_num of the PostgreSQL that printed the facts. */
  readonly version: number;
  readonly facts: readonly Fact[];
}

/** The state of a live database, read once. Roles that nothing in this database needs are other databases' affair. */
export async function liveSource(session: Session): Promise<Source> {
  const facts = withoutIdleRoles(await readCatalog(session));
  return recordedSource(session.name, facts, session.version);
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

/** Facts that were read elsewhere are built again on the scratch database by the very statements a migration would use. */
export function recordedSource(name: string, facts: FactIndex, version: number): Source {
  return {
    ...emptySource,
    name,
    recorded: { facts, version },
    extensions: extensionNames(facts),
    build: async (session) => {
      const actions = planActions(await readCatalog(session), facts, {
        hints: new Map(),
        version: session.version,
        refused: new Map(),
      });
      await runSteps(session, stepsOf(actions));
    },
  };
}

/** Leaves out what belongs to the whole server and is not needed by anything here, with what is attached to it. */
export function withoutIdleRoles(facts: FactIndex): FactIndex {
  const isShared = (fact: Fact): boolean => {
    const parent = fact.parent === null ? undefined : facts.get(fact.parent);
    return kindOf(fact).clusterWide === true || (parent !== undefined && isShared(parent));
  };
  const needed = new Set<string>();
  for (const fact of facts.values()) {
    if (!isShared(fact)) for (const id of fact.dependsOn) needed.add(id);
  }
  // A membership stays when both of its roles do.
  const isKept = (fact: Fact): boolean =>
    !isShared(fact) ||
    needed.has(fact.id) ||
    (fact.dependsOn.length > 0 && fact.dependsOn.every((id) => needed.has(id)));
  return new Map([...facts].filter(([, fact]) => isKept(fact)));
}
