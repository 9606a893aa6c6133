import { Diagnostic, type Position } from "../diagnostic.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

interface Server {
  /** server_version_num of what is too old. */
  readonly version: number;
  /** Why that version counts: `postgres://host/db is PostgreSQL 15.18`. */
  readonly because: string;
  readonly positions: ReadonlyMap<FactId, Position>;
  readonly next: (major: number) => string;
}

/** @throws Diagnostic `feature-too-new` at the first fact that uses what PostgreSQL has only in a later version */
export function refuseWhatIsTooNew(facts: FactIndex, { version, because, positions, next }: Server): void {
  for (const fact of facts.values()) {
    const since = kindOf(fact).since?.(fact.attributes, facts);
    if (since === null || since === undefined || since.version <= version) continue;
    const major = Math.floor(since.version / 10_000);
    throw new Diagnostic({
      code: "feature-too-new",
      what: `${fact.id} uses ${since.feature}, which PostgreSQL has since ${major}`,
      at: positions.get(fact.id),
      why: because,
      next: next(major),
    });
  }
}

export const versionText = (version: number): string =>
  `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
