import { code, documenter, joined, type Reading, type Words } from "../../document/account.ts";
import type { Fact } from "../../facts.ts";
import { quoteName, quotePath } from "../../quote.ts";
import type { Composite } from "../composites.ts";
import type { Domain, DomainConstraint } from "../domains.ts";
import type { Enum } from "../enums.ts";
import { factId, ofKind } from "../kind.ts";
import { afterWord, takeGroup } from "../pulled/scan.ts";
import type { Range } from "../ranges.ts";
import type { Sequence } from "../sequences.ts";
import type { Statistics } from "../statistics.ts";
import { SEQUENCES, STATISTICS, TYPES } from "./sections.ts";

const NAMED = ["enum", "domain", "composite type", "range type"];

/** A type as it is printed, which leads to where the document tells of it. */
export function typeWords(type: string, isNullable: boolean, { facts, short }: Reading): Words {
  const path = type.replace(/(?:\[\])+$/, "");
  const found = NAMED.map((kind) => factId(kind, path)).find((id) => facts.has(id));
  return [code(short(type), found), ...(isNullable ? [" or null"] : [])];
}

const nameCell = ({ schema, name }: { readonly schema: string; readonly name: string }, { short }: Reading): Words => [
  code(short(quotePath(schema, name))),
];

export const enumDocumenter = documenter<Enum>({
  tell: ({ attributes: a }, reading) => ({
    section: TYPES,
    cells: [nameCell(a, reading), joined(a.labels.map((label): Words => [code(label)]))],
  }),
});

export const domainDocumenter = documenter<Domain>({
  tell: ({ id, attributes: a }, reading) => {
    const checks = ofKind<DomainConstraint>(reading.children(id), "domain constraint").map(checkWords);
    const value = a.default === null ? [] : [[code(`DEFAULT ${a.default}`)]];
    const type = typeWords(a.type, !a.notNull, reading);
    return { section: TYPES, cells: [nameCell(a, reading), joined([type, ...value, ...checks])] };
  },
});

function checkWords({ attributes: { definition } }: Fact<DomainConstraint>): Words {
  return [code(takeGroup(afterWord(definition, "CHECK") ?? "")?.inside ?? definition)];
}

export const compositeDocumenter = documenter<Composite>({
  tell: ({ attributes: a }, reading) => ({
    section: TYPES,
    cells: [
      nameCell(a, reading),
      joined(
        a.attributes.map(({ name, type }): Words => [code(quoteName(name)), " ", ...typeWords(type, false, reading)]),
      ),
    ],
  }),
});

export const rangeDocumenter = documenter<Range>({
  tell: ({ attributes: a }, reading) => ({
    section: TYPES,
    cells: [nameCell(a, reading), ["ranges of ", ...typeWords(a.subtype, false, reading)]],
  }),
});

/** What belongs to a column is told there. */
export const sequenceDocumenter = documenter<Sequence>({
  tell: ({ attributes: a }, reading) =>
    a.ownedBy === null
      ? {
          section: SEQUENCES,
          cells: [
            nameCell(a, reading),
            [
              `${a.type} from ${a.start} in steps of ${a.increment}, ${a.minimum} to ${a.maximum}${a.cycle ? ", in a circle" : ""}`,
            ],
          ],
        }
      : null,
});

export const statisticsDocumenter = documenter<Statistics>({
  tell: ({ attributes: a }, reading) => ({
    section: STATISTICS,
    cells: [nameCell(a, reading), [code(a.definition)]],
  }),
});
