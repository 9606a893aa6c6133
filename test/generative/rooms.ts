import { accessRooms, roles } from "./rooms/access.ts";
import { policies, publications, rules, statistics } from "./rooms/attached.ts";
import { checks, exclusions, foreignKeys, indexes, keys } from "./rooms/constraints.ts";
import {
  casts,
  configurations,
  conversions,
  dictionaries,
  mappings,
  operatorClasses,
  operators,
  servers,
  wrappers,
} from "./rooms/others.ts";
import { aggregates, arithmetics, eventTriggers, routines, triggers } from "./rooms/routines.ts";
import { foreignTables, partitions, tables } from "./rooms/tables.ts";
import { collations, composites, domains, enums, ranges, schemas, sequences } from "./rooms/types.ts";
import { materializedViews, views } from "./rooms/views.ts";
import type { Room, Thing } from "./world.ts";

export function roomOf({ kind }: Thing): Room<object> {
  const found = BY_KIND.get(kind);
  if (found === undefined) throw new Error(`no room for ${kind}`);
  return found;
}

/** Every kind that is generated. */
export const ROOMS: readonly Room<object>[] = [
  schemas,
  roles,
  enums,
  domains,
  composites,
  ranges,
  collations,
  sequences,
  arithmetics,
  tables,
  partitions,
  wrappers,
  servers,
  mappings,
  foreignTables,
  keys,
  checks,
  foreignKeys,
  exclusions,
  indexes,
  views,
  materializedViews,
  routines,
  aggregates,
  triggers,
  eventTriggers,
  policies,
  rules,
  statistics,
  dictionaries,
  configurations,
  operators,
  casts,
  operatorClasses,
  conversions,
  publications,
  ...accessRooms(roomOf),
];

const BY_KIND = new Map(ROOMS.map((one) => [one.kind, one]));
