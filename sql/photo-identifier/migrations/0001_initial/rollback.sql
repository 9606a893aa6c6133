-- photo-identifier/0001_initial, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [f1ac1644]

SET check_function_bodies = off;

-- step 1 of 1 [f1ac1644]: in one transaction
BEGIN;

DROP TABLE public.banknote_identifications;

DROP TABLE public.bird_identifications;

DROP TABLE public.calo_identifications;

DROP TABLE public.card_identifications;

DROP TABLE public.cat_identifications;

DROP TABLE public.coin_identifications;

DROP TABLE public.collection_photos;

DROP TABLE public.collections;

DROP TABLE public.dog_identifications;

DROP TABLE public.fish_identifications;

DROP TABLE public.fruit_identifications;

DROP TABLE public.insect_identifications;

DROP TABLE public.lazyfit_identifications;

DROP TABLE public.musclefit_identifications;

DROP TABLE public.mushroom_identifications;

DROP TABLE public.plant_identifications;

DROP TABLE public.vehicle_identifications;

DROP TABLE public.vinyl_identifications;

DROP TABLE public.photo_identifications;

DROP TABLE public.photos;

DROP TABLE public.users;

DROP FUNCTION public.set_updated_at();

COMMIT;
