import { type Code, call, entriesOf, list, text } from "../../pull/code.ts";
import { type Pulling, puller } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import { dedent } from "../dedent.ts";
import { factId } from "../kind.ts";
import type { Rule } from "../rules.ts";
import { commentOf, docOrOption } from "./attached.ts";
import { flag } from "./names.ts";
import { splitOutside, takeGroup, takePath } from "./scan.ts";
import { enabledCode } from "./triggers.ts";

/** A rule by itself, since what it does may name tables that name its own. */
export const rulePuller = puller<Rule>({
  file: () => "rules",
  identifier: (a) => `${a.table}_${a.name}`,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const shape = shapeOf(a.definition);
    const on = relationCode(a, pulling);
    if (shape === null || on === undefined) return null;
    const { doc, entries } = docOrOption(commentOf(fact.id, pulling));
    const sql = (given: string): Code => pulling.sql(dedent(given), fact);
    const [only, second] = shape.commands;
    const given = entriesOf({
      on: text(shape.event),
      where: shape.where === null ? undefined : sql(withoutParentheses(shape.where)),
      instead: flag(shape.isInstead),
      do: only !== undefined && second === undefined ? sql(only) : list(shape.commands.map(sql)),
      enabled: enabledCode(a.fires),
    });
    return { value: call("rule", text(a.name), on, { code: "object", entries: [...given, ...entries] }), doc };
  },
});

const relationCode = ({ schema, table, relation }: Rule, pulling: Pulling): Code | undefined => {
  const path = quotePath(schema, table);
  return [relation, "materialized view"].flatMap((kind) => pulling.constant(factId(kind, path)) ?? [])[0];
};

interface Shape {
  readonly event: string;
  readonly where: string | null;
  readonly isInstead: boolean;
  readonly commands: readonly string[];
}

/** What pg_get_ruledef prints, taken apart; null where that leaves a doubt. */
function shapeOf(definition: string): Shape | null {
  const [lead = "", event = ""] = /^ON (SELECT|INSERT|UPDATE|DELETE) TO\s+/.exec(definition) ?? [];
  const table = takePath(definition.slice(lead.length));
  if (event === "" || table === null) return null;
  let { rest } = table;
  let where: string | null = null;
  if (/^WHERE\s/.test(rest)) {
    const condition = rest.replace(/^WHERE\s+/, "");
    const group = takeGroup(condition);
    if (group === null || !/^DO\b/.test(group.rest)) return null;
    where = group.inside;
    rest = group.rest;
  }
  const [done = "", instead] = /^DO\s+(INSTEAD\s+|ALSO\s+)?/.exec(rest) ?? [];
  if (done === "") return null;
  const action = rest.slice(done.length).trim();
  const group = takeGroup(action);
  const commands =
    action === "NOTHING"
      ? []
      : group !== null && group.rest === ""
        ? splitOutside(group.inside, ";").filter((command) => command !== "")
        : [action];
  return { event: event.toLowerCase(), where, isInstead: instead?.startsWith("INSTEAD") ?? false, commands };
}
