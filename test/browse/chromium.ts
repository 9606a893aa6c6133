import { access } from "node:fs/promises";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium as Debian or its maker installs it; null where there is none. */
export const CHROMIUM = await firstOf(CANDIDATES);

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

/** What a describe block says of itself. */
export const inChromium = (what: string): string =>
  CHROMIUM === null ? `${what} (not run: there is no Chromium here)` : what;

export async function launch(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error("there is no Chromium here");
  // In a container root has no sandbox, and /dev/shm is small.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface Opened {
  readonly page: Page;
  /** Addresses that were asked for, without the page's own. */
  readonly asked: readonly string[];
  /** What the console was told, and errors of scripts. */
  readonly complaints: readonly string[];
}

export interface Look {
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly hasTouch?: true;
}

/** A page as somebody sees it who has just opened it. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const { scheme = "light", width = 1280, height = 900, hasTouch = false } = look;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, hasTouch });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (request.url() !== url.replace(/#.*$/, "")) asked.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, asked, complaints };
}

/** What the accessibility engine finds against a page, contrast included: a line each. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + " " + target.join(" "))))`,
  );
}
