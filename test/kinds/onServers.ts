import { afterAll, beforeAll, describe } from "vitest";
import type { ProvedMigration } from "../../compiler/prove/proveMigration.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { expectExact, statementsOf } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES, type Major, server } from "../servers.ts";

export interface Scripts extends Pick<ProvedMigration, "short"> {
  readonly forward: readonly string[];
  readonly rollback: readonly string[];
}

/** Proves the way between two states written in SQL, forward and back, and returns the SQL of both sides. */
export type Exactly = (before: string, after: string) => Promise<Scripts>;

/**
 * Runs a suite on the newest server, on others with `npm run test:matrix`. A suite that makes roles asks for servers of its own: roles are seen
 * by everything that runs on the same server at the same time.
 */
export function onServers(
  title: string,
  suite: (exactly: Exactly, major: Major) => void,
  whose: "shared" | "own" = "shared",
): void {
  for (const major of MAJORS_OF_LONG_SUITES) {
    describe(`${title}, on PostgreSQL ${major}`, () => {
      let shadow: Shadow;
      beforeAll(async () => {
        shadow = await openShadow(whose === "own" ? `binary:${major}` : await server(major));
      });
      afterAll(() => shadow?.close());
      suite(async (before, after) => {
        const { forward, rollback, short } = await expectExact(before, after, shadow);
        return { forward: statementsOf(forward), rollback: statementsOf(rollback), short };
      }, major);
    });
  }
}
