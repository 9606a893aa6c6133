import type { Fact } from "../../facts.ts";
import { list, object, type Property, plain, text, texts } from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import { schemaId } from "../schemas.ts";
import type { Statistics } from "../statistics.ts";
import { commentEntries, ownerEntries } from "./attached.ts";
import { soleName, splitOutside, takeGroup } from "./scan.ts";

/** Statistics of a table by their name; null when they cannot be said, or are another table's. */
export function statisticsProperty(
  fact: Fact<Statistics>,
  table: Fact<{ readonly schema: string; readonly name: string }>,
  pulling: Pulling,
): Property | null {
  const { attributes: a } = fact;
  const { schema, name } = table.attributes;
  const group = takeGroup(a.definition);
  const tail = ` FROM ${quotePath(schema, name)}`;
  const rest = group?.rest ?? a.definition;
  if (!rest.startsWith("ON ") || !rest.endsWith(tail)) return null;
  const elements = splitOutside(rest.slice(3, -tail.length), ",").map((element) => {
    const column = soleName(element);
    return column !== null ? text(column) : pulling.sql(withoutParentheses(element), fact);
  });
  pulling.say(fact.id);
  const value = object({
    on: list(elements),
    kinds: group === null ? undefined : texts(splitOutside(group.inside, ",")),
    target: a.target === null ? undefined : plain(a.target),
    schema: a.schema === schema ? undefined : (pulling.constant(schemaId(a.schema)) ?? text(a.schema)),
  });
  return {
    key: a.name,
    value: {
      ...value,
      entries: [...value.entries, ...ownerEntries(fact, pulling), ...commentEntries(fact.id, pulling)],
    },
  };
}
