-- fitness/0004_grams_with_decimals, forward
-- Written by `verso plan` and proved on PostgreSQL 18.4 (binaries). After an edit: `verso prove 0004_grams_with_decimals`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 7 steps, marked [430cb1af]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 7 [430cb1af]: in one transaction
BEGIN;

DROP VIEW fitness.daily_nutrition;

ALTER TABLE fitness.meal_logs DROP CONSTRAINT meal_logs_alcohol_g_check;

ALTER TABLE fitness.meal_logs DROP CONSTRAINT meal_logs_carbohydrate_g_check;

ALTER TABLE fitness.meal_logs DROP CONSTRAINT meal_logs_fat_g_check;

ALTER TABLE fitness.meal_logs DROP CONSTRAINT meal_logs_fibre_g_check;

ALTER TABLE fitness.meal_logs DROP CONSTRAINT meal_logs_protein_g_check;

ALTER TABLE fitness.meal_logs DROP COLUMN calories;

ALTER TABLE fitness.meal_logs DROP COLUMN protein_percent;

ALTER TABLE fitness.meal_logs DROP COLUMN carbohydrate_percent;

ALTER TABLE fitness.meal_logs DROP COLUMN fat_percent;

ALTER TABLE fitness.health_metrics DROP COLUMN blood_pressure;

ALTER TABLE fitness.meal_logs ALTER COLUMN protein_g TYPE numeric(6,1);

ALTER TABLE fitness.meal_logs ALTER COLUMN carbohydrate_g TYPE numeric(6,1);

ALTER TABLE fitness.meal_logs ALTER COLUMN fat_g TYPE numeric(6,1);

ALTER TABLE fitness.meal_logs ALTER COLUMN alcohol_g TYPE numeric(6,1);

ALTER TABLE fitness.meal_logs ALTER COLUMN fibre_g TYPE numeric(6,1);

ALTER TABLE fitness.meal_logs ADD COLUMN calories integer GENERATED ALWAYS AS (round((((((4)::numeric * protein_g) + ((4)::numeric * carbohydrate_g)) + ((9)::numeric * fat_g)) + ((7)::numeric * alcohol_g)))) STORED;

ALTER TABLE fitness.meal_logs ADD COLUMN protein_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (4)::numeric) * protein_g) / NULLIF((((((4)::numeric * protein_g) + ((4)::numeric * carbohydrate_g)) + ((9)::numeric * fat_g)) + ((7)::numeric * alcohol_g)), (0)::numeric)), 1)) STORED;

ALTER TABLE fitness.meal_logs ADD COLUMN carbohydrate_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (4)::numeric) * carbohydrate_g) / NULLIF((((((4)::numeric * protein_g) + ((4)::numeric * carbohydrate_g)) + ((9)::numeric * fat_g)) + ((7)::numeric * alcohol_g)), (0)::numeric)), 1)) STORED;

ALTER TABLE fitness.meal_logs ADD COLUMN fat_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (9)::numeric) * fat_g) / NULLIF((((((4)::numeric * protein_g) + ((4)::numeric * carbohydrate_g)) + ((9)::numeric * fat_g)) + ((7)::numeric * alcohol_g)), (0)::numeric)), 1)) STORED;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_alcohol_g_check CHECK (((alcohol_g >= (0)::numeric) AND (alcohol_g <= (500)::numeric))) NOT VALID;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_carbohydrate_g_check CHECK (((carbohydrate_g >= (0)::numeric) AND (carbohydrate_g <= (2000)::numeric))) NOT VALID;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_fat_g_check CHECK (((fat_g >= (0)::numeric) AND (fat_g <= (1000)::numeric))) NOT VALID;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_fibre_g_check CHECK (((fibre_g >= (0)::numeric) AND (fibre_g <= (300)::numeric))) NOT VALID;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_protein_g_check CHECK (((protein_g >= (0)::numeric) AND (protein_g <= (1000)::numeric))) NOT VALID;

CREATE VIEW fitness.daily_nutrition WITH (security_invoker=true) AS
 SELECT user_id,
    meal_date,
    (count(*))::integer AS meals,
    (sum(calories))::integer AS calories,
    sum(protein_g) AS protein_g,
    sum(carbohydrate_g) AS carbohydrate_g,
    sum(fat_g) AS fat_g,
    (sum(water_ml))::integer AS water_ml,
    round(avg(adherence), 1) AS average_adherence
   FROM fitness.meal_logs m
  GROUP BY user_id, meal_date;

ALTER VIEW fitness.daily_nutrition OWNER TO fitness_owner;

GRANT SELECT ON TABLE fitness.daily_nutrition TO fitness_app;

GRANT SELECT ON TABLE fitness.daily_nutrition TO fitness_readonly;

COMMENT ON COLUMN fitness.meal_logs.calories IS 'From the macronutrients, in kcal.';

COMMENT ON COLUMN fitness.meal_logs.protein_percent IS 'This and the following two are shares of the calories.';

COMMENT ON VIEW fitness.daily_nutrition IS 'Each day''s sums.';

COMMIT;

-- step 2 of 7 [430cb1af]: in one transaction
BEGIN;

ALTER TABLE fitness.meal_logs VALIDATE CONSTRAINT meal_logs_alcohol_g_check;

COMMIT;

-- step 3 of 7 [430cb1af]: in one transaction
BEGIN;

ALTER TABLE fitness.meal_logs VALIDATE CONSTRAINT meal_logs_carbohydrate_g_check;

COMMIT;

-- step 4 of 7 [430cb1af]: in one transaction
BEGIN;

ALTER TABLE fitness.meal_logs VALIDATE CONSTRAINT meal_logs_fat_g_check;

COMMIT;

-- step 5 of 7 [430cb1af]: in one transaction
BEGIN;

ALTER TABLE fitness.meal_logs VALIDATE CONSTRAINT meal_logs_fibre_g_check;

COMMIT;

-- step 6 of 7 [430cb1af]: in one transaction
BEGIN;

ALTER TABLE fitness.meal_logs VALIDATE CONSTRAINT meal_logs_protein_g_check;

COMMIT;

-- step 7 of 7 [430cb1af]: outside a transaction
CREATE INDEX CONCURRENTLY meal_logs_user_id_meal_date_calories_water_ml_idx ON fitness.meal_logs USING btree (user_id, meal_date DESC) INCLUDE (calories, water_ml);
