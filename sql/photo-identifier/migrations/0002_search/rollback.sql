-- photo-identifier/0002_search, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_search`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 17 steps, marked [d2e18f79]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 17 [d2e18f79]: in one transaction
BEGIN;

DROP INDEX public.bird_identifications_common_name_idx;

DROP INDEX public.calo_identifications_food_name_idx;

DROP INDEX public.card_identifications_subject_idx;

DROP INDEX public.cat_identifications_breed_idx;

DROP INDEX public.coin_identifications_denomination_idx;

DROP INDEX public.collections_name_idx;

DROP INDEX public.dog_identifications_breed_idx;

DROP INDEX public.fish_identifications_common_name_idx;

DROP INDEX public.fruit_identifications_common_name_idx;

DROP INDEX public.insect_identifications_common_name_idx;

DROP INDEX public.lazyfit_identifications_exercise_name_idx;

DROP INDEX public.musclefit_identifications_exercise_name_idx;

DROP INDEX public.mushroom_identifications_common_name_idx;

DROP INDEX public.photo_identifications_label_idx;

DROP INDEX public.photos_caption_idx;

DROP INDEX public.photos_original_filename_idx;

DROP INDEX public.plant_identifications_common_name_idx;

DROP INDEX public.users_name_idx;

DROP INDEX public.vehicle_identifications_model_idx;

DROP INDEX public.vinyl_identifications_artist_idx;

DROP INDEX public.vinyl_identifications_title_idx;

ALTER TABLE public.photo_identifications DROP COLUMN search;

ALTER TABLE public.photos DROP COLUMN search;

DROP EXTENSION pg_trgm;

COMMIT;

-- step 2 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY bird_identifications_common_name_idx ON public.bird_identifications USING btree (common_name);

-- step 3 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY calo_identifications_food_name_idx ON public.calo_identifications USING btree (food_name);

-- step 4 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY card_identifications_subject_idx ON public.card_identifications USING btree (subject);

-- step 5 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY cat_identifications_breed_idx ON public.cat_identifications USING btree (breed);

-- step 6 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY coin_identifications_denomination_idx ON public.coin_identifications USING btree (denomination);

-- step 7 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY dog_identifications_breed_idx ON public.dog_identifications USING btree (breed);

-- step 8 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY fish_identifications_common_name_idx ON public.fish_identifications USING btree (common_name);

-- step 9 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY fruit_identifications_common_name_idx ON public.fruit_identifications USING btree (common_name);

-- step 10 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY insect_identifications_common_name_idx ON public.insect_identifications USING btree (common_name);

-- step 11 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY lazyfit_identifications_exercise_name_idx ON public.lazyfit_identifications USING btree (exercise_name);

-- step 12 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY musclefit_identifications_exercise_name_idx ON public.musclefit_identifications USING btree (exercise_name);

-- step 13 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY mushroom_identifications_common_name_idx ON public.mushroom_identifications USING btree (common_name);

-- step 14 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY plant_identifications_common_name_idx ON public.plant_identifications USING btree (common_name);

-- step 15 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY vehicle_identifications_model_idx ON public.vehicle_identifications USING btree (model);

-- step 16 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_artist_idx ON public.vinyl_identifications USING btree (artist);

-- step 17 of 17 [d2e18f79]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_title_idx ON public.vinyl_identifications USING btree (title);
