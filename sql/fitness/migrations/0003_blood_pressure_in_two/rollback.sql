-- fitness/0003_blood_pressure_in_two, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.4 (binaries). After an edit: `verso prove 0003_blood_pressure_in_two`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [fdf44207]

SET check_function_bodies = off;

-- step 1 of 1 [fdf44207]: in one transaction
BEGIN;

ALTER TABLE fitness.workout_sessions ALTER COLUMN intensity DROP DEFAULT;

ALTER TABLE fitness.health_metrics DROP COLUMN diastolic_mmhg;

ALTER TABLE fitness.health_metrics DROP COLUMN systolic_mmhg;

ALTER TABLE fitness.workout_sessions ALTER COLUMN intensity DROP NOT NULL;

COMMENT ON COLUMN fitness.health_metrics.blood_pressure IS 'Systolic over diastolic in mmHg: 120/80.';

COMMIT;
