import { afterAll, expect, test } from "vitest";
import type { FactId } from "../../compiler/facts.ts";
import { composeMigration, composeProof } from "../../compiler/migrations/writeMigration.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { proveScripts } from "../../compiler/prove/proveScripts.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { embeddedShadow } from "../exact.ts";

afterAll(async () => (await embeddedShadow()).close());

test("a migration that is proved again has the review that it had: renames, and where each hazard is written", async () => {
  const shadow = await embeddedShadow();
  const before = scriptSource("before", [
    { file: "before.sql", text: "create table t (id int primary key, mail text)" },
  ]);
  const after = scriptSource("after", [
    { file: "after.sql", text: "create table t (id bigint primary key, email text)" },
  ]);
  const hints = new Map([["column public.t.email" as FactId, { renamedFrom: "column public.t.mail" as FactId }]]);
  const at = (line: number) => ({ file: "definitions/t.ts", line, column: 5 });
  const positions = new Map([
    ["column public.t.email", at(4)],
    ["column public.t.id", at(3)],
  ] as [FactId, ReturnType<typeof at>][]);
  const naming = { domain: "shop", name: "0002_email", positions };
  const proved = await proveMigration(before, { ...after, hints }, shadow, { withRows: true, online: true });
  const files = composeMigration(proved, naming);
  expect(files.review).toContain("1 renamed, 1 changed.");
  expect(files.review).toContain("RENAME COLUMN mail TO email` (definitions/t.ts:4:5)");

  const edited = (side: "forward" | "rollback") => ({ file: `${side}.sql`, steps: proved[side], ...files.proof[side] });
  const again = await proveScripts(before, edited("forward"), edited("rollback"), shadow, { left: [], hints });
  const review = composeProof(again, naming, files).review;
  expect(review).toBe(files.review);
});
