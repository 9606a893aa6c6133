import type { Attributes, FactId, Json } from "../facts.ts";
import type { KindSpec } from "./kind.ts";
import { roleId } from "./roles.ts";

/** What a fact of these attributes needs beside what pg_depend records. */
export const needsOf = (kind: KindSpec<Attributes>, attributes: Attributes): readonly FactId[] => [
  ...(kind.needs?.(attributes) ?? []),
  ...rolesNamed(kind.roles?.map((name) => attributes[name] ?? null) ?? []),
];

/** The roles in what attributes that name roles hold: names, lists of names, null. */
export const rolesNamed = (names: Json): readonly FactId[] => {
  if (Array.isArray(names)) return names.flatMap(rolesNamed);
  return typeof names === "string" && names !== "public" ? [roleId(names)] : [];
};
