import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { explain } from "../compiler/explain.ts";
import { poolInUse } from "../compiler/session/environment.ts";
import { openSession } from "../compiler/session/open.ts";
import { redactUrl } from "../compiler/session/server.ts";
import { askSecret, askText, askWhether, askWhich } from "./ask.ts";
import { working } from "./progress.ts";
import { reportFailure, tell } from "./terminal.ts";

/** What was answered. */
export interface Answers {
  readonly url: string;
  /** What to seed besides reference rows. */
  readonly environments: readonly string[];
  /** Connections of a service's pool. */
  readonly poolSize: string;
}

const EMBEDDED = "embedded";
const NOTHING = "nothing more";

/**
 * Asks on a terminal what a database's URL says, tries it out, and asks what else a set-up wants to know. Nothing is written.
 * @param usual the URL that is in use already, or a first one
 * @throws Diagnostic `cancelled`
 */
export async function askAll(
  domain: CompiledDomain,
  usual: string | null,
  offered: readonly string[],
): Promise<Answers> {
  const url = await askUrl(domain.name, usual);
  const environment =
    offered.length === 0
      ? NOTHING
      : await askWhich(
          "Which rows to seed, besides those that every environment has?",
          [...offered, NOTHING].map((value) => ({ value, label: value })),
          offered.includes("demo") ? "demo" : NOTHING,
        );
  const poolSize = await askText({
    message: "Connections that each process of a service may open, before its overflow",
    usual: String(poolInUse(domain.domain.options.pool).size),
    validate: (answer) => (/^[1-9]\d{0,3}$/.test(answer) ? undefined : "a whole number from 1 on"),
  });
  return { url, environments: environment === NOTHING ? [] : [environment], poolSize };
}

/** Where embedded databases lie in a project. */
export const EMBEDDED_FOLDER = "/.verso/";

export const embeddedUrl = (domain: string): string => `pglite:.${EMBEDDED_FOLDER}${domain}`;

/** Until one is reached, or taken although it is not. */
async function askUrl(domain: string, usual: string | null): Promise<string> {
  for (;;) {
    const url = await askParts(domain, usual);
    const isReached = await working("connecting", () => canReach(url));
    if (isReached || (await askWhether("Take it although it was not reached?", false))) return url;
  }
}

/** A database that is missing will be made. */
async function canReach(url: string): Promise<boolean> {
  if (url.startsWith("pglite:")) return true;
  try {
    await (await openSession(url)).close();
    tell(`reached ${redactUrl(url)}`);
    return true;
  } catch (error) {
    const { code, what } = explain(error);
    if (code !== "database-missing") {
      reportFailure(error, false);
      return false;
    }
    tell(`${what}; it will be made`);
    return true;
  }
}

async function askParts(domain: string, usual: string | null): Promise<string> {
  const place = await askWhich("Where is the database?", [
    ...(usual === null ? [] : [{ value: usual, label: redactUrl(usual), hint: "in use already" }]),
    { value: "server", label: "a PostgreSQL server" },
    { value: EMBEDDED, label: "in this folder", hint: "embedded, for development: no server needed" },
  ]);
  if (place === EMBEDDED) return embeddedUrl(domain);
  if (place !== "server") return place;
  const host = await askText({
    message: "Host",
    usual: "localhost",
    validate: (answer) => (/[\s/@?#]/.test(answer) ? "a host's name or address" : undefined),
  });
  const port = await askText({
    message: "Port",
    usual: "5432",
    validate: (answer) => (/^\d{1,5}$/.test(answer) && Number(answer) <= 65_535 ? undefined : "a number up to 65535"),
  });
  const database = await askText({ message: "Database", usual: domain.replaceAll("-", "_") });
  const user = await askText({ message: "User", usual: process.env.USER ?? "postgres" });
  const secret = await askSecret("Password (empty for none)");
  const tls = await askWhich(
    "Encryption",
    [
      { value: "prefer", label: "where the server offers it", hint: "sslmode=prefer" },
      { value: "require", label: "always", hint: "sslmode=require" },
      { value: "verify-full", label: "always, and the server proves who it is", hint: "sslmode=verify-full" },
      { value: "disable", label: "never", hint: "sslmode=disable" },
    ],
    /^(localhost|127\.|::1)/.test(host) ? "prefer" : "verify-full",
  );
  const login = `${part(user)}${secret === "" ? "" : `:${part(secret)}`}`;
  const query = tls === "prefer" ? "" : `?sslmode=${tls}`;
  return `postgres://${login}@${host.includes(":") ? `[${host}]` : host}:${port}/${part(database)}${query}`;
}

/** Also what readers of `.env` files would take for a quote. */
const part = (text: string): string => encodeURIComponent(text).replaceAll("'", "%27");
