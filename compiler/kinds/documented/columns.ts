import { code, documenter, type Words } from "../../document/account.ts";
import type { Fact } from "../../facts.ts";
import { quoteName, quotePath } from "../../quote.ts";
import type { Column } from "../columns.ts";
import type { Default } from "../defaults.ts";
import { factId } from "../kind.ts";
import { COLUMNS } from "./sections.ts";
import { typeWords } from "./types.ts";

export const columnDocumenter = documenter<Column>({
  tell: ({ id, attributes: a }, reading) => {
    const path = quotePath(a.schema, a.table, a.name);
    const own = reading.facts.get(factId("default", path)) as Fact<Default> | undefined;
    return {
      section: COLUMNS,
      cells: [
        [code(a.name)],
        typeWords(a.type, !a.notNull, reading),
        reading.marks(id),
        valueWords(a, own?.attributes.expression ?? null),
      ],
    };
  },
  draw: ({ attributes: a }) => ({
    draws: "row",
    name: a.name,
    type: shortType(a.type),
    isNullable: !a.notNull,
    position: a.position,
  }),
});

/** What a row gets where nothing is said. */
function valueWords({ identity, generated }: Column, expression: string | null): Words {
  if (identity !== null) return [identity.always ? "always the next number" : "the next number"];
  if (generated !== null) return [generated.isStored ? "always " : "when read ", code(generated.expression)];
  return expression === null ? [] : [code(expression)];
}

export const columnNames = (names: readonly string[]): string => names.map(quoteName).join(", ");

/** In the shorter of its two names, where a type has two. */
const shortType = (type: string): string =>
  type
    .replace(/^(time(?:stamp)?)(\(\d\))? with time zone/, "$1tz$2")
    .replace(/^(time(?:stamp)?)(\(\d\))? without time zone/, "$1$2")
    .replace(/^character varying/, "varchar");
