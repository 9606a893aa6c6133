import type { Attributes, Fact, FactId, FactIndex } from "../facts.ts";
import { dedent } from "../kinds/dedent.ts";
import { byteLength, NAME_BYTES } from "../kinds/naming.ts";
import { PULLERS } from "../kinds/pullers.ts";
import { type Graph, graphOf } from "../plan/graph.ts";
import { planActions } from "../plan/planActions.ts";
import { type Code, type Constant, call, constantsIn, list, object, text, unlessEmpty } from "./code.ts";
import { fileName, identifier, Names } from "./names.ts";
import { laidOut, mention, type Pulled, type Puller, type Pulling, standing } from "./pulling.ts";

/** One exported constant. */
export interface Declaration {
  /** The fact that it declares, or the list that it is. */
  readonly key: string;
  readonly name: string;
  /** Without `.ts`, from the definitions' folder: `users`, `billing/invoices`. */
  readonly file: string;
  /** It has the file for itself, with what belongs to it. */
  readonly hasOwnFile: boolean;
  /** It can do without constants that lead back to it. */
  readonly breaksCircles: boolean;
  readonly value: Code;
  readonly doc?: string | undefined;
  readonly isPlainSql: boolean;
}

/** What a definitions folder says of itself; read from it where there is one. */
export interface DomainShape {
  readonly schema: string;
  readonly owner: string | null;
  readonly searchPath: readonly string[];
}

/** Where a declaration stands that is written already. */
export interface Standing {
  readonly name: string;
  readonly file: string;
}

export interface PulledDomain {
  readonly declarations: readonly Declaration[];
  /** What each constant is called and where it stands. */
  readonly constants: ReadonlyMap<FactId, Standing>;
  /** Facts that only plain SQL says. */
  readonly inPlainSql: readonly FactId[];
}

const NOTHING: Fact = { kind: "", id: "" as FactId, parent: null, attributes: {}, dependsOn: [], ownedBy: [] };

const ROUNDS = 5;
/** File of what has no form of its own. */
const OTHERS = "plain_sql";

/** What leads in a circle is said by name. Found by writing, looking, and writing again. */
interface Circles {
  /** `a → b`: constants that `a` must not mention. */
  readonly cut: ReadonlySet<string>;
  /** Files that a file must not even import for a thunk. */
  readonly byName: ReadonlySet<string>;
  /** Groups of facts that plain SQL declares, by the fact that they are called by. */
  readonly plainSql: ReadonlyMap<FactId, readonly FactId[]>;
  /** Files that declarations must move to. */
  readonly moved: ReadonlyMap<FactId, string>;
}

const edge = (from: string, to: string): string => `${from} → ${to}`;

/**
 * Facts → declarations, sorted by file, and in a file in an order in which constants are there before they are used.
 * @param known names and files of what is written already
 * @param taken further names that definitions use
 */
export function declarationsOf(
  facts: FactIndex,
  shape: DomainShape,
  version: number,
  known: ReadonlyMap<string, Standing> = new Map(),
  taken: readonly string[] = [],
): PulledDomain {
  let circles: Circles = { cut: new Set(), byName: new Set(), plainSql: new Map(), moved: new Map() };
  for (let round = 0; ; round++) {
    const written = write(facts, shape, version, known, taken, circles);
    const next = circlesOf(written, circles);
    if (round === ROUNDS || sameCircles(next, circles)) return written;
    circles = next;
  }
}

interface Written extends PulledDomain {
  readonly plainSql: ReadonlyMap<FactId, readonly FactId[]>;
}

function write(
  facts: FactIndex,
  shape: DomainShape,
  version: number,
  known: ReadonlyMap<string, Standing>,
  taken: readonly string[],
  circles: Circles,
): Written {
  const graph = graphOf(facts);
  const said = new Set<FactId>();
  const almost = new Map<FactId, Attributes>();
  const constants = new Map<FactId, Standing>();
  const names = new Names();
  for (const name of taken) names.take(name);

  const context = contextOf(graph, shape, { said, almost }, constants, circles);
  for (const fact of facts.values()) if (PULLERS[fact.kind]?.isThere?.(fact, context.pulling)) said.add(fact.id);
  const tops = [...facts.values()].filter((fact) => PULLERS[fact.kind] !== undefined && !said.has(fact.id));
  const files = filesOf(tops, shape, circles);
  for (const fact of inOrderOfNaming(tops, shape)) {
    const puller = PULLERS[fact.kind];
    if (puller === undefined || puller.isListed) continue;
    const written = known.get(fact.id);
    const file = written?.file ?? files.get(fact.id) ?? OTHERS;
    constants.set(fact.id, { name: written?.name ?? names.choose(candidates(fact, shape)), file });
  }
  for (const [id] of circles.plainSql) {
    if (constants.has(id)) continue;
    const { name, file } = known.get(id) ?? {
      name: names.choose([plainName(id)]),
      file: circles.moved.get(id) ?? OTHERS,
    };
    constants.set(id, { name, file });
  }
  context.index();

  const declarations: Declaration[] = [];
  const lists = new Map<string, { file: string; items: Code[]; join: NonNullable<Puller["join"]> }>();
  const write = (fact: Fact, pulled: Pulled): void => {
    const constant = constants.get(fact.id);
    const puller = PULLERS[fact.kind];
    if (puller?.isListed === true) {
      const name = puller.identifier(fact.attributes, fact);
      const file = puller.file(fact.attributes);
      const { join = (items) => items } = puller;
      const entry = lists.get(name) ?? { file: typeof file === "string" ? file : OTHERS, items: [], join };
      lists.set(name, entry);
      entry.items.push(pulled.value);
    } else if (constant !== undefined) {
      const hasOwnFile = puller?.hasOwnFile === true && typeof puller.file(fact.attributes) === "string";
      const breaksCircles = hasOwnFile || puller?.breaksCircles === true;
      declarations.push({ key: fact.id, ...constant, hasOwnFile, breaksCircles, ...pulled, isPlainSql: false });
    }
  };
  // What has a place of its own first, then what was not said there.
  for (const isListed of [false, true]) {
    for (const fact of tops) {
      const puller = PULLERS[fact.kind];
      if (puller === undefined || (puller.isListed ?? false) !== isListed || said.has(fact.id)) continue;
      const before = new Set(said);
      said.add(fact.id);
      context.enter(fact.id);
      const pulled = puller.pull(fact, context.pulling);
      if (pulled !== null) write(fact, pulled);
      else for (const id of said) if (!before.has(id)) said.delete(id);
    }
  }
  for (const [name, { file, items, join }] of lists) {
    const key = `list ${name}`;
    const standing = known.get(key) ?? { name: names.choose([name]), file };
    const value = list(join(items));
    declarations.push({ key, ...standing, hasOwnFile: false, breaksCircles: false, value, isPlainSql: false });
  }

  const plainSql = new Map<FactId, readonly FactId[]>();
  const plain = plainGroups(facts, said, almost);
  const groups = [
    ...[...plain].flatMap(([id, group]) => (almost.has(id) ? [] : [{ key: id, id, group, left: undefined }])),
    ...[...almost].map(([id, left]) => ({ key: `rest of ${id}` as FactId, id, group: plain.get(id) ?? [], left })),
  ];
  for (const { key, id, group, left } of groups) {
    const fact = facts.get(id);
    const statements = statementsFor(id, group, left, facts, version);
    // What comes with something else needs no word.
    if (fact === undefined || statements.create === "") continue;
    plainSql.set(key, group);
    const constant = constants.get(key);
    if (constant === undefined) continue;
    const isForm = left === undefined && PULLERS[fact.kind] !== undefined;
    const file = isForm ? OTHERS : constant.file;
    const value = plainSqlCode(fact, key, group, statements, constant.name, context);
    const { name } = constant;
    declarations.push({ key, name, file, hasOwnFile: false, breaksCircles: false, value, isPlainSql: true });
    constants.set(key, { ...constant, file });
  }
  return {
    declarations: inWritingOrder(declarations, facts),
    constants,
    inPlainSql: [...plainSql].flatMap(([key, group]) =>
      group.length === 0 || key.startsWith("rest of ") ? [key, ...group] : group,
    ),
    plainSql,
  };
}

const schemaOf = (fact: Fact): string | null =>
  typeof fact.attributes.schema === "string" ? fact.attributes.schema : null;

/** The domain's own schema takes the plain names, and there what has a file of its own. */
function inOrderOfNaming(facts: readonly Fact[], shape: DomainShape): readonly Fact[] {
  const rank = (fact: Fact): number =>
    (schemaOf(fact) === null || schemaOf(fact) === shape.schema ? 0 : 2) + (PULLERS[fact.kind]?.hasOwnFile ? 0 : 1);
  return facts.toSorted((a, b) => rank(a) - rank(b));
}

function candidates(fact: Fact, shape: DomainShape): readonly string[] {
  const name = identifier(PULLERS[fact.kind]?.identifier(fact.attributes, fact) ?? fact.kind);
  const schema = schemaOf(fact);
  const word = identifier(fact.kind.split(" ").at(-1) ?? "");
  const qualified = schema === null || schema === shape.schema ? [] : [identifier(`${schema}_${name}`)];
  const { input } = fact.attributes;
  const types = Array.isArray(input) && input.length > 0 ? [identifier(`${name}_${input.join("_")}`)] : [];
  return [
    name,
    ...qualified,
    `${name}_${word}`,
    ...types,
    ...(qualified[0] === undefined ? [] : [`${qualified[0]}_${word}`]),
  ];
}

/** Exported lists, whose elements have no names of their own. */
export const LISTS: readonly string[] = [
  ...new Set(Object.values(PULLERS).flatMap((puller) => (puller.isListed ? [puller.identifier({}, NOTHING)] : []))),
];

/** What a declaration in plain SQL that was pulled before stands for. */
export function plainSqlKey(declared: Fact | undefined, facts: FactIndex): FactId | undefined {
  if (declared === undefined || declared.id !== `raw sql ${declared.attributes.name}`) return undefined;
  const name = String(declared.attributes.name);
  const bare = name.replace(/^rest of /, "") as FactId;
  if (facts.has(bare)) return name as FactId;
  const isNamed = ({ kind, attributes, id }: Fact): boolean =>
    PULLERS[kind]?.mention?.(attributes) === name ||
    PULLERS[kind]?.typeName?.(attributes) === name ||
    plainName(id) === name;
  return [...facts.values()].find(isNamed)?.id;
}

const plainName = (id: FactId): string =>
  identifier(id.replaceAll(/["()]/g, "").replaceAll(/\bpublic\./g, ""))
    .replaceAll(/_+/g, "_")
    .replace(/_$/, "")
    .slice(0, 60);

function filesOf(facts: readonly Fact[], shape: DomainShape, circles: Circles): ReadonlyMap<FactId, string> {
  const files = new Map<FactId, string>();
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const taken = new Map<string, FactId | null>(
    facts.flatMap((fact) => {
      const file = PULLERS[fact.kind]?.hasOwnFile ? null : PULLERS[fact.kind]?.file(fact.attributes);
      return typeof file === "string" ? [[file, null]] : [];
    }),
  );
  for (const name of ["domain", "shared", OTHERS]) taken.set(name, null);
  const place = (fact: Fact, seen: readonly FactId[] = []): string => {
    const found = files.get(fact.id);
    if (found !== undefined) return found;
    const puller = PULLERS[fact.kind];
    const wanted = puller?.file(fact.attributes) ?? OTHERS;
    let file: string;
    if (typeof wanted !== "string") {
      const host = byId.get(wanted.with);
      file = host === undefined || seen.includes(host.id) ? `${fact.kind}s` : place(host, [...seen, fact.id]);
    } else if (puller?.hasOwnFile) {
      const schema = schemaOf(fact);
      const own = fileName(wanted);
      const folder = schema === null || schema === shape.schema ? own : `${fileName(schema)}/${own}`;
      file = folder;
      for (let n = 1; taken.get(file.toLowerCase()) !== undefined; n++)
        file = n === 1 ? `${folder}_${fact.kind}` : `${folder}_${fact.kind}_${n}`;
      taken.set(file.toLowerCase(), fact.id);
    } else file = wanted;
    files.set(fact.id, file);
    return file;
  };
  for (const fact of facts) place(fact);
  for (const [id, file] of circles.moved) files.set(id, file);
  return files;
}

interface Context {
  readonly pulling: Pulling;
  /** Says whose declaration is being written. */
  enter(id: FactId): void;
  /** To be called when all constants are known. */
  index(): void;
  /** The declaration that a fact is part of. */
  topOf(id: FactId): FactId | undefined;
  constantFor(id: FactId, within: FactId): Constant | undefined;
}

function contextOf(
  graph: Graph,
  shape: DomainShape,
  { said, almost }: { readonly said: Set<FactId>; readonly almost: Map<FactId, Attributes> },
  constants: ReadonlyMap<FactId, Standing>,
  circles: Circles,
): Context {
  const { facts } = graph;
  const types = new Map<string, FactId>();
  const inPlain = new Map<FactId, FactId>();
  for (const [top, group] of circles.plainSql) for (const id of group) inPlain.set(id, top);
  let current: FactId | undefined;

  const topOf = (id: FactId): FactId | undefined => {
    for (let at: FactId | null | undefined = id; at !== null && at !== undefined; at = facts.get(at)?.parent) {
      const plain = inPlain.get(at);
      if (plain !== undefined) return plain;
      if (constants.has(at)) return at;
    }
    return undefined;
  };
  const constantFor = (id: FactId, within: FactId): Constant | undefined =>
    constants.has(id) && id !== within && !circles.cut.has(edge(within, id)) ? { code: "constant", id } : undefined;
  const within = (): FactId => current ?? ("" as FactId);

  const pulling: Pulling = {
    facts,
    ...shape,
    children: (id) => graph.children(id),
    dependents: (id) => graph.dependents(id),
    say: (id) => said.add(id),
    sayAlmost: (id, left) => {
      said.add(id);
      almost.set(id, left);
    },
    isSaid: (id) => said.has(id),
    constant: (id, column) => {
      const found = inPlain.has(id) ? undefined : constantFor(id, within());
      return found === undefined || column === undefined ? found : { ...found, column };
    },
    typeConstant: (type) => {
      const id = types.get(type);
      return id === undefined || inPlain.has(id) ? undefined : constantFor(id, within());
    },
    isThunk: (from, to) => {
      const top = topOf(from);
      return top !== undefined && constants.has(to) && !circles.byName.has(edge(top, to));
    },
    sql: (given, of) => {
      const top = topOf(of.id) ?? of.id;
      const found = new Map<string, Constant>();
      for (const need of of.dependsOn) {
        const id = topOf(need);
        const fact = id === undefined ? undefined : facts.get(id);
        const path = fact === undefined ? undefined : PULLERS[fact.kind]?.mention?.(fact.attributes);
        const constant = id === undefined ? undefined : constantFor(id, top);
        if (path !== undefined && constant !== undefined) found.set(path, constant);
      }
      const { text: laid, stands } = laidOut(given);
      const code = mention(laid, found);
      return stands && code.code === "sql" ? { ...code, stands } : code;
    },
    unnamed: (of, code) => {
      const top = topOf(of.id) ?? of.id;
      const named = new Set(code.flatMap((one) => constantsIn(one, true)).map(({ id }) => id));
      const needed = new Set(of.dependsOn.flatMap((need) => topOf(need) ?? []));
      return [...needed]
        .filter((id) => circles.plainSql.has(id) && !named.has(id))
        .sort()
        .flatMap((id) => constantFor(id, top) ?? []);
    },
  };
  return {
    pulling,
    enter: (id) => {
      current = id;
    },
    index: () => {
      for (const fact of facts.values()) {
        const name = PULLERS[fact.kind]?.typeName?.(fact.attributes);
        if (name !== undefined) types.set(name, fact.id);
      }
    },
    topOf,
    constantFor,
  };
}

/** What nothing has said, each with those of its parts that nothing has said either. */
function plainGroups(
  facts: FactIndex,
  said: ReadonlySet<FactId>,
  almost: ReadonlyMap<FactId, Attributes>,
): ReadonlyMap<FactId, readonly FactId[]> {
  const groups = new Map<FactId, FactId[]>();
  const headOf = (fact: Fact): FactId => {
    if (fact.parent !== null && almost.has(fact.parent)) return fact.parent;
    const parent = fact.parent === null || said.has(fact.parent) ? undefined : facts.get(fact.parent);
    return parent === undefined ? fact.id : headOf(parent);
  };
  for (const fact of facts.values()) {
    if (said.has(fact.id)) continue;
    const head = headOf(fact);
    const group = groups.get(head);
    if (group === undefined) groups.set(head, [fact.id]);
    else group.push(fact.id);
  }
  return groups;
}

interface Statements {
  readonly create: string;
  readonly drop: string;
}

/** The statements that a migration would use. */
function statementsFor(
  id: FactId,
  group: readonly FactId[],
  left: Attributes | undefined,
  facts: FactIndex,
  version: number,
): Statements {
  const universe = closure([id, ...group], facts);
  const without = new Map([...universe].filter(([one]) => !group.includes(one)));
  const fact = facts.get(id);
  if (left !== undefined && fact !== undefined)
    without.set(id, { ...fact, attributes: { ...fact.attributes, ...left } });
  const options = { hints: new Map(), version, refused: new Map() };
  const statements = (from: FactIndex, to: FactIndex): string =>
    planActions(from, to, options)
      .flatMap((action) => action.statements.map(({ sql }) => sql))
      .join(";\n");
  return { create: statements(without, universe), drop: statements(universe, without) };
}

function plainSqlCode(
  { id, kind, attributes }: Fact,
  key: FactId,
  group: readonly FactId[],
  { create, drop }: Statements,
  name: string,
  { pulling, topOf, constantFor }: Context,
): Code {
  const tops = new Set(
    [id, ...group].flatMap((one) => pulling.facts.get(one)?.dependsOn ?? []).flatMap((one) => topOf(one) ?? []),
  );
  const needs = [...tops].sort().flatMap((one) => constantFor(one, key) ?? []);
  // Where texts can mention the kind, they mention this by its name.
  const written =
    key === id ? (PULLERS[kind]?.mention?.(attributes) ?? PULLERS[kind]?.typeName?.(attributes)) : undefined;
  return call(
    "rawSql",
    object({
      name: text(written ?? (byteLength(key) > NAME_BYTES ? name : key)),
      create: plainText(create),
      drop: plainText(drop),
      dependsOn: unlessEmpty(list(needs)),
    }),
  );
}

const plainText = (statements: string): Code => standing({ code: "sql", parts: [statements] }, (one) => dedent(one));

/** The facts with all that they need. */
function closure(ids: readonly FactId[], facts: FactIndex): FactIndex {
  const found = new Map<FactId, Fact>();
  const add = (id: FactId): void => {
    const fact = facts.get(id);
    if (fact === undefined || found.has(id)) return;
    found.set(id, fact);
    for (const need of fact.dependsOn) add(need);
  };
  for (const id of ids) add(id);
  return found;
}

/** By file; in a file what is used comes before what uses it, and otherwise kinds and names decide. */
function inWritingOrder(declarations: readonly Declaration[], facts: FactIndex): readonly Declaration[] {
  const position = new Map([...facts.keys()].map((id, i) => [id as string, i]));
  const sorted = declarations.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      (position.get(a.key) ?? Number.MAX_SAFE_INTEGER) - (position.get(b.key) ?? Number.MAX_SAFE_INTEGER),
  );
  const byKey = new Map(sorted.map((one) => [one.key, one]));
  const placed = new Set<string>();
  const ordered: Declaration[] = [];
  const place = (one: Declaration, from: readonly string[]): void => {
    if (placed.has(one.key) || from.includes(one.key)) return;
    for (const { id } of constantsIn(one.value, false)) {
      const used = byKey.get(id);
      if (used !== undefined && used.file === one.file) place(used, [...from, one.key]);
    }
    placed.add(one.key);
    ordered.push(one);
  };
  for (const one of sorted) place(one, []);
  return ordered;
}

function sameCircles(a: Circles, b: Circles): boolean {
  const print = ({ cut, byName, plainSql, moved }: Circles) =>
    JSON.stringify([[...cut].sort(), [...byName].sort(), [...plainSql].sort(), [...moved].sort()]);
  return print(a) === print(b);
}

/** Looks at what was written for constants and files that lead in circles, and for what was not said. */
function circlesOf(written: Written, before: Circles): Circles {
  const { declarations, plainSql } = written;
  const cut = new Set(before.cut);
  const byKey = new Map(declarations.map((one) => [one.key, one]));
  const uses = (one: Declaration, withThunks: boolean): readonly Declaration[] =>
    [...new Set(constantsIn(one.value, withThunks).map(({ id }) => id))].flatMap((id) => byKey.get(id) ?? []);

  // Declarations that use one another while they are made: what has a file of its own does without the constant.
  for (const group of circlesIn(declarations, (one) => uses(one, false))) {
    const [breaker] = group.toSorted((a, b) => Number(b.breaksCircles) - Number(a.breaksCircles));
    if (breaker === undefined) continue;
    for (const used of uses(breaker, false)) if (group.includes(used)) cut.add(edge(breaker.key, used.key));
  }

  // Files that do: what a file holds is divided by how deep it stands.
  const moved = new Map(before.moved);
  const fileUses = new Map<string, Set<string>>();
  for (const one of declarations) {
    const set = fileUses.get(one.file) ?? new Set();
    fileUses.set(one.file, set);
    for (const used of uses(one, false)) if (used.file !== one.file) set.add(used.file);
  }
  const files = [...fileUses.keys()];
  for (const group of circlesIn(files, (file) => [...(fileUses.get(file) ?? [])])) {
    const depths = new Map<string, number>();
    const depth = (one: Declaration, from: readonly string[] = []): number => {
      const found = depths.get(one.key);
      if (found !== undefined || from.includes(one.key)) return found ?? 0;
      const below = uses(one, false)
        .filter((used) => group.includes(used.file))
        .map((used) => depth(used, [...from, one.key]) + (used.file === one.file ? 0 : 1));
      const answer = Math.max(0, ...below);
      depths.set(one.key, answer);
      return answer;
    };
    for (const file of group) {
      const inside = declarations.filter((one) => one.file === file);
      if (inside.some(({ hasOwnFile }) => hasOwnFile)) continue;
      const levels = [...new Set(inside.map((one) => depth(one)))].sort((a, b) => a - b);
      for (const one of inside) {
        const level = levels.indexOf(depth(one));
        if (level > 0) moved.set(one.key as FactId, `${file}_${level + 1}`);
      }
    }
  }

  // A thunk that leads back, through other files, to its own: TypeScript and the loader would both run in a circle.
  const byName = new Set(before.byName);
  const reach = new Map([...fileUses].map(([file, used]) => [file, new Set(used)]));
  const leads = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(reach.get(from) ?? [])].some((next) => leads(next, to, seen));
  };
  for (const one of declarations) {
    const eager = new Set(uses(one, false));
    for (const used of uses(one, true)) {
      if (eager.has(used) || used.key === one.key) continue;
      if (used.file !== one.file && !leads(used.file, one.file)) reach.get(one.file)?.add(used.file);
      else byName.add(edge(one.key, used.key));
    }
  }
  return { cut, byName, moved, plainSql };
}

/** Groups of more than one that lead to one another. */
function circlesIn<T>(nodes: readonly T[], next: (node: T) => readonly T[]): readonly (readonly T[])[] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const groups: T[][] = [];
  const visit = (node: T): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const other of next(node)) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(node, Math.min(low.get(node) ?? 0, low.get(other) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) groups.push(group);
  };
  for (const node of nodes) if (!index.has(node)) visit(node);
  return groups;
}
