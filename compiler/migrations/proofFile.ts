import type { Fact, FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import { type Obstacle, obstaclesOn } from "../plan/obstacles.ts";
import type { Step } from "../plan/steps.ts";
import type { Observation } from "../prove/observe.ts";
import type { ProvedMigration } from "../prove/proveMigration.ts";
import type { Releases } from "../prove/releases.ts";
import { governed } from "../resolve/governed.ts";
import { checksum, fingerprint, readerFormat } from "./fingerprint.ts";

/** Something that a statement destroys. */
export interface Destruction {
  readonly id: FactId;
  /** `column public.users.age and its values`. */
  readonly what: string;
  readonly sql: string;
  /** The relation whose rows are concerned, as SQL names it; null when it is known only while the script runs. */
  readonly rowsOf: string | null;
}

export interface ProofSide {
  readonly destroys: readonly Destruction[];
  /** Statements that locked, rewrote or read something that was there before. */
  readonly observations: readonly Observation[];
}

/** `proof.json` of a migration: what it was proved on, from where to where, and what was seen. */
export interface ProofFile {
  readonly format: "verso proof 1";
  /** `PostgreSQL 18.3, embedded`, and its server_version_num. */
  readonly shadow: string;
  readonly version: number;
  readonly reader: string;
  /** Fingerprints of the catalog that the migration starts from and of the one it leads to. */
  readonly before: string;
  readonly after: string;
  /** Fingerprint after rollback, where texts that it made again print otherwise than at the start. */
  readonly returns?: string;
  /** The facts it starts from, where they are few, so that what stands in the way of a first migration can be named. */
  readonly start?: readonly Fact[];
  readonly scripts: { readonly forward: string; readonly rollback: string };
  /** Facts that rollback leaves in place, since others may have come to use them. */
  readonly leaves?: readonly FactId[];
  /** What it asks of rows that are there already: queries for those that would stop it, or that it sets aside. */
  readonly obstacles?: readonly Obstacle[];
  /** Rows that were in the tables while it was proved. */
  readonly rows: Readonly<Record<string, number>>;
  /** What could not be proved: tables that no row could be made for, columns whose values the way back does not restore. */
  readonly withoutRows: readonly string[];
  readonly valuesLost: readonly string[];
  /** Why the rollback was proved on empty tables: rows lack what forward destroyed of them. */
  readonly refusedOverRows?: string;
  /** How services of the previous and of the next release fare while it is applied; not said of a domain's first migration. */
  readonly releases?: Releases;
  readonly forward: ProofSide;
  readonly rollback: ProofSide;
}

const FEW_FACTS = 20;

export function proofFileOf(proved: ProvedMigration, scripts: { forward: string; rollback: string }): ProofFile {
  const { proof, current, desired, starts, ends } = proved;
  const obstacles = obstaclesOn(proved);
  return {
    format: "verso proof 1",
    shadow: proof.shadow,
    version: proof.version,
    reader: readerFormat(),
    before: fingerprint(starts),
    after: fingerprint(ends),
    ...(fingerprint(proved.returns) === fingerprint(starts) ? {} : { returns: fingerprint(proved.returns) }),
    ...(governed(starts).size > FEW_FACTS ? {} : { start: [...governed(starts).values()] }),
    ...(proved.leaves.size === 0 ? {} : { leaves: [...proved.leaves.keys()].sort() }),
    scripts: { forward: checksum(scripts.forward), rollback: checksum(scripts.rollback) },
    ...(obstacles.length === 0 ? {} : { obstacles }),
    rows: proof.rows,
    withoutRows: proof.withoutRows,
    valuesLost: proof.valuesLost,
    ...(proof.refusedOverRows === null ? {} : { refusedOverRows: proof.refusedOverRows }),
    ...(proof.releases === undefined ? {} : { releases: proof.releases }),
    forward: sideOf(proved.forward, proof.forward, current),
    rollback: sideOf(proved.rollback, proof.rollback, desired),
  };
}

/** The proof in a file's text, or null when it is none of ours. */
export function parseProof(text: string): ProofFile | null {
  try {
    const value: unknown = JSON.parse(text);
    const isOurs = typeof value === "object" && value !== null && "format" in value && value.format === "verso proof 1";
    return isOurs ? (value as ProofFile) : null;
  } catch {
    return null;
  }
}

export const proofText = (proof: ProofFile): string => `${JSON.stringify(proof, null, 2)}\n`;

function sideOf(steps: readonly Step[], observations: readonly Observation[], start: FactIndex): ProofSide {
  const destroys = steps.flatMap(({ statements }) =>
    statements.flatMap(({ id, sql, destroys: what }) =>
      what === undefined ? [] : [{ id, what, sql, rowsOf: holderOf(id, start) }],
    ),
  );
  const telling = observations.filter(
    ({ locks, rewrites, scans }) => locks.length > 0 || rewrites.length > 0 || scans.length > 0,
  );
  return { destroys, observations: telling };
}

/** The outermost thing that a fact lives in and that rows live in: a column's table. */
function holderOf(id: FactId, facts: FactIndex): string | null {
  let holder: string | null = null;
  for (let fact = facts.get(id); fact !== undefined; fact = fact.parent === null ? undefined : facts.get(fact.parent)) {
    const kind = kindOf(fact);
    if (kind.holdsData) holder = kind.path(fact.attributes);
  }
  return holder;
}
