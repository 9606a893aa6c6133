import * as verso from "../index.ts";

// Words that cannot name a constant, and globals that a definition may want to use.
const RESERVED = new Set(
  `abstract arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected public
  return static super switch this throw true try typeof var void while with yield undefined NaN Infinity Object Array
  String Number Boolean Symbol BigInt Date Uint8Array Promise`
    .split(/\s+/)
    .concat(Object.keys(verso)),
);

/** A name as an identifier of TypeScript: as it is where that can be, else with the odd characters replaced. */
export function identifier(name: string): string {
  const plain = name.normalize("NFC").replaceAll(/[^\p{L}\p{N}_$]+/gu, "_");
  return /^[\p{L}_$]/u.test(plain) ? plain : `_${plain}`;
}

/** Gives each asker a name that nobody has, the wanted one where it is free. */
export class Names {
  readonly #taken = new Set<string>();

  take(name: string): void {
    this.#taken.add(name);
  }

  /** @param candidates in order of preference; the last one is numbered until it is free */
  choose(candidates: readonly string[]): string {
    const free = (name: string): boolean => !RESERVED.has(name) && !this.#taken.has(name);
    const last = candidates.at(-1) ?? "_";
    let name = candidates.find(free);
    for (let n = 2; name === undefined; n++) if (free(`${last}_${n}`)) name = `${last}_${n}`;
    this.#taken.add(name);
    return name;
  }
}

/** A part of a path: letters of any case may be the same file to a file system. */
export const fileName = (name: string): string => name.normalize("NFC").replaceAll(/[^\p{L}\p{N}_-]+/gu, "_");
