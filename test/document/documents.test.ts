import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { marked, type Tokens } from "marked";
import mermaid from "mermaid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CompiledDomain } from "../../compiler/compile/compileDomain.ts";
import { documentFiles, staleDocuments, writeDocuments } from "../../compiler/document/documentFiles.ts";
import { compileText } from "../definitionsFolder.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "verso-documents-"));
  made.push(folder);
  return folder;
}

/** Documents of a domain by the names of their files. */
async function documentsOf(domain: CompiledDomain): Promise<Readonly<Record<string, string>>> {
  const files = await documentFiles(domain, { generated: "generated" });
  return Object.fromEntries(files.map(({ path, text }) => [path.replace(/^.*[\\/]/, ""), text]));
}

/** Cells of each row of the tables in a markdown text, as a reader sees them, under the first word of their heads. */
function rowsOf(markdown: string): readonly (readonly string[])[] {
  const tables = marked.lexer(markdown).filter((token): token is Tokens.Table => token.type === "table");
  const seen = ({ text }: Tokens.TableCell) =>
    marked
      .parseInline(text, { async: false })
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  return tables.flatMap(({ header, rows }) => rows.map((row) => [header[0]?.text ?? "", ...row.map(seen)]));
}

const STATE = `
/** How far an order is. */
export const state = enumType("state", ["open", "paid"]);
export const asText = cast({ from: "uuid", to: "integer", with: "inout" });
`;
const TABLES = [
  `
/** Who buys. */
export const customers = table("customers", {
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
    /** What one logs in with; see \`orders\`. */
    email: text({ unique: true }),
  },
  checks: { customers_email_lower: sql\`email = lower(email)\` },
  rowSecurity: true,
  policies: { own: { for: "select", to: "public", using: sql\`email = current_user\` } },
});
export const feed = publication("feed", { tables: [customers] });
`,
  `
export const orders = table("orders", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    customer_id: references(() => customers, { onDelete: "cascade" }),
    state: state({ default: "open" }),
    placed_at: timestamptz(),
  },
  indexes: [{ on: ["customer_id", "placed_at"] }],
});
`,
  `
export const lines = table("lines", {
  columns: {
    order_id: references(() => orders, { onDelete: "cascade" }),
    number: integer(),
    seller_id: references(() => customers, { onDelete: "set null", nullable: true }),
    checked_by: references(() => customers, { onDelete: "restrict", nullable: true }),
  },
  primaryKey: ["order_id", "number"],
});
`,
];

describe("a document of a domain", () => {
  let domain: CompiledDomain;
  let files: Readonly<Record<string, string>>;
  let rows: readonly (readonly string[])[];
  beforeAll(async () => {
    domain = await compileText([STATE, ...TABLES].join(""));
    files = await documentsOf(domain);
    rows = rowsOf(files["SCHEMA.md"] ?? "");
  });

  test("tells tables, columns, keys and checks, with their comments", () => {
    expect(rows).toContainEqual(["Table", "customers", "Who buys."]);
    expect(rows).toContainEqual(["Column", "id", "bigint", "PK", "always the next number", ""]);
    expect(rows).toContainEqual(["Column", "email", "text", "UK", "", "What one logs in with; see orders."]);
    expect(rows).toContainEqual(["Column", "customer_id", "bigint", "→ customers", ""]);
    expect(rows).toContainEqual(["Column", "state", "state", "", "'open'"]);
    expect(rows).toContainEqual(["Type", "state", "open, paid", "How far an order is."]);
    expect(rows).toContainEqual(["Check", "customers_email_lower", "email = lower(email)"]);
    expect(rows).toContainEqual(["Policy", "own", "everybody", "SELECT", "email = current_user"]);
  });

  test("names with each key and index the functions that it serves", () => {
    expect(rows).toContainEqual([
      "Index",
      "orders_customer_id_placed_at_idx",
      "customer_id, placed_at",
      "listByCustomerId, countByCustomerId, listByCustomerIdAndPlacedAtBetween",
    ]);
  });

  test("says what happens elsewhere when a row is deleted, however far that goes", () => {
    const [page = ""] = /### customers[\s\S]*?\| Column/.exec(files["SCHEMA.md"] ?? "") ?? [];
    const said = marked.parse(page, { async: false }).replaceAll(/<[^>]*>/g, "");
    expect(said).toContain("takes along rows in orders, and with these rows in lines");
    expect(said).toContain("sets seller_id of lines to null");
    expect(rows).toContainEqual(["Foreign key", "checked_by", "customers id", "refused at once"]);
  });

  test("leaves nothing out: what has no form of its own is listed", () => {
    expect(rows).toContainEqual(["Object", "CAST (uuid AS integer)"]);
    expect(rows).toContainEqual(["Object", "PUBLICATION feed"]);
    expect(rows).toContainEqual(["Object", "publication table public.customers in feed"]);
  });

  test("has the diagram in Mermaid, as Mermaid's own parser reads it", async () => {
    const [, text = ""] = /```mermaid\n([\s\S]*?)```/.exec(files["SCHEMA.md"] ?? "") ?? [];
    expect(await mermaid.parse(text)).toMatchObject({ diagramType: "er" });
    expect(text).toContain("    bigint customer_id FK\n");
    expect(text).toContain('  customers ||--o{ orders : "customer_id"\n');
    expect(text).toContain('  customers |o..o{ lines : "seller_id"\n');
  });

  test("is the same to the byte each time, and wherever in the definitions things stand", async () => {
    expect(await documentsOf(domain)).toEqual(files);
    const turned = await compileText([STATE, ...TABLES.toReversed()].join(""));
    const withoutFolder = (given: Readonly<Record<string, string>>) =>
      JSON.stringify(given).replaceAll(/verso-definitions-\w+/g, "");
    expect(withoutFolder(await documentsOf(turned))).toBe(withoutFolder(files));
  });

  test("is kept fresh: what is stale is named, then written, and pictures that are no longer drawn go", async () => {
    const generated = await newFolder();
    await writeDocuments(domain, { generated });
    expect(await staleDocuments(domain, { generated })).toEqual([]);
    const folder = join(generated, domain.name);
    await writeFile(join(folder, "schema-3-old.svg"), "<svg/>");
    await writeFile(join(folder, "schema.svg"), "<svg/>");
    await writeFile(join(folder, "mine.svg"), "<svg/>");
    const stale = await staleDocuments(domain, { generated });
    expect(stale.map((file) => file.replace(/^.*[\\/]/, ""))).toEqual(["schema.svg", "schema-3-old.svg"]);
    await writeDocuments(domain, { generated });
    expect(await readdir(folder)).toEqual(["SCHEMA.md", "mine.svg", "schema.svg"]);
    expect(await readFile(join(folder, "schema.svg"), "utf8")).toBe(files["schema.svg"]);
  });
});

const NASTY = [
  "a|b",
  'say "x"',
  "back`tick`s",
  "<script>alert(1)</script>",
  "50% off",
  "x\\y",
  "-- > ]]>",
  "naïve 名前 🐕",
  "_under_",
  "erDiagram",
  "subgraph",
  "pk",
  "[link](http://x)",
  "&amp;",
];

describe("names with signs that mean something elsewhere", () => {
  let files: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const tables = NASTY.map(
      (name, i) => `export const type${i} = enumType(${JSON.stringify(i === 0 ? "fk" : `${name} type`)}, ["a"]);
/** Comment of ${name.replaceAll("*/", "")}. */
export const t${i} = table(${JSON.stringify(name)}, {
  columns: { [${JSON.stringify(name)}]: bigint({ primaryKey: true }), type: type${i}(), up: references(() => t0, { onDelete: "cascade" }) },
  checks: { [${JSON.stringify(`${name} check`)}]: sql\`up::text <> \${${JSON.stringify(name)}}\` },
});`,
    );
    files = await documentsOf(await compileText(tables.join("\n")));
  });

  test("stand in markdown as they are, each in its cell", () => {
    const rows = rowsOf(files["SCHEMA.md"] ?? "");
    const names = rows.filter(([head]) => head === "Table").map(([, name]) => name);
    expect(names.map((name) => name?.replace(/^"(.*)"$/, "$1").replaceAll('""', '"')).sort()).toEqual(
      [...NASTY].sort(),
    );
    const columns = rows.filter(([head, name]) => head === "Column" && name !== "up" && name !== "type");
    expect(columns.map(([, name]) => name).sort()).toEqual([...NASTY].sort());
    expect(marked.parse(files["SCHEMA.md"] ?? "", { async: false })).not.toContain("<script>");
  });

  test("are read by Mermaid", async () => {
    const [, text = ""] = /```mermaid\n([\s\S]*?)```/.exec(files["SCHEMA.md"] ?? "") ?? [];
    expect(await mermaid.parse(text)).toMatchObject({ diagramType: "er" });
  });

  test("are well-formed XML, and read back as they are", () => {
    const document = new DOMParser({
      onError: (_, message) => {
        throw new Error(message);
      },
    }).parseFromString(files["schema.svg"] ?? "", "image/svg+xml");
    const texts = [...document.getElementsByTagName("text")].map(({ textContent }) => textContent);
    for (const name of NASTY) expect(texts).toContain(name);
  });
});
