import { Diagnostic } from "../diagnostic.ts";
import { type Delta, describeDelta, diffFacts } from "../diff/diffFacts.ts";
import type { FactIndex } from "../facts.ts";
import { checksum, fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import { type Migration, requireProved } from "../migrations/migration.ts";
import { withoutLeft } from "../prove/leftBehind.ts";
import { governed } from "../resolve/governed.ts";
import type { Session } from "../session/session.ts";
import type { Judge } from "./judge.ts";
import type { LedgerEntry, RecordedState } from "./ledger.ts";

/** Whether two catalogs were printed alike, so that their fingerprints can be compared. */
export function isComparable(
  proof: { readonly version: number; readonly reader: string },
  session: Pick<Session, "version">,
): boolean {
  return major(proof.version) === major(session.version) && proof.reader === readerFormat();
}

export const major = (version: number): number => Math.floor(version / 10_000);

/**
 * The ledger must be a beginning of the files: the same migrations, in the same order, unchanged. What is not applied yet
 * must be proved, and must start from what the one before it leads to.
 * @returns the migrations that are not applied yet
 * @throws Diagnostic `target-other-domain`, `migration-missing`, `migration-out-of-order`, `migration-edited`,
 *   `migration-unproved`, `migration-chain-broken`
 */
export function pendingMigrations(
  entries: readonly LedgerEntry[],
  migrations: readonly Migration[],
): readonly Migration[] {
  for (const [i, entry] of entries.entries()) {
    const problem = entryProblem(entry, i, migrations);
    if (problem !== null) throw problem;
  }
  const pending = migrations.slice(entries.length);
  for (const [i, migration] of pending.entries()) {
    requireProved(migration);
    const before = migrations[entries.length + i - 1];
    const previous = entries[entries.length + i - 1]?.proof ?? before?.proof;
    if (previous === undefined || before === undefined) continue;
    const { version, reader } = migration.proof;
    if (major(previous.version) !== major(version) || previous.reader !== reader) continue;
    if (previous.after === migration.proof.before) continue;
    throw new Diagnostic({
      code: "migration-chain-broken",
      what: `${migration.name} does not start from the state that ${before.name} leads to`,
      at: migration.folder,
      why: "one of the two was proved again, or they were planned apart from each other",
      next: `remove the folder of ${migration.name} and plan it again with \`verso plan\``,
    });
  }
  return pending;
}

/** What is wrong between a row of the ledger and the files, or null. */
export function entryProblem(entry: LedgerEntry, i: number, migrations: readonly Migration[]): Diagnostic | null {
  const { name, domain } = entry;
  const file = migrations.find((migration) => migration.name === name);
  const other = migrations.find((migration) => migration.domain !== domain);
  if (other !== undefined) {
    return new Diagnostic({
      code: "target-other-domain",
      what: `this database holds the migrations of ${domain}, not of ${other.domain}`,
      next: `name another target, or apply the migrations of ${domain}`,
    });
  }
  if (file === undefined) {
    return new Diagnostic({
      code: "migration-missing",
      what: `${name} is applied here, but its files are missing`,
      next: `take its folder from version control, or take it back with \`verso rollback\`, which needs no files`,
    });
  }
  if (migrations[i] !== file) {
    return new Diagnostic({
      code: "migration-out-of-order",
      what: `${migrations[i]?.name} comes before ${name}, which is applied here while the former is not`,
      at: migrations[i]?.folder,
      next: `remove the folder of ${migrations[i]?.name} and plan it again, so that it comes last`,
    });
  }
  for (const side of ["forward", "rollback"] as const) {
    if (checksum(file[side].text) === entry.proof.scripts[side]) continue;
    return new Diagnostic({
      code: "migration-edited",
      what: `${side}.sql of ${name} is not what was applied here`,
      at: file[side].file,
      next: "take the file from version control, and plan a further migration for what shall be different",
    });
  }
  return null;
}

/**
 * How the live catalog differs from what Verso left. Where the reader has learned of new kinds and attributes since, only
 * what both know is compared.
 */
export function driftSince(recorded: RecordedState, live: FactIndex): readonly Delta[] {
  const here = governed(live);
  if (recorded.reader === readerFormat()) return diffFacts(recorded.facts, here);
  return diffFacts(recorded.facts, here).flatMap((delta): readonly Delta[] => {
    if (delta.verb === "add") return recorded.kinds.has(delta.fact.kind) ? [delta] : [];
    if (delta.verb === "remove") return [delta];
    const attributes = delta.attributes.filter((name) => name in delta.from.attributes);
    return attributes.length > 0 ? [{ ...delta, attributes }] : [];
  });
}

/**
 * The live catalog must be what Verso left, and what the migration was planned from. Where fingerprints cannot be compared,
 * the judge is asked.
 * @param count how many migrations come before this one
 * @returns what could not be compared, or null
 * @throws Diagnostic `target-drifted`
 */
export async function requireStart(
  session: Session,
  live: FactIndex,
  recorded: RecordedState | null,
  { name, proof }: Pick<Migration, "name" | "proof">,
  judge: Judge | undefined,
  count: number,
): Promise<string | null> {
  const isSameServer = recorded !== null && major(recorded.serverVersion) === major(session.version);
  if (isSameServer) requireNoDrift(session, live, recorded);
  const here = withoutLeft(live, proof.leaves);
  const found = fingerprint(here);
  if (found === proof.before || found === proof.returns) return null;
  const isAlike = isComparable(proof, session);
  if (isSameServer && !isAlike) return null;
  const start = proof.start === undefined ? null : new Map(proof.start.map((fact) => [fact.id, fact]));
  const atHand = start === null ? [] : diffFacts(start, governed(here));
  const sure = isAlike ? atHand : atHand.filter(({ verb }) => verb !== "change");
  const judged = sure.length > 0 ? sure : await judge?.differences(session, live, count);
  const named = judged === undefined || typeof judged === "string" ? [] : judged;
  if (named.length === 0 && !isAlike) {
    const reason = typeof judged === "string" ? judged : undefined;
    return judged === named ? null : incomparable({ name, proof }, session, "its start", reason);
  }
  throw new Diagnostic({
    code: "target-drifted",
    what: `${session.name} is not in the state that ${name} starts from`,
    why:
      named.length > 0
        ? listDeltas(named)
        : "its catalog has another fingerprint than the one that the migration was planned from",
    next: whatToDo(named, recorded),
  });
}

function whatToDo(deltas: readonly Delta[], recorded: RecordedState | null): string {
  if (recorded !== null) return "undo what differs, or name another target; `verso status` shows what was applied here";
  return deltas.length > 0 && deltas.every(({ verb }) => verb === "remove")
    ? "bring into it what the domain starts from, or name another target"
    : 'take out of it what differs; or keep it: a .sql file with what was there before, `startsFrom: "before.sql"` in domain.ts, and the first migration planned anew';
}

/** Says that a comparison was not made, and why. */
export function incomparable(
  { name, proof }: Pick<Migration, "name" | "proof">,
  session: Session,
  what: "its start" | "its result" | "what is there",
  reason?: string,
): string {
  const why =
    proof.reader === readerFormat()
      ? `${name} was proved on PostgreSQL ${major(proof.version)}, the target is ${major(session.version)}`
      : `${name} was proved by another version of Verso, and \`verso prove\` renews it`;
  return `${why}: ${what} could not be compared with the proof${reason === undefined ? "" : ` (${reason})`}`;
}

/** @throws Diagnostic `target-drifted` naming what differs */
export function requireNoDrift(session: Session, live: FactIndex, recorded: RecordedState): void {
  // After an upgrade of the server texts may be printed otherwise.
  if (major(recorded.serverVersion) !== major(session.version)) return;
  const deltas = driftSince(recorded, live);
  if (deltas.length === 0) return;
  throw new Diagnostic({
    code: "target-drifted",
    what: `${session.name} was changed outside of Verso since ${recorded.at}`,
    why: [listDeltas(deltas), otherRole(recorded)].filter((part) => part !== null).join("; "),
    next: "undo these changes, or take them into the definitions; `verso check` lists them all",
  });
}

export const otherRole = ({ role, currentRole }: RecordedState): string | null =>
  role === currentRole ? null : `Verso ran here as ${role} and now as ${currentRole}, which makes owners differ`;

const LISTED = 8;

/** The first few, without what comes or goes with the thing that it lives in. */
export function listDeltas(deltas: readonly Delta[]): string {
  const whole = new Set(deltas.flatMap((delta) => (delta.verb === "change" ? [] : [delta.fact.id])));
  const isPart = (delta: Delta): boolean =>
    delta.verb !== "change" && delta.fact.parent !== null && whole.has(delta.fact.parent);
  const telling = deltas.filter((delta) => !isPart(delta));
  const rest = telling.length - LISTED;
  return `${telling.slice(0, LISTED).map(describeDelta).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}
