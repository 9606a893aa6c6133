-- photo-identifier/0002_search, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_search`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 24 steps, marked [87c5c276]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 24 [87c5c276]: in one transaction
BEGIN;

DROP INDEX public.bird_identifications_common_name_idx;

DROP INDEX public.calo_identifications_food_name_idx;

DROP INDEX public.card_identifications_subject_idx;

DROP INDEX public.cat_identifications_breed_idx;

DROP INDEX public.coin_identifications_denomination_idx;

DROP INDEX public.dog_identifications_breed_idx;

DROP INDEX public.fish_identifications_common_name_idx;

DROP INDEX public.fruit_identifications_common_name_idx;

DROP INDEX public.insect_identifications_common_name_idx;

DROP INDEX public.lazyfit_identifications_exercise_name_idx;

DROP INDEX public.musclefit_identifications_exercise_name_idx;

DROP INDEX public.mushroom_identifications_common_name_idx;

DROP INDEX public.plant_identifications_common_name_idx;

DROP INDEX public.vehicle_identifications_model_idx;

DROP INDEX public.vinyl_identifications_artist_idx;

DROP INDEX public.vinyl_identifications_title_idx;

CREATE EXTENSION pg_trgm WITH SCHEMA public;

ALTER TABLE public.photo_identifications ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, (((label)::text || ' '::text) || COALESCE(notes, ''::text)))) STORED NOT NULL;

ALTER TABLE public.photos ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, ((COALESCE(caption, ''::text) || ' '::text) || (COALESCE(original_filename, ''::character varying))::text))) STORED NOT NULL;

COMMENT ON COLUMN public.photo_identifications.search IS 'Words of label and notes, for full-text search.';

COMMENT ON COLUMN public.photos.search IS 'Words of the caption and of the file''s name, for full-text search.';

COMMIT;

-- step 2 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY bird_identifications_common_name_idx ON public.bird_identifications USING gin (common_name public.gin_trgm_ops);

-- step 3 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY calo_identifications_food_name_idx ON public.calo_identifications USING gin (food_name public.gin_trgm_ops);

-- step 4 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY card_identifications_subject_idx ON public.card_identifications USING gin (subject public.gin_trgm_ops);

-- step 5 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY cat_identifications_breed_idx ON public.cat_identifications USING gin (breed public.gin_trgm_ops);

-- step 6 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY coin_identifications_denomination_idx ON public.coin_identifications USING gin (denomination public.gin_trgm_ops);

-- step 7 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY collections_name_idx ON public.collections USING gin (name public.gin_trgm_ops);

-- step 8 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY dog_identifications_breed_idx ON public.dog_identifications USING gin (breed public.gin_trgm_ops);

-- step 9 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY fish_identifications_common_name_idx ON public.fish_identifications USING gin (common_name public.gin_trgm_ops);

-- step 10 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY fruit_identifications_common_name_idx ON public.fruit_identifications USING gin (common_name public.gin_trgm_ops);

-- step 11 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY insect_identifications_common_name_idx ON public.insect_identifications USING gin (common_name public.gin_trgm_ops);

-- step 12 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY lazyfit_identifications_exercise_name_idx ON public.lazyfit_identifications USING gin (exercise_name public.gin_trgm_ops);

-- step 13 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY musclefit_identifications_exercise_name_idx ON public.musclefit_identifications USING gin (exercise_name public.gin_trgm_ops);

-- step 14 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY mushroom_identifications_common_name_idx ON public.mushroom_identifications USING gin (common_name public.gin_trgm_ops);

-- step 15 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY photo_identifications_label_idx ON public.photo_identifications USING gin (label public.gin_trgm_ops);

-- step 16 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY photo_identifications_search_idx ON public.photo_identifications USING gin (search);

-- step 17 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY photos_caption_idx ON public.photos USING gin (caption public.gin_trgm_ops);

-- step 18 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY photos_original_filename_idx ON public.photos USING gin (original_filename public.gin_trgm_ops);

-- step 19 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY photos_search_idx ON public.photos USING gin (search);

-- step 20 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY plant_identifications_common_name_idx ON public.plant_identifications USING gin (common_name public.gin_trgm_ops);

-- step 21 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY users_name_idx ON public.users USING gin (name public.gin_trgm_ops);

-- step 22 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY vehicle_identifications_model_idx ON public.vehicle_identifications USING gin (model public.gin_trgm_ops);

-- step 23 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_artist_idx ON public.vinyl_identifications USING gin (artist public.gin_trgm_ops);

-- step 24 of 24 [87c5c276]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_title_idx ON public.vinyl_identifications USING gin (title public.gin_trgm_ops);
