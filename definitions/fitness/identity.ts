import { boolean, fn, sql, text, uuid } from "verso";
import { userRole } from "./enums.ts";
import { withOwnersRights } from "./shared.ts";
import { user_sessions, users } from "./users.ts";

// Who asks. The application passes the session's token on, for one transaction, by `select use_session(token)`; everything
// else follows from the token, so that no request can claim to be somebody whose token it does not hold.

/** What user_sessions keeps of a token. */
export const hashToken = fn("hash_token", {
  arguments: { token: text() },
  returns: text(),
  language: "sql",
  volatility: "immutable",
  strict: true,
  parallel: "safe",
  body: sql`select encode(sha256(convert_to(token, 'UTF8')), 'hex')`,
});

/** The session of this transaction's token; null without one, and when it is over. */
export const currentSessionId = fn("current_session_id", {
  ...withOwnersRights,
  returns: uuid(),
  language: "sql",
  volatility: "stable",
  body: sql`
select s.id
from ${user_sessions} s
join ${users} u on u.id = s.user_id
where s.session_token = ${hashToken}(current_setting('fitness.session_token', true))
  and s.revoked_at is null and s.expires_at > now() and u.is_active`,
});

export const currentUserId = fn("current_user_id", {
  ...withOwnersRights,
  returns: uuid(),
  language: "sql",
  volatility: "stable",
  body: sql`select s.user_id from ${user_sessions} s where s.id = ${currentSessionId}()`,
});

export const currentRole = fn("current_user_role", {
  ...withOwnersRights,
  returns: userRole(),
  language: "sql",
  volatility: "stable",
  body: sql`select u.role from ${users} u where u.id = ${currentUserId}()`,
});

export const isAdmin = fn("is_admin", {
  ...withOwnersRights,
  returns: boolean(),
  language: "sql",
  volatility: "stable",
  body: sql`select coalesce(${currentRole}() = 'admin', false)`,
});

/** Coaches and administrators. */
export const isStaff = fn("is_staff", {
  ...withOwnersRights,
  returns: boolean(),
  language: "sql",
  volatility: "stable",
  body: sql`select coalesce(${currentRole}() in ('coach', 'admin'), false)`,
});

/** The clients of who asks: none, unless it is a coach. */
export const clientIds = fn("client_ids", {
  ...withOwnersRights,
  returns: { setof: uuid() },
  language: "sql",
  volatility: "stable",
  body: sql`
select u.id
from ${users} u
where u.coach_id = ${currentUserId}() and ${currentRole}() = 'coach'`,
});

/** Says, until the transaction ends, whose request it is. Returns the user; null when the token is good for nothing. */
export const useSession = fn("use_session", {
  ...withOwnersRights,
  arguments: { token: text() },
  returns: uuid(),
  body: sql`
begin
  perform set_config('fitness.session_token', token, true);
  update ${user_sessions} set last_seen_at = now() where id = ${currentSessionId}();
  return ${currentUserId}();
end`,
});
