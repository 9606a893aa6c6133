import { declaredAccessMethod } from "./accessMethods.ts";
import { declaredAggregate } from "./aggregates.ts";
import { declaredCast } from "./casts.ts";
import { declaredCollation } from "./collations.ts";
import { declaredComment } from "./comments.ts";
import { declaredComposite } from "./composites.ts";
import { declaredForeignKey } from "./constraints.ts";
import { declaredConversion } from "./conversions.ts";
import type { Declarer } from "./declaring.ts";
import { declaredDefaultPrivileges } from "./defaultPrivileges.ts";
import { declaredDomain } from "./domains.ts";
import { declaredEnum } from "./enums.ts";
import { declaredEventTrigger } from "./eventTriggers.ts";
import { declaredExtension } from "./extensions.ts";
import { declaredForeignDataWrapper } from "./foreignDataWrappers.ts";
import { declaredForeignTable } from "./foreignTables.ts";
import { declaredRoutine } from "./functions.ts";
import { declaredLabel } from "./labels.ts";
import { declaredLanguage } from "./languages.ts";
import { declaredMaterializedView } from "./materializedViews.ts";
import { declaredOperatorClass } from "./operatorClasses.ts";
import { declaredOperatorFamily } from "./operatorFamilies.ts";
import { declaredOperator } from "./operators.ts";
import { declaredPolicy } from "./policies.ts";
import { declaredGrant } from "./privileges.ts";
import { declaredPublication } from "./publications.ts";
import { declaredRange } from "./ranges.ts";
import { declaredRawSql } from "./rawSql.ts";
import { declaredRole } from "./roles.ts";
import { declaredRule } from "./rules.ts";
import { declaredSchema } from "./schemas.ts";
import { declaredSequence } from "./sequences.ts";
import { declaredServer } from "./servers.ts";
import { declaredDatabaseSetting, declaredRoleSetting } from "./settings.ts";
import { declaredStatistics } from "./statistics.ts";
import { declaredSubscription } from "./subscriptions.ts";
import { declaredTable } from "./tables.ts";
import { declaredTextSearchConfiguration } from "./textSearchConfigurations.ts";
import { declaredTextSearchDictionary } from "./textSearchDictionaries.ts";
import { declaredTextSearchParser } from "./textSearchParsers.ts";
import { declaredTextSearchTemplate } from "./textSearchTemplates.ts";
import { declaredTransform } from "./transforms.ts";
import { declaredTrigger } from "./triggers.ts";
import { declaredUserMapping } from "./userMappings.ts";
import { declaredView } from "./views.ts";

/** How each sort of declaration becomes facts, by its `declares`. */
export const DECLARERS: Readonly<Record<string, Declarer<never>>> = {
  schema: declaredSchema,
  extension: declaredExtension,
  enum: declaredEnum,
  "domain type": declaredDomain,
  "composite type": declaredComposite,
  "range type": declaredRange,
  sequence: declaredSequence,
  table: declaredTable,
  "foreign key": declaredForeignKey,
  policy: declaredPolicy,
  function: declaredRoutine,
  procedure: declaredRoutine,
  view: declaredView,
  "materialized view": declaredMaterializedView,
  trigger: declaredTrigger,
  "event trigger": declaredEventTrigger,
  statistics: declaredStatistics,
  role: declaredRole,
  grant: declaredGrant,
  revoke: declaredGrant,
  "default privileges": declaredDefaultPrivileges,
  "database setting": declaredDatabaseSetting,
  "role setting": declaredRoleSetting,
  collation: declaredCollation,
  "text search parser": declaredTextSearchParser,
  "text search template": declaredTextSearchTemplate,
  "text search dictionary": declaredTextSearchDictionary,
  "text search configuration": declaredTextSearchConfiguration,
  language: declaredLanguage,
  "access method": declaredAccessMethod,
  "foreign data wrapper": declaredForeignDataWrapper,
  server: declaredServer,
  "user mapping": declaredUserMapping,
  "foreign table": declaredForeignTable,
  cast: declaredCast,
  transform: declaredTransform,
  conversion: declaredConversion,
  operator: declaredOperator,
  "operator family": declaredOperatorFamily,
  "operator class": declaredOperatorClass,
  aggregate: declaredAggregate,
  rule: declaredRule,
  publication: declaredPublication,
  subscription: declaredSubscription,
  "security label": declaredLabel,
  comment: declaredComment,
  "raw sql": declaredRawSql,
};
