import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { documentFiles } from "../../compiler/document/documentFiles.ts";
import { definitionsFolder } from "../definitionsFolder.ts";
import { barriers, CHROMIUM, inChromium, type Look, launch, openPage } from "./chromium.ts";

const AREAS = ["auth", "billing", "crm", "fleet", "geo", "hr", "lab", "news", "stock", "web"];
const THINGS = ["accounts", "orders", "items", "notes", "members", "links", "events", "rates", "states", "files"];

/** A hundred tables, ten to an area, which refer to one another within it and now and then beyond. */
function hundredTables(): string {
  const tables = AREAS.flatMap((area, a) =>
    THINGS.map((thing, i) => {
      const n = a * 10 + i;
      const targets = [...(i > 0 ? [n - i] : []), ...(i > 3 ? [n - 2] : []), ...(i === 5 && a > 0 ? [n - 15] : [])];
      const keys = targets.map((target, k) => `ref_${k}_id: references(() => t${target}, { onDelete: "cascade" })`);
      const columns = ["id: bigint({ primaryKey: true })", "name: text()", "is_open: boolean()", ...keys];
      return `export const t${n} = table("${area}_${thing}", { columns: { ${columns.join(", ")} } });`;
    }),
  );
  return `import { bigint, boolean, references, table, text } from "verso";\n${tables.join("\n")}`;
}

let folder: string;
let browser: Browser;
const pages = new Map<string, string>();

async function writePage(name: string, definitions: string, migrations: string): Promise<void> {
  const files = await documentFiles(await compileDomain(definitions), { generated: "generated", html: { migrations } });
  const page = files.find(({ path }) => path.endsWith("schema.html"))?.text ?? "";
  const file = join(folder, `${name}.html`);
  await writeFile(file, page);
  pages.set(name, pathToFileURL(file).href);
}

const open = (name: string, look: Look = {}) => openPage(browser, pages.get(name) ?? "", look);

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Place and size in the window. */
const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not to be seen`);
  return box;
};

/** How high letters are on the screen, in pixels: the smallest of what is to be seen. */
const smallestText = (page: Page, selector: string): Promise<number> =>
  page.evaluate<number>(
    `Math.min(...[...document.querySelectorAll(${JSON.stringify(selector)})].filter((text) => text.checkVisibility() && text.textContent !== "").map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))`,
  );

const picture = ".picture:not([hidden])";
/** How the picture is moved and scaled. */
const placed = (page: Page): Promise<{ readonly a: number; readonly e: number; readonly f: number }> =>
  page.evaluate(
    `(({ a, e, f }) => ({ a, e, f }))(new DOMMatrix(getComputedStyle(document.querySelector(${JSON.stringify(picture)})).transform))`,
  );
const focused = (page: Page) => page.evaluate<string>("document.activeElement.id");
const options = (page: Page) => page.getByRole("option").allInnerTexts();

describe.skipIf(CHROMIUM === null)(inChromium("the schema's page in a browser"), () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "verso-pages-"));
    await writePage("fitness", "definitions/fitness", "sql/fitness/migrations");
    await writePage("hundred", await definitionsFolder({ "all.ts": hundredTables() }), join(folder, "none"));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  describe("search", () => {
    test.each([
      ["users", "users", "table"],
      ["body_fat_percent", "health_metrics.body_fat_percent", "column"],
      ["users_email_key", "users.users_email_key", "key"],
      ["audit_log_occurred_at_idx", "audit_log.audit_log_occurred_at_idx", "index"],
      ["public_settings", "app_config.public_settings", "policy"],
      ["workout_totals", "workout_totals", "view"],
      ["log_in", "log_in(", "function"],
      ["Weight less fat mass", "health_metrics.lean_body_mass_kg", "column"],
      ["0002_coaching", "0002_coaching_follow_up", "migration"],
    ])("for %s finds %s, a %s, and Enter goes there", async (words, name, kind) => {
      const { page } = await open("fitness");
      await page.keyboard.press("/");
      await page.keyboard.type(words);
      const [first = ""] = await options(page);
      expect(first).toContain(name);
      expect(first.split("\n").at(-1)).toMatch(new RegExp(`^${kind}`));
      await page.keyboard.press("Enter");
      const there = await page.evaluate("[document.activeElement.dataset.name, location.hash.slice(1)]");
      expect(there).toEqual([
        expect.stringContaining(words.includes(" ") ? "lean" : (name.split(".").at(-1) ?? "")),
        await focused(page),
      ]);
      expect(await page.locator(":focus").isVisible()).toBe(true);
      await page.close();
    });

    test("goes by arrows, says how many were found, and is given up by Escape", async () => {
      const { page } = await open("fitness");
      await page.keyboard.press("/");
      await page.keyboard.type("user_id");
      const found = await options(page);
      expect(found.length).toBeGreaterThan(5);
      expect(await page.locator("#found").innerText()).toMatch(/^\d+ found/);
      const chosen = () => page.locator("[aria-selected=true]").innerText();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      expect(await chosen()).toBe(found[1]);
      await page.keyboard.press("Escape");
      expect([await page.locator("#search").inputValue(), await options(page)]).toEqual(["", []]);
      await page.keyboard.type("no such thing");
      expect(await page.locator("#found").innerText()).toBe("Nothing found");
      await page.close();
    });
  });

  test("is reached by the keyboard alone: past the contents, through them, to a table and from there to the diagram", async () => {
    const { page } = await open("fitness");
    await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(":focus").innerText()).toBe("To the content");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("content");
    await page.keyboard.press("/");
    await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(":focus").innerText()).toBe("Diagram");
    await page.keyboard.press("/");
    await page.keyboard.type("meal_logs");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("table-fitness-meal_logs");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(":focus").innerText()).toBe("in the diagram");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("canvas");
    expect(await page.locator(`${picture} .box.pinned`).getAttribute("data-table")).toBe("table fitness.meal_logs");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("table-fitness-meal_logs");
    await page.close();
  });

  describe("the diagram", () => {
    test("is moved by the mouse, and zoomed at it", async () => {
      const { page } = await open("fitness");
      const canvas = await boxOf(page, "#canvas");
      const before = await placed(page);
      await page.mouse.move(canvas.x + 20, canvas.y + 20);
      await page.mouse.down();
      await page.mouse.move(canvas.x + 80, canvas.y + 60, { steps: 4 });
      await page.mouse.up();
      const moved = await placed(page);
      expect([moved.e - before.e, moved.f - before.f].map(Math.round)).toEqual([60, 40]);
      const users = await boxOf(page, `${picture} [data-table="table fitness.users"]`);
      await page.mouse.move(users.x, users.y);
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -200);
      await page.keyboard.up("Control");
      await expect.poll(async () => (await placed(page)).a).toBeGreaterThan(moved.a * 1.2);
      const nearer = await boxOf(page, `${picture} [data-table="table fitness.users"]`);
      expect([nearer.x - users.x, nearer.y - users.y].map((way) => Math.abs(way) < 6)).toEqual([true, true]);
      await page.close();
    });

    test("leaves the wheel to the page, until it is clicked into", async () => {
      const { page } = await open("fitness");
      const canvas = await boxOf(page, "#canvas");
      const before = await placed(page);
      await page.mouse.move(canvas.x + 20, canvas.y + 20);
      await page.mouse.wheel(0, 120);
      await expect.poll(() => page.evaluate("scrollY")).toBe(120);
      expect((await placed(page)).a).toBe(before.a);
      await page.mouse.click(canvas.x + 20, canvas.y + 20);
      await page.mouse.wheel(0, -120);
      await expect.poll(async () => (await placed(page)).a).toBeGreaterThan(before.a);
      expect(await page.evaluate("scrollY")).toBe(120);
      await page.close();
    });

    test("is moved, zoomed, fitted and given the whole window by keys and by buttons", async () => {
      const { page } = await open("fitness");
      await page.locator("#canvas").focus();
      const first = await placed(page);
      await page.keyboard.press("+");
      const larger = await placed(page);
      expect(larger.a).toBeCloseTo(first.a * 1.3);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      const moved = await placed(page);
      expect([moved.e - larger.e, moved.f - larger.f].map(Math.round)).toEqual([-60, -60]);
      await page.keyboard.press("-");
      await page.keyboard.press("0");
      expect(await placed(page)).toEqual(first);
      await page.keyboard.press("f");
      expect((await boxOf(page, "#canvas")).height).toBeGreaterThan(780);
      await page.keyboard.press("Escape");
      expect(await placed(page)).toEqual(first);
      await page.getByRole("button", { name: "Larger" }).click();
      await page.getByRole("button", { name: "Smaller" }).click();
      expect((await placed(page)).a).toBeCloseTo(first.a);
      await page.close();
    });

    test("is moved by a finger, and zoomed by two", async () => {
      const { page } = await open("fitness", { width: 390, height: 844, hasTouch: true });
      await page.locator("#canvas").scrollIntoViewIfNeeded();
      const canvas = await boxOf(page, "#canvas");
      const before = await placed(page);
      const devtools = await page.context().newCDPSession(page);
      const at = (x: number, y: number, id: number) => ({ x: canvas.x + x, y: canvas.y + y, id });
      const touch = async (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: ReturnType<typeof at>[]) => {
        await devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
      };
      await touch("touchStart", at(100, 100, 0));
      await touch("touchMove", at(130, 150, 0));
      await touch("touchEnd");
      const moved = await placed(page);
      expect([moved.e - before.e, moved.f - before.f].map(Math.round)).toEqual([30, 50]);
      await touch("touchStart", at(100, 100, 0), at(200, 100, 1));
      await touch("touchMove", at(50, 100, 0), at(250, 100, 1));
      await touch("touchEnd");
      expect((await placed(page)).a / moved.a).toBeCloseTo(2);
      await page.close();
    });

    test("shows what a table refers to and what refers to it, and leads to it by a click", async () => {
      const { page } = await open("fitness");
      await page.hover(`${picture} [data-table="table fitness.exercise_logs"]`);
      const near = page.locator(`${picture} .box.near`);
      const tables = await near.evaluateAll((boxes) => boxes.map((box) => box.getAttribute("data-table")).sort());
      expect(tables).toEqual(
        ["exercise_definitions", "exercise_logs", "users", "workout_sessions"].map((name) => `table fitness.${name}`),
      );
      await page.click(`${picture} [data-table="table fitness.exercise_logs"]`);
      expect(await page.evaluate("location.hash")).toBe("#table-fitness-exercise_logs");
      await page.close();
    });

    test("says the names of twelve tables from far, and their columns from near", async () => {
      const { page } = await open("fitness");
      expect(await smallestText(page, `${picture} .box text`)).toBeGreaterThanOrEqual(9);
      expect(await page.locator(`${picture} .label`).count()).toBe(12);
      await page.click('article[data-name="users"] .show');
      expect(await smallestText(page, `${picture} .box .name`)).toBeGreaterThanOrEqual(10);
      await page.close();
    });

    test("of a hundred tables fits, and every name in it can be read", async () => {
      const { page } = await open("hundred");
      const canvas = await boxOf(page, "#canvas");
      const labels = await page.locator(`${picture} .box`).evaluateAll((boxes) =>
        boxes.map((box) => {
          const [outer, label] = [box.querySelector(".body"), box.querySelector(".label")].map((one) =>
            one?.getBoundingClientRect(),
          );
          return { outer, label, text: box.querySelector(".label")?.textContent };
        }),
      );
      expect(labels.map(({ text }) => text).sort()).toEqual(
        AREAS.flatMap((area) => THINGS.map((thing) => `${area}_${thing}`)).sort(),
      );
      const isWithin = (inner: Rectangle | undefined, outer: Rectangle | undefined) =>
        inner !== undefined &&
        outer !== undefined &&
        inner.x >= outer.x &&
        inner.y >= outer.y &&
        inner.x + inner.width <= outer.x + outer.width &&
        inner.y + inner.height <= outer.y + outer.height;
      expect(labels.filter(({ outer, label }) => !isWithin(outer, canvas) || !isWithin(label, outer))).toEqual([]);
      expect(await smallestText(page, `${picture} .label`)).toBeGreaterThanOrEqual(9);
      await page.close();
    });

    test("of a hundred tables shows each with its columns, large enough to read, among those around it", async () => {
      const { page } = await open("hundred");
      await page.click('article[data-name="crm_links"] .show');
      const own = `${picture} [data-table="table public.crm_links"]`;
      expect(await page.locator(`${own} .name`).allTextContents()).toEqual([
        "id",
        "name",
        "is_open",
        "ref_0_id",
        "ref_1_id",
        "ref_2_id",
      ]);
      expect(await smallestText(page, `${own} .name`)).toBeGreaterThanOrEqual(10);
      expect(await page.locator("#picture").inputValue()).not.toBe("0");
      await page.selectOption("#picture", "0");
      expect(await page.locator(`${picture} .box`).count()).toBe(100);
      await page.close();
    });
  });

  test("tells of each migration what it changes, what it was proved on, and its SQL both ways", async () => {
    const { page } = await open("fitness");
    const last = page.locator("#history > details").first();
    expect(await last.locator("> summary").innerText()).toMatch(
      /^0004_grams_with_decimals.*proved both ways on PostgreSQL/,
    );
    await last.locator("> summary").click();
    expect(await last.locator(".review").innerText()).toContain("What changes");
    await last.getByText("Proof", { exact: true }).click();
    expect(await last.locator("table").innerText()).toMatch(
      /proved on\s+PostgreSQL[\s\S]*catalog after\s+[0-9a-f]{64}/,
    );
    await last.getByText("forward.sql", { exact: true }).click();
    await last.getByText("rollback.sql", { exact: true }).click();
    const scripts = await last.locator("pre").allInnerTexts();
    expect(scripts.map((sql) => sql.includes("ALTER TABLE fitness."))).toEqual([true, true]);
    await page.close();
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)(
    "in %s, %d pixels wide, puts nothing in anybody's way, asks nobody, and is silent",
    async (scheme, width) => {
      const { page, asked, complaints } = await open("fitness", { scheme, width });
      const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      expect(ground).toBe(scheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      await page.locator("#history > details > summary").first().click();
      await page.keyboard.press("/");
      await page.keyboard.type("weight");
      expect(await barriers(page)).toEqual([]);
      expect([asked, complaints]).toEqual([[], []]);
      await page.close();
    },
  );

  test("where it is narrow, folds its contents up, and no heading hides behind them", async () => {
    const { page } = await open("fitness", { width: 390, height: 844 });
    const users = page.locator('nav a[href="#table-fitness-users"]');
    expect(await users.isVisible()).toBe(false);
    await page.getByText("Contents", { exact: true }).click();
    await users.click();
    expect(await users.isVisible()).toBe(false);
    const header = await boxOf(page, "aside");
    expect((await boxOf(page, "#table-fitness-users > h3")).y).toBeGreaterThanOrEqual(header.y + header.height);
    await page.close();
  });
});
