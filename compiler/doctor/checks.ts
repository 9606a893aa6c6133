import type { Check } from "./check.ts";
import {
  definerWithoutSearchPath,
  ownerExempt,
  policiesNotInForce,
  policyAlwaysTrue,
  rowSecurityWithoutPolicy,
  schemaOpenToAll,
  tableBesidePolicies,
  viewPastPolicies,
} from "./checks/access.ts";
import {
  blockedSession,
  crowdedConnections,
  inactiveSlot,
  longTransaction,
  preparedTransaction,
} from "./checks/activity.ts";
import { foreignKeyWithoutIndex, referenceOfOtherType } from "./checks/foreignKeys.ts";
import { bloatedIndex, duplicateIndex, invalidIndex, unusedIndex } from "./checks/indexes.ts";
import { lowCacheHitRate, slowQuery } from "./checks/queries.ts";
import { collationChanged, extensionUpdate, pendingRestart } from "./checks/server.ts";
import { keyNearEnd, sequenceNearEnd, tableWithoutPrimaryKey, unloggedTable } from "./checks/tables.ts";
import { autovacuumOff, deadRows, staleStatistics, transactionAge } from "./checks/vacuum.ts";
import { constraintNotValid, disabledTrigger, unpopulatedView } from "./checks/validity.ts";

/** What the doctor looks for, in the order in which it tells of what is equally bad: what hurts now comes first. */
export const CHECKS: readonly Check[] = [
  blockedSession,
  longTransaction,
  preparedTransaction,
  crowdedConnections,
  transactionAge,
  sequenceNearEnd,
  keyNearEnd,
  inactiveSlot,
  collationChanged,
  policiesNotInForce,
  definerWithoutSearchPath,
  schemaOpenToAll,
  ownerExempt,
  viewPastPolicies,
  policyAlwaysTrue,
  rowSecurityWithoutPolicy,
  tableBesidePolicies,
  invalidIndex,
  disabledTrigger,
  constraintNotValid,
  unpopulatedView,
  tableWithoutPrimaryKey,
  unloggedTable,
  referenceOfOtherType,
  foreignKeyWithoutIndex,
  duplicateIndex,
  unusedIndex,
  bloatedIndex,
  deadRows,
  staleStatistics,
  autovacuumOff,
  slowQuery,
  lowCacheHitRate,
  extensionUpdate,
  pendingRestart,
];
