import { extension, schema, sql } from "verso";
import { fitnessApp, fitnessOwner, fitnessReadonly } from "./roles.ts";

/** Everything of the tracker. */
export const fitness = schema("fitness", {
  owner: fitnessOwner,
  grants: [{ to: [fitnessApp, fitnessReadonly], privileges: ["usage"] }],
});

/** What extensions bring, apart from our own. */
export const extensions = schema("extensions", {
  grants: [{ to: [fitnessOwner, fitnessApp, fitnessReadonly], privileges: ["usage"] }],
});

export const uuidOssp = extension("uuid-ossp", { schema: extensions });
export const pgTrgm = extension("pg_trgm", { schema: extensions });
export const unaccent = extension("unaccent", { schema: extensions });
export const pgcrypto = extension("pgcrypto", { schema: extensions });

/** A function of an extension, for bodies that run with an empty search_path. */
export const fromExtension = (name: string) => sql`${extensions}.${sql.name(name)}`;
