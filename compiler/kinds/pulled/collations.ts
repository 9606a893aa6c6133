import { call, entriesOf, plain, text, when } from "../../pull/code.ts";
import { puller } from "../../pull/pulling.ts";
import { quotePath } from "../../quote.ts";
import type { Collation } from "../collations.ts";
import { attachedTo, schemaEntries } from "./attached.ts";
import { options } from "./names.ts";

export const collationPuller = puller<Collation>({
  file: () => "collations",
  identifier: (a) => a.name,
  mention: (a) => quotePath(a.schema, a.name),
  pull: (fact, pulling) => {
    const { attributes: a } = fact;
    const { doc, entries } = attachedTo(fact, pulling);
    const isSame = a.lcCollate === a.lcCtype;
    const given = entriesOf({
      provider: when(a.provider !== "libc", text(a.provider)),
      locale: textOf(a.locale ?? (isSame ? a.lcCollate : null)),
      lcCollate: isSame ? undefined : textOf(a.lcCollate),
      lcCtype: isSame ? undefined : textOf(a.lcCtype),
      deterministic: when(!a.isDeterministic, plain(false)),
      rules: textOf(a.rules),
    });
    const all = options([...schemaEntries(a.schema, pulling), ...given, ...entries]);
    return { value: call("collation", text(a.name), ...all), doc };
  },
});

const textOf = (value: string | null) => (value === null ? undefined : text(value));
