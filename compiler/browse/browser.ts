import type { CompiledDomain } from "../compile/compileDomain.ts";
import { Diagnostic } from "../diagnostic.ts";
import { contentPolicy, LIVE_PAGE_SCRIPT } from "../document/html.ts";
import { type Health, type HealthOptions, openPages } from "../service/health.ts";
import { PAGES, type Page } from "../service/pages.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { declaredAndLive, standing } from "./live.ts";
import { SIGN_IN_SCRIPT, signInPage } from "./signIn.ts";

export interface BrowserOptions extends HealthOptions {
  /** The domain as its definitions are by now. */
  readonly compile: () => Promise<CompiledDomain>;
  /** The page that shows it. */
  readonly write: (domain: CompiledDomain) => Promise<string>;
  /** The engine that reads what is declared and what is there in the same words. */
  readonly openShadow: () => Promise<Shadow>;
}

/**
 * Health pages, and the schema's page. `/` holds nothing but the question for a token: what it then asks for, `/page`, `/standing`
 * and `/differences`, wants one, whatever else is open, since it holds SQL. No cookie is set, so that no other page can borrow it.
 * @throws Diagnostic `token-unfit`, `nobody-may-read`, `no-target`
 */
export function openBrowser(domain: string, options: BrowserOptions): Health {
  const compare = declaredAndLive(options);
  const health = openPages(
    domain,
    options,
    new Map<string, Page>([
      ...PAGES,
      ["/page", { method: "GET", need: "details", answer: () => page(options) }],
      ["/standing", { method: "GET", need: "details", answer: standing }],
      ["/differences", { method: "GET", need: "details", answer: compare }],
    ]),
  );
  const first = signInPage(domain);
  return {
    ...health,
    fetch: async (request) =>
      new URL(request.url).pathname === "/" && (request.method === "GET" || request.method === "HEAD")
        ? new Response(request.method === "HEAD" ? null : first, { headers: FIRST_HEADERS })
        : health.fetch(request),
  };
}

// What is written into the first page is held to its policy as well as to its own.
const FIRST_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `${contentPolicy([SIGN_IN_SCRIPT, LIVE_PAGE_SCRIPT], "'self'")}; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A definition that does not compile is told in place of the page, with where it stands. */
async function page({ compile, write }: BrowserOptions): Promise<object> {
  try {
    return { html: await write(await compile()) };
  } catch (error) {
    if (error instanceof Diagnostic) return { problem: String(error) };
    throw error;
  }
}
