import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { domainSource } from "../../compiler/resolve/definitionsSource.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { definitionsFolder } from "../definitionsFolder.ts";

test("the examples at the top of compiler/index.ts compile, and PostgreSQL takes them", async () => {
  const source = await readFile("compiler/index.ts", "utf8");
  const [, block = ""] = /```ts\n([\s\S]*?)\n \* ```/.exec(source) ?? [];
  const lines = block.split("\n").map((line) => line.replace(/^ \* ?/, "").replaceAll("*\\/", "*/"));
  const code = lines.join("\n");
  const names = Object.keys(await import("verso")).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const folder = await definitionsFolder({
    "shop.ts": `import { ${names.join(", ")}, type RowOf } from "verso";\n${code}`,
  });
  const domain = await compileDomain(folder);
  const shadow = await openShadow(undefined);
  const session = await shadow.scratch({ extensions: domain.extensions });
  await domainSource(domain).build(session, new Set());
  const facts = await readCatalog(session);
  await session.close();
  await shadow.close();
  expect([...domain.facts.keys()].filter((id) => !facts.has(id))).toEqual(["raw sql goes with unaccent"]);

  await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const root = process.cwd();
  const tsconfig = {
    extends: path.join(root, "tsconfig.json"),
    include: ["**/*.ts"],
    compilerOptions: {
      noUnusedLocals: false,
      paths: { verso: [path.join(root, "compiler/index.ts")] },
      typeRoots: [path.join(root, "node_modules/@types")],
    },
  };
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = promisify(execFile)(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  await expect(tsc.catch(({ stdout }) => Promise.reject(new Error(stdout)))).resolves.toBeDefined();
});
