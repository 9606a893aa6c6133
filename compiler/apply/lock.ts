import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { Diagnostic } from "../diagnostic.ts";
import type { Session } from "../session/session.ts";
import { ledgerRefusal, ledgerVersion, openLedger, writeHistory } from "./ledger.ts";

/** "verso" in ASCII: the advisory lock that every run on a database takes. */
const LOCK_KEY = 0x766572736f;

/** A lease not renewed for this long is taken over, when its connection is not at work either. */
const LEASE_MINUTES = 10;

/** The right to migrate a target. */
export interface Lease {
  readonly token: string;
  /** `alice@laptop`. */
  readonly holder: string;
}

export interface LeaseHolder {
  readonly holder: string;
  readonly pid: number;
  readonly since: string;
  readonly work: string | null;
}

const busy = new WeakSet<Session>();

export function whoAmI(): string {
  const name = process.env.VERSO_USER ?? safeUser();
  return `${name}@${hostname()}`;
}

function safeUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/**
 * Runs work while nobody else migrates the target: under a session's advisory lock, which goes with the connection, and a
 * lease in the ledger, which holds where a pooler gives every transaction another connection. Creates the ledger.
 * @throws Diagnostic `target-locked`
 */
export async function withLock<T>(session: Session, work: (lease: Lease) => Promise<T>): Promise<T> {
  return underAdvisoryLock(session, async () => {
    await openLedger(session);
    const lease = await takeLease(session).catch((error) => Promise.reject(ledgerRefusal(session, error)));
    try {
      return await work(lease);
    } finally {
      // After a broken connection the lease stays; its backend is gone, so the next run takes it over.
      await releaseLease(session, lease).catch(() => undefined);
    }
  });
}

/**
 * Runs work that is no migration while nobody migrates the target, and keeps migrations out meanwhile. Needs no ledger, and
 * makes none.
 * @throws Diagnostic `target-locked`
 */
export async function withoutMigrations<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return underAdvisoryLock(session, async () => {
    const holder = session.engine === "embedded" ? null : await leaseHolder(session).catch(unlessRefused);
    if (holder !== null) throw lockedBy(session, holder);
    return work();
  });
}

/** Who may not read the ledger has the advisory lock to go by. */
function unlessRefused(error: unknown): null {
  if (error instanceof Diagnostic && error.code === "ledger-refused") return null;
  throw error;
}

async function underAdvisoryLock<T>(session: Session, work: () => Promise<T>): Promise<T> {
  if (busy.has(session)) throw lockedBy(session, null);
  busy.add(session);
  try {
    const [lock] = await session.query<{ taken: boolean }>("select pg_try_advisory_lock($1::int8) as taken", [
      LOCK_KEY,
    ]);
    if (lock?.taken !== true) throw lockedBy(session, await leaseHolder(session));
    try {
      return await work();
    } finally {
      await session.query("select pg_advisory_unlock($1::int8)", [LOCK_KEY]).catch(() => undefined);
    }
  } finally {
    busy.delete(session);
  }
}

/** Who migrates the target now, or null. */
export async function leaseHolder(session: Session): Promise<LeaseHolder | null> {
  if ((await ledgerVersion(session)) > 0) {
    const [row] = await session.query<LeaseHolder>(`
      select lease_holder as holder, lease_pid as pid, lease_since as since, lease_work as work
      from verso.target where lease is not null and not (${IS_STALE})`);
    if (row !== undefined) return row;
  }
  // Between the lock and the lease, or a lock that a pooler kept.
  const [row] = await session.query<LeaseHolder>(
    `select coalesce(nullif(a.application_name, ''), 'a session') || coalesce(' of ' || a.usename, '') as holder,
      l.pid, a.backend_start as since, null as work
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
      and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::int8 << 32) + l.objid::int8 = $1`,
    [LOCK_KEY],
  );
  return row ?? null;
}

/** Says that the holder is alive and at what. @throws Diagnostic `lease-lost` when someone else took the lease over */
export async function renewLease(session: Session, lease: Lease, work: string): Promise<void> {
  const rows = await session.query(
    "update verso.target set lease_renewed = clock_timestamp(), lease_work = $2 where lease = $1 returning true as held",
    [lease.token, work],
  );
  if (rows.length > 0) return;
  throw new Diagnostic({
    code: "lease-lost",
    what: `the right to migrate ${session.name} was taken over by another run`,
    next: "see `verso status`; connect directly, not through a transaction-mode pooler, and run the command again",
  });
}

// Whoever may not see another role's sessions gets null for their start and state.
const LEASE_BACKEND = `
  select from pg_stat_activity a where a.pid = lease_pid and coalesce(a.backend_start = lease_backend_start, true)`;

/** The connection of the lease is gone, or the lease is old and its connection idle. */
const IS_STALE = `not exists (${LEASE_BACKEND})
  or (lease_renewed < clock_timestamp() - interval '${LEASE_MINUTES} minutes'
    and not exists (${LEASE_BACKEND} and a.state is distinct from 'idle'))`;

async function takeLease(session: Session): Promise<Lease> {
  const lease: Lease = { token: randomUUID(), holder: whoAmI() };
  // The embedded engine has one connection for all: a lease found there is one of this process, from a run that broke off.
  const takeOver = session.engine === "embedded" ? "true" : IS_STALE;
  const [former] = await session.query<{ holder: string | null; work: string | null }>(
    `with former as (select lease, lease_holder, lease_work from verso.target for update)
    update verso.target t set lease = $1, lease_holder = $2, lease_pid = pg_backend_pid(), lease_work = null,
      lease_backend_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid()),
      lease_since = clock_timestamp(), lease_renewed = clock_timestamp()
    from former where t.lease is null or ${takeOver}
    returning former.lease_holder as holder, former.lease_work as work`,
    [lease.token, lease.holder],
  );
  if (former === undefined) throw lockedBy(session, await leaseHolder(session));
  if (former.holder !== null) {
    const detail = `from ${former.holder}${former.work === null ? "" : `, at ${former.work}`}`;
    await writeHistory(session, { event: "lease taken over", by: lease.holder, detail });
  }
  return lease;
}

async function releaseLease(session: Session, lease: Lease): Promise<void> {
  await session.query(
    `update verso.target set lease = null, lease_holder = null, lease_pid = null, lease_backend_start = null,
      lease_since = null, lease_renewed = null, lease_work = null where lease = $1`,
    [lease.token],
  );
}

function lockedBy(session: Session, holder: LeaseHolder | null): Diagnostic {
  const doing = holder?.work ? `, at ${holder.work}` : "";
  return new Diagnostic({
    code: "target-locked",
    what: `${session.name} is being migrated or maintained by another run`,
    why:
      holder === null
        ? "this process is at work there already, or the other run ended just now"
        : `held by ${holder.holder} (backend ${holder.pid}) since ${holder.since}${doing}`,
    next:
      holder === null
        ? "run the command again when it has ended"
        : `wait for it to end; if its process is dead, run: SELECT pg_terminate_backend(${holder.pid})`,
  });
}
