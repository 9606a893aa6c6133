import { explain } from "../explain.ts";
import { migrationNames } from "../migrations/readMigrations.ts";
import { databaseUrl } from "../session/databaseUrl.ts";
import type { Session } from "../session/session.ts";
import { type Access, refuse, requireTokens } from "./access.ts";
import { connectorFor, type ServiceDatabase } from "./connect.ts";
import { type Asked, type HealthStatus, isHealthPage, PAGES, type Page, type Surroundings, tell } from "./pages.ts";
import { folderOf } from "./prepare.ts";
import { inTime, openProbe, serviceClosing } from "./probe.ts";

export interface HealthOptions extends Access {
  /** A URL, or the service's PGlite; `<DOMAIN>_DATABASE_URL`, else `DATABASE_URL`, when not given. */
  readonly database?: ServiceDatabase | undefined;
  /** The folder that `sql/` is in; where the process was started when not given. */
  readonly project?: string | undefined;
  /** How long /readyz and /health wait for the database; a second when not given. */
  readonly answerWithinMs?: number | undefined;
}

/** A web-standard handler: what takes `{ fetch }` takes it as it is. */
export interface Health {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Waits for a migration that runs, and gives the connection up. */
  readonly close: () => Promise<void>;
}

const READ_WITHIN_MS = 30_000;

/**
 * A domain's health pages: /health, /livez, /readyz, /schema, /statistics, /verify, /connection-test and, where there is an
 * administrator's token, POST /migrate. Nothing connects before the first page asks. `?details=true` adds messages and SQL,
 * for callers with a token; `?dryRun=true` says what /migrate would do.
 * @throws Diagnostic `token-unfit`, `nobody-may-read`, `no-target`
 */
export function openHealth(domain: string, options: HealthOptions): Health {
  return openPages(domain, options, PAGES);
}

/** The same with pages of one's own choice, by their paths. */
export function openPages(domain: string, options: HealthOptions, pages: ReadonlyMap<string, Page>): Health {
  const { project = ".", answerWithinMs = 1_000 } = options;
  requireTokens(options);
  const connector = connectorFor(options.database ?? databaseUrl(domain), `verso health ${domain}`, true);
  const probe = openProbe(connector, () => migrationNames(folderOf(domain, project)), answerWithinMs);
  const reading = new Map<string, Promise<object>>();
  let changing: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const withSession = async <T extends object>(
    work: (session: Session) => Promise<T>,
    limit: (session: Session, running: Promise<T>) => Promise<T>,
  ): Promise<T> => {
    const session = await connector.connect(READ_WITHIN_MS);
    try {
      return await limit(session, work(session));
    } finally {
      await session.close();
    }
  };
  const around = (path: string, asked: Asked): Surroundings => ({
    domain,
    project,
    look: probe.look,
    read: async <T extends object>(work: (session: Session) => Promise<T>) => {
      if (isClosed) throw serviceClosing();
      const key = `${path} ${asked.details}`;
      // One page asks one thing.
      const others = reading.get(key) as Promise<T> | undefined;
      const shared = others ?? withSession(work, limitReading).finally(() => reading.delete(key));
      reading.set(key, shared);
      return shared;
    },
    change: async (work) => {
      if (isClosed) throw serviceClosing();
      const turn = changing.then(() => withSession(work, (_, running) => running));
      changing = turn.catch(() => undefined);
      return turn;
    },
  });

  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const page = pages.get(pathname);
    if (page === undefined || (page.need === "admin" && options.adminToken === undefined)) {
      return respond(404, { error: { code: "no-such-page" } });
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (method !== page.method) {
      return respond(405, { error: { code: "method" } }, { allow: page.method === "GET" ? "GET, HEAD" : page.method });
    }
    const asked = { details: searchParams.get("details") === "true", dryRun: searchParams.get("dryRun") === "true" };
    const need = asked.details && page.need !== "admin" ? "details" : page.need;
    const refusal = refuse(request, need, options);
    if (refusal !== null) {
      const { status, ...error } = refusal;
      return respond(status, { error }, status === 401 ? { "www-authenticate": "Bearer" } : {});
    }
    const answer = await page.answer(around(pathname, asked), asked).then(
      (body) => ({ status: isHealthPage(pathname) ? statusOf(body) : 200, body }),
      (thrown) => failure(thrown, pathname, method, asked),
    );
    const headers = isHealthPage(pathname) ? { "content-type": "application/health+json" } : {};
    return respond(answer.status, request.method === "HEAD" ? null : answer.body, headers);
  };

  return {
    fetch,
    close: async () => {
      isClosed = true;
      await changing;
      await Promise.allSettled(reading.values());
      await probe.close();
      await connector.close();
    },
  };
}

/** An embedded engine goes on with what it was asked, and is not given to the next one meanwhile. */
const limitReading = <T>(session: Session, running: Promise<T>): Promise<T> =>
  session.cancel === undefined
    ? running
    : inTime(READ_WITHIN_MS, running, () => void session.cancel?.().catch(() => undefined));

const statusOf = (body: object): number => ("status" in body && body.status === "fail" ? 503 : 200);

/** What keeps /migrate from the database; all else that stops it is a conflict between the database and the migrations. */
const UNAVAILABLE = new Set([
  ...["server-unreachable", "login-refused", "database-missing", "connection-failed", "connection-lost"],
  ...["no-answer", "service-closing", "database-refused", "database-in-use", "embedded-engine-failed"],
]);

function failure(thrown: unknown, path: string, method: string, { details }: Asked): { status: number; body: object } {
  const diagnostic = explain(thrown);
  const error = tell(details)(diagnostic);
  if (isHealthPage(path)) {
    const fail: HealthStatus = "fail";
    return { status: 503, body: { status: fail, output: diagnostic.code, ...(details ? { error } : {}) } };
  }
  if (diagnostic.code === "unexpected") return { status: 500, body: { error } };
  return { status: method === "POST" && !UNAVAILABLE.has(diagnostic.code) ? 409 : 503, body: { error } };
}

/** Nothing here is for caches, or for pages of other sites, to which no CORS header opens it. */
function respond(status: number, body: object | null, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      ...headers,
    },
  });
}
