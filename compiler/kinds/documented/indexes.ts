import { code, documenter, joined, type Reading, type Words } from "../../document/account.ts";
import type { FactId } from "../../facts.ts";
import { quoteName } from "../../quote.ts";
import type { Index } from "../indexes.ts";
import { type Element, shapeOf } from "../pulled/indexes.ts";
import { columnNames } from "./columns.ts";
import { INDEXES } from "./sections.ts";

export const indexDocumenter = documenter<Index>({
  tell: ({ id, attributes: a }, reading) => {
    const shape = shapeOf(a.on);
    const unique = a.isUnique ? ["unique"] : [];
    const invalid: Words = a.isValid ? [] : ["not valid"];
    const notes: readonly Words[] =
      shape === null
        ? [unique, invalid]
        : [
            unique,
            shape.method === "btree" ? [] : [shape.method],
            shape.nullsNotDistinct ? ["null equals null"] : [],
            shape.include.length > 0 ? ["with ", code(columnNames(shape.include))] : [],
            shape.where === null ? [] : ["where ", code(shape.where)],
            invalid,
          ];
    const said = notes.filter((one) => one.length > 0);
    const on = shape === null ? a.on : shape.elements.map(elementText).join(", ");
    return {
      section: INDEXES,
      cells: [
        [code(a.name)],
        [code(on), ...(said.length === 0 ? [] : [", ", ...joined(said)])],
        servedWords(id, reading),
      ],
    };
  },
});

function elementText({ column, expression, collation, opclass, isDescending, nulls }: Element): string {
  return [
    column === null ? (expression ?? "") : quoteName(column),
    collation === null ? "" : `COLLATE ${collation}`,
    opclass ?? "",
    isDescending ? "DESC" : "",
    nulls === null ? "" : `NULLS ${nulls.toUpperCase()}`,
  ]
    .filter((word) => word !== "")
    .join(" ");
}

/** The functions of the typed client that it serves. */
export const servedWords = (id: FactId, { served }: Reading): Words =>
  joined(served(id).map((name): Words => [code(name)]));
