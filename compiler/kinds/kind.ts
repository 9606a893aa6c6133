import type { Attributes, Fact, FactId, FactIndex, Hint } from "../facts.ts";
import type { Looks, Obstacle } from "./rowsToBe.ts";
import type { Since } from "./since.ts";

/** One SQL statement of a script, without its closing semicolon. */
export interface Statement {
  readonly sql: string;
  /** False for statements that PostgreSQL refuses inside a transaction block; they become steps of their own. */
  readonly transactional?: boolean;
  /**
   * Runs after all else: `last` in the same transaction, because everything around it must be in place; `apart` in a step of
   * its own, because a long scan or build must not hold the locks of other statements; `end` after these, in the same
   * transaction.
   */
  readonly late?: "last" | "apart" | "end";
  /** Runs before all else, even before drops: what cannot share a transaction must not come between the halves of the rest. */
  readonly early?: true;
  /** Set when the statement destroys rows or values: what is lost, in words ("column public.users.age and its values"). */
  readonly destroys?: string;
  /**
   * Set when the alteration cannot be done under objects that read what it alters, so that those are dropped before and
   * created after. `readers` rebuilds the kinds that pin what they depend on (views, policies …); `all` rebuilds every
   * dependent that holds no data.
   */
  readonly rebuilds?: "readers" | "all";
  /** Facts that the statements around this one make anew themselves, so that nothing else drops or creates them. */
  readonly carries?: readonly FactId[];
  /** Facts that cannot stand while it runs, whether they depend on what it alters or not: dropped before, created after. */
  readonly replaces?: readonly FactId[];
  /** Said of one column of a table, as a clause that an ALTER TABLE can hold together with others of its sort. */
  readonly clause?: TableClause;
  /** What a person can do where rows refuse it. */
  readonly ifRefused?: string;
}

export interface TableClause {
  /** Printed. */
  readonly table: string;
  readonly column: string;
  readonly text: string;
  /** Types are altered before what else is said of other columns; what is of no sort stands alone. */
  readonly sort: "type" | "new column" | null;
}

/** What a room may ask while it writes statements. */
export interface Surroundings {
  /** The state in which the statement's object lives: desired for create and alter, current for drop. */
  readonly facts: FactIndex;
  /** The other side: current for create and alter, desired for drop. */
  readonly others: FactIndex;
  /** server_version_num of the database that the statements are for. */
  readonly version: number;
  /** Children whose creation is folded into this fact's own CREATE statement, in order, as clause text. */
  folded(id: FactId): readonly string[];
  /** What creates a fact of the state by itself, without its children. */
  create(id: FactId): readonly Statement[];
  /** How SQL designates a fact after COMMENT ON, ALTER …: `TABLE public.users`. */
  designate(id: FactId): string;
  hint(id: FactId): Hint;
  /** Facts of the state that depend on this one directly. */
  dependents(id: FactId): readonly Fact[];
  /** True when an earlier attempt on the shadow showed that PostgreSQL refuses this fact's plain form; by SQLSTATE if given. */
  refused(id: FactId, sqlstate?: string): boolean;
  /** True when rows of this relation may be in use while the plan runs, and locks on it must be short. */
  inUse(id: FactId): boolean;
  /** True when the fact is created by the same plan, so that nothing it holds can be in the way. */
  isNew(id: FactId): boolean;
}

export interface Change<A> {
  readonly from: Fact<A>;
  readonly to: Fact<A>;
}

export type Alter<A> = (change: Change<A>, around: Surroundings) => readonly Statement[] | "replace";

/**
 * What becomes of an attribute that differs: part of the identity (never differs), seen but no difference, replaced by drop
 * and create, or altered. Functions of several attributes may return the same statement; it is issued once.
 */
export type Fate<A> = "identity" | "no difference" | "replace" | Alter<A>;

export interface Refill {
  readonly statements: readonly Statement[];
  readonly after: readonly FactId[];
}

/** Everything that is particular to one kind of database object. Shape A holds its attributes. */
export interface KindSpec<A extends object> {
  readonly kind: string;
  /** The emitted script that holds its CREATE statements. */
  readonly script: Script;
  /**
   * Catalog query. It runs with an empty search_path, in one snapshot with all others, and returns `classid`, `objid`,
   * `objsubid` (the address as pg_depend has it) and one column for each attribute, named as the attribute, null for none;
   * numbers, booleans, text, text[] and jsonb arrive as JSON. It leaves out system schemas and members of extensions.
   * Optional columns: `aliases`, a jsonb array of further [classid, objid, objsubid] addresses that mean the same fact.
   * For a kind with `attaches` the address is that of the object it is attached to.
   * @param purpose where it is `to tell apart`, an attribute that is slow to print may be anything else that differs wherever
   *   the attribute differs, between objects that live in the same
   */
  readonly query: (version: number, purpose?: "to tell apart") => string;
  /**
   * What stands after FROM in a query that finds a row wherever `query` would: for kinds that most databases have none of.
   * Planning all their queries would cost a small database more than reading it.
   */
  readonly foundIn?: string;
  /** Kinds that are attached to any fact (comment, owner, privilege) get the fact found at the row's address as `target`. */
  readonly attaches?: true;
  /** Printed SQL name within the kind: `public.users.email`, `public.f(integer)`. With the kind it is the identity. */
  readonly path: (a: A) => string;
  /** The fact it lives in and dies with. Schemas count as dependency, not as parent. */
  readonly parent: (a: A) => FactId | null;
  /** Attributes that name roles, one or several or none, which it needs; nobody means `public`. */
  readonly roles?: readonly (keyof A & string)[];
  /** Further facts it needs that pg_depend does not record. */
  readonly needs?: (a: A) => readonly FactId[];
  /** Those of its needs whose changes, and whose loss, are its own: the columns that one is inherited from. */
  readonly goesAlong?: (a: A) => readonly FactId[];
  readonly designate?: (a: A) => string;
  /**
   * Facts that, where the same plan makes or alters them, come before this one although it does not depend on them, and
   * after it where the plan drops them: what moves rows must do so in the one order, and undo it in the other.
   */
  readonly follows?: (fact: Fact<A>, around: Surroundings) => readonly FactId[];
  readonly create: (fact: Fact<A>, around: Surroundings) => readonly Statement[];
  /** Its text as a clause of its parent's CREATE statement, for kinds that can be written there; null when this one cannot. */
  readonly clause?: (fact: Fact<A>, around: Surroundings) => string | null;
  /** The fact whose CREATE makes this one too, without a word about it: the column that is `serial`, for its sequence. */
  readonly comesWith?: (fact: Fact<A>, around: Surroundings) => FactId | null;
  /** What remains to be said once it exists, by CREATE or as a clause: settings that no CREATE clause can hold. */
  readonly complete?: (fact: Fact<A>, around: Surroundings) => readonly Statement[];
  readonly drop: (fact: Fact<A>, around: Surroundings) => readonly Statement[];
  /**
   * For a fact that is dropped and created: puts the rows back that its `drop` kept, once all that holds them is there
   * (`after` names what else must be), and before anything that acts on rows.
   */
  readonly refill?: (fact: Fact<A>, around: Surroundings) => Refill | null;
  readonly alter: { readonly [K in keyof A]-?: Fate<A> };
  /** Attributes that hold SQL which PostgreSQL prints from what it parsed, and may print otherwise when it parses its print. */
  readonly prints?: readonly (keyof A & string)[];
  /** ALTER … RENAME or SET SCHEMA, from one identity to the other. */
  readonly rename?: (from: A, to: A) => readonly Statement[];
  /**
   * Attributes beside the identity that say what other things are called: `rename` changes them as it does a name, before
   * all else, so that what names those things goes along.
   */
  readonly names?: readonly (keyof A & string)[];
  /**
   * Two facts that differ in nothing but their name, or their schema, are the same one renamed or moved: where a wrong guess
   * costs nothing, or only where the name is the same in another schema.
   */
  readonly renamesFreely?: true | "to another schema";
  /**
   * Its columns are what a query gives, so that only PostgreSQL knows their types; where it keeps the rows, what gets them
   * anew, and what does so while readers see the old ones.
   */
  readonly selects?: (a: A) => { readonly refresh?: Readonly<Record<"plain" | "concurrent", string>> };
  /** Rows live in it: it is never dropped and created to get something else out of the way. */
  readonly holdsData?: true;
  /** What PostgreSQL records as its owners take only members of it along. */
  readonly losesMembers?: true;
  /** PostgreSQL refuses to change a column's type under it. */
  readonly pins?: (a: A) => boolean;
  /** What making it, or altering it to be so, asks of rows that are there already; null for nothing. */
  readonly obstacle?: (fact: Fact<A>, looks: Looks) => Obstacle | readonly Obstacle[] | null;
  /** It belongs to the whole server: other databases may use it, so it counts only where a fact of this database needs it. */
  readonly clusterWide?: true;
  /** It acts on what other statements make, named or not, so that it belongs to every part of a state. */
  readonly ambient?: true;
  /** Order among siblings in a CREATE statement, and in scripts where dependencies leave a choice. */
  readonly order?: (a: A) => number;
  /**
   * Says again what CREATE took unread because it may mention what comes later, so that PostgreSQL reads it now that all is
   * there; null for nothing. It is run in a transaction that is rolled back.
   */
  readonly recheck?: (a: A) => string | null;
  /** The first server_version_num that has what this fact uses, and the feature's name; null when every supported one has it. */
  readonly since?: (a: A, facts: FactIndex) => Since | null;
  /**
   * The same as a server of this version records it: without what comes by itself in a later one and means nothing there.
   * What somebody must have asked for stays, and `since` speaks of it.
   */
  readonly asRecordedBy?: (a: A, version: number) => A;
  /** What of it PostgreSQL can make of another that is there; all of it, for most kinds. */
  readonly within?: (wanted: A, start: A) => A;
  /** The same without what servers decide by themselves, so that it is nobody's drift. */
  readonly withoutServers?: (a: A) => A;
  /** The same without what is a secret: what definitions, which are committed, can say of it. */
  readonly withoutSecrets?: (a: A) => A;
  /** What of it could not be read, or is a secret and was not, in words; null where all was. */
  readonly unread?: (a: A) => string | null;
  /** What of the server, or of somebody with more rights, it takes to make it; null where any owner of a database can. */
  readonly permit?: (fact: Fact<A>) => Permit | null;
  /** What shows that it works for who uses the database; null where there is nothing to try. */
  readonly trial?: (fact: Fact<A>, around: Pick<Surroundings, "facts" | "designate" | "version">) => Trial | null;
  /** Where it stands among its siblings for good, since it was made: seen, and no difference unless somebody asks. */
  readonly place?: (a: A) => number;
}

export interface Permit {
  /** A query of one row: `lack`, what is missing, in words, or null; `isCertain`, false where only trying tells. */
  readonly sql: string;
  /** What a superuser can run, in the same database, so that it is there. */
  readonly statement: string;
  /** What must be done before that statement is of use, where the lack is certain. */
  readonly before?: string;
}

/** A look at a live database that changes nothing in it. */
export interface Trial {
  /** The heading under which a report counts it. */
  readonly of: "extensions" | "roles and grants" | "database settings";
  /** What is tried, in words. */
  readonly what: string;
  /**
   * A query of at most one row: `found`, a text, and `works`, a boolean; `isOutOfReach` where it shows nothing that this role may
   * not try it. No row: what it is about is not there.
   */
  readonly sql: string;
}

/** Scripts that `verso compile` writes, in the order in which psql runs them. */
export const SCRIPTS = [
  "roles",
  "schemas",
  "extensions",
  "types",
  "sequences",
  "functions",
  "tables",
  "constraints",
  "indexes",
  "views",
  "triggers",
  "policies",
  "settings",
  "grants",
  "comments",
] as const;
export type Script = (typeof SCRIPTS)[number];

export function factId(kind: string, path: string): FactId {
  return `${kind} ${path}` as FactId;
}

/** Closes a kind over its attribute type, so that the registry can hold kinds of all shapes. */
export function defineKind<A extends object>(spec: KindSpec<A>): KindSpec<Attributes> {
  return spec as unknown as KindSpec<Attributes>;
}

/** Those of one kind, whose attributes are what its room says. */
export const ofKind = <A extends object>(facts: Iterable<Fact>, kind: string): readonly Fact<A>[] =>
  [...facts].filter((fact) => fact.kind === kind) as readonly Fact<object>[] as readonly Fact<A>[];

export const statement = (sql: string, more: Omit<Statement, "sql"> = {}): Statement => ({ sql, ...more });

/** An ALTER TABLE of one clause, which can be said together with others of its sort. */
export const clauseOf = (clause: TableClause, more: Omit<Statement, "sql"> = {}): Statement =>
  statement(`ALTER TABLE ${clause.table} ${clause.text}`, { ...more, clause });

/** Schemas that are PostgreSQL's own or Verso's: never part of a state. */
export const userSchema = (column: string): string =>
  `${column} !~ '^pg_' and ${column} not in ('information_schema', 'verso', 'verso_attic')`;

/** Leaves out what an extension owns. */
export const notOfExtension = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
