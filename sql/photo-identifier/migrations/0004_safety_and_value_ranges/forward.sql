-- photo-identifier/0004_safety_and_value_ranges, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_safety_and_value_ranges`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 9 steps, marked [0cfd0778]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 9 [0cfd0778]: in one transaction
BEGIN;

ALTER TABLE public.coin_identifications RENAME COLUMN value_estimate TO value_low;

ALTER TABLE public.vinyl_identifications RENAME COLUMN value_estimate TO value_low;

ALTER TABLE public.card_identifications RENAME COLUMN value_estimate TO value_low;

ALTER TABLE public.banknote_identifications RENAME COLUMN value_estimate TO value_low;

ALTER TABLE public.banknote_identifications RENAME CONSTRAINT banknote_identifications_value_estimate_check TO banknote_identifications_value_low_check;

ALTER TABLE public.card_identifications RENAME CONSTRAINT card_identifications_value_estimate_check TO card_identifications_value_low_check;

ALTER TABLE public.coin_identifications RENAME CONSTRAINT coin_identifications_value_estimate_check TO coin_identifications_value_low_check;

ALTER TABLE public.vinyl_identifications RENAME CONSTRAINT vinyl_identifications_value_estimate_check TO vinyl_identifications_value_low_check;

DROP INDEX public.banknote_identifications_value_estimate_idx;

DROP INDEX public.card_identifications_value_estimate_idx;

DROP INDEX public.coin_identifications_value_estimate_idx;

DROP INDEX public.vinyl_identifications_value_estimate_idx;

ALTER TABLE public.mushroom_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.mushroom_identifications SET edibility = 'unknown' WHERE edibility IS NULL;

ALTER TABLE public.mushroom_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.mushroom_identifications ALTER COLUMN edibility SET NOT NULL;

ALTER TABLE public.mushroom_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.mushroom_identifications SET toxicity = case when edibility like 'edible%' then 'mild' else 'unknown' end WHERE toxicity IS NULL;

ALTER TABLE public.mushroom_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.mushroom_identifications ALTER COLUMN toxicity SET NOT NULL;

ALTER TABLE public.banknote_identifications ADD COLUMN value_high numeric(12,2);

ALTER TABLE public.banknote_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.banknote_identifications SET value_high = value_low;

ALTER TABLE public.banknote_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.coin_identifications ADD COLUMN value_high numeric(12,2);

ALTER TABLE public.coin_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.coin_identifications SET value_high = value_low;

ALTER TABLE public.coin_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.card_identifications ADD COLUMN value_high numeric(12,2);

ALTER TABLE public.card_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.card_identifications SET value_high = value_low;

ALTER TABLE public.card_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.vinyl_identifications ADD COLUMN value_high numeric(12,2);

ALTER TABLE public.vinyl_identifications DISABLE TRIGGER set_updated_at;

UPDATE public.vinyl_identifications SET value_high = value_low;

ALTER TABLE public.vinyl_identifications ENABLE TRIGGER set_updated_at;

ALTER TABLE public.banknote_identifications ADD CONSTRAINT value_range CHECK ((value_low <= value_high)) NOT VALID;

ALTER TABLE public.card_identifications ADD CONSTRAINT value_range CHECK ((value_low <= value_high)) NOT VALID;

ALTER TABLE public.coin_identifications ADD CONSTRAINT value_range CHECK ((value_low <= value_high)) NOT VALID;

ALTER TABLE public.vinyl_identifications ADD CONSTRAINT value_range CHECK ((value_low <= value_high)) NOT VALID;

COMMENT ON COLUMN public.banknote_identifications.value_high IS 'What it may fetch, at most.';

COMMENT ON COLUMN public.banknote_identifications.value_low IS 'What it may fetch, at least.';

COMMENT ON COLUMN public.card_identifications.value_high IS 'What it may fetch, at most.';

COMMENT ON COLUMN public.card_identifications.value_low IS 'What it may fetch, at least.';

COMMENT ON COLUMN public.coin_identifications.value_high IS 'What it may fetch, at most.';

COMMENT ON COLUMN public.coin_identifications.value_low IS 'What it may fetch, at least.';

COMMENT ON COLUMN public.vinyl_identifications.value_high IS 'What it may fetch, at most.';

COMMENT ON COLUMN public.vinyl_identifications.value_low IS 'What it may fetch, at least.';

COMMIT;

-- step 2 of 9 [0cfd0778]: in one transaction
BEGIN;

ALTER TABLE public.banknote_identifications VALIDATE CONSTRAINT value_range;

COMMIT;

-- step 3 of 9 [0cfd0778]: in one transaction
BEGIN;

ALTER TABLE public.card_identifications VALIDATE CONSTRAINT value_range;

COMMIT;

-- step 4 of 9 [0cfd0778]: in one transaction
BEGIN;

ALTER TABLE public.coin_identifications VALIDATE CONSTRAINT value_range;

COMMIT;

-- step 5 of 9 [0cfd0778]: in one transaction
BEGIN;

ALTER TABLE public.vinyl_identifications VALIDATE CONSTRAINT value_range;

COMMIT;

-- step 6 of 9 [0cfd0778]: outside a transaction
CREATE INDEX CONCURRENTLY banknote_identifications_value_low_value_high_idx ON public.banknote_identifications USING btree (value_low, value_high);

-- step 7 of 9 [0cfd0778]: outside a transaction
CREATE INDEX CONCURRENTLY card_identifications_value_low_value_high_idx ON public.card_identifications USING btree (value_low, value_high);

-- step 8 of 9 [0cfd0778]: outside a transaction
CREATE INDEX CONCURRENTLY coin_identifications_value_low_value_high_idx ON public.coin_identifications USING btree (value_low, value_high);

-- step 9 of 9 [0cfd0778]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_value_low_value_high_idx ON public.vinyl_identifications USING btree (value_low, value_high);
