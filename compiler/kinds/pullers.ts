import type { Puller } from "../pull/pulling.ts";
import {
  commentPuller,
  databasePuller,
  databaseSettingPuller,
  defaultPrivilegePuller,
  eventTriggerPuller,
  extensionPuller,
  labelPuller,
  memberPrivilegePuller,
  privilegePuller,
  rolePuller,
  roleSettingPuller,
  schemaPuller,
} from "./pulled/access.ts";
import { collationPuller } from "./pulled/collations.ts";
import { foreignTablePuller, serverPuller, userMappingPuller, wrapperPuller } from "./pulled/foreign.ts";
import { accessMethodPuller, conversionPuller, languagePuller, transformPuller } from "./pulled/languages.ts";
import { compositePuller, domainPuller, enumPuller, rangePuller, sequencePuller } from "./pulled/namedTypes.ts";
import {
  aggregatePuller,
  castPuller,
  operatorClassPuller,
  operatorFamilyPuller,
  operatorPuller,
} from "./pulled/operators.ts";
import { publicationPuller, subscriptionPuller } from "./pulled/publications.ts";
import { routinePuller } from "./pulled/routines.ts";
import { rulePuller } from "./pulled/rules.ts";
import { tablePuller } from "./pulled/tables.ts";
import { configurationPuller, dictionaryPuller, parserPuller, templatePuller } from "./pulled/textSearch.ts";
import { materializedViewPuller, viewPuller } from "./pulled/views.ts";

/**
 * How each kind's facts become declarations, by kind. Kinds that are not here are said with what they belong to, or in plain
 * SQL.
 */
export const PULLERS: Readonly<Record<string, Puller>> = {
  database: databasePuller,
  schema: schemaPuller,
  extension: extensionPuller,
  role: rolePuller,
  language: languagePuller,
  "access method": accessMethodPuller,
  "text search parser": parserPuller,
  "text search template": templatePuller,
  "text search dictionary": dictionaryPuller,
  "text search configuration": configurationPuller,
  "foreign data wrapper": wrapperPuller,
  server: serverPuller,
  "user mapping": userMappingPuller,
  collation: collationPuller,
  enum: enumPuller,
  domain: domainPuller,
  "composite type": compositePuller,
  "range type": rangePuller,
  sequence: sequencePuller,
  cast: castPuller,
  transform: transformPuller,
  conversion: conversionPuller,
  operator: operatorPuller,
  "operator family": operatorFamilyPuller,
  "operator class": operatorClassPuller,
  table: tablePuller,
  "foreign table": foreignTablePuller,
  function: routinePuller,
  aggregate: aggregatePuller,
  view: viewPuller,
  "materialized view": materializedViewPuller,
  rule: rulePuller,
  publication: publicationPuller,
  subscription: subscriptionPuller,
  "event trigger": eventTriggerPuller,
  "default privilege": defaultPrivilegePuller,
  privilege: privilegePuller,
  "member privilege": memberPrivilegePuller,
  "security label": labelPuller,
  comment: commentPuller,
  "database setting": databaseSettingPuller,
  "role setting": roleSettingPuller,
};
