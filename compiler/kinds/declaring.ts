import type { Grants, ItsOwner } from "../declare/access.ts";
import type { RoleName } from "../declare/roles.ts";
import type { Domain, ExtensionName, SchemaName } from "../declare/schemas.ts";
import { isReferable, isSql, REFERENCE, type Reference, type Sql } from "../declare/sql.ts";
import { Diagnostic, formatPosition } from "../diagnostic.ts";
import type { Attributes, Fact, FactId, Hint, Json } from "../facts.ts";
import type { Declaration, Loaded, Place, SourceOf } from "../load/loadDomain.ts";
import { nearest } from "../nearest.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { comments } from "./comments.ts";
import { extensionDependencies } from "./extensionDependencies.ts";
import { factId, type KindSpec } from "./kind.ts";
import { byteLength, freeName, NAME_BYTES } from "./naming.ts";
import { needsOf } from "./needs.ts";
import { followsDomain, owners } from "./owners.ts";
import { type GrantLine, privilegeFacts } from "./privileges.ts";
import { schemaId, schemas } from "./schemas.ts";

/** A declaration that texts can name: its fact, and how SQL writes it. */
export interface Referent {
  readonly id: FactId;
  readonly text: string;
  readonly schema: string | null;
  readonly declaration: Declaration;
  readonly source: SourceOf;
}

/** How one sort of declaration becomes facts. */
export interface Declarer<D extends Declaration = Declaration> {
  /** For what texts can name: its fact and its name in SQL. */
  readonly identify?: (
    declaration: D,
    source: SourceOf,
    declaring: Declaring,
  ) => { readonly id: FactId; readonly text: string };
  readonly declare: (declaration: D, source: SourceOf, declaring: Declaring) => void;
}

/** What a declaration says about what it makes, besides its own attributes. */
export interface Attached {
  readonly droppedWith?: readonly ExtensionName[] | undefined;
  readonly comment?: string | undefined;
  readonly owner?: RoleName | undefined;
  readonly grants?: Grants | undefined;
}

/** Facts are added in turns: names that PostgreSQL would choose must keep clear of those that are given, and so on. */
const TURNS = ["chosen names", "foreign keys", "grants"] as const;
type Turn = (typeof TURNS)[number];

/** Where the declarers' facts come together. */
export interface Declaring {
  readonly domain: Domain;
  readonly loaded: readonly Loaded[];
  /** The schema that a declaration says, or the domain's. */
  schemaName(schema: SchemaName | undefined): string;
  /** A fact to depend on for whatever lives in the schema; the schema is declared by that. */
  schemaFact(name: string): FactId;
  find(reference: Reference): Referent | undefined;
  /** @throws Diagnostic `reference-not-found` */
  get(reference: Reference, place: Place, self?: Reference): Referent;
  /** SQL text; what it names goes into `needs`. @param self what `self` stands for in it */
  text(text: Sql | string, needs: Set<FactId>, place: Place, self?: Reference): string;
  /** Adds a fact. @throws Diagnostic `declared-twice`, `name-too-long` */
  add<A extends object>(kind: KindSpec<Attributes>, attributes: A, more: FactDetails): FactId;
  /** Takes a name in a schema's namespace of relations. @throws Diagnostic `declared-twice` */
  claim(schema: string, name: string, id: FactId, place: Place): void;
  /** Keeps chosen names away from one that is given. */
  reserve(schema: string, name: string): void;
  /** Takes a name in a schema's namespace of types, which relations share. @throws Diagnostic `declared-twice` */
  claimType(schema: string, name: string, id: FactId, place: Place): void;
  /** A comment on a fact, or on a part of it that is no fact of its own. */
  commentOn(id: FactId, part: string | null, text: string | undefined, place: Place): void;
  /** A fact that is there without being declared. */
  present<A extends object>(kind: KindSpec<Attributes>, attributes: A): FactId;
  /** Everything declared that texts can name. */
  referents(): readonly Referent[];
  /** The name PostgreSQL would choose. */
  choose(schema: string, table: string, columns: string, label: string): string;
  attach(id: FactId, attached: Attached, place: Place): void;
  grant(line: GrantLine): void;
  later(turn: Turn, step: () => void): void;
}

export interface FactDetails extends Attached {
  readonly place: Place;
  readonly needs?: Iterable<FactId>;
  readonly hint?: Hint | undefined;
}

/** What all the declarations of a domain come to. */
export interface Declared {
  readonly facts: ReadonlyMap<FactId, Fact>;
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly places: ReadonlyMap<FactId, Place>;
}

/** Turns loaded declarations into facts. @throws Diagnostic at the declaration that is wrong */
export function declareAll(
  domain: Domain,
  loaded: readonly Loaded[],
  declarers: Readonly<Record<string, Declarer<never>>>,
): Declared {
  const facts = new Map<FactId, Fact>();
  const hints = new Map<FactId, Hint>();
  const places = new Map<FactId, Place>();
  const referents = new Map<string, Referent>();
  const named = new Map<string, Referent[]>();
  const relations = new Map<string, FactId>();
  const takenNames = new Set<string>();
  const grants: GrantLine[] = [];
  const steps: Record<Turn, (() => void)[]> = { "chosen names": [], "foreign keys": [], grants: [] };

  const schemaName = (schema: SchemaName | undefined): string =>
    typeof schema === "string" ? schema : (schema?.name ?? schemaName(domain.options.schema ?? "public"));

  const schemaFact = (name: string): FactId => {
    // Every database has these; `public` becomes a fact where a definition says something of it.
    const isBuiltIn = name === "public" || name.startsWith("pg_") || name === "information_schema";
    return isBuiltIn ? schemaId(name) : present(schemas, { name });
  };

  const keyOf = ({ to, schema, name, arguments: types }: Reference): string =>
    JSON.stringify([
      to,
      schema ?? defaultSchema(to),
      name,
      ...(types ?? []).map((type) => text(type, new Set(), NOWHERE)),
    ]);
  const defaultSchema = (to: string): string | null => (SCHEMALESS.has(to) ? null : schemaName(undefined));

  const find = (reference: Reference): Referent | undefined => {
    if (reference.to !== "any") return referents.get(keyOf(reference));
    const candidates = named.get(reference.name) ?? [];
    const schema = reference.schema ?? schemaName(undefined);
    return candidates.find((one) => one.schema === schema) ?? candidates[0];
  };

  const get = (reference: Reference, place: Place, self?: Reference): Referent => {
    if (reference.to === "self") {
      if (self === undefined) {
        throw new Diagnostic({
          code: "self-outside-table",
          what: "`self` is used where there is no table that it could mean",
          at: place.position,
          next: "put the table's own constant in its place",
        });
      }
      return get(self, place);
    }
    const found = find(reference);
    if (found !== undefined) return found;
    const what = reference.to === "any" ? "relation" : reference.to;
    const meant = nearest(reference.name, named.keys());
    throw new Diagnostic({
      code: "reference-not-found",
      what: `the ${what} ${quotePath(...(reference.schema === undefined ? [] : [reference.schema]), reference.name)} is named here, but no file of the domain ${domain.name} exports it`,
      at: place.position,
      next:
        meant !== null && meant !== reference.name
          ? `did you mean ${meant}? Otherwise declare ${reference.name}, or write sql.name("${reference.name}") for what is not Verso's`
          : `export its declaration, or write sql.name("${reference.name}") for what is not Verso's`,
    });
  };

  const text = (given: Sql | string, needs: Set<FactId>, place: Place, self?: Reference): string => {
    if (typeof given === "string") return given;
    if (!isSql(given)) {
      throw new Diagnostic({
        code: "sql-expected",
        what: `SQL is expected here, not ${JSON.stringify(given)}`,
        at: place.position,
        next: "write it as sql`…`",
      });
    }
    return given.parts
      .map((part) => {
        if (typeof part === "string") return part;
        const found = get(part, place, self);
        needs.add(part.column === undefined ? found.id : partOf(found, part.column));
        if (part.column !== undefined) return quoteName(part.column);
        return part.as === "regclass" ? `${quoteText(found.text)}::regclass` : found.text;
      })
      .join("")
      .trim();
  };
  const partOf = ({ id, schema, declaration }: Referent, column: string): FactId =>
    HAVE_COLUMNS.has(declaration.declares) && schema !== null
      ? factId("column", quotePath(schema, (declaration as { name?: string }).name ?? "", column))
      : id;

  const add = <A extends object>(kind: KindSpec<Attributes>, attributes: A, more: FactDetails): FactId => {
    const given = attributes as Attributes;
    const id = factId(kind.kind, kind.path(given));
    const { place, needs = [], hint } = more;
    if ("name" in given) checkName(given.name, id, place);
    const twin = places.get(id);
    if (facts.has(id) && twin !== undefined) throw declaredTwice(id, place, twin);
    const parent = kind.parent(given);
    const dependsOn = new Set<FactId>([...(parent === null ? [] : [parent]), ...needsOf(kind, given), ...needs]);
    if (typeof given.schema === "string" && given.schema !== "" && parent === null)
      dependsOn.add(schemaFact(given.schema));
    dependsOn.delete(id);
    facts.set(id, {
      kind: kind.kind,
      id,
      parent,
      attributes: given,
      dependsOn: [...dependsOn],
      ownedBy: parent === null ? [] : [parent],
    });
    places.set(id, place);
    if (hint !== undefined && Object.values(hint).some((one) => one !== undefined)) hints.set(id, hint);
    const owner = more.owner ?? (followsDomain(kind.kind, given) ? domain.options.owner : undefined);
    attach(id, { ...more, owner, comment: more.comment ?? place.doc }, place);
    return id;
  };

  const checkName = (name: Json | undefined, id: FactId, place: Place): void => {
    if (name === undefined || name === "") {
      throw new Diagnostic({
        code: "name-missing",
        what: `${id} has no name`,
        at: place.position,
        next: "give it one: a text of 1 to 63 bytes",
      });
    }
    if (typeof name !== "string") return;
    if (/\0|\p{Surrogate}/u.test(name)) {
      throw new Diagnostic({
        code: "name-impossible",
        what: `the name of ${JSON.stringify(id)} holds what no text in PostgreSQL can: U+0000, or half of a surrogate pair`,
        at: place.position,
        next: "take that character out",
      });
    }
    if (byteLength(name) <= NAME_BYTES) return;
    throw new Diagnostic({
      code: "name-too-long",
      what: `the name of ${id} has ${byteLength(name)} bytes`,
      at: place.position,
      why: `PostgreSQL keeps ${NAME_BYTES} bytes of a name and cuts the rest off without a word`,
      next: "choose a shorter name",
    });
  };

  const commentOn = (target: FactId, part: string | null, comment: string | undefined, place: Place): void => {
    if (comment === undefined || comment === "") return;
    add(comments, { target, part, text: comment }, { place: { position: place.position } });
  };

  const attach = (target: FactId, attached: Attached, place: Place): void => {
    const { comment, owner, grants: given, droppedWith = [] } = attached;
    commentOn(target, null, comment, place);
    for (const one of droppedWith) {
      const extension = typeof one === "string" ? one : one.name;
      add(extensionDependencies, { target, extension }, { place: { position: place.position } });
    }
    if (owner !== undefined) {
      add(owners, { target, role: nameOfRole(owner) }, { place: { position: place.position } });
    }
    for (const one of given ?? []) {
      const roles = Array.isArray(one.to) ? one.to : [one.to];
      for (const role of roles as readonly (RoleName | ItsOwner)[]) {
        const { privileges, columns, withGrantOption = false, grantedBy } = one;
        grants.push({
          target,
          grantee: granteeOf(role),
          grantor: grantedBy === undefined ? null : nameOfRole(grantedBy),
          privileges,
          columns,
          withGrantOption,
          isRevoked: false,
          place,
        });
      }
    }
  };

  const claimType = (schema: string, name: string, id: FactId, place: Place): void => {
    const key = `type ${quotePath(schema, name)}`;
    const other = relations.get(key) ?? relations.get(quotePath(schema, name));
    if (other !== undefined && other !== id) {
      throw declaredTwice(id, place, places.get(other) ?? place, `${other} has the name already`);
    }
    relations.set(key, id);
  };

  const present = <A extends object>(kind: KindSpec<Attributes>, attributes: A): FactId => {
    const given = attributes as Attributes;
    const id = factId(kind.kind, kind.path(given));
    if (!facts.has(id))
      facts.set(id, { kind: kind.kind, id, parent: null, attributes: given, dependsOn: [], ownedBy: [] });
    return id;
  };

  const claim = (schema: string, name: string, id: FactId, place: Place): void => {
    const key = quotePath(schema, name);
    const other = relations.get(key) ?? relations.get(`type ${key}`);
    if (other !== undefined && other !== id) {
      throw declaredTwice(id, place, places.get(other) ?? place, `${other} has the name already`);
    }
    relations.set(key, id);
    takenNames.add(key);
  };

  const declaring: Declaring = {
    domain,
    loaded,
    schemaName,
    schemaFact,
    find,
    get,
    text,
    add,
    attach,
    claim,
    claimType,
    reserve: (schema, name) => takenNames.add(quotePath(schema, name)),
    commentOn,
    present,
    referents: () => [...referents.values()],
    choose: (schema, table, columns, label) => {
      const name = freeName(table, columns, label, (candidate) => takenNames.has(quotePath(schema, candidate)));
      takenNames.add(quotePath(schema, name));
      return name;
    },
    grant: (line) => grants.push(line),
    later: (turn, step) => steps[turn].push(step),
  };

  const known = loaded.map(({ declaration, source }) => {
    const declarer = declarers[declaration.declares] as Declarer | undefined;
    if (declarer === undefined) throw new Error(`nothing declares ${declaration.declares}`);
    return { declaration, source, declarer };
  });
  // Argument types of functions name other declarations, so those come last.
  const inOrder = known.toSorted((a, b) => Number(hasArguments(a.declaration)) - Number(hasArguments(b.declaration)));
  for (const { declaration, source, declarer } of inOrder) {
    if (declarer.identify === undefined || !isReferable(declaration)) continue;
    const reference = declaration[REFERENCE];
    const identified = declarer.identify(declaration, source, declaring);
    const referent: Referent = {
      ...identified,
      declaration,
      source,
      schema: reference.schema ?? defaultSchema(reference.to),
    };
    const key = keyOf(reference);
    const twin = referents.get(key);
    if (twin !== undefined) throw declaredTwice(referent.id, source, twin.source);
    referents.set(key, referent);
    const others = named.get(reference.name);
    if (others === undefined) named.set(reference.name, [referent]);
    else others.push(referent);
  }
  for (const { declaration, source, declarer } of known) {
    try {
      declarer.declare(declaration, source, declaring);
    } catch (error) {
      if (error instanceof TypeError) throw malformed(error, declaration, source);
      throw error;
    }
  }
  for (const turn of TURNS) for (const step of steps[turn]) step();
  for (const { kind, attributes, place } of privilegeFacts(grants, facts)) add(kind, attributes, { place });
  return { facts, hints, places };
}

/** Kinds of declarations that live in no schema. */
const SCHEMALESS = new Set([
  "schema",
  "extension",
  "role",
  "raw sql",
  "self",
  "cast",
  "language",
  "transform",
  "access method",
  "foreign data wrapper",
  "server",
  "publication",
  "subscription",
]);
/** Kinds of declarations whose columns are facts. */
export const HAVE_COLUMNS = new Set(["table", "foreign table"]);
const NOWHERE: Place = { position: { file: "", line: 0, column: 0 } };

const hasArguments = (declaration: Declaration): boolean =>
  isReferable(declaration) && declaration[REFERENCE].arguments !== undefined;

/** Null for the owner, whoever that is. */
export const granteeOf = (role: RoleName | ItsOwner): string | null =>
  typeof role === "object" && role.declares === "its owner" ? null : nameOfRole(role);

export const nameOfRole = (role: RoleName): string => (typeof role === "string" ? role : role.name);

/** What no type checker has looked at: text where a declaration is wanted, a column without its parentheses … */
function malformed(error: TypeError, { declares }: Declaration, place: Place): Diagnostic {
  return new Diagnostic(
    {
      code: "definition-malformed",
      what: `this ${declares} holds something that is not of the right type: ${error.message}`,
      at: place.position,
      next: "`npx tsc --noEmit` shows which value it is",
    },
    error,
  );
}

function declaredTwice(id: FactId, place: Place, twin: Place, why?: string): Diagnostic {
  const other = `the other one is at ${formatPosition(twin.position)}`;
  return new Diagnostic({
    code: "declared-twice",
    what: `${id} is declared twice`,
    at: place.position,
    why: why === undefined ? other : `${why}; ${other}`,
    next: "give one of them another name, or take it out",
  });
}

const PATH = /^(?:"(?:[^"]|"")+"|[^."]+)(?:\.(?:"(?:[^"]|"")+"|[^."]+))?$/;

/** The fact's old identity, for `renamedFrom`: a name in the same place, or one with its schema in front. */
export function renamedFrom(
  old: string | undefined,
  schema: string,
  id: (schema: string, name: string) => FactId,
): Hint | undefined {
  if (old === undefined) return undefined;
  // What is no path is a name as it stands, with the quotes or dots that are in it.
  const [first = old, second] = PATH.test(old) ? splitPath(old) : [old];
  return { renamedFrom: second === undefined ? id(schema, first) : id(first, second) };
}

/** What `renamedFrom` must say to mean this name in the same place. */
export function renamedFromText(name: string): string {
  const isItself = !PATH.test(name) || splitPath(name).join() === name;
  return `renamedFrom: ${JSON.stringify(isItself ? name : `"${name.replaceAll('"', '""')}"`)}`;
}

/** The parts of a written name: `app."odd.name"` has two. */
export function splitPath(path: string): readonly string[] {
  return [...path.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
}

/** Stops at an option that does not exist. @throws Diagnostic `unknown-option` */
export function checkOptions(given: object, known: Readonly<Record<string, true>>, of: string, place: Place): void {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(known, key)) continue;
    const meant = nearest(key, Object.keys(known));
    throw new Diagnostic({
      code: "unknown-option",
      what: `${of} has an option ${key}, which means nothing`,
      at: place.position,
      next: meant === null ? `known here: ${Object.keys(known).join(", ")}` : `did you mean ${meant}?`,
    });
  }
}

/** Storage parameters as PostgreSQL keeps them: `name=value`, sorted. */
export function storageParameters(
  given: Readonly<Record<string, string | number | boolean>> | undefined,
): readonly string[] {
  return Object.entries(given ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}
