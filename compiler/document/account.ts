import type { Attributes, Fact, FactId, FactIndex } from "../facts.ts";

/** Words, and between them what stands in a type of its own: SQL, a name, perhaps that of another fact. */
export type Phrase = string | { readonly code: string; readonly of?: FactId };
export type Words = readonly Phrase[];

export const code = (text: string, of?: FactId): Phrase => (of === undefined ? { code: text } : { code: text, of });

/** Phrases with something between them. */
export const joined = (parts: readonly Words[], between = ", "): Words =>
  parts.flatMap((part, i) => (i === 0 ? part : [between, ...part]));

/** `a, b and c`. */
export const listed = (parts: readonly Words[]): Words =>
  parts.flatMap((part, i) => (i === 0 ? part : [i === parts.length - 1 ? " and " : ", ", ...part]));

/** A part of the document, or of what one page tells: a table with these columns, and one for comments. */
export interface Section {
  readonly title: string;
  readonly heads: readonly string[];
}

export interface Row {
  readonly section: Section;
  readonly cells: readonly Words[];
  readonly comment: string | null;
  /** SQL that is too long for a cell: the body of a function. */
  readonly sql?: string;
}

/** What a document says of one fact. */
export interface Account extends Omit<Row, "comment"> {
  /** What has a page: below it stands what lives in the fact. */
  readonly page?: {
    /** Sentences about it. */
    readonly notes: readonly Words[];
    /** Rows that it tells of itself, such as a view's columns. */
    readonly rows?: readonly Row[];
  };
}

/** What happens to rows that refer to a row which is deleted. */
export interface Deletion {
  readonly effect: "go along" | "stay" | "refuse";
  /** Of the columns that refer, where the rows stay. */
  readonly says: string;
}

/** What a diagram draws of one fact: tables are boxes, columns their rows, foreign keys lines between them. */
export type Drawn =
  | { readonly draws: "box"; readonly schema: string; readonly name: string }
  | {
      readonly draws: "row";
      readonly name: string;
      readonly type: string;
      readonly isNullable: boolean;
      readonly position: number;
    }
  | { readonly draws: "key"; readonly isPrimary: boolean; readonly columns: readonly string[] }
  | {
      readonly draws: "line";
      readonly columns: readonly string[];
      readonly target: FactId;
      readonly targetColumns: readonly string[];
      readonly deletion: Deletion;
    };

export interface RelationColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

/** What a room may ask while it tells of a fact. */
export interface Reading {
  readonly facts: FactIndex;
  children(id: FactId): readonly Fact[];
  /** A printed name or type without the schema that needs no saying. */
  short(printed: string): string;
  /** The comment on a fact, or on a part of it as SQL designates that. */
  comment(id: FactId, part?: string): string | null;
  /** What keys and references a column is in. */
  marks(id: FactId): Words;
  /** Functions of the typed client that a key or an index serves. */
  served(id: FactId): readonly string[];
  /** Columns of what only PostgreSQL knows the columns of, where it was asked. */
  answered(printed: string): readonly RelationColumn[];
}

/** How one kind's facts are told and drawn; null where something else tells of this one. */
export interface Documenter<A extends object = Attributes> {
  readonly tell: (fact: Fact<A>, reading: Reading) => Account | null;
  readonly draw?: (fact: Fact<A>, facts: FactIndex) => Drawn | null;
}

/** Closes a documenter over its attribute type, so that one record can hold those of all kinds. */
export const documenter = <A extends object>(given: Documenter<A>): Documenter => given as unknown as Documenter;
