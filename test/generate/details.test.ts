import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Loaded } from "verso/client";
import { describe, expect, expectTypeOf, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { buildModel } from "../../compiler/generate/model.ts";
import type { UserGoals_Relations } from "../../generated/fitness/client/relations.ts";
import type { UserGoals } from "../../generated/fitness/index.ts";
import type { UserGoals_Detail, Users_Detail } from "../../generated/fitness/validators.ts";
import { crawlJobs, projects } from "../../generated/pixcrawler/validators.ts";
import { type Likes_Detail, likes } from "../../generated/pupmatch/validators.ts";

const ID = "0b5b0a52-6d3c-4a3e-9c55-1c2b3d4e5f60";
const TIMES = { created_at: "2026-01-01 00:00:00+00", updated_at: "2026-01-01 00:00:00+00" };
const PROJECT = { id: ID, user_id: ID, name: "dogs", description: null, status: "active", ...TIMES };
const JOB = {
  id: ID,
  project_id: ID,
  name: "huskies",
  keywords: ["husky"],
  max_images: 10,
  status: "running",
  total_chunks: 4,
  completed_chunks: 1,
  failed_chunks: 1,
  progress: 50,
  started_at: null,
  completed_at: null,
  error: null,
  ...TIMES,
};

describe("the schema of a detail", () => {
  test("takes a row with the rows that its relations led to, to any depth", () => {
    const loaded = { ...PROJECT, crawlJobs: [{ ...JOB, images: [], project: PROJECT }] };
    expect(projects.detail.parse(loaded)).toEqual(loaded);
    expect(projects.detail.parse(PROJECT)).toEqual(PROJECT);
  });

  test("asks of related rows what it asks of rows", () => {
    const wrong = { ...PROJECT, crawlJobs: [{ ...JOB, max_images: 0 }] };
    expect(projects.detail.safeParse(wrong).error?.issues).toMatchObject([{ path: ["crawlJobs", 0, "max_images"] }]);
    expect(crawlJobs.detail.safeParse({ ...JOB, project: null }).success).toBe(false);
  });

  test("lets no secret through, however deep it lies", () => {
    expectTypeOf<Users_Detail>().not.toHaveProperty("password_hash");
    expectTypeOf<NonNullable<Likes_Detail["user"]>>().not.toHaveProperty("password_hash");
    const ann = { id: "ann", email: "ann@example.org", ...TIMES };
    const like = { id: "1", user_id: "ann", target_id: "bob", ...TIMES };
    expect(likes.detail.parse({ ...like, user: { ...ann, password_hash: "x" } })).toEqual({ ...like, user: ann });
  });

  test("takes what the client loads", () => {
    type WithUsers = Loaded<UserGoals, UserGoals_Relations, { user: true; userGoals: { with: { user: true } } }>;
    expectTypeOf<WithUsers>().toExtend<UserGoals_Detail>();
    // @ts-expect-error a relation is what the foreign key leads to
    expectTypeOf<UserGoals & { user: string }>().toExtend<UserGoals_Detail>();
  });
});

const DOMAINS = ["ai-validation", "fitness", "photo-identifier", "pixcrawler", "pupmatch"];

async function componentsOf(domain: string): Promise<{ readonly text: string; readonly schemas: Components }> {
  const text = await readFile(`generated/${domain}/schemas.json`, "utf8");
  return { text, schemas: JSON.parse(text).components.schemas };
}
type Components = Readonly<Record<string, { readonly properties?: object; readonly required?: readonly string[] }>>;

test.each(DOMAINS)("every component that the schemas of %s refer to is there", async (domain) => {
  const { text, schemas } = await componentsOf(domain);
  const referred = [...text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(referred.length).toBeGreaterThan(10);
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(referred));
});

test("no component of what is given away names a secret", async () => {
  const secrets: string[] = [];
  for (const domain of DOMAINS) {
    const { schemas } = await componentsOf(domain);
    for (const table of (await buildModel(await compileDomain(join("definitions", domain)))).tables) {
      for (const { name } of table.columns.filter(({ isSecret }) => isSecret)) {
        secrets.push(`${domain} ${table.name}.${name}`);
        for (const component of [table.typeName, `${table.typeName}_Detail`]) {
          expect(schemas[component]?.properties).not.toHaveProperty(name);
          expect(schemas[component]?.required ?? []).not.toContain(name);
        }
      }
    }
  }
  expect(secrets).toEqual([
    "fitness user_sessions.session_token",
    "fitness users.password_hash",
    "photo-identifier users.password_hash",
    "pupmatch users.password_hash",
  ]);
});
