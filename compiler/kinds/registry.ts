import type { Attributes, Fact } from "../facts.ts";
import { accessMethods } from "./accessMethods.ts";
import { aggregates } from "./aggregates.ts";
import { baseTypes } from "./baseTypes.ts";
import { casts } from "./casts.ts";
import { collations } from "./collations.ts";
import { columns } from "./columns.ts";
import { comments } from "./comments.ts";
import { compositeAttributes, composites } from "./composites.ts";
import { constraints } from "./constraints.ts";
import { conversions } from "./conversions.ts";
import { databases } from "./databases.ts";
import { defaultPrivileges } from "./defaultPrivileges.ts";
import { defaults } from "./defaults.ts";
import { domainConstraints, domains } from "./domains.ts";
import { enums } from "./enums.ts";
import { eventTriggers } from "./eventTriggers.ts";
import { extensionDependencies } from "./extensionDependencies.ts";
import { extensions } from "./extensions.ts";
import { foreignDataWrappers } from "./foreignDataWrappers.ts";
import { foreignTables } from "./foreignTables.ts";
import { functions } from "./functions.ts";
import { identitySequences } from "./identitySequences.ts";
import { indexes } from "./indexes.ts";
import type { KindSpec } from "./kind.ts";
import { labels } from "./labels.ts";
import { languages } from "./languages.ts";
import { materializedViews } from "./materializedViews.ts";
import { memberPrivileges } from "./memberPrivileges.ts";
import { memberships } from "./memberships.ts";
import { operatorClasses } from "./operatorClasses.ts";
import { operatorFamilies } from "./operatorFamilies.ts";
import { operators } from "./operators.ts";
import { owners } from "./owners.ts";
import { partitionIndexes } from "./partitionIndexes.ts";
import { policies } from "./policies.ts";
import { privileges } from "./privileges.ts";
import { publicationSchemas, publications, publicationTables } from "./publications.ts";
import { ranges } from "./ranges.ts";
import { rawSql } from "./rawSql.ts";
import { roles } from "./roles.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { servers } from "./servers.ts";
import { databaseSettings, roleSettings } from "./settings.ts";
import { statistics } from "./statistics.ts";
import { subscriptions } from "./subscriptions.ts";
import { tables } from "./tables.ts";
import { textSearchConfigurations } from "./textSearchConfigurations.ts";
import { textSearchDictionaries } from "./textSearchDictionaries.ts";
import { textSearchParsers } from "./textSearchParsers.ts";
import { textSearchTemplates } from "./textSearchTemplates.ts";
import { transforms } from "./transforms.ts";
import { partitionTriggers, triggers } from "./triggers.ts";
import { userMappings } from "./userMappings.ts";
import { views } from "./views.ts";

/** Every kind, in the order in which a script reads best where dependencies leave a choice. */
export const KINDS: readonly KindSpec<Attributes>[] = [
  databases,
  roles,
  memberships,
  roleSettings,
  databaseSettings,
  schemas,
  defaultPrivileges,
  extensions,
  languages,
  accessMethods,
  textSearchParsers,
  textSearchTemplates,
  textSearchDictionaries,
  textSearchConfigurations,
  foreignDataWrappers,
  servers,
  userMappings,
  collations,
  enums,
  baseTypes,
  composites,
  compositeAttributes,
  domains,
  domainConstraints,
  ranges,
  rawSql,
  sequences,
  casts,
  transforms,
  conversions,
  operators,
  operatorFamilies,
  operatorClasses,
  tables,
  foreignTables,
  columns,
  identitySequences,
  defaults,
  constraints,
  indexes,
  partitionIndexes,
  statistics,
  views,
  materializedViews,
  rules,
  functions,
  aggregates,
  triggers,
  partitionTriggers,
  extensionDependencies,
  policies,
  publications,
  publicationTables,
  publicationSchemas,
  subscriptions,
  owners,
  privileges,
  memberPrivileges,
  labels,
  comments,
  eventTriggers,
];

const byName: ReadonlyMap<string, KindSpec<Attributes>> = new Map(KINDS.map((kind) => [kind.kind, kind]));
const rank: ReadonlyMap<string, number> = new Map(KINDS.map((kind, i) => [kind.kind, i]));

export function kindOf(fact: Pick<Fact, "kind">): KindSpec<Attributes> {
  const kind = byName.get(fact.kind);
  if (kind === undefined) throw new Error(`no room for kind ${fact.kind}`);
  return kind;
}

export function rankOf(fact: Pick<Fact, "kind">): number {
  return rank.get(fact.kind) ?? KINDS.length;
}
