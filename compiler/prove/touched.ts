import { isDeepStrictEqual } from "node:util";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import { userSchema } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import { quotePath } from "../quote.ts";
import type { Session } from "../session/session.ts";

/** What may behave otherwise than before, with all that it lives in; all, where it is not known how far it reaches. */
export type Touched = ReadonlySet<FactId> | "all";

/** By the name of each relation, function and type as SQL, what tells its rows of the catalog from those of another moment. */
type Marks = ReadonlyMap<string, string>;

// Where in pg_catalog a row lies, and who wrote it, changes with every change to it, also inside one transaction.
const MARKS = `
  with parts as (
    select oid as of, ctid, xmin from pg_catalog.pg_class
    union all select attrelid, ctid, xmin from pg_catalog.pg_attribute
    union all select adrelid, ctid, xmin from pg_catalog.pg_attrdef
    union all select conrelid, ctid, xmin from pg_catalog.pg_constraint
    union all select indrelid, ctid, xmin from pg_catalog.pg_index
    union all select tgrelid, ctid, xmin from pg_catalog.pg_trigger
    union all select polrelid, ctid, xmin from pg_catalog.pg_policy
    union all select ev_class, ctid, xmin from pg_catalog.pg_rewrite
    union all select inhparent, ctid, xmin from pg_catalog.pg_inherits
  ), types as (
    select oid, ctid, xmin from pg_catalog.pg_type where typrelid = 0 and typelem = 0
    union all select enumtypid, ctid, xmin from pg_catalog.pg_enum
    union all select contypid, ctid, xmin from pg_catalog.pg_constraint
  ), others as (
    select oid, ctid, xmin from pg_catalog.pg_operator
    union all select oid, ctid, xmin from pg_catalog.pg_cast
    union all select oid, ctid, xmin from pg_catalog.pg_extension
  )
  select format('%I.%I', n.nspname, c.relname) as name,
    md5(string_agg(p.ctid::text || p.xmin::text, ',' order by p.ctid::text, p.xmin::text)) as mark
  from parts p join pg_catalog.pg_class c on c.oid = p.of join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${userSchema("n.nspname")} group by c.oid, 1
  union all
  select format('%I.%I', n.nspname, t.typname), md5(string_agg(p.ctid::text || p.xmin::text, ',' order by p.ctid::text))
  from types p join pg_catalog.pg_type t on t.oid = p.oid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where ${userSchema("n.nspname")} group by 1
  union all
  select format('%I.%I', n.nspname, p.proname), md5(string_agg(p.ctid::text || p.xmin::text, ',' order by p.ctid::text))
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where ${userSchema("n.nspname")} group by 1
  union all
  select '', md5(string_agg(ctid::text || xmin::text, ',' order by ctid::text, xmin::text)) from others
  where oid >= 16384`;

export async function readMarks(session: Session): Promise<Marks> {
  const rows = await session.query<{ name: string; mark: string | null }>(MARKS);
  const marks = new Map<string, string>();
  // A function may be called as a table is.
  for (const { name, mark } of rows) marks.set(name, `${marks.get(name) ?? ""} ${mark}`);
  return marks;
}

/** How far changes reach between two states. */
interface Reach {
  /** Of all that differs between them. */
  readonly ofAll: ReadonlySet<FactId>;
  /** Of what changed from one moment on the way to another. */
  readonly between: (before: Marks, after: Marks) => Touched;
}

/**
 * A change reaches what depends on it, as PostgreSQL records that, what mentions it in a text that PostgreSQL reads only when
 * it runs, such as a function's body, and all that these live in. Not a table of which a part depends on another table, as a
 * foreign key does: were it touched, it would differ itself.
 */
export function reachIn(current: FactIndex, desired: FactIndex): Reach {
  const states = [current, desired];
  const dependents = new Map<FactId, FactId[]>();
  const inside = new Map<FactId, FactId[]>();
  const words = new Map<FactId, ReadonlySet<string>>();
  const names = new Map<FactId, string>();
  for (const facts of states) {
    for (const fact of facts.values()) {
      const outer = outermost(fact, facts);
      for (const id of fact.dependsOn) {
        const needed = facts.get(id);
        const isOfTable = needed !== undefined && kindOf(outermost(needed, facts)).holdsData === true;
        if (fact.parent === null || !isOfTable) push(dependents, id, fact.id);
      }
      push(inside, outer.id, fact.id);
      names.set(fact.id, String(outer.attributes.name ?? ""));
      if (fact.parent === null) words.set(fact.id, new Set([...(words.get(fact.id) ?? []), ...wordsIn(fact)]));
    }
  }
  const reachOf = (changed: readonly FactId[]): ReadonlySet<FactId> => {
    const reached = new Set(changed);
    for (let spoken = new Set(changed.map((id) => names.get(id) ?? "")); spoken.size > 0; ) {
      const found = [...words].filter(([id, own]) => !reached.has(id) && [...spoken].some((name) => own.has(name)));
      for (const [id] of found) reached.add(id);
      spoken = new Set(found.map(([id]) => names.get(id) ?? ""));
    }
    const queue = [...reached];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const dependent of dependents.get(id) ?? []) {
        if (reached.has(dependent)) continue;
        reached.add(dependent);
        queue.push(dependent);
      }
    }
    const around = states.flatMap((facts) =>
      [...reached].flatMap((id) => {
        const fact = facts.get(id);
        return fact === undefined ? [] : [outermost(fact, facts).id];
      }),
    );
    return new Set([...reached, ...around]);
  };
  const byPath = new Map<string, FactId[]>();
  for (const outer of inside.keys()) push(byPath, pathOf(outer, states), outer);
  return {
    ofAll: reachOf(differing(current, desired)),
    between: (before, after) => {
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (name) => before.get(name) !== after.get(name),
      );
      // Operators and casts have no such names.
      if (changed.includes("")) return "all";
      return reachOf(changed.flatMap((name) => byPath.get(name) ?? []).flatMap((id) => inside.get(id) ?? []));
    },
  };
}

function differing(current: FactIndex, desired: FactIndex): readonly FactId[] {
  const all = [...new Set([...current.keys(), ...desired.keys()])];
  return all.filter((id) => !isDeepStrictEqual(current.get(id)?.attributes, desired.get(id)?.attributes));
}

function push<K>(lists: Map<K, FactId[]>, key: K, id: FactId): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [id]);
  else list.push(id);
}

const outermost = (fact: Fact, facts: FactIndex): Fact => {
  const parent = fact.parent === null ? undefined : facts.get(fact.parent);
  return parent === undefined ? fact : outermost(parent, facts);
};

/** As it is marked: a function without its arguments. */
function pathOf(id: FactId, states: readonly FactIndex[]): string {
  const { schema, name } = states.map((facts) => facts.get(id)).find((fact) => fact !== undefined)?.attributes ?? {};
  return typeof schema === "string" && typeof name === "string" ? quotePath(schema, name) : id;
}

const wordsIn = ({ attributes }: Fact): readonly string[] =>
  Object.values(attributes).flatMap((value) =>
    typeof value === "string" ? (value.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []) : [],
  );
