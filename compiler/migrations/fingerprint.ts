import { createHash } from "node:crypto";
import type { Fact, FactIndex, Json } from "../facts.ts";
import { KINDS, kindOf } from "../kinds/registry.ts";
import { governed } from "../resolve/governed.ts";

// Raised when a kind's query comes to mean something else by an attribute of the same name.
const READING = 1;

/**
 * What a catalog is recognised by: two have the same fingerprint exactly when `diffFacts` finds nothing between them.
 * Positions, dependencies and attributes that make no difference are left out, and so is what belongs to the whole server
 * and is needed by nothing here. Comparable between databases of one PostgreSQL major version and one `readerFormat`.
 * @returns sha256, in hexadecimal
 */
export function fingerprint(facts: FactIndex): string {
  const known = taken.get(facts);
  if (known !== undefined) return known;
  const lines = [...governed(facts).values()].map((fact) => `${fact.id}\t${canonicalJson(telling(fact))}`);
  const print = sha256(lines.sort().join("\n"));
  taken.set(facts, print);
  return print;
}

// Facts do not change, and the same ones are asked for while a step's transaction is open.
const taken = new WeakMap<FactIndex, string>();

/** Changes when the reader learns of new kinds or attributes, so that fingerprints from before are not held against it. */
export function readerFormat(): string {
  const kinds = KINDS.map(
    (kind) => `${kind.kind}: ${Object.keys(kind.alter).filter(tells(kind.alter)).sort().join(" ")}`,
  );
  return sha256([READING, ...kinds.sort()].join("\n")).slice(0, 16);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The checksum of a script, whatever line ends a checkout gave it. */
export function checksum(script: string): string {
  return sha256(script.replaceAll("\r\n", "\n"));
}

const tells = (fates: Readonly<Record<string, unknown>>) => (attribute: string) =>
  fates[attribute] !== "identity" && fates[attribute] !== "no difference";

function telling(fact: Fact): Json {
  const isTold = tells(kindOf(fact).alter);
  return Object.fromEntries(Object.entries(fact.attributes).filter(([name]) => isTold(name)));
}

function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
