import { createHash, timingSafeEqual } from "node:crypto";
import { Diagnostic } from "../diagnostic.ts";

/** Who may do what. */
export interface Access {
  /** Whoever sends it, as `Authorization: Bearer …`, may read. */
  readonly readToken?: string | undefined;
  /** Whoever sends it may read and migrate. Without it, nobody can migrate: there is no such page. */
  readonly adminToken?: string | undefined;
  /** What needs no token: `probes`, which are /livez and /readyz and say no more than pass or fail; or `all` that reads. */
  readonly open?: "probes" | "all" | undefined;
  /**
   * The names of this machine, where it alone is to read what is open, probes aside: a page of another site can have its own
   * name lead here (DNS rebinding), and asks under that name. Any name when not given.
   */
  readonly hosts?: readonly string[] | undefined;
}

/** What a page asks of its caller. */
export type Need = "probe" | "read" | "details" | "admin";

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403 | 415;
  readonly code: string;
  readonly next: string;
}

/** What a header can hold, and nobody guesses. */
const FIT_TOKEN = /^[\w.~+/-]{16,}=*$/;

/** @throws Diagnostic `token-unfit`, `nobody-may-read` */
export function requireTokens({ readToken, adminToken, open }: Access): void {
  for (const [name, token] of Object.entries({ readToken, adminToken })) {
    if (token === undefined || FIT_TOKEN.test(token)) continue;
    throw new Diagnostic({
      code: "token-unfit",
      what: `${name} must have 16 characters at least: letters, digits and -._~+/`,
      next: "make one with `openssl rand -hex 32`",
    });
  }
  if (readToken !== undefined || adminToken !== undefined || open !== undefined) return;
  throw new Diagnostic({
    code: "nobody-may-read",
    what: "no health page could be read: there is no token, and none is open",
    next: 'give a readToken (VERSO_READ_TOKEN), or say what needs none: open: "probes" (--open probes)',
  });
}

/** Null for a request that may go on. */
export function refuse(request: Request, need: Need, access: Access): Refusal | null {
  if (need === "admin") return refuseFromPage(request) ?? refuseWithoutToken(request, [access.adminToken]);
  const isOpen =
    need === "probe"
      ? access.open !== undefined
      : need === "read" && access.open === "all" && isAskedHere(request, access);
  return isOpen ? null : refuseWithoutToken(request, [access.readToken, access.adminToken]);
}

function isAskedHere({ headers }: Request, { hosts }: Access): boolean {
  const name = (headers.get("host") ?? "").replace(/:\d+$/, "").toLowerCase();
  return hosts === undefined || hosts.includes(name);
}

/**
 * A page in a browser, of whatever site, sends Origin with every POST, and newer browsers Sec-Fetch-Site with everything.
 * None may migrate: to trust pages of this site one would have to know its name, which a proxy hides and DNS rebinding fakes.
 * What an HTML form can send without asking first is never JSON.
 */
function refuseFromPage({ headers }: Request): Refusal | null {
  if (headers.has("origin") || headers.has("sec-fetch-site")) {
    return { status: 403, code: "from-a-page", next: "migrate from a deployment script: browsers may not" };
  }
  if (/^application\/json\s*(;|$)/i.test(headers.get("content-type") ?? "")) return null;
  return { status: 415, code: "content-type", next: "send `Content-Type: application/json` and `{}`" };
}

function refuseWithoutToken({ headers }: Request, tokens: readonly (string | undefined)[]): Refusal | null {
  const [, given = ""] = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "") ?? [];
  // All of them, so that the time taken tells nothing.
  const held = tokens.filter((token) => token !== undefined && isSame(given, token));
  return held.length > 0 ? null : { status: 401, code: "token-wanted", next: "send `Authorization: Bearer …`" };
}

/** Takes the same time however much of the token is right. */
const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
