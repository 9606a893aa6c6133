import type { Fact } from "../../facts.ts";
import { object, type Property, text, texts, when } from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { withoutParentheses } from "../../quote.ts";
import type { Policy } from "../policies.ts";
import { commentEntries } from "./attached.ts";

export function policyProperty(fact: Fact<Policy>, pulling: Pulling): Property {
  const { attributes: a } = fact;
  pulling.say(fact.id);
  const [role = "public", second] = a.roles;
  const value = object({
    as: when(!a.isPermissive, text("restrictive")),
    for: when(a.command !== "ALL", text(a.command.toLowerCase())),
    to: role === "public" && second === undefined ? undefined : second === undefined ? text(role) : texts(a.roles),
    using: a.using === null ? undefined : pulling.sql(withoutParentheses(a.using), fact),
    withCheck: a.check === null ? undefined : pulling.sql(withoutParentheses(a.check), fact),
  });
  return { key: a.name, value: { ...value, entries: [...value.entries, ...commentEntries(fact.id, pulling)] } };
}
