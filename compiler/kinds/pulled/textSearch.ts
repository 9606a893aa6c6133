import { call, entriesOf, list, object, type Property, plain, text, unlessEmpty } from "../../pull/code.ts";
import { puller } from "../../pull/pulling.ts";
import { quoteName, quotePath, quoteText } from "../../quote.ts";
import type { TextSearchConfiguration } from "../textSearchConfigurations.ts";
import { parseOptions, type TextSearchDictionary } from "../textSearchDictionaries.ts";
import type { TextSearchParser } from "../textSearchParsers.ts";
import type { TextSearchTemplate } from "../textSearchTemplates.ts";
import { attachedTo, schemaEntries } from "./attached.ts";
import { functionCode, nameAsSql, nameCode, options } from "./names.ts";
import { soleName, soleText } from "./scan.ts";

const shared = {
  file: () => "text_search",
  identifier: (a: { readonly name: string }) => a.name,
  mention: (a: { readonly schema: string; readonly name: string }) => quotePath(a.schema, a.name),
} as const;

export const parserPuller = puller<TextSearchParser>({
  ...shared,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      start: nameAsSql(a.start, fact, pulling),
      token: nameAsSql(a.token, fact, pulling),
      end: nameAsSql(a.end, fact, pulling),
      lexTypes: nameAsSql(a.lexTypes, fact, pulling),
      headline: functionCode(a.headline, fact, pulling),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("textSearchParser", text(a.name), ...all), doc };
  },
});

export const templatePuller = puller<TextSearchTemplate>({
  ...shared,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      init: functionCode(a.init, fact, pulling),
      lexize: nameAsSql(a.lexize, fact, pulling),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("textSearchTemplate", text(a.name), ...all), doc };
  },
});

export const dictionaryPuller = puller<TextSearchDictionary>({
  ...shared,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const found = dictionaryOptions(a.options);
    if (found === null) return null;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      template: nameCode(a.template, fact, pulling),
      options: unlessEmpty({ code: "object", entries: found }),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("textSearchDictionary", text(a.name), ...all), doc };
  },
});

/** Options as a record; null where that would not say them again. */
function dictionaryOptions(given: string | null): readonly Property[] | null {
  const entries: Property[] = [];
  const again: string[] = [];
  for (const [name, value] of parseOptions(given)) {
    const key = soleName(name);
    const constant = soleText(value);
    if (key === null || /^\d+$/.test(key) || (constant === null && !/^-?\d+$/.test(value))) return null;
    entries.push({ key, value: constant === null ? plain(value) : text(constant) });
    again.push(`${quoteName(key)} = ${constant === null ? value : quoteText(constant)}`);
  }
  return again.join(", ") === (given ?? "") ? entries : null;
}

export const configurationPuller = puller<TextSearchConfiguration>({
  ...shared,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const mappings = Object.entries(a.mappings).map(
      ([token, dictionaries]) => [token, list(dictionaries.map((one) => nameCode(one, fact, pulling)))] as const,
    );
    const given = entriesOf({
      parser: soleName(a.parser) === "default" ? undefined : nameCode(a.parser, fact, pulling),
      mappings: unlessEmpty(object(Object.fromEntries(mappings))),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("textSearchConfiguration", text(a.name), ...all), doc };
  },
});
