-- fitness/0003_blood_pressure_in_two, forward
-- Written by `verso plan` and proved on PostgreSQL 18.4 (binaries). After an edit: `verso prove 0003_blood_pressure_in_two`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 5 steps, marked [00735fd0]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 5 [00735fd0]: in one transaction
BEGIN;

ALTER TABLE fitness.workout_sessions DISABLE TRIGGER audit, DISABLE TRIGGER set_updated_at;

UPDATE fitness.workout_sessions SET intensity = 5 WHERE intensity IS NULL;

ALTER TABLE fitness.workout_sessions ENABLE TRIGGER audit, ENABLE TRIGGER set_updated_at;

ALTER TABLE fitness.workout_sessions ALTER COLUMN intensity SET NOT NULL;

ALTER TABLE fitness.health_metrics ADD COLUMN systolic_mmhg smallint;

ALTER TABLE fitness.health_metrics DISABLE TRIGGER audit, DISABLE TRIGGER set_updated_at, DISABLE TRIGGER track_goals;

UPDATE fitness.health_metrics SET systolic_mmhg = case when (split_part(blood_pressure, '/', 1)::smallint between 50 and 300 and split_part(blood_pressure, '/', 2)::smallint between 20 and 200 and split_part(blood_pressure, '/', 1)::smallint > split_part(blood_pressure, '/', 2)::smallint) then split_part(blood_pressure, '/', 1)::smallint end;

ALTER TABLE fitness.health_metrics ENABLE TRIGGER audit, ENABLE TRIGGER set_updated_at, ENABLE TRIGGER track_goals;

ALTER TABLE fitness.health_metrics ADD COLUMN diastolic_mmhg smallint;

ALTER TABLE fitness.health_metrics DISABLE TRIGGER audit, DISABLE TRIGGER set_updated_at, DISABLE TRIGGER track_goals;

UPDATE fitness.health_metrics SET diastolic_mmhg = case when (split_part(blood_pressure, '/', 1)::smallint between 50 and 300 and split_part(blood_pressure, '/', 2)::smallint between 20 and 200 and split_part(blood_pressure, '/', 1)::smallint > split_part(blood_pressure, '/', 2)::smallint) then split_part(blood_pressure, '/', 2)::smallint end;

ALTER TABLE fitness.health_metrics ENABLE TRIGGER audit, ENABLE TRIGGER set_updated_at, ENABLE TRIGGER track_goals;

ALTER TABLE fitness.workout_sessions ALTER COLUMN intensity SET DEFAULT 5;

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_diastolic_mmhg_check CHECK (((diastolic_mmhg >= 20) AND (diastolic_mmhg <= 200))) NOT VALID;

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_systolic_above_diastolic CHECK ((systolic_mmhg > diastolic_mmhg)) NOT VALID;

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_systolic_mmhg_check CHECK (((systolic_mmhg >= 50) AND (systolic_mmhg <= 300))) NOT VALID;

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_whole_blood_pressure CHECK (((systolic_mmhg IS NULL) = (diastolic_mmhg IS NULL))) NOT VALID;

COMMENT ON COLUMN fitness.health_metrics.blood_pressure IS 'Goes with the next release: it is in systolic_mmhg and diastolic_mmhg now.';

COMMIT;

-- step 2 of 5 [00735fd0]: in one transaction
BEGIN;

ALTER TABLE fitness.health_metrics VALIDATE CONSTRAINT health_metrics_diastolic_mmhg_check;

COMMIT;

-- step 3 of 5 [00735fd0]: in one transaction
BEGIN;

ALTER TABLE fitness.health_metrics VALIDATE CONSTRAINT health_metrics_systolic_above_diastolic;

COMMIT;

-- step 4 of 5 [00735fd0]: in one transaction
BEGIN;

ALTER TABLE fitness.health_metrics VALIDATE CONSTRAINT health_metrics_systolic_mmhg_check;

COMMIT;

-- step 5 of 5 [00735fd0]: in one transaction
BEGIN;

ALTER TABLE fitness.health_metrics VALIDATE CONSTRAINT health_metrics_whole_blood_pressure;

COMMIT;
