import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What takes long and seldom breaks: `npm run test:long`. */
const LONG = "test/**/*.long.pg.test.ts";

export default defineConfig(({ mode }) => {
  const isLong = mode === "long";
  return {
    root,
    resolve: {
      alias: {
        "verso/client": `${root}compiler/client/index.ts`,
        "verso/service": `${root}compiler/service/index.ts`,
        "verso/validators": `${root}compiler/validators/index.ts`,
        verso: `${root}compiler/index.ts`,
      },
    },
    test: {
      include: isLong ? [LONG] : ["test/**/*.test.ts"],
      // The matrix takes all of them.
      exclude: isLong || process.env.VERSO_TEST_MAJORS !== undefined ? [] : [LONG],
      globalSetup: [`${root}test/serverBroker.ts`],
      maxWorkers: 2,
      // For what hangs: a machine that does much else at the same time is no failure.
      testTimeout: 240_000,
      hookTimeout: 240_000,
    },
  };
});
