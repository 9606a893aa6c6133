-- A project as its page shows it: how far its crawls are, and what they found.
-- name: projectSummary :maybe
select p.id, p.name, p.status, crawls.*, found.*
from projects p
cross join lateral (
  select
    count(*)::integer as jobs,
    count(*) filter (where j.status = 'running')::integer as running_jobs,
    coalesce(round(avg(j.progress), 1), 0) as average_progress,
    max(j.completed_at) as last_completed_at
  from crawl_jobs j
  where j.project_id = p.id
) crawls
cross join lateral (
  select
    -- Each image once, however many crawls found it.
    count(distinct i.content_hash) as images,
    coalesce(sum(i.byte_size) filter (where not i.is_duplicate), 0) as bytes
  from crawl_jobs j
  join images i on i.crawl_job_id = j.id
  where j.project_id = p.id
) found
where p.id = :projectId;

-- Gives a worker the oldest job that waits, and no two workers the same.
-- name: takeNextJob :maybe
with next as (
  select id
  from crawl_jobs
  where status = 'pending'
  order by created_at, id
  limit 1
  for update skip locked
)
update crawl_jobs j
set status = 'running', started_at = now(), total_chunks = :totalChunks
from next
where j.id = next.id
returning j.id, j.project_id, j.name, j.keywords, j.max_images, j.started_at as "started_at!";

-- What a person and their team did lately; everybody's without one.
-- name: recentActivity :many
select a.id, a.timestamp, a.action, a.resource_type, a.resource_id, a.details, p.email
from activity_logs a
left join profiles p on p.id = a.user_id
where (:userIds::uuid[] is null or a.user_id = any(:userIds)) and a.timestamp >= :since
order by a.timestamp desc, a.id desc
limit :atMost::integer;
