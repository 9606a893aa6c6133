import type { Puller } from "../pull/pulling.ts";
import {
  databasePuller,
  databaseSettingPuller,
  defaultPrivilegePuller,
  eventTriggerPuller,
  extensionPuller,
  privilegePuller,
  rolePuller,
  roleSettingPuller,
  schemaPuller,
} from "./pulled/access.ts";
import { compositePuller, domainPuller, enumPuller, rangePuller, sequencePuller } from "./pulled/namedTypes.ts";
import { routinePuller } from "./pulled/routines.ts";
import { tablePuller } from "./pulled/tables.ts";
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
  enum: enumPuller,
  domain: domainPuller,
  "composite type": compositePuller,
  "range type": rangePuller,
  sequence: sequencePuller,
  table: tablePuller,
  function: routinePuller,
  view: viewPuller,
  "materialized view": materializedViewPuller,
  "event trigger": eventTriggerPuller,
  "default privilege": defaultPrivilegePuller,
  privilege: privilegePuller,
  "database setting": databaseSettingPuller,
  "role setting": roleSettingPuller,
};
