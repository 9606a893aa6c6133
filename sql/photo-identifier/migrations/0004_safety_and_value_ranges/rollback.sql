-- photo-identifier/0004_safety_and_value_ranges, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_safety_and_value_ranges`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 6 steps, marked [bcc13fee]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 6 [bcc13fee]: in one transaction
BEGIN;

ALTER TABLE public.banknote_identifications DROP COLUMN value_high;

ALTER TABLE public.coin_identifications DROP COLUMN value_high;

ALTER TABLE public.card_identifications DROP COLUMN value_high;

ALTER TABLE public.vinyl_identifications DROP COLUMN value_high;

ALTER TABLE public.mushroom_identifications ALTER COLUMN edibility DROP NOT NULL;

ALTER TABLE public.mushroom_identifications ALTER COLUMN toxicity DROP NOT NULL;

COMMENT ON COLUMN public.banknote_identifications.value_low IS 'What it may fetch.';

COMMENT ON COLUMN public.card_identifications.value_low IS 'What it may fetch.';

COMMENT ON COLUMN public.coin_identifications.value_low IS 'What it may fetch.';

COMMENT ON COLUMN public.vinyl_identifications.value_low IS 'What it may fetch.';

COMMIT;

-- step 2 of 6 [bcc13fee]: outside a transaction
CREATE INDEX CONCURRENTLY banknote_identifications_value_estimate_idx ON public.banknote_identifications USING btree (value_low);

-- step 3 of 6 [bcc13fee]: outside a transaction
CREATE INDEX CONCURRENTLY card_identifications_value_estimate_idx ON public.card_identifications USING btree (value_low);

-- step 4 of 6 [bcc13fee]: outside a transaction
CREATE INDEX CONCURRENTLY coin_identifications_value_estimate_idx ON public.coin_identifications USING btree (value_low);

-- step 5 of 6 [bcc13fee]: outside a transaction
CREATE INDEX CONCURRENTLY vinyl_identifications_value_estimate_idx ON public.vinyl_identifications USING btree (value_low);

-- step 6 of 6 [bcc13fee]: in one transaction
BEGIN;

ALTER TABLE public.vinyl_identifications RENAME CONSTRAINT vinyl_identifications_value_low_check TO vinyl_identifications_value_estimate_check;

ALTER TABLE public.coin_identifications RENAME CONSTRAINT coin_identifications_value_low_check TO coin_identifications_value_estimate_check;

ALTER TABLE public.card_identifications RENAME CONSTRAINT card_identifications_value_low_check TO card_identifications_value_estimate_check;

ALTER TABLE public.banknote_identifications RENAME CONSTRAINT banknote_identifications_value_low_check TO banknote_identifications_value_estimate_check;

ALTER TABLE public.banknote_identifications RENAME COLUMN value_low TO value_estimate;

ALTER TABLE public.card_identifications RENAME COLUMN value_low TO value_estimate;

ALTER TABLE public.vinyl_identifications RENAME COLUMN value_low TO value_estimate;

ALTER TABLE public.coin_identifications RENAME COLUMN value_low TO value_estimate;

COMMIT;
