import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { compileDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { issuedByClient } from "../compiler/generate/issued.ts";
import { issuedFrom, type KeptQueries } from "../compiler/migrations/keptQueries.ts";
import type { Migration } from "../compiler/migrations/migration.ts";
import type { ProofFile } from "../compiler/migrations/proofFile.ts";
import { migrationsFolder, readMigrations } from "../compiler/migrations/readMigrations.ts";
import { adviceOf } from "../compiler/migrations/renderReleases.ts";
import { replaySource } from "../compiler/migrations/replay.ts";
import { nearest } from "../compiler/nearest.ts";
import type { ProvedMigration } from "../compiler/prove/proveMigration.ts";
import type { ReleasesAsked } from "../compiler/prove/releases.ts";
import { searchPathOf } from "../compiler/queries/askShadow.ts";
import { emptySource, type Source } from "../compiler/resolve/source.ts";
import { scriptSource } from "../compiler/resolve/sqlSource.ts";
import { databaseUrl } from "../compiler/session/databaseUrl.ts";
import { openSession } from "../compiler/session/open.ts";
import type { Session } from "../compiler/session/session.ts";
import { closeOnSignal } from "../compiler/shadow/lastResort.ts";
import { openShadow, type Shadow } from "../compiler/shadow/shadow.ts";
import { working } from "./progress.ts";
import { paint, tell, tellNote } from "./terminal.ts";

export const DEFINITIONS = "definitions";
export const SQL = "sql";
export const GENERATED = "generated";

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Domains of the project in this folder, by name. @throws Diagnostic `no-project` when there is none */
export async function domainNames(): Promise<readonly string[]> {
  const entries = await readdir(DEFINITIONS, { withFileTypes: true }).catch(() => null);
  if (entries === null) {
    throw new Diagnostic({
      code: "no-project",
      what: `there is no folder ${DEFINITIONS}/ here`,
      at: process.cwd(),
      next: "go to the project's folder, or set one up here with `verso init`",
    });
  }
  const names: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    if (await isThere(join(DEFINITIONS, entry.name, "domain.ts"))) names.push(entry.name);
  }
  if (names.length > 0) return names.sort();
  throw new Diagnostic({
    code: "no-project",
    what: `no folder in ${DEFINITIONS}/ has a domain.ts`,
    at: resolve(DEFINITIONS),
    next: "set a first domain up with `verso init --name NAME`",
  });
}

/** The domain that a command is about: the one named, or the only one. */
export async function chooseDomain(named: string | undefined): Promise<string> {
  const names = await domainNames();
  if (named !== undefined && names.includes(named)) return named;
  const [only, ...others] = names;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  throw new Diagnostic({
    code: named === undefined ? "domain-not-chosen" : "domain-not-found",
    what: named === undefined ? "this project has more than one domain" : `there is no domain ${named}`,
    why: `${DEFINITIONS}/ holds ${names.join(", ")}`,
    next: named === undefined ? `say which one: --domain ${only}` : `name one of these${didYouMean(named, names)}`,
  });
}

function didYouMean(named: string, names: readonly string[]): string {
  const meant = nearest(named, names);
  return meant === null ? "" : `; did you mean ${meant}?`;
}

export const definitionsOf = (domain: string): string => join(DEFINITIONS, domain);

export const compileNamed = (domain: string): Promise<CompiledDomain> => compileDomain(definitionsOf(domain));

/** The migrations of a domain, and the state that they lead to. */
export async function historyOf(
  domain: CompiledDomain,
): Promise<{ migrations: readonly Migration[]; start: Source; source: Source }> {
  const migrations = await readMigrations(migrationsFolder(SQL, domain.name));
  const { startsFrom } = domain;
  const start = startsFrom === null ? emptySource : scriptSource(startsFrom.file, [startsFrom]);
  return { migrations, start, source: replaySource(domain.name, migrations, start) };
}

/**
 * The releases on either side of a migration, for its proof; none before a domain's first.
 * @param before the migration that it follows
 * @param after what is written by hand for where it leads
 */
export function releasesAround(
  domain: CompiledDomain,
  before: Migration | undefined,
  after: KeptQueries,
): { readonly releases?: ReleasesAsked } {
  if (before === undefined) return {};
  return {
    releases: {
      issuedByClient: (facts, columnsOf) => issuedByClient(domain, facts, columnsOf),
      byHand: { previous: issuedFrom(before.queries), next: issuedFrom(after) },
      searchPath: searchPathOf(domain),
    },
  };
}

/** The engine for proofs, which takes a while to start. The caller closes it. */
export const startShadow = (spec: string | undefined): Promise<Shadow> =>
  working("starting the shadow", () => openShadow(spec));

/** The URL of what a command is about where it needs no definitions: outside of a project, what --target says. */
export const urlOfTarget = async (args: { readonly domain?: string; readonly target?: string }): Promise<string> =>
  args.target ?? databaseUrl(await chooseDomain(args.domain));

/**
 * Opens the target that a command asks or, where it says so, changes: only the latter may make an embedded database.
 * @throws Diagnostic `no-target` when none is named
 */
export async function openTarget(domain: string, given: string | undefined, to?: "change"): Promise<Session> {
  return openSession(databaseUrl(domain, given), { mustExist: to !== "change" });
}

/**
 * Runs `work` with a session that is closed whatever happens. When a signal ends the process, the server need not go on with
 * the statement that runs, and the work is left to put its ledger in order.
 */
export async function withSession<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
  interrupted = `\`verso status\` shows how far ${session.name} came`,
): Promise<T> {
  const running = work(session);
  const cancel = session.cancel?.bind(session);
  const forget =
    cancel === undefined
      ? () => {}
      : closeOnSignal(async () => {
          tell(`interrupted; ${interrupted}`);
          await Promise.allSettled([cancel(), running]);
        });
  try {
    return await running;
  } finally {
    await session.close();
    forget();
  }
}

/** The order of deployment; a plan that breaks a release is told, not refused. */
export function tellOfReleases(
  { releases }: Pick<ProofFile, "releases">,
  proved: Pick<ProvedMigration, "forward" | "rollback">,
): void {
  if (releases === undefined) return;
  for (const side of ["forward", "rollback"] as const) {
    const { order } = releases[side];
    const advice = adviceOf(side, releases[side], proved[side].length);
    const mark = paint(order === "in phases" ? "yellow" : "green", order, process.stderr);
    tell(`${side === "forward" ? "deploying" : "going back"}: ${mark}: ${advice}`);
  }
  if (releases.felt.length > 0) tell("what services read and write otherwise, though nothing fails, review.md names");
}

/** What a script proved on one major version does on another is likely, not proved. */
export function tellOfOtherVersion(
  target: { readonly name: string; readonly version: number },
  shadow: Pick<Shadow, "label" | "version">,
): void {
  const [live, own] = [target.version, shadow.version].map((version) => Math.floor(version / 10_000));
  if (live === own) return;
  tellNote(
    `${target.name} is PostgreSQL ${live}, and the proof ran on ${shadow.label}; --shadow binary:${live} proves it on that version`,
  );
}
