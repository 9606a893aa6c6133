import type { FactId } from "../facts.ts";
import { rolesNamed } from "../kinds/needs.ts";
import { KINDS, rankOf } from "../kinds/registry.ts";
import { quoteName } from "../quote.ts";
import type { Session } from "../session/session.ts";
import { type Kind, kindsToAsk, type ObjectAddress } from "./readCatalog.ts";

/** What the objects of a database are compared by before anything of them is read. */
export interface Digests {
  /** What an object says by itself, and in which kinds: `34:-5467 36:2713`, ranks of kinds with hashes of their facts. */
  readonly own: ReadonlyMap<ObjectAddress, string>;
  /** The same of what is attached to it: owner, privileges, comments. */
  readonly attached: ReadonlyMap<ObjectAddress, string>;
  /** Further addresses of objects. */
  readonly aliases: ReadonlyMap<ObjectAddress, ObjectAddress>;
  /** Objects that belong to every part of a state, or of which it is told that they could not be read. */
  readonly everywhere: ReadonlySet<ObjectAddress>;
  /** Addresses of all that facts stand for. */
  readonly known: Pick<ReadonlySet<ObjectAddress>, "has">;
  /** Roles that are needed somewhere in the database. */
  readonly roles: ReadonlySet<FactId>;
}

/** What a line says beside address and digest: addresses [classid, objid, objsubid], and roles by name. */
type More = readonly [aliases: readonly (readonly Address[] | null)[] | null, roles: Parameters<typeof rolesNamed>[0]];
type Address = readonly [classid: number, objid: number, objsubid: number];

/**
 * One digest for each object, made by PostgreSQL: two objects have the same one exactly when `diffFacts` finds nothing
 * between them and their parts stand in the same order. It costs a fraction of what reading costs, in time and in memory.
 * Comparable between databases of one major version and one encoding. Runs in the caller's snapshot.
 */
export async function readDigests(session: Session): Promise<Digests> {
  const query = (await kindsToAsk(session)).map((kind) => digestQuery(kind, session.version)).join("\nunion all\n");
  const answers = await session.query<{ kind: string; lines: string | null }>(query);
  const linesOf = new Map(answers.map(({ kind, lines }) => [kind, lines]));
  const own = new Map<ObjectAddress, string>();
  const attached = new Map<ObjectAddress, string>();
  const aliases = new Map<ObjectAddress, ObjectAddress>();
  const everywhere = new Set<ObjectAddress>();
  const roles = new Set<FactId>();
  for (const kind of ATTACHED_LAST) {
    const isEverywhere = kind.ambient === true || kind.clusterWide === true || kind.unread !== undefined;
    for (const [, address = "", hash, more = ""] of linesOf.get(kind.kind)?.matchAll(LINE) ?? []) {
      const object = aliases.get(address) ?? address;
      if (kind.attaches && !own.has(object)) continue;
      const digests = kind.attaches ? attached : own;
      const known = digests.get(object);
      digests.set(object, `${known === undefined ? "" : `${known} `}${rankOf(kind)}:${hash}`);
      if (isEverywhere) everywhere.add(object);
      if (more === "") continue;
      const [others, named] = JSON.parse(more) as More;
      for (const other of others?.flatMap((addresses) => addresses ?? []) ?? []) {
        aliases.set(`${other[0]}.${other[1]}`, object);
      }
      if (!kind.clusterWide) for (const role of rolesNamed(named)) roles.add(role);
    }
  }
  const known = { has: (address: ObjectAddress) => own.has(address) || aliases.has(address) };
  return { own, attached, aliases, everywhere, roles, known };
}

// What is attached waits until all is known that it may be attached to.
const ATTACHED_LAST = [...KINDS.filter(({ attaches }) => !attaches), ...KINDS.filter(({ attaches }) => attaches)];

const LINE = /^(\S+) (\S+) ?(.*)$/gm;

/** The kinds that a digest speaks of. */
export const kindsIn = (digest: string): readonly Kind[] =>
  digest.split(" ").flatMap((part) => KINDS[Number.parseInt(part, 10)] ?? []);

/** For each object that has facts of a kind a line of address, hash and, where there is any, `More`. */
function digestQuery(kind: Kind, version: number): string {
  const query = kind.query(version, "to tell apart");
  const column = (name: string) => `k.${quoteName(name)}`;
  // What is attached to a part says which; that parts stand in the same order is told by hashing them in that order.
  const told = [
    ...(kind.attaches ? ["objsubid"] : []),
    ...Object.keys(kind.alter).filter((name) => isTold(kind, name)),
  ];
  const aliases = /\baliases\b/.test(query) ? "k.aliases" : null;
  const roles = kind.roles ? `jsonb_build_array(${kind.roles.map(column).join(", ")})` : null;
  const more = `nullif(jsonb_build_array(jsonb_agg(k.aliases) filter (where k.aliases is not null), jsonb_agg(distinct k.roles)), '[null, null]')`;
  // The subquery stays one, so that what is costly to print is printed once.
  return `select '${kind.kind}' as kind, (select string_agg(g.line, E'\\n') from (
    select concat(k.classid, '.', k.objid, ' ', hash_array_extended(array_agg(k.hash order by k.objsubid, k.hash), 0)${
      aliases === null && roles === null ? "" : `, ' ', ${more}`
    }) as line
    from (
      select k.classid, k.objid, k.objsubid, hash_record_extended(row(${told.map(column).join(", ")}), 0) as hash,
        ${aliases}::jsonb as aliases, ${roles}::jsonb as roles
      from (${query}) k offset 0) k
    group by k.classid, k.objid) g) as lines`;
}

/** The target of what is attached is where its object stands. */
const isTold = (kind: Kind, name: string): boolean =>
  kind.alter[name] !== "no difference" && !(kind.attaches === true && name === "target");
