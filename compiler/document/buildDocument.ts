import type { Fact, FactId, FactIndex } from "../facts.ts";
import { grouped } from "../grouped.ts";
import { commentOn } from "../kinds/documented/access.ts";
import { COLUMNS, OTHERS, SECTIONS } from "../kinds/documented/sections.ts";
import { DOCUMENTERS } from "../kinds/documenters.ts";
import { kindOf } from "../kinds/registry.ts";
import { quoteName } from "../quote.ts";
import {
  type Account,
  code,
  joined,
  type Reading,
  type RelationColumn,
  type Row,
  type Section,
  type Words,
} from "./account.ts";
import { deletionNotes } from "./deletions.ts";
import { type Diagram, drawDiagram } from "./diagram.ts";

/** Everything that a document says of a state: what markdown and HTML are written from. */
export interface DocumentModel {
  readonly name: string;
  readonly comment: string | null;
  readonly sections: readonly DocumentSection[];
  readonly diagram: Diagram;
  /** Where in the document a fact is told. */
  readonly anchors: ReadonlyMap<FactId, string>;
}

export interface DocumentSection {
  readonly section: Section;
  readonly entries: readonly Entry[];
}

/** A row of a section, with a page where it has one. */
export interface Entry extends Row {
  readonly id: FactId;
  readonly anchor: string;
  readonly page: Page | null;
}

export interface Page {
  readonly title: string;
  /** The definition's file, as seen from the project; the client's, from the document. */
  readonly definition: string | null;
  readonly client: string | null;
  readonly notes: readonly Words[];
  /** What becomes of rows that refer to one that is deleted. */
  readonly deletions: readonly Words[];
  readonly parts: readonly Part[];
}

export interface Part {
  readonly section: Section;
  readonly rows: readonly Row[];
}

/** What is known besides the facts. */
export interface Beside {
  readonly name: string;
  readonly comment: string | null;
  /** The schema that is not said. */
  readonly schema: string;
  /** Functions of the client by the key or index that they go by. */
  readonly served: ReadonlyMap<FactId, readonly string[]>;
  /** Columns of views, by their printed names. */
  readonly answered: ReadonlyMap<string, readonly RelationColumn[]>;
  readonly definitions: ReadonlyMap<FactId, string>;
  readonly clients: ReadonlyMap<FactId, string>;
}

export function buildDocument(given: FactIndex, beside: Beside): DocumentModel {
  const facts: FactIndex = new Map([...given].map(([id, fact]) => [id, withoutSecrets(fact)]));
  const byParent = grouped(facts.values(), ({ parent }) => parent);
  const order = (fact: Fact): number => kindOf(fact).order?.(fact.attributes) ?? 0;
  const children = (id: FactId): readonly Fact[] =>
    (byParent.get(id) ?? []).toSorted((one, other) => order(one) - order(other));
  const prefix = `${quoteName(beside.schema)}.`;
  const short = (printed: string): string =>
    printed.startsWith(prefix) ? printed.slice(prefix.length) : printed.replace(`SETOF ${prefix}`, "SETOF ");
  const diagram = drawDiagram(facts, short);
  const marks = marksOf(diagram);
  const reading: Reading = {
    facts,
    children,
    short,
    comment: (id, part) => commentOn(facts, id, part),
    marks: (id) => marks.get(id) ?? [],
    served: (id) => beside.served.get(id) ?? [],
    answered: (printed) => beside.answered.get(printed) ?? [],
  };
  const told = (byParent.get(null) ?? []).flatMap((fact) => {
    const account = tell(fact, reading);
    if (account === null) return [];
    const further =
      account.page === undefined ? factsBelow(fact.id, reading).filter(({ kind }) => !(kind in DOCUMENTERS)) : [];
    return [{ fact, account }, ...further.map((one) => ({ fact: one, account: listed(one) }))];
  });
  const anchors = anchorsOf(told.map(({ fact }) => fact));
  const entries = told.map(({ fact, account }): Entry => {
    const { id } = fact;
    return {
      id,
      anchor: anchors.get(id) ?? "",
      ...account,
      comment: reading.comment(id),
      page:
        account.page === undefined
          ? null
          : {
              title: wordsText(account.cells[0] ?? []),
              definition: beside.definitions.get(id) ?? null,
              client: beside.clients.get(id) ?? null,
              notes: account.page.notes,
              deletions: deletionNotes(id, diagram),
              parts: partsOf([...(account.page.rows ?? []), ...rowsBelow(id, reading)]),
            },
    };
  });
  const { name, comment } = beside;
  return { name, comment, sections: sectionsOf(entries), diagram, anchors };
}

/** Words as plain text. */
export const wordsText = (words: Words): string =>
  words.map((phrase) => (typeof phrase === "string" ? phrase : phrase.code)).join("");

function withoutSecrets(fact: Fact): Fact {
  const { withoutSecrets: hide } = kindOf(fact);
  return hide === undefined ? fact : { ...fact, attributes: hide(fact.attributes) };
}

/** What no room tells of is listed, so that nothing is left out without a word. */
function tell(fact: Fact, reading: Reading): Account | null {
  const known = DOCUMENTERS[fact.kind];
  if (known !== undefined) return known.tell(fact, reading);
  return listed(fact);
}

function listed(fact: Fact): Account {
  const { designate, path } = kindOf(fact);
  const words = designate?.(fact.attributes) ?? `${fact.kind} ${path(fact.attributes)}`;
  return { section: OTHERS, cells: [[code(words)]] };
}

/** Rows of all that lives in a fact, at whatever depth. */
function rowsBelow(id: FactId, reading: Reading): readonly Row[] {
  return factsBelow(id, reading).flatMap((fact) => {
    const account = tell(fact, reading);
    return account === null ? [] : [{ ...account, comment: reading.comment(fact.id) }];
  });
}

const factsBelow = (id: FactId, reading: Reading): readonly Fact[] =>
  reading.children(id).flatMap((child) => [child, ...factsBelow(child.id, reading)]);

const partsOf = (rows: readonly Row[]): readonly Part[] =>
  [...grouped(rows, ({ section }) => section)]
    .map(([section, found]) => ({ section, rows: section === COLUMNS ? found : found.toSorted(byFirstCell) }))
    .toSorted(bySection);

const sectionsOf = (entries: readonly Entry[]): readonly DocumentSection[] =>
  [...grouped(entries, ({ section }) => section)]
    .map(([section, found]) => ({ section, entries: found.toSorted(byFirstCell) }))
    .toSorted(bySection);

const bySection = (one: { readonly section: Section }, other: { readonly section: Section }): number =>
  SECTIONS.indexOf(one.section) - SECTIONS.indexOf(other.section);

/** So that a definition can move to another file without a change here. */
function byFirstCell(one: Row, other: Row): number {
  const [a, b] = [one, other].map(({ cells }) => JSON.stringify(cells));
  return (a ?? "") < (b ?? "") ? -1 : Number(a !== b);
}

function marksOf({ boxes, lines }: Diagram): ReadonlyMap<FactId, Words> {
  const titles = new Map(boxes.map(({ id, title }) => [id, title]));
  return new Map(
    boxes.flatMap((box) =>
      box.rows.map((row) => {
        const keys: readonly Words[] = [...(row.isPrimary ? [["PK"]] : []), ...(row.isUnique ? [["UK"]] : [])];
        const led = lines.filter(({ from, columns }) => from === box.id && columns.includes(row.name));
        const leads = led.map(({ to }): Words => ["→ ", code(titles.get(to) ?? "", to)]);
        return [row.id, joined([...keys, ...leads])] as const;
      }),
    ),
  );
}

function anchorsOf(facts: readonly Fact[]): ReadonlyMap<FactId, string> {
  const taken = new Set<string>();
  const sorted = facts.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return new Map(
    sorted.map(({ id }) => {
      const slug = id
        .toLowerCase()
        .replaceAll(/[^a-z0-9_]+/g, "-")
        .replace(/-$/, "");
      let anchor = slug;
      for (let n = 2; taken.has(anchor); n++) anchor = `${slug}-${n}`;
      taken.add(anchor);
      return [id, anchor] as const;
    }),
  );
}
