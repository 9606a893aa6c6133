import type { Chance } from "../declare/seeds.ts";

/** Chance for row `n`: the same row has the same, whatever was asked for the rows before it. */
export type ChanceOf = (n: number) => Chance;

/** @param label so that tables of one seed number are not alike */
export function chanceFrom(seed: number, label: string): ChanceOf {
  const start = hashOf(`${seed} ${label}`);
  let state = 0;
  const draw = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return mixed(state) >>> 0;
  };
  const fraction = (): number => draw() / 4_294_967_296;
  const whole = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1));
  const chance: Chance = {
    fraction,
    whole,
    pick: (from) => {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined) throw new RangeError("nothing to pick from");
      return picked;
    },
  };
  return (n) => {
    state = mixed(start ^ mixed(n | 0));
    return chance;
  };
}

/** A bijection of 32 bits. @see MurmurHash3's finalizer */
export function mixed(given: number): number {
  let bits = given | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** FNV-1a. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
