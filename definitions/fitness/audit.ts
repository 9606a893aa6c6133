import { fn, sql, trigger } from "verso";
import { coaching_sessions } from "./coaching.ts";
import { user_goals } from "./goals.ts";
import { health_metrics } from "./health.ts";
import { currentSessionId, currentUserId } from "./identity.ts";
import { meal_logs } from "./meals.ts";
import { progress_photos } from "./photos.ts";
import { withOwnersRights } from "./shared.ts";
import { app_config, audit_log } from "./system.ts";
import { user_sessions, users } from "./users.ts";
import { exercise_definitions, exercise_logs, workout_sessions } from "./workouts.ts";

/** Writes the old and the new row into audit_log. Arguments: the key's column, then columns that are secrets. */
export const writeAudit = fn("write_audit", {
  ...withOwnersRights,
  returns: "trigger",
  body: sql`
declare
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - tg_argv[1:] end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - tg_argv[1:] end;
begin
  if old_row = new_row then
    return null;
  end if;
  insert into ${audit_log} (user_id, session_id, action, table_name, row_id, old_row, new_row, ip_address)
  select
    -- Whoever deletes the own account is no longer there to be referred to.
    (select u.id from ${users} u where u.id = ${currentUserId}()),
    s.id,
    tg_op,
    tg_table_name,
    coalesce(to_jsonb(new), to_jsonb(old)) ->> tg_argv[0],
    old_row,
    new_row,
    s.ip_address
  from (values (1)) one
  left join ${user_sessions} s on s.id = ${currentSessionId}();
  return null;
end`,
});

const changes = { after: ["insert", "update", "delete"], execute: writeAudit } as const;

// Not user_sessions, which every request touches, and not the audit itself.
export const audits = [
  trigger("audit", users, { ...changes, arguments: ["id", "password_hash"] }),
  trigger("audit", app_config, { ...changes, arguments: ["config_key"] }),
  ...[
    health_metrics,
    workout_sessions,
    exercise_logs,
    exercise_definitions,
    coaching_sessions,
    user_goals,
    progress_photos,
    meal_logs,
  ].map((audited) => trigger("audit", audited, { ...changes, arguments: ["id"] })),
];
