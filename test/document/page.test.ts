import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { beforeAll, describe, expect, test } from "vitest";
import { SIGN_IN_SCRIPT } from "../../compiler/browse/signIn.ts";
import { documentFiles } from "../../compiler/document/documentFiles.ts";
import { LIVE_PAGE_SCRIPT } from "../../compiler/document/html.ts";
import { compileText } from "../definitionsFolder.ts";

const SHOP = `
export const mood = enumType("mood", ["happy", "</code><script>alert(1)</script>"]);
/** Who buys: <img src=x onerror=alert(1)> & "others". */
export const customers = table('the "best" <b>customers</b>', {
  columns: { id: bigint({ primaryKey: true }), mood: mood() },
});
export const orders = table("orders", {
  columns: { id: bigint({ primaryKey: true }), customer_id: references(() => customers, { onDelete: "cascade" }) },
});
export const total = fn("total", { arguments: [], returns: "text", language: "sql", body: sql\`select '</pre><script>'\` });
`;

test.each([
  ["the served page", LIVE_PAGE_SCRIPT],
  ["the question for a token", SIGN_IN_SCRIPT],
])(
  "the script of %s, made of several files, is one that parses: no import is left, no name stands twice",
  (_, text) => {
    expect(() => new Script(text)).not.toThrow();
  },
);

describe("verso docs --html", () => {
  let page: string;
  beforeAll(async () => {
    const domain = await compileText(SHOP);
    const html = { migrations: "sql/pixcrawler/migrations" };
    const files = await documentFiles(domain, { generated: "generated", html });
    page = files.find(({ path }) => path.endsWith("schema.html"))?.text ?? "";
  });

  test("is one page that fetches nothing, and is told so", () => {
    expect(page).toContain("default-src 'none'");
    const fetched = [...page.matchAll(/<(?:link|img|iframe|object)\b|\b(?:src|srcset)="|@import|url\(/g)];
    expect(fetched.map(([one]) => one)).toEqual([]);
  });

  test("lets no script run but its own, by the sum of its text", () => {
    const [, script = ""] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    const sum = createHash("sha256").update(script).digest("base64");
    expect(page).toContain(`script-src 'sha256-${sum}'; connect-src 'none'`);
  });

  test("has names, comments and SQL as text, whatever stands in them", () => {
    expect(page.match(/<script\b/g)).toHaveLength(1);
    expect(page.match(/<img\b|<b>customers/g)).toBe(null);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;others&quot;");
    expect(page).toContain("<s>'&lt;/pre&gt;&lt;script&gt;'</s>");
  });

  test("leads nowhere that is not there, and to one place each", () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
    const missing = [...page.matchAll(/href="#([^"]*)"/g)].filter(([, id]) => !ids.includes(id));
    expect(missing).toEqual([]);
  });

  test("has the diagram, and the history with its SQL and what it was proved on, the newest first", () => {
    expect(page).toContain('data-table="table public.orders"');
    const migrations = [...page.matchAll(/<summary><b>(\w+)<\/b><small>([^<]*)/g)].map(([, name, said]) => [
      name,
      said,
    ]);
    expect(migrations.at(-1)).toEqual(["0001_initial", expect.stringMatching(/^proved both ways on PostgreSQL \d+/)]);
    expect(migrations[0]?.[0]?.slice(0, 4)).toBe(String(migrations.length).padStart(4, "0"));
    expect(page).toContain("<summary>rollback.sql</summary>");
    expect(page).toContain("<td>proved on</td>");
  });
});
