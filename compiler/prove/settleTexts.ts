import { diffFacts } from "../diff/diffFacts.ts";
import type { Attributes, Fact, FactId, FactIndex, Json } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import { planActions } from "../plan/planActions.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";

// Conditions that are nested because of BETWEEN print with parentheses that the parser drops from its own print, and
// `varchar_column IN (…)` prints a cast of an array that reads back as an array of casts. Nothing else is known to; the
// events of a trigger are no condition.
const UNSETTLED = /\b(?:AND|OR(?! (?:INSERT|UPDATE|DELETE|TRUNCATE)\b))\b|\b(?:ANY|ALL) \(/;

const ROUNDS = 3;

/**
 * PostgreSQL prints some expressions in a form that, read again, prints otherwise. A migration is written from printed
 * texts, so what it leads to would never equal what was printed first. Has the scratch database take such texts anew
 * until their print stays.
 * @param facts what was read from the session's database
 */
export function settleTexts(session: Session, facts: FactIndex): Promise<FactIndex> {
  return settle(session, facts, "own transaction");
}

/** The same, leaving the database as it is. @param look what to look at while it stands settled */
export async function settledAside<T>(
  session: Session,
  facts: FactIndex,
  look: (settled: FactIndex) => T | Promise<T>,
): Promise<T> {
  await session.run("BEGIN");
  try {
    return await look(await settle(session, facts, "caller's transaction"));
  } finally {
    await session.run("ROLLBACK");
  }
}

async function settle(
  session: Session,
  facts: FactIndex,
  where: "own transaction" | "caller's transaction",
): Promise<FactIndex> {
  let settled = facts;
  let suspects: readonly FactId[] = [...facts.values()].filter(isUnsettled).map(({ id }) => id);
  for (let round = 0; round < ROUNDS && suspects.length > 0; round++) {
    const before = settled;
    for (const { statements } of retake(before, suspects, session.version)) {
      for (const { sql } of statements) await session.run(sql);
    }
    settled = keepSilent(before, await readCatalog(session, where));
    suspects = diffFacts(before, settled).map((delta) => (delta.verb === "change" ? delta.to.id : delta.fact.id));
  }
  return settled;
}

/** Actions that give the suspects the very texts they have, by starting from a state in which these are others. */
function retake(facts: FactIndex, suspects: readonly FactId[], version: number) {
  const other = new Map(facts);
  for (const id of suspects) {
    const fact = facts.get(id);
    if (fact !== undefined) other.set(id, { ...fact, attributes: withOtherTexts(fact) });
  }
  return planActions(other, facts, { hints: new Map(), version, refused: new Map() });
}

const printed = (fact: Fact): readonly string[] => kindOf(fact).prints ?? [];

const isUnsettled = (fact: Fact): boolean =>
  printed(fact).some((name) => UNSETTLED.test(JSON.stringify(fact.attributes[name] ?? null)));

function withOtherTexts(fact: Fact): Attributes {
  const names = new Set(printed(fact));
  return Object.fromEntries(
    Object.entries(fact.attributes).map(([name, value]) => [name, names.has(name) ? otherTexts(value) : value]),
  );
}

function otherTexts(value: Json): Json {
  if (typeof value === "string") return `${value} `;
  if (Array.isArray(value)) return value.map(otherTexts);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, otherTexts(inner)]));
}

/** What was made again stands elsewhere than before, in a table's order of columns for one; that says nothing. */
function keepSilent(before: FactIndex, after: FactIndex): FactIndex {
  const kept = [...after.values()].map((fact): readonly [FactId, Fact] => {
    const old = before.get(fact.id);
    if (old === undefined) return [fact.id, fact];
    const fates = kindOf(fact).alter;
    const attributes = Object.entries(fact.attributes).map(([name, value]) => [
      name,
      fates[name] === "no difference" ? (old.attributes[name] ?? value) : value,
    ]);
    return [fact.id, { ...fact, attributes: Object.fromEntries(attributes) }];
  });
  return new Map(kept);
}
