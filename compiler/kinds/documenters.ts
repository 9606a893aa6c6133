import type { Documenter } from "../document/account.ts";
import {
  databaseSettingDocumenter,
  elsewhere,
  extensionDocumenter,
  roleDocumenter,
  roleSettingDocumenter,
  schemaDocumenter,
} from "./documented/access.ts";
import { columnDocumenter } from "./documented/columns.ts";
import { constraintDocumenter } from "./documented/constraints.ts";
import { indexDocumenter } from "./documented/indexes.ts";
import { policyDocumenter } from "./documented/policies.ts";
import { aggregateDocumenter, routineDocumenter } from "./documented/routines.ts";
import { foreignTableDocumenter, tableDocumenter } from "./documented/tables.ts";
import { ruleDocumenter, triggerDocumenter } from "./documented/triggers.ts";
import {
  compositeDocumenter,
  domainDocumenter,
  enumDocumenter,
  rangeDocumenter,
  sequenceDocumenter,
  statisticsDocumenter,
} from "./documented/types.ts";
import { materializedViewDocumenter, viewDocumenter } from "./documented/views.ts";

/** How each kind's facts are told in documents, by kind. Kinds that are not here are listed by their names. */
export const DOCUMENTERS: Readonly<Record<string, Documenter>> = {
  schema: schemaDocumenter,
  extension: extensionDocumenter,
  role: roleDocumenter,
  membership: elsewhere,
  "role setting": roleSettingDocumenter,
  "database setting": databaseSettingDocumenter,
  enum: enumDocumenter,
  domain: domainDocumenter,
  "domain constraint": elsewhere,
  "composite type": compositeDocumenter,
  "composite attribute": elsewhere,
  "range type": rangeDocumenter,
  sequence: sequenceDocumenter,
  function: routineDocumenter,
  aggregate: aggregateDocumenter,
  table: tableDocumenter,
  "foreign table": foreignTableDocumenter,
  column: columnDocumenter,
  default: elsewhere,
  "identity sequence": elsewhere,
  constraint: constraintDocumenter,
  index: indexDocumenter,
  "partition index": elsewhere,
  statistics: statisticsDocumenter,
  view: viewDocumenter,
  "materialized view": materializedViewDocumenter,
  trigger: triggerDocumenter,
  "partition trigger": elsewhere,
  rule: ruleDocumenter,
  policy: policyDocumenter,
  owner: elsewhere,
  privilege: elsewhere,
  comment: elsewhere,
};
