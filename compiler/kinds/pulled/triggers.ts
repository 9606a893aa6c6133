import type { Fact } from "../../facts.ts";
import { type Code, list, object, type Property, plain, text, texts, when } from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { withoutParentheses } from "../../quote.ts";
import { type Firing, functionName, type Trigger } from "../triggers.ts";
import { commentEntries, extensionEntries } from "./attached.ts";
import { nameAsSql } from "./names.ts";
import { afterWord, nameList, soleName, soleText, splitOutside, takeGroup, takePath } from "./scan.ts";

export const enabledCode = (fires: Firing): Code | undefined =>
  fires === "origin" ? undefined : fires === "disabled" ? plain(false) : text(fires);

/** A trigger of a table or view by its name; null when it cannot be said. */
export function triggerProperty(fact: Fact<Trigger>, pulling: Pulling): Property | null {
  const { attributes: a } = fact;
  const shape = shapeOf(a.definition);
  if (shape === null) return null;
  pulling.say(fact.id);
  const value = object({
    [shape.timing]: list(
      shape.events.map(({ event, columns }) =>
        columns.length === 0 ? text(event) : object({ update: texts(columns) }),
      ),
    ),
    forEach: when(!shape.isForEachRow, text("statement")),
    when: shape.condition === null ? undefined : pulling.sql(shape.condition, fact),
    execute: nameAsSql(shape.function, fact, pulling),
    arguments: shape.arguments.length > 0 ? texts(shape.arguments) : undefined,
    constraint: when(a.isConstraint, plain(true)),
    deferrable: shape.timingOfCheck,
    from: shape.from === null ? undefined : nameAsSql(shape.from, fact, pulling),
    referencing:
      shape.old === null && shape.new === null
        ? undefined
        : object({
            old: shape.old === null ? undefined : text(shape.old),
            new: shape.new === null ? undefined : text(shape.new),
          }),
    enabled: enabledCode(a.fires),
  });
  return {
    key: a.name,
    value: {
      ...value,
      entries: [...value.entries, ...extensionEntries(fact.id, pulling), ...commentEntries(fact.id, pulling)],
    },
  };
}

interface Shape {
  readonly timing: "before" | "after" | "insteadOf";
  readonly events: readonly { readonly event: string; readonly columns: readonly string[] }[];
  readonly from: string | null;
  readonly timingOfCheck: Code | undefined;
  readonly old: string | null;
  readonly new: string | null;
  readonly isForEachRow: boolean;
  readonly condition: string | null;
  readonly function: string;
  readonly arguments: readonly string[];
}

const TIMINGS = { BEFORE: "before", AFTER: "after", "INSTEAD OF": "insteadOf" } as const;

/** What pg_get_triggerdef prints after the name. */
function shapeOf(definition: string): Shape | null {
  const word = (["BEFORE", "AFTER", "INSTEAD OF"] as const).find((one) => definition.startsWith(`${one} `));
  if (word === undefined) return null;
  let rest = definition.slice(word.length + 1);
  const events: { event: string; columns: readonly string[] }[] = [];
  for (;;) {
    const event = /^(INSERT|UPDATE|DELETE|TRUNCATE)\b/.exec(rest)?.[1];
    if (event === undefined) return null;
    rest = rest.slice(event.length).trimStart();
    let columns: readonly string[] = [];
    const of = afterWord(rest, "OF");
    if (of !== null) {
      const end = endOfNames(of);
      const names = nameList(of.slice(0, end));
      if (names === null) return null;
      columns = names;
      rest = of.slice(end).trimStart();
    }
    events.push({ event: event.toLowerCase(), columns });
    const more = afterWord(rest, "OR");
    if (more === null) break;
    rest = more;
  }
  const relation = takePath(afterWord(rest, "ON") ?? "");
  if (relation === null) return null;
  rest = relation.rest;
  const from = takePath(afterWord(rest, "FROM") ?? "");
  if (from !== null) rest = from.rest;
  const [check = "", isDeferrable, isDeferred] =
    /^(?:NOT DEFERRABLE|(DEFERRABLE))?(?: ?INITIALLY (?:IMMEDIATE|(DEFERRED)))? ?/.exec(rest) ?? [];
  rest = rest.slice(check.length);
  const transitions: Record<string, string | null> = { OLD: null, NEW: null };
  let referencing = afterWord(rest, "REFERENCING");
  while (referencing !== null) {
    const [lead = "", side = ""] = /^(OLD|NEW) TABLE AS /.exec(referencing) ?? [];
    const named = takePath(referencing.slice(lead.length));
    if (named === null || lead === "") break;
    transitions[side] = soleName(named.path);
    rest = named.rest;
    referencing = /^(?:OLD|NEW) TABLE AS /.test(rest) ? rest : null;
  }
  const each = /^FOR EACH (ROW|STATEMENT) /.exec(rest);
  if (each === null) return null;
  rest = rest.slice(each[0].length);
  const condition = takeGroup(afterWord(rest, "WHEN") ?? "");
  if (condition !== null) rest = condition.rest;
  const called = takePath(afterWord(rest, "EXECUTE FUNCTION") ?? "");
  const given = called === null ? null : takeGroup(called.rest);
  if (called === null || given === null || given.rest !== "") return null;
  const values = splitOutside(given.inside, ",").map(soleText);
  if (values.includes(null)) return null;
  return {
    timing: TIMINGS[word],
    events,
    from: from?.path ?? null,
    timingOfCheck:
      isDeferrable === undefined ? undefined : isDeferred === undefined ? plain(true) : text("initially deferred"),
    old: transitions.OLD ?? null,
    new: transitions.NEW ?? null,
    isForEachRow: each[1] === "ROW",
    condition: condition === null ? null : withoutParentheses(condition.inside),
    function: functionName({ declares: "sql", parts: [called.path] }, () => called.path),
    arguments: values as readonly string[],
  };
}

/** Where a list of names ends: before the OR or ON that follows the last of them. */
function endOfNames(text: string): number {
  let at = 0;
  for (;;) {
    const name = takePath(text.slice(at));
    if (name === null) return at;
    at = text.length - name.rest.length;
    if (!name.rest.startsWith(",")) return at;
    at += name.rest.length - name.rest.slice(1).trimStart().length;
  }
}
