import fc from "fast-check";
import { type Command, DEEDS, evolve, settle } from "./evolve.ts";
import { emptyWorld, type World } from "./world.ts";

/** A world from its beginning through one evolution after another. */
export interface Life {
  readonly beginning: readonly Command[];
  readonly evolutions: readonly (readonly Command[])[];
}

const ADDING = 50;
const commands = (deeds: number, lengths: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(fc.record({ deed: fc.nat(deeds - 1), seed: fc.nat(0x7fffffff) }), { ...lengths, size: "max" });

/** @param evolutions how many to a life */
export const lifeArbitrary = (evolutions: number): fc.Arbitrary<Life> =>
  fc.record({
    beginning: commands(ADDING, { minLength: 5, maxLength: 60 }),
    evolutions: fc.array(commands(DEEDS, { minLength: 1, maxLength: 15 }), {
      minLength: 1,
      maxLength: evolutions,
      size: "max",
    }),
  });

/** The worlds of a life, one for each evolution and the first; none equal to the one before. */
export function worldsOf({ beginning, evolutions }: Life, major: number): readonly World[] {
  const empty = emptyWorld(major);
  const worlds = [settle(beginning.reduce(evolve, empty))];
  for (const evolution of evolutions) {
    const [last = empty] = worlds.slice(-1);
    const next = evolution.reduce(evolve, settle(last));
    if (next.things !== last.things) worlds.push(next);
  }
  return worlds;
}
