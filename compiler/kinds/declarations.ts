import { declaredComment } from "./comments.ts";
import { declaredComposite } from "./composites.ts";
import { declaredForeignKey } from "./constraints.ts";
import type { Declarer } from "./declaring.ts";
import { declaredDefaultPrivileges } from "./defaultPrivileges.ts";
import { declaredDomain } from "./domains.ts";
import { declaredEnum } from "./enums.ts";
import { declaredEventTrigger } from "./eventTriggers.ts";
import { declaredExtension } from "./extensions.ts";
import { declaredRoutine } from "./functions.ts";
import { declaredMaterializedView } from "./materializedViews.ts";
import { declaredPolicy } from "./policies.ts";
import { declaredGrant } from "./privileges.ts";
import { declaredRange } from "./ranges.ts";
import { declaredRawSql } from "./rawSql.ts";
import { declaredRole } from "./roles.ts";
import { declaredSchema } from "./schemas.ts";
import { declaredSequence } from "./sequences.ts";
import { declaredDatabaseSetting, declaredRoleSetting } from "./settings.ts";
import { declaredStatistics } from "./statistics.ts";
import { declaredTable } from "./tables.ts";
import { declaredTrigger } from "./triggers.ts";
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
  comment: declaredComment,
  "raw sql": declaredRawSql,
};
