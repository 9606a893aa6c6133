import type { Fact } from "../../facts.ts";
import { type Code, call, entriesOf, list, object, plain, text, texts, unlessEmpty, when } from "../../pull/code.ts";
import { type Pulling, puller } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import { factId, ofKind } from "../kind.ts";
import type { Publication, PublicationSchema, PublicationTable } from "../publications.ts";
import { schemaId } from "../schemas.ts";
import { type Subscription, WITH_OPTIONS } from "../subscriptions.ts";
import { attachedTo } from "./attached.ts";
import { flag, options } from "./names.ts";
import { soleText } from "./scan.ts";

export const publicationPuller = puller<Publication>({
  file: () => "publications",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const children = pulling.children(fact.id);
    const tables = ofKind<PublicationTable>(children, "publication table").flatMap(
      (one) => publishedCode(one, pulling) ?? [],
    );
    const schemas = ofKind<PublicationSchema>(children, "publication schema").map(({ id, attributes: { schema } }) => {
      pulling.say(id);
      return pulling.constant(schemaId(schema)) ?? text(schema);
    });
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      tables: unlessEmpty(list(tables)),
      schemas: unlessEmpty(list(schemas)),
      allTables: flag(a.allTables),
      publish: when(a.publish.length < 4, texts(a.publish)),
      viaRoot: flag(a.viaRoot),
      generatedColumns: flag(a.generatedColumns),
    });
    return { value: call("publication", text(a.name), ...options([...given, ...entries])), doc };
  },
});

/** A table of a publication; null for one that no constant declares. */
function publishedCode(fact: Fact<PublicationTable>, pulling: Pulling): Code | null {
  const { attributes: a } = fact;
  const table = pulling.constant(factId("table", quotePath(a.schema, a.table)));
  if (table === undefined) return null;
  pulling.say(fact.id);
  if (a.columns === null && a.where === null) return table;
  return object({
    table,
    columns: a.columns === null ? undefined : texts(a.columns),
    where: a.where === null ? undefined : pulling.sql(withoutParentheses(a.where), fact),
  });
}

const NAMES = new Map<string, string>(Object.entries(WITH_OPTIONS).map(([key, word]) => [word, key]));

export const subscriptionPuller = puller<Subscription>({
  file: () => "publications",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    if (a.connection === null) return null;
    const { doc, entries } = attachedTo(fact, pulling);
    const settings = a.options.map((option) => {
      const [word = "", value = ""] = option.split(" = ");
      return [NAMES.get(word) ?? word, valueCode(value)] as const;
    });
    const given = entriesOf({
      connection: text(a.connection),
      publications: texts(a.publications),
      slot: a.slot === a.name ? undefined : a.slot === null ? plain("null") : text(a.slot),
      ...Object.fromEntries(settings),
    });
    return { value: call("subscription", text(a.name), ...options([...given, ...entries])), doc };
  },
});

const valueCode = (value: string): Code =>
  value === "true" || value === "false" ? plain(value) : text(soleText(value) ?? value);
