import { boolean, fn, inet, integer, interval, sql, text, timestamptz, uuid } from "verso";
import { userRole } from "./enums.ts";
import { currentSessionId, currentUserId, hashToken, isAdmin } from "./identity.ts";
import { fromExtension } from "./schemas.ts";
import { withOwnersRights } from "./shared.ts";
import { user_sessions, users } from "./users.ts";

// The application cannot read or write password hashes, session tokens, roles and locks: these functions do.

/** bcrypt of a password; an error when it is too short. */
export const hashPassword = fn("hash_password", {
  ...withOwnersRights,
  arguments: { password: text() },
  returns: text(),
  strict: true,
  body: sql`
begin
  if length(password) < 10 then
    raise exception 'a password has at least 10 characters' using errcode = 'check_violation';
  end if;
  return ${fromExtension("crypt")}(password, ${fromExtension("gen_salt")}('bf', 10));
end`,
});

/** A new account, always of role user. */
export const registerUser = fn("register_user", {
  ...withOwnersRights,
  arguments: { email: text(), username: text(), full_name: text(), password: text() },
  returns: uuid(),
  body: sql`
declare
  new_id uuid;
begin
  insert into ${users} (email, username, full_name, password_hash)
  values (lower(register_user.email), lower(register_user.username), register_user.full_name,
    ${hashPassword}(register_user.password))
  returning id into new_id;
  return new_id;
end`,
});

/**
 * Checks a password and opens a session. The fifth failure in a row locks the account for 15 minutes, during which not
 * even the right password opens it. Failures are an outcome and no error, because an error would undo the counting.
 */
export const logIn = fn("log_in", {
  ...withOwnersRights,
  arguments: {
    email: text(),
    password: text(),
    remember_me: boolean({ default: false }),
    ip_address: inet({ default: sql`null` }),
    device: text({ default: sql`null` }),
    browser: text({ default: sql`null` }),
    operating_system: text({ default: sql`null` }),
  },
  returns: {
    table: {
      /** opened, wrong or locked */
      outcome: text(),
      session_id: uuid(),
      token: text(),
      valid_until: timestamptz(),
    },
  },
  body: sql`
#variable_conflict use_column
declare
  account ${users};
  failures smallint;
begin
  select * into account from ${users} u where u.email = lower(log_in.email) and u.is_active for update;
  if account.locked_until > now() then
    outcome := 'locked';
    return next;
    return;
  end if;
  -- An address that nobody has takes as long as a wrong password, so that the answer's time betrays neither.
  if ${fromExtension("crypt")}(password, coalesce(account.password_hash, ${fromExtension("gen_salt")}('bf', 10)))
    is distinct from account.password_hash then
    -- A lock that is over has been served: counting starts anew.
    failures := case when account.locked_until is null then account.failed_login_attempts else 0 end + 1;
    update ${users} u
    set failed_login_attempts = failures,
      locked_until = case when failures >= 5 then now() + interval '15 minutes' end
    where u.id = account.id;
    outcome := case when account.id is not null and failures >= 5 then 'locked' else 'wrong' end;
    return next;
    return;
  end if;
  update ${users} u set failed_login_attempts = 0, locked_until = null, last_login_at = now() where u.id = account.id;
  outcome := 'opened';
  token := encode(${fromExtension("gen_random_bytes")}(32), 'hex');
  valid_until := now() + case when remember_me then interval '720 hours' else interval '24 hours' end;
  insert into ${user_sessions} as s
    (user_id, session_token, remember_me, expires_at, ip_address, device, browser, operating_system)
  values (account.id, ${hashToken}(token), log_in.remember_me, valid_until, log_in.ip_address, log_in.device,
    log_in.browser, log_in.operating_system)
  returning s.id into session_id;
  return next;
end`,
});

/** Ends a session: this one, another one of the user's, or any when an administrator asks. False when there was none. */
export const revokeSession = fn("revoke_session", {
  ...withOwnersRights,
  arguments: { session_id: uuid({ default: sql`null` }) },
  returns: boolean(),
  body: sql`
declare
  wanted uuid := coalesce(session_id, ${currentSessionId}());
begin
  update ${user_sessions} s
  set revoked_at = now(),
    revoked_reason = case when s.user_id = ${currentUserId}() then 'log out' else 'administrator' end
  where s.id = wanted and s.revoked_at is null and (s.user_id = ${currentUserId}() or ${isAdmin}());
  return found;
end`,
});

/** Gives a user another password and ends the user's other sessions. For the user and for administrators. */
export const changePassword = fn("change_password", {
  ...withOwnersRights,
  arguments: { user_id: uuid(), password: text() },
  returns: "void",
  body: sql`
#variable_conflict use_column
begin
  if ${currentUserId}() is distinct from change_password.user_id and not ${isAdmin}() then
    raise exception 'not your account' using errcode = 'insufficient_privilege';
  end if;
  update ${users} u
  set password_hash = ${hashPassword}(change_password.password), failed_login_attempts = 0, locked_until = null
  where u.id = change_password.user_id;
  update ${user_sessions} s
  set revoked_at = now(), revoked_reason = 'password changed'
  where s.user_id = change_password.user_id and s.revoked_at is null and s.id is distinct from ${currentSessionId}();
end`,
});

/** Administrators decide who is what, and who coaches whom; null leaves as it is. */
export const assignUser = fn("assign_user", {
  ...withOwnersRights,
  arguments: {
    user_id: uuid(),
    new_role: userRole({ default: sql`null` }),
    new_coach_id: uuid({ default: sql`null` }),
  },
  returns: "void",
  body: sql`
begin
  if not ${isAdmin}() then
    raise exception 'only administrators assign roles and coaches' using errcode = 'insufficient_privilege';
  end if;
  update ${users} u
  set role = coalesce(new_role, u.role), coach_id = coalesce(new_coach_id, u.coach_id)
  where u.id = assign_user.user_id;
end`,
});

/** Marks sessions that ran out, and deletes those that ended longer ago than the time given. Returns how many it deleted. */
export const cleanUpSessions = fn("clean_up_sessions", {
  ...withOwnersRights,
  maintenance: true,
  arguments: { keep: interval({ default: "30 days" }) },
  returns: integer(),
  body: sql`
declare
  deleted integer;
begin
  update ${user_sessions}
  set revoked_at = expires_at, revoked_reason = 'expired'
  where revoked_at is null and expires_at <= now();
  delete from ${user_sessions} where revoked_at < now() - keep;
  get diagnostics deleted = row_count;
  return deleted;
end`,
});
