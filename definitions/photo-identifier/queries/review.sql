-- What somebody should look at first: unsure suggestions, and mushrooms that could kill.
-- name: reviewQueue :many
select
  i.id,
  i.app,
  i.label,
  i.confidence,
  p.id as photo_id,
  p.url,
  p.metadata,
  m.edibility,
  m.safety_warning,
  coalesce(m.toxicity in ('severe', 'deadly') or m.edibility in ('poisonous', 'deadly'), false) as is_dangerous
from photo_identifications i
join photos p on p.id = i.photo_id
left join mushroom_identifications m on m.photo_identification_id = i.id
where i.status = 'suggested' and (i.app = any(:apps) or :apps is null) and i.confidence < :below
order by is_dangerous desc, i.confidence, i.id
limit :atMost::integer;

-- Puts photos at the end of a collection, in the order given; those that it has stay where they are.
-- name: appendToCollection :many
insert into collection_photos (collection_id, photo_id, position, note)
select :collectionId, photo.id, last.position + photo.place, :note
from unnest(:photoIds::uuid[]) with ordinality photo(id, place)
cross join (
  select coalesce(max(c.position), -1) as position from collection_photos c where c.collection_id = :collectionId
) last
on conflict (collection_id, photo_id) do nothing
returning photo_id, position;

-- Marks suggestions as rejected, all of a model's that are older than its successor.
-- name: rejectSuggestionsOf :exec
update photo_identifications
set status = 'rejected', reviewed_by = :reviewer, reviewed_at = now()
where model_version = :modelVersion and status = 'suggested';
