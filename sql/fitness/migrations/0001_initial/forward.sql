-- fitness/0001_initial, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [9bc019d4]

SET check_function_bodies = off;

-- step 1 of 1 [9bc019d4]: in one transaction
BEGIN;

DO $body$
BEGIN
  CREATE ROLE fitness_app LOGIN;
EXCEPTION WHEN duplicate_object THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

DO $body$
BEGIN
  CREATE ROLE fitness_owner;
EXCEPTION WHEN duplicate_object THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

DO $body$
BEGIN
  CREATE ROLE fitness_readonly LOGIN;
EXCEPTION WHEN duplicate_object THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER DATABASE %I SET TimeZone TO 'UTC'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER DATABASE %I SET default_text_search_config TO 'pg_catalog.english'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER ROLE fitness_readonly IN DATABASE %I SET default_transaction_read_only TO 'on'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER DATABASE %I SET idle_in_transaction_session_timeout TO '5min'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER ROLE fitness_app IN DATABASE %I SET lock_timeout TO '5s'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO fitness, extensions', current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER ROLE fitness_app IN DATABASE %I SET statement_timeout TO '30s'$sql$, current_database()); END$body$;

DO $body$BEGIN EXECUTE format($sql$ALTER ROLE fitness_readonly IN DATABASE %I SET statement_timeout TO '5min'$sql$, current_database()); END$body$;

CREATE SCHEMA extensions;

CREATE SCHEMA fitness;

CREATE EXTENSION "uuid-ossp" WITH SCHEMA extensions;

CREATE EXTENSION pg_trgm WITH SCHEMA extensions;

CREATE EXTENSION pgcrypto WITH SCHEMA extensions;

CREATE EXTENSION unaccent WITH SCHEMA extensions;

CREATE TYPE fitness.coaching_status AS ENUM ('scheduled', 'completed', 'cancelled', 'missed');

CREATE TYPE fitness.exercise_category AS ENUM ('push', 'pull', 'legs', 'core', 'full_body', 'cardio', 'mobility');

CREATE TYPE fitness.goal_status AS ENUM ('active', 'completed', 'paused', 'abandoned');

CREATE TYPE fitness.goal_type AS ENUM ('weight', 'body_fat', 'muscle_mass', 'strength', 'other');

CREATE TYPE fitness.meal_type AS ENUM ('breakfast', 'lunch', 'dinner', 'snack');

CREATE TYPE fitness.photo_visibility AS ENUM ('private', 'coach', 'everyone');

CREATE TYPE fitness.user_role AS ENUM ('user', 'coach', 'admin');

CREATE TYPE fitness.workout_type AS ENUM ('strength', 'cardio', 'interval', 'mobility', 'sport', 'recovery');

CREATE TABLE fitness.app_config (
  config_key character varying(100) NOT NULL,
  config_value jsonb NOT NULL,
  description text,
  is_public boolean DEFAULT false NOT NULL,
  updated_by uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT app_config_pkey PRIMARY KEY (config_key),
  CONSTRAINT app_config_config_key_check CHECK (((config_key)::text ~ '^[a-z][a-z0-9_.]*$'::text))
);

ALTER TABLE fitness.app_config ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  user_id uuid,
  session_id uuid,
  action text NOT NULL,
  table_name character varying(63) NOT NULL,
  row_id text NOT NULL,
  old_row jsonb,
  new_row jsonb,
  ip_address inet,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id),
  CONSTRAINT audit_log_action_check CHECK ((action = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text]))),
  CONSTRAINT audit_log_rows_of_action CHECK ((((old_row IS NULL) = (action = 'INSERT'::text)) AND ((new_row IS NULL) = (action = 'DELETE'::text))))
);

ALTER TABLE fitness.audit_log ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.coaching_sessions (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  coach_id uuid,
  scheduled_at timestamp with time zone NOT NULL,
  duration_minutes smallint DEFAULT 45 NOT NULL,
  status fitness.coaching_status DEFAULT 'scheduled'::fitness.coaching_status NOT NULL,
  topics text[] DEFAULT '{}'::text[] NOT NULL,
  action_items jsonb DEFAULT '[]'::jsonb NOT NULL,
  notes text,
  rating smallint,
  follow_up_date date,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT coaching_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT coaching_sessions_action_items_list CHECK ((jsonb_typeof(action_items) = 'array'::text)),
  CONSTRAINT coaching_sessions_duration_minutes_check CHECK (((duration_minutes >= 5) AND (duration_minutes <= 480))),
  CONSTRAINT coaching_sessions_rated_when_completed CHECK (((rating IS NULL) OR (status = 'completed'::fitness.coaching_status))),
  CONSTRAINT coaching_sessions_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
  CONSTRAINT coaching_sessions_two_people CHECK ((coach_id <> user_id))
);

ALTER TABLE fitness.coaching_sessions ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.exercise_definitions (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  name character varying(120) NOT NULL,
  slug character varying(120) NOT NULL,
  category fitness.exercise_category NOT NULL,
  variation_of_id uuid,
  muscles text[] DEFAULT '{}'::text[] NOT NULL,
  equipment text[] DEFAULT '{}'::text[] NOT NULL,
  instructions text,
  difficulty smallint DEFAULT 1 NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_by uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT exercise_definitions_pkey PRIMARY KEY (id),
  CONSTRAINT exercise_definitions_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 5))),
  CONSTRAINT exercise_definitions_name_not_blank CHECK ((btrim((name)::text) <> ''::text)),
  CONSTRAINT exercise_definitions_not_own_variation CHECK ((variation_of_id <> id)),
  CONSTRAINT exercise_definitions_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
);

ALTER TABLE fitness.exercise_definitions ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.exercise_logs (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  workout_session_id uuid NOT NULL,
  exercise_id uuid NOT NULL,
  "position" smallint NOT NULL,
  logged_date date DEFAULT CURRENT_DATE NOT NULL,
  sets smallint,
  reps smallint,
  weight_kg numeric(6,2),
  rpe numeric(3,1),
  rest_seconds smallint,
  distance_m numeric(8,1),
  duration_seconds integer,
  volume_kg numeric(12,2) GENERATED ALWAYS AS ((((sets * reps))::numeric * weight_kg)) STORED,
  pace_seconds_per_mile numeric(8,1) GENERATED ALWAYS AS (round((((duration_seconds)::numeric / NULLIF(distance_m, (0)::numeric)) * 1609.344), 1)) STORED,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT exercise_logs_pkey PRIMARY KEY (id),
  CONSTRAINT exercise_logs_distance_m_check CHECK ((distance_m > (0)::numeric)),
  CONSTRAINT exercise_logs_duration_seconds_check CHECK ((duration_seconds > 0)),
  CONSTRAINT exercise_logs_position_check CHECK (("position" >= 1)),
  CONSTRAINT exercise_logs_reps_check CHECK (((reps >= 1) AND (reps <= 1000))),
  CONSTRAINT exercise_logs_rest_seconds_check CHECK (((rest_seconds >= 0) AND (rest_seconds <= 3600))),
  CONSTRAINT exercise_logs_rpe_check CHECK (((rpe >= (1)::numeric) AND (rpe <= (10)::numeric) AND ((rpe * (2)::numeric) = trunc((rpe * (2)::numeric))))),
  CONSTRAINT exercise_logs_says_something CHECK ((num_nonnulls(sets, distance_m, duration_seconds) > 0)),
  CONSTRAINT exercise_logs_sets_check CHECK (((sets >= 1) AND (sets <= 50))),
  CONSTRAINT exercise_logs_sets_with_reps CHECK (((sets IS NULL) = (reps IS NULL))),
  CONSTRAINT exercise_logs_weight_kg_check CHECK (((weight_kg >= (0)::numeric) AND (weight_kg <= (1000)::numeric)))
);

ALTER TABLE fitness.exercise_logs ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.health_metrics (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  recorded_date date DEFAULT CURRENT_DATE NOT NULL,
  weight_kg numeric(5,2),
  body_fat_percent numeric(4,1),
  muscle_mass_kg numeric(5,2),
  fat_mass_kg numeric(5,2) GENERATED ALWAYS AS (round(((weight_kg * body_fat_percent) / (100)::numeric), 2)) STORED,
  lean_body_mass_kg numeric(5,2) GENERATED ALWAYS AS ((weight_kg - round(((weight_kg * body_fat_percent) / (100)::numeric), 2))) STORED,
  neck_cm numeric(4,1),
  chest_cm numeric(4,1),
  waist_cm numeric(4,1),
  hips_cm numeric(4,1),
  left_arm_cm numeric(4,1),
  right_arm_cm numeric(4,1),
  left_thigh_cm numeric(4,1),
  right_thigh_cm numeric(4,1),
  resting_heart_rate smallint,
  blood_pressure character varying(7),
  sleep_hours numeric(3,1),
  energy_level smallint,
  mood smallint,
  sleep_quality smallint,
  stress_level smallint,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT health_metrics_pkey PRIMARY KEY (id),
  CONSTRAINT health_metrics_blood_pressure_check CHECK (((blood_pressure)::text ~ '^[0-9]{2,3}/[0-9]{2,3}$'::text)),
  CONSTRAINT health_metrics_body_fat_percent_check CHECK (((body_fat_percent >= (2)::numeric) AND (body_fat_percent <= (75)::numeric))),
  CONSTRAINT health_metrics_chest_cm_check CHECK (((chest_cm >= (40)::numeric) AND (chest_cm <= (250)::numeric))),
  CONSTRAINT health_metrics_energy_level_check CHECK (((energy_level >= 1) AND (energy_level <= 10))),
  CONSTRAINT health_metrics_hips_cm_check CHECK (((hips_cm >= (40)::numeric) AND (hips_cm <= (300)::numeric))),
  CONSTRAINT health_metrics_left_arm_cm_check CHECK (((left_arm_cm >= (10)::numeric) AND (left_arm_cm <= (100)::numeric))),
  CONSTRAINT health_metrics_left_thigh_cm_check CHECK (((left_thigh_cm >= (20)::numeric) AND (left_thigh_cm <= (150)::numeric))),
  CONSTRAINT health_metrics_mood_check CHECK (((mood >= 1) AND (mood <= 10))),
  CONSTRAINT health_metrics_muscle_mass_kg_check CHECK (((muscle_mass_kg >= (5)::numeric) AND (muscle_mass_kg <= (200)::numeric))),
  CONSTRAINT health_metrics_muscle_within_weight CHECK ((muscle_mass_kg < weight_kg)),
  CONSTRAINT health_metrics_neck_cm_check CHECK (((neck_cm >= (15)::numeric) AND (neck_cm <= (100)::numeric))),
  CONSTRAINT health_metrics_resting_heart_rate_check CHECK (((resting_heart_rate >= 20) AND (resting_heart_rate <= 250))),
  CONSTRAINT health_metrics_right_arm_cm_check CHECK (((right_arm_cm >= (10)::numeric) AND (right_arm_cm <= (100)::numeric))),
  CONSTRAINT health_metrics_right_thigh_cm_check CHECK (((right_thigh_cm >= (20)::numeric) AND (right_thigh_cm <= (150)::numeric))),
  CONSTRAINT health_metrics_sleep_hours_check CHECK (((sleep_hours >= (0)::numeric) AND (sleep_hours <= (24)::numeric))),
  CONSTRAINT health_metrics_sleep_quality_check CHECK (((sleep_quality >= 1) AND (sleep_quality <= 10))),
  CONSTRAINT health_metrics_stress_level_check CHECK (((stress_level >= 1) AND (stress_level <= 10))),
  CONSTRAINT health_metrics_waist_cm_check CHECK (((waist_cm >= (30)::numeric) AND (waist_cm <= (300)::numeric))),
  CONSTRAINT health_metrics_weight_kg_check CHECK (((weight_kg >= (20)::numeric) AND (weight_kg <= (500)::numeric)))
);

ALTER TABLE fitness.health_metrics ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.meal_logs (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  meal_date date DEFAULT CURRENT_DATE NOT NULL,
  eaten_at time without time zone,
  meal_type fitness.meal_type NOT NULL,
  name character varying(150) NOT NULL,
  protein_g smallint DEFAULT 0 NOT NULL,
  carbohydrate_g smallint DEFAULT 0 NOT NULL,
  fat_g smallint DEFAULT 0 NOT NULL,
  alcohol_g smallint DEFAULT 0 NOT NULL,
  fibre_g smallint DEFAULT 0 NOT NULL,
  calories integer GENERATED ALWAYS AS (round((((((4 * protein_g) + (4 * carbohydrate_g)) + (9 * fat_g)) + (7 * alcohol_g)))::double precision)) STORED,
  protein_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (4)::numeric) * (protein_g)::numeric) / (NULLIF(((((4 * protein_g) + (4 * carbohydrate_g)) + (9 * fat_g)) + (7 * alcohol_g)), 0))::numeric), 1)) STORED,
  carbohydrate_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (4)::numeric) * (carbohydrate_g)::numeric) / (NULLIF(((((4 * protein_g) + (4 * carbohydrate_g)) + (9 * fat_g)) + (7 * alcohol_g)), 0))::numeric), 1)) STORED,
  fat_percent numeric(4,1) GENERATED ALWAYS AS (round((((100.0 * (9)::numeric) * (fat_g)::numeric) / (NULLIF(((((4 * protein_g) + (4 * carbohydrate_g)) + (9 * fat_g)) + (7 * alcohol_g)), 0))::numeric), 1)) STORED,
  water_ml integer DEFAULT 0 NOT NULL,
  adherence smallint,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT meal_logs_pkey PRIMARY KEY (id),
  CONSTRAINT meal_logs_adherence_check CHECK (((adherence >= 1) AND (adherence <= 10))),
  CONSTRAINT meal_logs_alcohol_g_check CHECK (((alcohol_g >= 0) AND (alcohol_g <= 500))),
  CONSTRAINT meal_logs_carbohydrate_g_check CHECK (((carbohydrate_g >= 0) AND (carbohydrate_g <= 2000))),
  CONSTRAINT meal_logs_fat_g_check CHECK (((fat_g >= 0) AND (fat_g <= 1000))),
  CONSTRAINT meal_logs_fibre_g_check CHECK (((fibre_g >= 0) AND (fibre_g <= 300))),
  CONSTRAINT meal_logs_name_not_blank CHECK ((btrim((name)::text) <> ''::text)),
  CONSTRAINT meal_logs_protein_g_check CHECK (((protein_g >= 0) AND (protein_g <= 1000))),
  CONSTRAINT meal_logs_water_ml_check CHECK (((water_ml >= 0) AND (water_ml <= 10000)))
);

ALTER TABLE fitness.meal_logs ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.progress_photos (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  health_metric_id uuid,
  photo_date date DEFAULT CURRENT_DATE NOT NULL,
  photo_type text NOT NULL,
  storage_key character varying(500) NOT NULL,
  metrics_snapshot jsonb DEFAULT '{}'::jsonb NOT NULL,
  visibility fitness.photo_visibility DEFAULT 'private'::fitness.photo_visibility NOT NULL,
  caption character varying(300),
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT progress_photos_pkey PRIMARY KEY (id),
  CONSTRAINT progress_photos_date_plausible CHECK ((photo_date >= '1900-01-01'::date)),
  CONSTRAINT progress_photos_snapshot_object CHECK ((jsonb_typeof(metrics_snapshot) = 'object'::text)),
  CONSTRAINT progress_photos_type_known CHECK ((photo_type = ANY (ARRAY['front'::text, 'side'::text, 'back'::text, 'detail'::text])))
);

ALTER TABLE fitness.progress_photos ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.user_goals (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  parent_goal_id uuid,
  title character varying(150) NOT NULL,
  description text,
  goal_type fitness.goal_type NOT NULL,
  exercise_id uuid,
  coaching_session_id uuid,
  unit character varying(20) NOT NULL,
  start_value numeric(10,2) NOT NULL,
  target_value numeric(10,2) NOT NULL,
  current_value numeric(10,2) NOT NULL,
  progress_percent numeric(4,1) GENERATED ALWAYS AS (round(LEAST((100)::numeric, GREATEST((0)::numeric, (((100)::numeric * (current_value - start_value)) / NULLIF((target_value - start_value), (0)::numeric)))), 1)) STORED,
  milestones jsonb DEFAULT '[]'::jsonb NOT NULL,
  status fitness.goal_status DEFAULT 'active'::fitness.goal_status NOT NULL,
  priority smallint DEFAULT 3 NOT NULL,
  start_date date DEFAULT CURRENT_DATE NOT NULL,
  target_date date,
  completed_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT user_goals_pkey PRIMARY KEY (id),
  CONSTRAINT user_goals_completed_when CHECK (((status = 'completed'::fitness.goal_status) = (completed_at IS NOT NULL))),
  CONSTRAINT user_goals_goes_somewhere CHECK ((target_value <> start_value)),
  CONSTRAINT user_goals_milestones_list CHECK ((jsonb_typeof(milestones) = 'array'::text)),
  CONSTRAINT user_goals_not_own_part CHECK ((parent_goal_id <> id)),
  CONSTRAINT user_goals_priority_check CHECK (((priority >= 1) AND (priority <= 5))),
  CONSTRAINT user_goals_target_after_start CHECK ((target_date >= start_date)),
  CONSTRAINT user_goals_title_not_blank CHECK ((btrim((title)::text) <> ''::text))
);

ALTER TABLE fitness.user_goals ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.user_sessions (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  session_token text NOT NULL,
  renews_id uuid,
  remember_me boolean DEFAULT false NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
  ip_address inet,
  device character varying(100),
  browser character varying(100),
  operating_system character varying(100),
  revoked_at timestamp with time zone,
  revoked_reason text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT user_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT user_sessions_expires_later CHECK ((expires_at > created_at)),
  CONSTRAINT user_sessions_lifetime CHECK ((expires_at <= (created_at +
CASE
    WHEN remember_me THEN '720:00:00'::interval
    ELSE '24:00:00'::interval
END))),
  CONSTRAINT user_sessions_reason_known CHECK ((revoked_reason = ANY (ARRAY['log out'::text, 'expired'::text, 'renewed'::text, 'password changed'::text, 'administrator'::text]))),
  CONSTRAINT user_sessions_revoked_with_reason CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL))),
  CONSTRAINT user_sessions_session_token_check CHECK ((length(session_token) = 64))
);

ALTER TABLE fitness.user_sessions ENABLE ROW LEVEL SECURITY;

CREATE TABLE fitness.users (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  email character varying(255) NOT NULL,
  username character varying(50) NOT NULL,
  password_hash text NOT NULL,
  role fitness.user_role DEFAULT 'user'::fitness.user_role NOT NULL,
  full_name character varying(150) NOT NULL,
  birth_date date,
  sex text,
  height_cm numeric(4,1),
  coach_id uuid,
  preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  failed_login_attempts smallint DEFAULT 0 NOT NULL,
  locked_until timestamp with time zone,
  last_login_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_birth_date_plausible CHECK ((birth_date >= '1900-01-01'::date)),
  CONSTRAINT users_email_shape CHECK ((((email)::text = lower((email)::text)) AND ((email)::text ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
  CONSTRAINT users_failed_login_attempts_check CHECK ((failed_login_attempts >= 0)),
  CONSTRAINT users_full_name_not_blank CHECK ((btrim((full_name)::text) <> ''::text)),
  CONSTRAINT users_height_cm_check CHECK (((height_cm >= (80)::numeric) AND (height_cm <= (260)::numeric))),
  CONSTRAINT users_not_own_coach CHECK ((coach_id <> id)),
  CONSTRAINT users_preferences_object CHECK ((jsonb_typeof(preferences) = 'object'::text)),
  CONSTRAINT users_sex_known CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'other'::text]))),
  CONSTRAINT users_username_shape CHECK (((username)::text ~ '^[a-z0-9_.-]{3,50}$'::text))
);

ALTER TABLE fitness.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE fitness.users ALTER COLUMN email SET STATISTICS 500;

CREATE TABLE fitness.workout_sessions (
  id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
  user_id uuid NOT NULL,
  workout_date date DEFAULT CURRENT_DATE NOT NULL,
  title character varying(150) NOT NULL,
  workout_type fitness.workout_type NOT NULL,
  started_at timestamp with time zone,
  duration_minutes smallint,
  program_name character varying(100),
  program_phase character varying(50),
  program_week smallint,
  program_day smallint,
  intensity smallint,
  fatigue smallint,
  soreness smallint,
  calories_burned smallint,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT workout_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT workout_sessions_calories_burned_check CHECK (((calories_burned >= 0) AND (calories_burned <= 10000))),
  CONSTRAINT workout_sessions_day_of_week_of_program CHECK (((program_day IS NULL) OR (program_week IS NOT NULL))),
  CONSTRAINT workout_sessions_duration_minutes_check CHECK (((duration_minutes >= 1) AND (duration_minutes <= 1440))),
  CONSTRAINT workout_sessions_fatigue_check CHECK (((fatigue >= 1) AND (fatigue <= 10))),
  CONSTRAINT workout_sessions_intensity_check CHECK (((intensity >= 1) AND (intensity <= 10))),
  CONSTRAINT workout_sessions_program_day_check CHECK (((program_day >= 1) AND (program_day <= 7))),
  CONSTRAINT workout_sessions_program_week_check CHECK (((program_week >= 1) AND (program_week <= 104))),
  CONSTRAINT workout_sessions_soreness_check CHECK (((soreness >= 1) AND (soreness <= 10))),
  CONSTRAINT workout_sessions_title_not_blank CHECK ((btrim((title)::text) <> ''::text))
);

ALTER TABLE fitness.workout_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_user_id_scheduled_at_key UNIQUE (user_id, scheduled_at);

ALTER TABLE fitness.exercise_definitions ADD CONSTRAINT exercise_definitions_name_key UNIQUE (name);

ALTER TABLE fitness.exercise_definitions ADD CONSTRAINT exercise_definitions_slug_key UNIQUE (slug);

ALTER TABLE fitness.exercise_logs ADD CONSTRAINT exercise_logs_workout_session_id_position_key UNIQUE (workout_session_id, "position");

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_id_user_id_key UNIQUE (id, user_id);

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_user_id_recorded_date_key UNIQUE (user_id, recorded_date);

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_user_id_meal_date_meal_type_name_key UNIQUE (user_id, meal_date, meal_type, name);

ALTER TABLE fitness.progress_photos ADD CONSTRAINT progress_photos_storage_key_key UNIQUE (storage_key);

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_id_user_id_key UNIQUE (id, user_id);

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_user_id_title_key UNIQUE (user_id, title);

ALTER TABLE fitness.user_sessions ADD CONSTRAINT user_sessions_session_token_key UNIQUE (session_token);

ALTER TABLE fitness.users ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE fitness.users ADD CONSTRAINT users_username_key UNIQUE (username);

ALTER TABLE fitness.workout_sessions ADD CONSTRAINT workout_sessions_id_user_id_key UNIQUE (id, user_id);

ALTER TABLE fitness.workout_sessions ADD CONSTRAINT workout_sessions_user_id_workout_date_title_key UNIQUE (user_id, workout_date, title);

ALTER TABLE fitness.app_config ADD CONSTRAINT app_config_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES fitness.users(id) ON DELETE SET NULL;

ALTER TABLE fitness.audit_log ADD CONSTRAINT audit_log_session_id_fkey FOREIGN KEY (session_id) REFERENCES fitness.user_sessions(id) ON DELETE SET NULL;

ALTER TABLE fitness.audit_log ADD CONSTRAINT audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE SET NULL;

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_coach_id_fkey FOREIGN KEY (coach_id) REFERENCES fitness.users(id) ON DELETE SET NULL;

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.exercise_definitions ADD CONSTRAINT exercise_definitions_created_by_fkey FOREIGN KEY (created_by) REFERENCES fitness.users(id) ON DELETE SET NULL;

ALTER TABLE fitness.exercise_definitions ADD CONSTRAINT exercise_definitions_variation_of_id_fkey FOREIGN KEY (variation_of_id) REFERENCES fitness.exercise_definitions(id) ON DELETE CASCADE;

ALTER TABLE fitness.exercise_logs ADD CONSTRAINT exercise_logs_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES fitness.exercise_definitions(id) ON DELETE RESTRICT;

ALTER TABLE fitness.exercise_logs ADD CONSTRAINT exercise_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.exercise_logs ADD CONSTRAINT exercise_logs_workout_session_id_user_id_fkey FOREIGN KEY (workout_session_id, user_id) REFERENCES fitness.workout_sessions(id, user_id) ON DELETE CASCADE;

ALTER TABLE fitness.health_metrics ADD CONSTRAINT health_metrics_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.meal_logs ADD CONSTRAINT meal_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.progress_photos ADD CONSTRAINT progress_photos_health_metric_id_user_id_fkey FOREIGN KEY (health_metric_id, user_id) REFERENCES fitness.health_metrics(id, user_id) ON DELETE CASCADE;

ALTER TABLE fitness.progress_photos ADD CONSTRAINT progress_photos_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_coaching_session_id_fkey FOREIGN KEY (coaching_session_id) REFERENCES fitness.coaching_sessions(id) ON DELETE SET NULL;

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES fitness.exercise_definitions(id) ON DELETE CASCADE;

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_parent_goal_id_user_id_fkey FOREIGN KEY (parent_goal_id, user_id) REFERENCES fitness.user_goals(id, user_id) ON DELETE CASCADE;

ALTER TABLE fitness.user_goals ADD CONSTRAINT user_goals_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.user_sessions ADD CONSTRAINT user_sessions_renews_id_fkey FOREIGN KEY (renews_id) REFERENCES fitness.user_sessions(id) ON DELETE CASCADE;

ALTER TABLE fitness.user_sessions ADD CONSTRAINT user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

ALTER TABLE fitness.users ADD CONSTRAINT users_coach_id_fkey FOREIGN KEY (coach_id) REFERENCES fitness.users(id) ON DELETE SET NULL;

ALTER TABLE fitness.workout_sessions ADD CONSTRAINT workout_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES fitness.users(id) ON DELETE CASCADE;

CREATE INDEX app_config_is_public_idx ON fitness.app_config USING btree (is_public) WHERE is_public;

CREATE INDEX app_config_updated_by_idx ON fitness.app_config USING btree (updated_by);

CREATE INDEX audit_log_new_row_idx ON fitness.audit_log USING gin (new_row);

CREATE INDEX audit_log_occurred_at_idx ON fitness.audit_log USING brin (occurred_at);

CREATE INDEX audit_log_session_id_idx ON fitness.audit_log USING btree (session_id);

CREATE INDEX audit_log_table_name_row_id_occurred_at_idx ON fitness.audit_log USING btree (table_name, row_id, occurred_at);

CREATE INDEX audit_log_user_id_occurred_at_idx ON fitness.audit_log USING btree (user_id, occurred_at DESC);

CREATE INDEX coaching_sessions_coach_id_scheduled_at_idx ON fitness.coaching_sessions USING btree (coach_id, scheduled_at);

CREATE INDEX coaching_sessions_follow_up_date_idx ON fitness.coaching_sessions USING btree (follow_up_date) WHERE (follow_up_date IS NOT NULL);

CREATE INDEX coaching_sessions_scheduled_at_idx ON fitness.coaching_sessions USING btree (scheduled_at) WHERE (status = 'scheduled'::fitness.coaching_status);

CREATE INDEX coaching_sessions_topics_idx ON fitness.coaching_sessions USING gin (topics);

CREATE INDEX coaching_sessions_user_id_scheduled_at_idx ON fitness.coaching_sessions USING btree (user_id, scheduled_at DESC);

CREATE INDEX exercise_definitions_category_difficulty_idx ON fitness.exercise_definitions USING btree (category, difficulty) WHERE is_active;

CREATE INDEX exercise_definitions_created_by_idx ON fitness.exercise_definitions USING btree (created_by);

CREATE INDEX exercise_definitions_equipment_idx ON fitness.exercise_definitions USING gin (equipment);

CREATE INDEX exercise_definitions_muscles_idx ON fitness.exercise_definitions USING gin (muscles);

CREATE INDEX exercise_definitions_variation_of_id_idx ON fitness.exercise_definitions USING btree (variation_of_id);

CREATE INDEX exercise_logs_exercise_id_volume_kg_idx ON fitness.exercise_logs USING btree (exercise_id, volume_kg DESC NULLS LAST);

CREATE INDEX exercise_logs_user_id_exercise_id_logged_date_weight_kg_rep_idx ON fitness.exercise_logs USING btree (user_id, exercise_id, logged_date DESC) INCLUDE (weight_kg, reps);

CREATE INDEX exercise_logs_user_id_logged_date_idx ON fitness.exercise_logs USING btree (user_id, logged_date DESC);

CREATE INDEX exercise_logs_workout_session_id_user_id_idx ON fitness.exercise_logs USING btree (workout_session_id, user_id);

CREATE INDEX health_metrics_recorded_date_idx ON fitness.health_metrics USING brin (recorded_date);

CREATE INDEX health_metrics_user_id_recorded_date_weight_kg_body_fat_per_idx ON fitness.health_metrics USING btree (user_id, recorded_date DESC) INCLUDE (weight_kg, body_fat_percent);

CREATE INDEX health_metrics_weighed_idx ON fitness.health_metrics USING btree (user_id, recorded_date) WHERE (weight_kg IS NOT NULL);

CREATE INDEX meal_logs_meal_date_idx ON fitness.meal_logs USING brin (meal_date);

CREATE INDEX meal_logs_user_id_meal_date_calories_water_ml_idx ON fitness.meal_logs USING btree (user_id, meal_date DESC) INCLUDE (calories, water_ml);

CREATE INDEX meal_logs_user_id_meal_type_meal_date_idx ON fitness.meal_logs USING btree (user_id, meal_type, meal_date);

CREATE INDEX progress_photos_health_metric_id_user_id_idx ON fitness.progress_photos USING btree (health_metric_id, user_id);

CREATE INDEX progress_photos_user_id_photo_date_idx ON fitness.progress_photos USING btree (user_id, photo_date DESC);

CREATE INDEX progress_photos_user_id_photo_type_photo_date_idx ON fitness.progress_photos USING btree (user_id, photo_type, photo_date DESC);

CREATE INDEX progress_photos_visibility_idx ON fitness.progress_photos USING btree (visibility) WHERE (visibility <> 'private'::fitness.photo_visibility);

CREATE INDEX user_goals_coaching_session_id_idx ON fitness.user_goals USING btree (coaching_session_id);

CREATE INDEX user_goals_exercise_id_idx ON fitness.user_goals USING btree (exercise_id);

CREATE INDEX user_goals_milestones_idx ON fitness.user_goals USING gin (milestones);

CREATE INDEX user_goals_parent_goal_id_user_id_idx ON fitness.user_goals USING btree (parent_goal_id, user_id);

CREATE INDEX user_goals_target_date_idx ON fitness.user_goals USING btree (target_date) WHERE (status = 'active'::fitness.goal_status);

CREATE INDEX user_goals_user_id_goal_type_idx ON fitness.user_goals USING btree (user_id, goal_type) WHERE (status = 'active'::fitness.goal_status);

CREATE INDEX user_goals_user_id_start_date_idx ON fitness.user_goals USING btree (user_id, start_date DESC);

CREATE INDEX user_goals_user_id_status_target_date_idx ON fitness.user_goals USING btree (user_id, status, target_date);

CREATE INDEX user_sessions_expires_at_idx ON fitness.user_sessions USING btree (expires_at);

CREATE INDEX user_sessions_ip_address_idx ON fitness.user_sessions USING btree (ip_address);

CREATE INDEX user_sessions_renews_id_idx ON fitness.user_sessions USING btree (renews_id);

CREATE INDEX user_sessions_user_id_expires_at_idx ON fitness.user_sessions USING btree (user_id, expires_at) WHERE (revoked_at IS NULL);

CREATE INDEX user_sessions_user_id_last_seen_at_idx ON fitness.user_sessions USING btree (user_id, last_seen_at DESC);

CREATE INDEX users_coach_id_idx ON fitness.users USING btree (coach_id);

CREATE INDEX users_full_name_idx ON fitness.users USING gin (full_name extensions.gin_trgm_ops);

CREATE INDEX users_locked_until_idx ON fitness.users USING btree (locked_until) WHERE (locked_until IS NOT NULL);

CREATE INDEX users_preferences_idx ON fitness.users USING gin (preferences);

CREATE INDEX users_role_idx ON fitness.users USING btree (role) WHERE (role <> 'user'::fitness.user_role);

CREATE INDEX workout_sessions_user_id_program_name_program_week_program__idx ON fitness.workout_sessions USING btree (user_id, program_name, program_week, program_day) WHERE (program_name IS NOT NULL);

CREATE INDEX workout_sessions_user_id_workout_date_idx ON fitness.workout_sessions USING btree (user_id, workout_date DESC);

CREATE INDEX workout_sessions_user_id_workout_type_workout_date_idx ON fitness.workout_sessions USING btree (user_id, workout_type, workout_date);

CREATE INDEX workout_sessions_workout_date_idx ON fitness.workout_sessions USING brin (workout_date);

CREATE STATISTICS fitness.health_metrics_scores (dependencies, mcv) ON energy_level, mood, sleep_quality, stress_level FROM fitness.health_metrics;

CREATE STATISTICS fitness.workout_sessions_habits (ndistinct) ON user_id, workout_type FROM fitness.workout_sessions;

ALTER STATISTICS fitness.workout_sessions_habits SET STATISTICS 500;

CREATE STATISTICS fitness.workout_sessions_program ON program_name, program_phase, program_week FROM fitness.workout_sessions;

CREATE VIEW fitness.body_composition WITH (security_invoker=true) AS
 SELECT m.user_id,
    m.recorded_date,
    m.weight_kg,
    m.body_fat_percent,
    m.fat_mass_kg,
    m.lean_body_mass_kg,
    round((m.weight_kg / ((u.height_cm / (100)::numeric) ^ (2)::numeric)), 1) AS body_mass_index,
    round((m.waist_cm / u.height_cm), 2) AS waist_to_height
   FROM (fitness.health_metrics m
     JOIN fitness.users u ON ((u.id = m.user_id)));

CREATE VIEW fitness.coaching_schedule WITH (security_invoker=true) AS
 SELECT id AS coaching_session_id,
    user_id,
    coach_id,
    scheduled_at,
    (scheduled_at < now()) AS is_overdue,
    ((scheduled_at)::date - CURRENT_DATE) AS days_until
   FROM fitness.coaching_sessions s
  WHERE (status = 'scheduled'::fitness.coaching_status);

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

CREATE VIEW fitness.goal_overview WITH (security_invoker=true) AS
 SELECT id AS goal_id,
    user_id,
    title,
    goal_type,
    progress_percent,
    target_date,
    COALESCE((target_date < CURRENT_DATE), false) AS is_overdue,
    (target_date - CURRENT_DATE) AS days_left
   FROM fitness.user_goals g
  WHERE (status = 'active'::fitness.goal_status)
  ORDER BY target_date, priority;

CREATE VIEW fitness.workout_totals WITH (security_invoker=true) AS
 SELECT w.id AS workout_session_id,
    w.user_id,
    w.workout_date,
    w.title,
    (count(l.id))::integer AS exercises,
    (COALESCE(sum(l.sets), (0)::bigint))::integer AS sets,
    (COALESCE(sum((l.sets * l.reps)), (0)::bigint))::integer AS repetitions,
    COALESCE(sum(l.volume_kg), (0)::numeric) AS volume_kg,
    COALESCE(sum(l.distance_m), (0)::numeric) AS distance_m,
    round(avg(l.rpe), 1) AS average_rpe
   FROM (fitness.workout_sessions w
     LEFT JOIN fitness.exercise_logs l ON ((l.workout_session_id = w.id)))
  GROUP BY w.id;

CREATE FUNCTION fitness.assign_user(
  user_id uuid,
  new_role fitness.user_role DEFAULT NULL::fitness.user_role,
  new_coach_id uuid DEFAULT NULL::uuid
)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
begin
  if not fitness.is_admin() then
    raise exception 'only administrators assign roles and coaches' using errcode = 'insufficient_privilege';
  end if;
  update fitness.users u
  set role = coalesce(new_role, u.role), coach_id = coalesce(new_coach_id, u.coach_id)
  where u.id = assign_user.user_id;
end
$body$;

CREATE FUNCTION fitness.change_password(user_id uuid, password text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
#variable_conflict use_column
begin
  if fitness.current_user_id() is distinct from change_password.user_id and not fitness.is_admin() then
    raise exception 'not your account' using errcode = 'insufficient_privilege';
  end if;
  update fitness.users u
  set password_hash = fitness.hash_password(change_password.password), failed_login_attempts = 0, locked_until = null
  where u.id = change_password.user_id;
  update fitness.user_sessions s
  set revoked_at = now(), revoked_reason = 'password changed'
  where s.user_id = change_password.user_id and s.revoked_at is null and s.id is distinct from fitness.current_session_id();
end
$body$;

CREATE FUNCTION fitness.clean_up_sessions(keep interval DEFAULT '30 days'::interval)
RETURNS integer
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
declare
  deleted integer;
begin
  update fitness.user_sessions
  set revoked_at = expires_at, revoked_reason = 'expired'
  where revoked_at is null and expires_at <= now();
  delete from fitness.user_sessions where revoked_at < now() - keep;
  get diagnostics deleted = row_count;
  return deleted;
end
$body$;

CREATE FUNCTION fitness.client_ids()
RETURNS SETOF uuid
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$
select u.id
from fitness.users u
where u.coach_id = fitness.current_user_id() and fitness.current_user_role() = 'coach'
$body$;

CREATE FUNCTION fitness.complete_goal()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  if new.status = 'active' and (
    new.target_value > new.start_value and new.current_value >= new.target_value
    or new.target_value < new.start_value and new.current_value <= new.target_value
  ) then
    new.status := 'completed';
  end if;
  new.completed_at := case when new.status = 'completed' then coalesce(new.completed_at, now()) end;
  return new;
end
$body$;

CREATE FUNCTION fitness.current_session_id()
RETURNS uuid
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$
select s.id
from fitness.user_sessions s
join fitness.users u on u.id = s.user_id
where s.session_token = fitness.hash_token(current_setting('fitness.session_token', true))
  and s.revoked_at is null and s.expires_at > now() and u.is_active
$body$;

CREATE FUNCTION fitness.current_user_id()
RETURNS uuid
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$select s.user_id from fitness.user_sessions s where s.id = fitness.current_session_id()$body$;

CREATE FUNCTION fitness.current_user_role()
RETURNS fitness.user_role
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$select u.role from fitness.users u where u.id = fitness.current_user_id()$body$;

CREATE FUNCTION fitness.hash_password(password text)
RETURNS text
LANGUAGE plpgsql
STRICT
SECURITY DEFINER
SET search_path TO ''
AS $body$
begin
  if length(password) < 10 then
    raise exception 'a password has at least 10 characters' using errcode = 'check_violation';
  end if;
  return extensions.crypt(password, extensions.gen_salt('bf', 10));
end
$body$;

CREATE FUNCTION fitness.hash_token(token text)
RETURNS text
LANGUAGE sql
IMMUTABLE STRICT PARALLEL SAFE
AS $body$select encode(sha256(convert_to(token, 'UTF8')), 'hex')$body$;

CREATE FUNCTION fitness.is_admin()
RETURNS boolean
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$select coalesce(fitness.current_user_role() = 'admin', false)$body$;

CREATE FUNCTION fitness.is_staff()
RETURNS boolean
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path TO ''
AS $body$select coalesce(fitness.current_user_role() in ('coach', 'admin'), false)$body$;

CREATE FUNCTION fitness.log_in(
  email text,
  password text,
  remember_me boolean DEFAULT false,
  ip_address inet DEFAULT NULL::inet,
  device text DEFAULT NULL::text,
  browser text DEFAULT NULL::text,
  operating_system text DEFAULT NULL::text
)
RETURNS TABLE(outcome text, session_id uuid, token text, valid_until timestamp with time zone)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
#variable_conflict use_column
declare
  account fitness.users;
  failures smallint;
begin
  select * into account from fitness.users u where u.email = lower(log_in.email) and u.is_active for update;
  if account.locked_until > now() then
    outcome := 'locked';
    return next;
    return;
  end if;
  -- An address that nobody has takes as long as a wrong password, so that the answer's time betrays neither.
  if extensions.crypt(password, coalesce(account.password_hash, extensions.gen_salt('bf', 10)))
    is distinct from account.password_hash then
    -- A lock that is over has been served: counting starts anew.
    failures := case when account.locked_until is null then account.failed_login_attempts else 0 end + 1;
    update fitness.users u
    set failed_login_attempts = failures,
      locked_until = case when failures >= 5 then now() + interval '15 minutes' end
    where u.id = account.id;
    outcome := case when account.id is not null and failures >= 5 then 'locked' else 'wrong' end;
    return next;
    return;
  end if;
  update fitness.users u set failed_login_attempts = 0, locked_until = null, last_login_at = now() where u.id = account.id;
  outcome := 'opened';
  token := encode(extensions.gen_random_bytes(32), 'hex');
  valid_until := now() + case when remember_me then interval '720 hours' else interval '24 hours' end;
  insert into fitness.user_sessions as s
    (user_id, session_token, remember_me, expires_at, ip_address, device, browser, operating_system)
  values (account.id, fitness.hash_token(token), log_in.remember_me, valid_until, log_in.ip_address, log_in.device,
    log_in.browser, log_in.operating_system)
  returning s.id into session_id;
  return next;
end
$body$;

CREATE FUNCTION fitness.register_user(email text, username text, full_name text, password text)
RETURNS uuid
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
declare
  new_id uuid;
begin
  insert into fitness.users (email, username, full_name, password_hash)
  values (lower(register_user.email), lower(register_user.username), register_user.full_name,
    fitness.hash_password(register_user.password))
  returning id into new_id;
  return new_id;
end
$body$;

CREATE FUNCTION fitness.revoke_session(session_id uuid DEFAULT NULL::uuid)
RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
declare
  wanted uuid := coalesce(session_id, fitness.current_session_id());
begin
  update fitness.user_sessions s
  set revoked_at = now(),
    revoked_reason = case when s.user_id = fitness.current_user_id() then 'log out' else 'administrator' end
  where s.id = wanted and s.revoked_at is null and (s.user_id = fitness.current_user_id() or fitness.is_admin());
  return found;
end
$body$;

CREATE FUNCTION fitness.search_exercises(wanted text, at_most integer DEFAULT 20)
RETURNS SETOF fitness.exercise_definitions
LANGUAGE sql
STABLE
AS $body$
select e.*
from fitness.exercise_definitions e
where e.is_active and fitness.searchable(e.name) operator(extensions.%>) fitness.searchable(wanted)
order by fitness.searchable(e.name) operator(extensions.<->>) fitness.searchable(wanted), e.name
limit at_most
$body$;

CREATE FUNCTION fitness.searchable(name text)
RETURNS text
LANGUAGE sql
IMMUTABLE STRICT PARALLEL SAFE
AS $body$select lower(extensions.unaccent('extensions.unaccent'::regdictionary, name))$body$;

CREATE INDEX exercise_definitions_search_idx ON fitness.exercise_definitions USING gin (fitness.searchable((name)::text) extensions.gin_trgm_ops);

CREATE FUNCTION fitness.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  new.updated_at := now();
  return new;
end
$body$;

CREATE FUNCTION fitness.track_goals()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  update fitness.user_goals g
  set current_value = v.value
  from (values
    ('weight', new.weight_kg), ('body_fat', new.body_fat_percent), ('muscle_mass', new.muscle_mass_kg)
  ) v(goal_type, value)
  where g.user_id = new.user_id and g.status = 'active' and g.goal_type::text = v.goal_type
    and v.value is not null and v.value <> g.current_value
    and not exists (
      select from fitness.health_metrics m
      where m.user_id = new.user_id and m.recorded_date > new.recorded_date
        and case v.goal_type when 'weight' then m.weight_kg when 'body_fat' then m.body_fat_percent else m.muscle_mass_kg end
          is not null
    );
  return null;
end
$body$;

CREATE FUNCTION fitness.use_session(token text)
RETURNS uuid
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
begin
  perform set_config('fitness.session_token', token, true);
  update fitness.user_sessions set last_seen_at = now() where id = fitness.current_session_id();
  return fitness.current_user_id();
end
$body$;

CREATE FUNCTION fitness.write_audit()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $body$
declare
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - tg_argv[1:] end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - tg_argv[1:] end;
begin
  if old_row = new_row then
    return null;
  end if;
  insert into fitness.audit_log (user_id, session_id, action, table_name, row_id, old_row, new_row, ip_address)
  select
    -- Whoever deletes the own account is no longer there to be referred to.
    (select u.id from fitness.users u where u.id = fitness.current_user_id()),
    s.id,
    tg_op,
    tg_table_name,
    coalesce(to_jsonb(new), to_jsonb(old)) ->> tg_argv[0],
    old_row,
    new_row,
    s.ip_address
  from (values (1)) one
  left join fitness.user_sessions s on s.id = fitness.current_session_id();
  return null;
end
$body$;

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.app_config
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('config_key');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.app_config
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.audit_log
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.coaching_sessions
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.coaching_sessions
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.exercise_definitions
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.exercise_definitions
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.exercise_logs
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.exercise_logs
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.health_metrics
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.health_metrics
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER track_goals
  AFTER INSERT OR UPDATE OF weight_kg, body_fat_percent, muscle_mass_kg ON fitness.health_metrics
  FOR EACH ROW EXECUTE FUNCTION fitness.track_goals();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.meal_logs
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.meal_logs
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.progress_photos
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.progress_photos
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.user_goals
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER complete_goal
  BEFORE INSERT OR UPDATE ON fitness.user_goals
  FOR EACH ROW EXECUTE FUNCTION fitness.complete_goal();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.user_goals
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.user_sessions
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.users
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id', 'password_hash');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.users
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON fitness.workout_sessions
  FOR EACH ROW EXECUTE FUNCTION fitness.write_audit('id');

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON fitness.workout_sessions
  FOR EACH ROW EXECUTE FUNCTION fitness.set_updated_at();

CREATE POLICY admin_rows ON fitness.app_config TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY public_settings ON fitness.app_config FOR SELECT TO fitness_app USING (is_public);

CREATE POLICY reports ON fitness.app_config FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY own_or_admin ON fitness.audit_log FOR SELECT TO fitness_app USING ((user_id = ( SELECT fitness.current_user_id() AS current_user_id)) OR ( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY admin_rows ON fitness.coaching_sessions TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY held_sessions ON fitness.coaching_sessions TO fitness_app USING ((coach_id = ( SELECT fitness.current_user_id() AS current_user_id)) AND ( SELECT fitness.is_staff() AS is_staff)) WITH CHECK ((coach_id = ( SELECT fitness.current_user_id() AS current_user_id)) AND (user_id IN ( SELECT fitness.client_ids() AS client_ids)));

CREATE POLICY own_rating ON fitness.coaching_sessions FOR UPDATE TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY own_sessions ON fitness.coaching_sessions FOR SELECT TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.coaching_sessions FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.exercise_definitions TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY coaches_write ON fitness.exercise_definitions TO fitness_app USING ((created_by = ( SELECT fitness.current_user_id() AS current_user_id)) AND ( SELECT fitness.is_staff() AS is_staff)) WITH CHECK ((created_by = ( SELECT fitness.current_user_id() AS current_user_id)) AND ( SELECT fitness.is_staff() AS is_staff));

CREATE POLICY everybody_reads ON fitness.exercise_definitions FOR SELECT TO fitness_app USING (( SELECT fitness.current_user_id() AS current_user_id) IS NOT NULL);

CREATE POLICY reports ON fitness.exercise_definitions FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.exercise_logs TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients_rows ON fitness.exercise_logs FOR SELECT TO fitness_app USING (user_id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_rows ON fitness.exercise_logs TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.exercise_logs FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.health_metrics TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients_rows ON fitness.health_metrics FOR SELECT TO fitness_app USING (user_id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_rows ON fitness.health_metrics TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.health_metrics FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.meal_logs TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients_rows ON fitness.meal_logs FOR SELECT TO fitness_app USING (user_id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_rows ON fitness.meal_logs TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.meal_logs FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.progress_photos TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY own_rows ON fitness.progress_photos TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY shared_photos ON fitness.progress_photos FOR SELECT TO fitness_app USING (((visibility = 'everyone'::fitness.photo_visibility) AND (( SELECT fitness.current_user_id() AS current_user_id) IS NOT NULL)) OR ((visibility = 'coach'::fitness.photo_visibility) AND (user_id IN ( SELECT fitness.client_ids() AS client_ids))));

CREATE POLICY admin_rows ON fitness.user_goals TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients_rows ON fitness.user_goals FOR SELECT TO fitness_app USING (user_id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_rows ON fitness.user_goals TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.user_goals FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY own_sessions ON fitness.user_sessions FOR SELECT TO fitness_app USING ((user_id = ( SELECT fitness.current_user_id() AS current_user_id)) OR ( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY admin_rows ON fitness.users TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients ON fitness.users FOR SELECT TO fitness_app USING (id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_coach ON fitness.users FOR SELECT TO fitness_app USING ((role = ANY (ARRAY['coach'::fitness.user_role, 'admin'::fitness.user_role])) AND (( SELECT fitness.current_user_id() AS current_user_id) IS NOT NULL));

CREATE POLICY own_deletion ON fitness.users FOR DELETE TO fitness_app USING (id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY own_profile ON fitness.users FOR UPDATE TO fitness_app USING (id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY own_row ON fitness.users FOR SELECT TO fitness_app USING (id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.users FOR SELECT TO fitness_readonly USING (true);

CREATE POLICY admin_rows ON fitness.workout_sessions TO fitness_app USING (( SELECT fitness.is_admin() AS is_admin)) WITH CHECK (( SELECT fitness.is_admin() AS is_admin));

CREATE POLICY clients_rows ON fitness.workout_sessions FOR SELECT TO fitness_app USING (user_id IN ( SELECT fitness.client_ids() AS client_ids));

CREATE POLICY own_rows ON fitness.workout_sessions TO fitness_app USING (user_id = ( SELECT fitness.current_user_id() AS current_user_id)) WITH CHECK (user_id = ( SELECT fitness.current_user_id() AS current_user_id));

CREATE POLICY reports ON fitness.workout_sessions FOR SELECT TO fitness_readonly USING (true);

ALTER TYPE fitness.coaching_status OWNER TO fitness_owner;

ALTER TYPE fitness.exercise_category OWNER TO fitness_owner;

ALTER TYPE fitness.goal_status OWNER TO fitness_owner;

ALTER TYPE fitness.goal_type OWNER TO fitness_owner;

ALTER TYPE fitness.meal_type OWNER TO fitness_owner;

ALTER TYPE fitness.photo_visibility OWNER TO fitness_owner;

ALTER TYPE fitness.user_role OWNER TO fitness_owner;

ALTER TYPE fitness.workout_type OWNER TO fitness_owner;

ALTER FUNCTION fitness.assign_user(uuid, fitness.user_role, uuid) OWNER TO fitness_owner;

ALTER FUNCTION fitness.change_password(uuid, text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.clean_up_sessions(interval) OWNER TO fitness_owner;

ALTER FUNCTION fitness.client_ids() OWNER TO fitness_owner;

ALTER FUNCTION fitness.complete_goal() OWNER TO fitness_owner;

ALTER FUNCTION fitness.current_session_id() OWNER TO fitness_owner;

ALTER FUNCTION fitness.current_user_id() OWNER TO fitness_owner;

ALTER FUNCTION fitness.current_user_role() OWNER TO fitness_owner;

ALTER FUNCTION fitness.hash_password(text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.hash_token(text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.is_admin() OWNER TO fitness_owner;

ALTER FUNCTION fitness.is_staff() OWNER TO fitness_owner;

ALTER FUNCTION fitness.log_in(text, text, boolean, inet, text, text, text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.register_user(text, text, text, text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.revoke_session(uuid) OWNER TO fitness_owner;

ALTER FUNCTION fitness.search_exercises(text, integer) OWNER TO fitness_owner;

ALTER FUNCTION fitness.searchable(text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.set_updated_at() OWNER TO fitness_owner;

ALTER FUNCTION fitness.track_goals() OWNER TO fitness_owner;

ALTER FUNCTION fitness.use_session(text) OWNER TO fitness_owner;

ALTER FUNCTION fitness.write_audit() OWNER TO fitness_owner;

ALTER SCHEMA fitness OWNER TO fitness_owner;

ALTER TABLE fitness.app_config OWNER TO fitness_owner;

ALTER TABLE fitness.audit_log OWNER TO fitness_owner;

ALTER TABLE fitness.coaching_sessions OWNER TO fitness_owner;

ALTER TABLE fitness.exercise_definitions OWNER TO fitness_owner;

ALTER TABLE fitness.exercise_logs OWNER TO fitness_owner;

ALTER TABLE fitness.health_metrics OWNER TO fitness_owner;

ALTER TABLE fitness.meal_logs OWNER TO fitness_owner;

ALTER TABLE fitness.progress_photos OWNER TO fitness_owner;

ALTER TABLE fitness.user_goals OWNER TO fitness_owner;

ALTER TABLE fitness.user_sessions OWNER TO fitness_owner;

ALTER TABLE fitness.users OWNER TO fitness_owner;

ALTER TABLE fitness.workout_sessions OWNER TO fitness_owner;

ALTER VIEW fitness.body_composition OWNER TO fitness_owner;

ALTER VIEW fitness.coaching_schedule OWNER TO fitness_owner;

ALTER VIEW fitness.daily_nutrition OWNER TO fitness_owner;

ALTER VIEW fitness.goal_overview OWNER TO fitness_owner;

ALTER VIEW fitness.workout_totals OWNER TO fitness_owner;

GRANT SELECT (browser) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (created_at) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (device) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (expires_at) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (id) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (ip_address) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (last_seen_at) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (operating_system) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (remember_me) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (revoked_at) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (revoked_reason) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (user_id) ON TABLE fitness.user_sessions TO fitness_app;

GRANT SELECT (birth_date), UPDATE (birth_date) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (birth_date) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (coach_id) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (coach_id) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (created_at) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (created_at) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (email), UPDATE (email) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (email) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (full_name), UPDATE (full_name) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (full_name) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (height_cm), UPDATE (height_cm) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (height_cm) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (id) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (id) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (is_active) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (is_active) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (last_login_at) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (locked_until) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (preferences), UPDATE (preferences) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (preferences) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (role) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (role) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (sex), UPDATE (sex) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (sex) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (updated_at) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (updated_at) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT (username), UPDATE (username) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (username) ON TABLE fitness.users TO fitness_readonly;

REVOKE EXECUTE ON FUNCTION fitness.assign_user(uuid, fitness.user_role, uuid) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.assign_user(uuid, fitness.user_role, uuid) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.change_password(uuid, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.change_password(uuid, text) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.clean_up_sessions(interval) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.clean_up_sessions(interval) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.client_ids() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.client_ids() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.complete_goal() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION fitness.current_session_id() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.current_session_id() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.current_user_id() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.current_user_id() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.current_user_role() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.current_user_role() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.hash_password(text) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION fitness.hash_token(text) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION fitness.is_admin() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.is_admin() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.is_staff() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.is_staff() TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.log_in(text, text, boolean, inet, text, text, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.log_in(text, text, boolean, inet, text, text, text) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.register_user(text, text, text, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.register_user(text, text, text, text) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.revoke_session(uuid) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.revoke_session(uuid) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.search_exercises(text, integer) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.search_exercises(text, integer) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.searchable(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.searchable(text) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.set_updated_at() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION fitness.track_goals() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION fitness.use_session(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION fitness.use_session(text) TO fitness_app;

REVOKE EXECUTE ON FUNCTION fitness.write_audit() FROM PUBLIC;

GRANT USAGE ON SCHEMA extensions TO fitness_app;

GRANT USAGE ON SCHEMA extensions TO fitness_owner;

GRANT USAGE ON SCHEMA extensions TO fitness_readonly;

GRANT USAGE ON SCHEMA fitness TO fitness_app;

GRANT USAGE ON SCHEMA fitness TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.app_config TO fitness_app;

GRANT SELECT ON TABLE fitness.app_config TO fitness_readonly;

GRANT SELECT ON TABLE fitness.audit_log TO fitness_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.coaching_sessions TO fitness_app;

GRANT SELECT ON TABLE fitness.coaching_sessions TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.exercise_definitions TO fitness_app;

GRANT SELECT ON TABLE fitness.exercise_definitions TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.exercise_logs TO fitness_app;

GRANT SELECT ON TABLE fitness.exercise_logs TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.health_metrics TO fitness_app;

GRANT SELECT ON TABLE fitness.health_metrics TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.meal_logs TO fitness_app;

GRANT SELECT ON TABLE fitness.meal_logs TO fitness_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.progress_photos TO fitness_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.user_goals TO fitness_app;

GRANT SELECT ON TABLE fitness.user_goals TO fitness_readonly;

GRANT DELETE ON TABLE fitness.users TO fitness_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE fitness.workout_sessions TO fitness_app;

GRANT SELECT ON TABLE fitness.workout_sessions TO fitness_readonly;

GRANT SELECT ON TABLE fitness.body_composition TO fitness_app;

GRANT SELECT ON TABLE fitness.body_composition TO fitness_readonly;

GRANT SELECT ON TABLE fitness.coaching_schedule TO fitness_app;

GRANT SELECT ON TABLE fitness.coaching_schedule TO fitness_readonly;

GRANT SELECT ON TABLE fitness.daily_nutrition TO fitness_app;

GRANT SELECT ON TABLE fitness.daily_nutrition TO fitness_readonly;

GRANT SELECT ON TABLE fitness.goal_overview TO fitness_app;

GRANT SELECT ON TABLE fitness.goal_overview TO fitness_readonly;

GRANT SELECT ON TABLE fitness.workout_totals TO fitness_app;

GRANT SELECT ON TABLE fitness.workout_totals TO fitness_readonly;

COMMENT ON COLUMN fitness.app_config.is_public IS 'Every user may read it, not administrators only.';

COMMENT ON COLUMN fitness.app_config.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.audit_log.new_row IS 'Null for DELETE.';

COMMENT ON COLUMN fitness.audit_log.old_row IS 'Null for INSERT.';

COMMENT ON COLUMN fitness.audit_log.row_id IS 'The row''s key.';

COMMENT ON COLUMN fitness.audit_log.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.audit_log.user_id IS 'Who did it; null when nobody was logged in, or when the account is gone.';

COMMENT ON COLUMN fitness.coaching_sessions.follow_up_date IS 'When to look at the action items.';

COMMENT ON COLUMN fitness.coaching_sessions.notes IS 'What was said.';

COMMENT ON COLUMN fitness.coaching_sessions.rating IS 'The client''s, from 1 to 5.';

COMMENT ON COLUMN fitness.coaching_sessions.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.coaching_sessions.user_id IS 'The client.';

COMMENT ON COLUMN fitness.exercise_definitions.difficulty IS 'From 1 (anybody) to 5 (years of practice).';

COMMENT ON COLUMN fitness.exercise_definitions.slug IS 'Its name in addresses: bench-press.';

COMMENT ON COLUMN fitness.exercise_definitions.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.exercise_definitions.variation_of_id IS 'The exercise that this one varies.';

COMMENT ON COLUMN fitness.exercise_logs."position" IS 'In the workout, from 1.';

COMMENT ON COLUMN fitness.exercise_logs.reps IS 'In each set.';

COMMENT ON COLUMN fitness.exercise_logs.rpe IS 'Rate of perceived exertion, from 1 to 10 in halves.';

COMMENT ON COLUMN fitness.exercise_logs.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.exercise_logs.volume_kg IS 'Sets times repetitions times weight.';

COMMENT ON COLUMN fitness.exercise_logs.weight_kg IS '0 is the body''s own.';

COMMENT ON COLUMN fitness.health_metrics.blood_pressure IS 'Systolic over diastolic in mmHg: 120/80.';

COMMENT ON COLUMN fitness.health_metrics.energy_level IS 'This and the following three from 1 (lowest) to 10.';

COMMENT ON COLUMN fitness.health_metrics.lean_body_mass_kg IS 'Weight less fat mass.';

COMMENT ON COLUMN fitness.health_metrics.resting_heart_rate IS 'Beats a minute.';

COMMENT ON COLUMN fitness.health_metrics.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.meal_logs.adherence IS 'How well it kept to the plan, from 1 to 10.';

COMMENT ON COLUMN fitness.meal_logs.calories IS 'From the macronutrients, in kcal.';

COMMENT ON COLUMN fitness.meal_logs.protein_percent IS 'This and the following two are shares of the calories.';

COMMENT ON COLUMN fitness.meal_logs.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.progress_photos.health_metric_id IS 'The check-in that it belongs to; it goes with it.';

COMMENT ON COLUMN fitness.progress_photos.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.user_goals.coaching_session_id IS 'Where it was agreed.';

COMMENT ON COLUMN fitness.user_goals.completed_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.user_goals.exercise_id IS 'The exercise that a goal of strength is about.';

COMMENT ON COLUMN fitness.user_goals.parent_goal_id IS 'The goal that this one is a part of.';

COMMENT ON COLUMN fitness.user_goals.priority IS 'From 1 (first) to 5.';

COMMENT ON COLUMN fitness.user_goals.progress_percent IS 'From start (0) to target (100).';

COMMENT ON COLUMN fitness.user_goals.unit IS 'Of the three values: kg, %, minutes.';

COMMENT ON COLUMN fitness.user_goals.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.user_sessions.remember_me IS '30 days instead of 24 hours.';

COMMENT ON COLUMN fitness.user_sessions.renews_id IS 'The session that this one replaced when its token was renewed.';

COMMENT ON COLUMN fitness.user_sessions.session_token IS 'SHA-256 of the token that the browser holds, in hexadecimal: who reads this table can log in as nobody.';

COMMENT ON COLUMN fitness.user_sessions.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.users.coach_id IS 'Who sees this user''s rows besides the user: an account whose role is coach.';

COMMENT ON COLUMN fitness.users.email IS 'Lower case; what one logs in with.';

COMMENT ON COLUMN fitness.users.failed_login_attempts IS 'Since the last success; five lock the account.';

COMMENT ON COLUMN fitness.users.height_cm IS 'For the body mass index.';

COMMENT ON COLUMN fitness.users.is_active IS 'An account that is not active cannot log in, and its sessions count for nothing.';

COMMENT ON COLUMN fitness.users.password_hash IS 'bcrypt, by pgcrypto.';

COMMENT ON COLUMN fitness.users.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN fitness.workout_sessions.intensity IS 'This and the following two from 1 (lowest) to 10.';

COMMENT ON COLUMN fitness.workout_sessions.program_name IS 'The training plan that it belongs to, and where in it.';

COMMENT ON COLUMN fitness.workout_sessions.updated_at IS 'Kept by a trigger.';

COMMENT ON TYPE fitness.goal_type IS 'What a goal is measured in; weight, body_fat and muscle_mass follow the check-ins by themselves.';

COMMENT ON TYPE fitness.photo_visibility IS 'Who sees a photo besides its owner and administrators.';

COMMENT ON TYPE fitness.user_role IS 'What an account may do: users see their own rows, coaches also their clients'', administrators all.';

COMMENT ON FUNCTION fitness.assign_user(uuid, fitness.user_role, uuid) IS 'Administrators decide who is what, and who coaches whom; null leaves as it is.';

COMMENT ON FUNCTION fitness.change_password(uuid, text) IS 'Gives a user another password and ends the user''s other sessions. For the user and for administrators.';

COMMENT ON FUNCTION fitness.clean_up_sessions(interval) IS 'Marks sessions that ran out, and deletes those that ended longer ago than the time given. Returns how many it deleted.';

COMMENT ON FUNCTION fitness.client_ids() IS 'The clients of who asks: none, unless it is a coach.';

COMMENT ON FUNCTION fitness.complete_goal() IS 'Completes an active goal whose target is reached, whether up or down, and keeps completed_at.';

COMMENT ON FUNCTION fitness.current_session_id() IS 'The session of this transaction''s token; null without one, and when it is over.';

COMMENT ON FUNCTION fitness.hash_password(text) IS 'bcrypt of a password; an error when it is too short.';

COMMENT ON FUNCTION fitness.hash_token(text) IS 'What user_sessions keeps of a token.';

COMMENT ON FUNCTION fitness.is_staff() IS 'Coaches and administrators.';

COMMENT ON FUNCTION fitness.log_in(text, text, boolean, inet, text, text, text) IS 'Checks a password and opens a session. The fifth failure in a row locks the account for 15 minutes, during which not even the right password opens it. Failures are an outcome and no error, because an error would undo the counting.';

COMMENT ON FUNCTION fitness.register_user(text, text, text, text) IS 'A new account, always of role user.';

COMMENT ON FUNCTION fitness.revoke_session(uuid) IS 'Ends a session: this one, another one of the user''s, or any when an administrator asks. False when there was none.';

COMMENT ON FUNCTION fitness.search_exercises(text, integer) IS 'Exercises by a name half remembered, best match first.';

COMMENT ON FUNCTION fitness.searchable(text) IS 'A name as it is searched: lower case, no accents. Immutable, as an index demands: the dictionary is named, not found.';

COMMENT ON FUNCTION fitness.set_updated_at() IS 'Keeps updated_at.';

COMMENT ON FUNCTION fitness.track_goals() IS 'Brings the goals that are measured in check-ins to the newest one''s values.';

COMMENT ON FUNCTION fitness.use_session(text) IS 'Says, until the transaction ends, whose request it is. Returns the user; null when the token is good for nothing.';

COMMENT ON FUNCTION fitness.write_audit() IS 'Writes the old and the new row into audit_log. Arguments: the key''s column, then columns that are secrets.';

COMMENT ON ROLE fitness_app IS 'The web application. It sees the rows of whoever presented a session token, and no secrets.';

COMMENT ON ROLE fitness_owner IS 'Owns every table and function; row security does not bind it, so its functions may look past it. Nobody logs in as it.';

COMMENT ON ROLE fitness_readonly IS 'Reports and dashboards.';

COMMENT ON SCHEMA extensions IS 'What extensions bring, apart from our own.';

COMMENT ON SCHEMA fitness IS 'Everything of the tracker.';

COMMENT ON TABLE fitness.app_config IS 'Settings of the application that can change while it runs.';

COMMENT ON TABLE fitness.audit_log IS 'Who changed what: written by triggers, changed by nobody.';

COMMENT ON TABLE fitness.coaching_sessions IS 'Talks between a client (user_id) and a coach.';

COMMENT ON TABLE fitness.exercise_definitions IS 'Exercises that everybody''s logs refer to; coaches and administrators write them.';

COMMENT ON TABLE fitness.exercise_logs IS 'What was done in a workout, exercise by exercise: sets of repetitions, a distance, a time.';

COMMENT ON TABLE fitness.health_metrics IS 'One check-in a day: what the scale, the tape and the user say. Everything but the day may be missing.';

COMMENT ON TABLE fitness.meal_logs IS 'What was eaten and drunk.';

COMMENT ON TABLE fitness.progress_photos IS 'Photos that show progress. The file itself lies in object storage.';

COMMENT ON TABLE fitness.user_goals IS 'What users work towards.';

COMMENT ON TABLE fitness.user_sessions IS 'Log-ins. A request shows which one it belongs to by its token; the policies read the user from it.';

COMMENT ON TABLE fitness.users IS 'Accounts, with the profile that measurements are read against.';

COMMENT ON TABLE fitness.workout_sessions IS 'Workouts as a whole; what was done in them is in exercise_logs.';

COMMENT ON VIEW fitness.body_composition IS 'Check-ins with what takes the user''s height: the body mass index and the waist''s share of the height.';

COMMENT ON VIEW fitness.coaching_schedule IS 'Sessions that are still to come or should have been held, with the days until then.';

COMMENT ON VIEW fitness.daily_nutrition IS 'Each day''s sums.';

COMMENT ON VIEW fitness.goal_overview IS 'Goals that are worked on, the pressing ones first.';

COMMENT ON VIEW fitness.workout_totals IS 'Totals of each workout.';

COMMIT;
