import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  resolve: {
    alias: {
      "verso/client": `${root}compiler/client/index.ts`,
      "verso/validators": `${root}compiler/validators/index.ts`,
      verso: `${root}compiler/index.ts`,
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: [`${root}test/serverBroker.ts`],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
