import type { Loader } from "../declare/loaders.ts";
import type { Referable } from "../declare/sql.ts";
import type { Declarer, Declaring } from "../kinds/declaring.ts";
import type { Declaration, Place } from "../load/loadDomain.ts";
import { type SeedTarget, seeded, targetOf } from "../seed/gatherSeeds.ts";
import type { SeededValue } from "../seed/seedFile.ts";

/** A loader, and what its tables are in this domain. */
export interface GatheredLoader {
  readonly definition: Loader["definition"];
  readonly place: Place;
  readonly target: (table: Referable) => SeedTarget;
  readonly value: (value: unknown) => SeededValue;
}

/** A declarer that gathers loaders; `result` is there when all have declared. */
export function loaderGatherer() {
  const loaders: GatheredLoader[] = [];
  const loader: Declarer<Loader & Declaration> = {
    declare: ({ definition }, place, declaring: Declaring) =>
      void loaders.push({
        definition,
        place,
        target: (table) => targetOf(table, place, declaring),
        value: (value) => seeded(value, place, declaring),
      }),
  };
  return { declarers: { loader }, result: (): readonly GatheredLoader[] => loaders };
}
