import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { compileNamed, historyOf } from "../../cli/project.ts";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import { resolve } from "../../compiler/prove/proveMigration.ts";
import { domainSource } from "../../compiler/resolve/definitionsSource.ts";
import { embeddedShadow } from "../exact.ts";

afterAll(async () => (await embeddedShadow()).close());

const DOMAINS = readdirSync("sql").filter((domain) => readdirSync(`sql/${domain}`).includes("migrations"));

test.each(DOMAINS)("the migrations of %s lead to what its definitions say", { timeout: 120_000 }, async (name) => {
  const domain = await compileNamed(name);
  const { source } = await historyOf(domain);
  const shadow = await embeddedShadow();
  const [reached, declared] = [await resolve(source, shadow), await resolve(domainSource(domain), shadow)];
  expect(diffFacts(reached, declared).map(describeDelta)).toEqual([]);
});
