-- pupmatch/0002_locations, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_locations`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [ff16aa71]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [ff16aa71]: in one transaction
BEGIN;

ALTER TABLE public.messages RENAME COLUMN is_read TO read;

ALTER TABLE public.photos RENAME COLUMN "position" TO "order";

ALTER TABLE public.prompts RENAME COLUMN "position" TO "order";

ALTER TABLE public.photos RENAME CONSTRAINT photos_position_from_zero TO photos_order_from_zero;

ALTER TABLE public.prompts RENAME CONSTRAINT prompts_position_from_zero TO prompts_order_from_zero;

ALTER INDEX public.messages_recipient_id_is_read_idx RENAME TO messages_recipient_id_read_idx;

ALTER INDEX public.photos_profile_id_position_idx RENAME TO photos_profile_id_order_idx;

ALTER INDEX public.prompts_profile_id_position_idx RENAME TO prompts_profile_id_order_idx;

DROP INDEX public.profiles_latitude_longitude_idx;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.photos RENAME CONSTRAINT photos_position_not_null TO photos_order_not_null;
  END IF;
END
$body$;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.prompts RENAME CONSTRAINT prompts_position_not_null TO prompts_order_not_null;
  END IF;
END
$body$;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.messages RENAME CONSTRAINT messages_is_read_not_null TO messages_read_not_null;
  END IF;
END
$body$;

ALTER TABLE public.profiles ADD COLUMN location public.geometry(Point,4326);

ALTER TABLE public.profiles DISABLE TRIGGER set_updated_at;

UPDATE public.profiles SET location = st_setsrid(st_makepoint(longitude, latitude), 4326);

ALTER TABLE public.profiles ENABLE TRIGGER set_updated_at;

CREATE FUNCTION public.nearby_profiles(profile_id character varying, at_most integer DEFAULT 20)
RETURNS TABLE(id character varying, name character varying, distance double precision)
LANGUAGE sql
STABLE
AS $body$
select p.id, p.name, st_distance(p.location::geography, wish.location::geography) / wish.unit as distance
from (
  select me.id, me.user_id, me.location, u.min_age, u.max_age, unit.metres as unit, u.max_distance * unit.metres as metres
  from public.profiles me
  join public.user_preferences u on u.profile_id = me.id
  join (values ('miles', 1609.344), ('kilometers', 1000.0)) unit(name, metres) on unit.name = u.distance_unit::text
  where me.id = nearby_profiles.profile_id
) wish
join public.profiles p on p.id <> wish.id
  and p.location && st_expand(wish.location, wish.metres / (111000 * cos(radians(st_y(wish.location)))))
  and st_dwithin(p.location::geography, wish.location::geography, wish.metres)
where p.age between wish.min_age and wish.max_age
  and not exists (select from public.likes l where l.user_id = wish.user_id and l.target_id = p.user_id)
  and not exists (select from public.passes s where s.user_id = wish.user_id and s.target_id = p.user_id)
order by distance
limit at_most
$body$;

COMMENT ON COLUMN public.profiles.latitude IS 'This and longitude go with the next release: they are in location now.';

COMMENT ON COLUMN public.profiles.location IS 'Where the dog lives, longitude before latitude, WGS 84.';

COMMENT ON FUNCTION public.nearby_profiles(character varying, integer) IS 'The dogs that a profile''s preferences ask for, nearest first, without those already judged. The box around the profile is what the index on location finds; the distance over the ground then decides.';

COMMIT;

-- step 2 of 2 [ff16aa71]: outside a transaction
CREATE INDEX CONCURRENTLY profiles_location_idx ON public.profiles USING gist (location);
