-- Clients of a coach who have not checked in for some days, the longest silence first.
-- name: silentClients :many
select u.id, u.full_name, u.email, max(m.recorded_date) as last_check_in, goals.active as active_goals
from users u
left join health_metrics m on m.user_id = u.id
cross join lateral (
  select count(*)::integer as active from user_goals g where g.user_id = u.id and g.status = 'active'
) goals
where u.coach_id = :coachId and u.is_active
group by u.id, goals.active
having coalesce(max(m.recorded_date) < current_date - :days::integer, true)
order by max(m.recorded_date) nulls first, u.full_name;

-- Writes down how a session went, and plans the one that continues it. Null where the session is not the coach's.
-- name: completeCoachingSession :maybe
with done as (
  update coaching_sessions
  set status = 'completed', summary = :summary, action_items = :actionItems, rating = :rating
  where id = :sessionId and coach_id = :coachId and status = 'scheduled'
  returning id, user_id, coach_id, duration_minutes, topics
)
insert into coaching_sessions (user_id, coach_id, scheduled_at, duration_minutes, topics, follow_up_of_id)
select user_id, coach_id, :nextAt, duration_minutes, topics, id
from done
returning id, user_id, scheduled_at, topics;
