import type { FactIndex } from "../facts.ts";
import type { Session } from "../session/session.ts";
import {
  addressParameters,
  DEPENDENCY,
  type DependencyRow,
  dependenciesIn,
  inSnapshot,
  type ObjectAddress,
  OF_USERS,
  objectOf,
  readObjects,
} from "./readCatalog.ts";
import { type Digests, kindsIn, readDigests } from "./readDigests.ts";

type Pair<T> = readonly [from: T, to: T];

/** What was read of a database, and the digests of all of it. */
export interface Part {
  readonly facts: FactIndex;
  readonly digests: Digests;
}

/**
 * Of two databases what they differ in and all that the difference can concern: no less than `sliceSources` takes of the
 * whole. They are compared by digests, and PostgreSQL says what depends on what; nothing else is read.
 * @returns null where digests cannot tell, or tell that most is different
 * @see PostgreSQL manual, "System Catalogs", "pg_depend"
 */
export async function readDifference(from: Session, to: Session): Promise<Pair<Part> | null> {
  const compare = async (): Promise<Pair<Part> | null> => {
    if ((await printingOf(from)) !== (await printingOf(to))) return null;
    const [a, b] = await Promise.all([readDigests(from), readDigests(to)]);
    const sides = [sideOf("from", from, a), sideOf("to", to, b)] as const;
    const [there, here] = [differences(sides[0], sides[1]), differences(sides[1], sides[0])];
    const changed = [...there.changed, ...here.changed];
    // To look for what is concerned would cost more than it saves.
    if (changed.length > Math.min(a.own.size, b.own.size)) return null;
    const concerned = await concernedBy(sides, changed, [...there.marked, ...here.marked]);
    return Promise.all([readPart(sides[0], concerned), readPart(sides[1], concerned)]);
  };
  return inSnapshot(from, "own transaction", () => inSnapshot(to, "own transaction", compare));
}

/** What must be the same for the same to have the same digest. */
async function printingOf(session: Session): Promise<string> {
  const [row] = await session.query<{ encoding: string }>("select getdatabaseencoding() as encoding");
  return `${Math.floor(session.version / 10_000)} ${row?.encoding}`;
}

/** What an object is called on both sides: by its own digest, or by side and address where it has none. */
type Name = string;

/** One of the two databases. */
interface Side {
  readonly session: Session;
  readonly digests: Digests;
  readonly objects: ReadonlyMap<Name, ObjectAddress>;
  nameOf(address: ObjectAddress): Name;
  /** All addresses of the objects that are on this side. */
  addressesOf(names: Iterable<Name>): readonly ObjectAddress[];
  /** Filled by the walk: what the objects depend on that are to be read. */
  readonly dependencies: DependencyRow[];
}

function sideOf(label: string, session: Session, digests: Digests): Side {
  const { own, aliases } = digests;
  const objects = new Map([...own].map(([object, name]) => [name, object]));
  const further = new Map<ObjectAddress, ObjectAddress[]>();
  for (const [alias, object] of aliases) further.set(object, [...(further.get(object) ?? []), alias]);
  const prefix = `${label} `;
  return {
    session,
    digests,
    objects,
    dependencies: [],
    nameOf: (address) => own.get(aliases.get(address) ?? address) ?? `${prefix}${address}`,
    addressesOf: (names) =>
      [...names].flatMap((name) => {
        const object = objects.get(name);
        if (object !== undefined) return [object, ...(further.get(object) ?? [])];
        return name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
      }),
  };
}

/** Objects that the other side has not, or has otherwise; and such as only differ in what is attached to them. */
function differences(side: Side, other: Side): { readonly changed: readonly Name[]; readonly marked: readonly Name[] } {
  const changed: Name[] = [];
  const marked: Name[] = [];
  for (const [name, object] of side.objects) {
    const twin = other.objects.get(name);
    if (twin === undefined) changed.push(name);
    else if (side.digests.attached.get(object) !== other.digests.attached.get(twin)) marked.push(name);
  }
  return { changed, marked };
}

/** The steps of `sliceSources`, over objects and what pg_depend says of them. */
async function concernedBy(sides: Pair<Side>, changed: readonly Name[], marked: readonly Name[]): Promise<Set<Name>> {
  const touched = await reach(sides, changed, dependents);
  const roots = await reach(sides, [...touched, ...marked], owners);
  const wholes = await reach(sides, roots, parts);
  const everywhere = sides.flatMap(({ digests, nameOf }) => [...digests.everywhere].map(nameOf));
  return reach(sides, [...wholes, ...everywhere], needs);
}

type Step = (side: Side, objects: readonly ObjectAddress[]) => Promise<readonly ObjectAddress[]>;

/** The objects themselves and all that leads on from them, on either side. */
async function reach(sides: Pair<Side>, names: Iterable<Name>, next: Step): Promise<Set<Name>> {
  const found = new Set(names);
  for (let fresh = [...found]; fresh.length > 0; ) {
    const stepped = await Promise.all(
      sides.map(async (side) => (await next(side, side.addressesOf(fresh))).map(side.nameOf)),
    );
    fresh = [...new Set(stepped.flat())].filter((name) => !found.has(name));
    for (const name of fresh) found.add(name);
  }
  return found;
}

const dependents: Step = async (side, objects) => {
  const on = await askDependencies(side, objects, "ref");
  // What no fact stands for, the rule of a view for one, is part of something else.
  const inner = objects.filter((object) => !side.digests.own.has(object));
  const of = await askDependencies(side, inner, "");
  const wholes = of.filter(([, , type]) => type === "i" || type === "e").map(([, to]) => to);
  return [...on.map(([from]) => from), ...wholes].map(objectOf);
};

// Types of dependency by which one thing goes with another, without a word.
const OWNING = new Set(["a", "i", "P", "S"]);

const owners: Step = async (side, objects) => {
  const of = await askDependencies(side, objects, "");
  return of.filter(([, , type]) => OWNING.has(type)).map(([, to]) => objectOf(to));
};

const parts: Step = async (side, objects) => {
  const on = await askDependencies(side, objects, "ref");
  return on.filter(([, , type]) => OWNING.has(type)).map(([from]) => objectOf(from));
};

const needs: Step = async (side, objects) => {
  const of = await askDependencies(side, objects, "");
  side.dependencies.push(...of);
  return of.map(([, to]) => objectOf(to));
};

/** @param end "" for what the objects depend on, "ref" for what depends on them */
async function askDependencies(
  { session }: Side,
  objects: readonly ObjectAddress[],
  end: "" | "ref",
): Promise<readonly DependencyRow[]> {
  if (objects.length === 0) return [];
  const [answer] = await session.query<{ lines: string | null }>(
    `select string_agg(${DEPENDENCY}, E'\n') as lines
    from unnest($1::oid[], $2::oid[]) o(classid, objid)
    join pg_depend d on d.${end}classid = o.classid and d.${end}objid = o.objid
    where ${OF_USERS}`,
    addressParameters(objects),
  );
  return dependenciesIn(answer?.lines);
}

async function readPart({ session, digests, dependencies, objects, ...side }: Side, names: Set<Name>): Promise<Part> {
  const read = [...names].filter((name) => objects.has(name));
  const spoken = read.flatMap((name) => [name, digests.attached.get(objects.get(name) ?? "") ?? ""]);
  const kinds = [...new Set(spoken.flatMap(kindsIn))];
  const facts = await readObjects(session, { objects: side.addressesOf(read), kinds, dependencies });
  return { facts, digests };
}
