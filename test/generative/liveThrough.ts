import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";
import { type Chain, openChain } from "./chain.ts";
import { printWorld } from "./evolve.ts";
import { lifeArbitrary, worldsOf } from "./lives.ts";
import { emptyWorld } from "./world.ts";

/** In a life, at most. */
export const EVOLUTIONS = 15;
const OBSERVED = 4;
const HOURS = 8;

/** The lives that follow from a seed number, on each version that is asked for. */
export function liveThrough({
  numRuns,
  seed,
  isShrunk,
}: {
  readonly numRuns: number;
  readonly seed: number;
  readonly isShrunk: boolean;
}): void {
  describe.each(MAJORS_OF_LONG_SUITES)("a schema of any kinds, with rows, on PostgreSQL %i", (major) => {
    const clusters: Cluster[] = [];
    let chain: Chain;
    let cases = 0;
    beforeAll(async () => {
      clusters.push(await ownServer(major), await ownServer(major));
      const [desk, live] = clusters;
      chain = await openChain(desk?.url ?? "", live?.url ?? "", major);
    });
    afterAll(async () => {
      await chain.close();
      for (const cluster of clusters) await cluster.close();
      process.stderr.write(`${cases} evolutions on PostgreSQL ${major}, seed ${seed}\n`);
    });

    test(
      "evolves into any other and back, exactly, by two judges; what has no cause to change keeps its values",
      async () => {
        await fc.assert(
          fc.asyncProperty(lifeArbitrary(EVOLUTIONS), async (life) => {
            if (chain.world.things.length > 0) await chain.restart();
            for (const world of [...worldsOf(life, major), emptyWorld(major)]) {
              const before = printWorld(chain.world);
              try {
                await chain.evolve(world, { withObserver: cases++ % OBSERVED === 0 });
              } catch (error) {
                await chain.restart();
                throw new Error(`as a case for test/diff/cases:\n\n${before}\n===\n${printWorld(world)}\n`, {
                  cause: error,
                });
              }
            }
          }),
          // Shrinking takes a night's time.
          { numRuns, seed, interruptAfterTimeLimit: HOURS * 3_600_000, endOnFailure: !isShrunk },
        );
      },
      HOURS * 3_600_000,
    );
  });
}
