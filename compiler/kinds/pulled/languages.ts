import { call, entriesOf, object, text } from "../../pull/code.ts";
import { puller } from "../../pull/pulling.ts";
import { quotePath } from "../../quote.ts";
import type { AccessMethod } from "../accessMethods.ts";
import type { Conversion } from "../conversions.ts";
import { type Language, languageId } from "../languages.ts";
import type { Transform } from "../transforms.ts";
import { attachedTo, commentOf, docOrOption, schemaEntries } from "./attached.ts";
import {
  constantOrName,
  flag,
  functionCode,
  nameAsSql,
  options,
  signatureCode,
  typeNameCode,
  withoutSchema,
} from "./names.ts";

export const languagePuller = puller<Language>({
  file: () => "languages",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      handler: nameAsSql(a.handler, fact, pulling),
      inline: functionCode(a.inline, fact, pulling),
      validator: functionCode(a.validator, fact, pulling),
      trusted: flag(a.isTrusted),
    });
    return { value: call("language", text(a.name), ...options([...given, ...entries])), doc };
  },
});

export const transformPuller = puller<Transform>({
  file: () => "languages",
  identifier: (a) => `${withoutSchema(a.type)}_in_${a.language}`,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = docOrOption(commentOf(fact.id, pulling));
    const given = object({
      for: typeNameCode(a.type, fact, pulling),
      language: constantOrName(languageId(a.language), a.language, pulling),
      fromSql: a.fromSql === null ? undefined : signatureCode("function", a.fromSql, fact, pulling),
      toSql: a.toSql === null ? undefined : signatureCode("function", a.toSql, fact, pulling),
    });
    return { value: call("transform", { ...given, entries: [...given.entries, ...entries] }), doc };
  },
});

export const conversionPuller = puller<Conversion>({
  file: () => "conversions",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const given = entriesOf({
      from: text(a.from),
      to: text(a.to),
      function: nameAsSql(a.function, fact, pulling),
      default: flag(a.isDefault),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("conversion", text(a.name), ...all), doc };
  },
});

export const accessMethodPuller = puller<AccessMethod>({
  file: () => "access_methods",
  identifier: (a) => a.name,
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = docOrOption(commentOf(fact.id, pulling));
    const given = entriesOf({ type: text(a.type.toLowerCase()), handler: nameAsSql(a.handler, fact, pulling) });
    return { value: call("accessMethod", text(a.name), ...options([...given, ...entries])), doc };
  },
});
