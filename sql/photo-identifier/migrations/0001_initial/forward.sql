-- photo-identifier/0001_initial, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [bc486d1c]

SET check_function_bodies = off;

-- step 1 of 1 [bc486d1c]: in one transaction
BEGIN;

CREATE TABLE public.banknote_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  denomination character varying(100) NOT NULL,
  note_currency character(3),
  serial_number character varying(40),
  security_features text[] DEFAULT '{}'::text[] NOT NULL,
  error_notes text,
  is_genuine boolean,
  country character varying(100),
  year smallint,
  rarity text DEFAULT 'unknown'::text NOT NULL,
  value_estimate numeric(12,2),
  value_currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT banknote_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT banknote_identifications_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'scarce'::text, 'rare'::text, 'unique'::text, 'unknown'::text]))),
  CONSTRAINT banknote_identifications_value_currency_check CHECK ((value_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT banknote_identifications_value_estimate_check CHECK ((value_estimate >= (0)::numeric)),
  CONSTRAINT banknote_identifications_year_check CHECK (((year >= '-700'::integer) AND (year <= 2100)))
);

CREATE TABLE public.bird_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  scientific_name character varying(200),
  family character varying(100),
  genus character varying(100),
  species character varying(100),
  conservation_status text DEFAULT 'NE'::text NOT NULL,
  sex text DEFAULT 'unknown'::text NOT NULL,
  plumage text,
  wingspan_cm numeric(5,1),
  habitats text[] DEFAULT '{}'::text[] NOT NULL,
  is_migratory boolean,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT bird_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT bird_identifications_conservation_status_check CHECK ((conservation_status = ANY (ARRAY['EX'::text, 'EW'::text, 'CR'::text, 'EN'::text, 'VU'::text, 'NT'::text, 'LC'::text, 'DD'::text, 'NE'::text]))),
  CONSTRAINT bird_identifications_sex_check CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'unknown'::text]))),
  CONSTRAINT bird_identifications_wingspan_cm_check CHECK ((wingspan_cm > (0)::numeric))
);

CREATE TABLE public.calo_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  food_name character varying(200) NOT NULL,
  meal text,
  serving_g numeric(7,1),
  calories numeric(7,1),
  nutrition jsonb DEFAULT '{}'::jsonb NOT NULL,
  protein_g numeric(6,1),
  carbohydrates_g numeric(6,1),
  fat_g numeric(6,1),
  fibre_g numeric(6,1),
  ingredients text[] DEFAULT '{}'::text[] NOT NULL,
  allergens text[] DEFAULT '{}'::text[] NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT calo_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT calo_identifications_calories_check CHECK ((calories >= (0)::numeric)),
  CONSTRAINT calo_identifications_carbohydrates_g_check CHECK ((carbohydrates_g >= (0)::numeric)),
  CONSTRAINT calo_identifications_fat_g_check CHECK ((fat_g >= (0)::numeric)),
  CONSTRAINT calo_identifications_fibre_g_check CHECK ((fibre_g >= (0)::numeric)),
  CONSTRAINT calo_identifications_meal_check CHECK ((meal = ANY (ARRAY['breakfast'::text, 'lunch'::text, 'dinner'::text, 'snack'::text]))),
  CONSTRAINT calo_identifications_protein_g_check CHECK ((protein_g >= (0)::numeric)),
  CONSTRAINT calo_identifications_serving_g_check CHECK ((serving_g > (0)::numeric))
);

CREATE TABLE public.card_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  game character varying(80) NOT NULL,
  subject character varying(150) NOT NULL,
  set_name character varying(150),
  card_number character varying(30),
  grading_company text,
  grade numeric(3,1),
  is_foil boolean DEFAULT false NOT NULL,
  is_autographed boolean DEFAULT false NOT NULL,
  country character varying(100),
  year smallint,
  rarity text DEFAULT 'unknown'::text NOT NULL,
  value_estimate numeric(12,2),
  value_currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT card_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT card_grade_has_a_grader CHECK (((grade IS NULL) = (grading_company IS NULL))),
  CONSTRAINT card_identifications_grade_check CHECK (((grade >= (1)::numeric) AND (grade <= (10)::numeric))),
  CONSTRAINT card_identifications_grading_company_check CHECK ((grading_company = ANY (ARRAY['PSA'::text, 'BGS'::text, 'CGC'::text, 'SGC'::text]))),
  CONSTRAINT card_identifications_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'scarce'::text, 'rare'::text, 'unique'::text, 'unknown'::text]))),
  CONSTRAINT card_identifications_value_currency_check CHECK ((value_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT card_identifications_value_estimate_check CHECK ((value_estimate >= (0)::numeric)),
  CONSTRAINT card_identifications_year_check CHECK (((year >= '-700'::integer) AND (year <= 2100)))
);

CREATE TABLE public.cat_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  breed character varying(120) NOT NULL,
  mixed_with text[] DEFAULT '{}'::text[] NOT NULL,
  age text DEFAULT 'unknown'::text NOT NULL,
  temperament text[] DEFAULT '{}'::text[] NOT NULL,
  health_risks text[] DEFAULT '{}'::text[] NOT NULL,
  coat_length text,
  coat_pattern character varying(60),
  eye_colour character varying(40),
  is_hypoallergenic boolean,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT cat_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT cat_identifications_age_check CHECK ((age = ANY (ARRAY['young'::text, 'adult'::text, 'senior'::text, 'unknown'::text]))),
  CONSTRAINT cat_identifications_coat_length_check CHECK ((coat_length = ANY (ARRAY['hairless'::text, 'short'::text, 'medium'::text, 'long'::text])))
);

CREATE TABLE public.coin_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  denomination character varying(100) NOT NULL,
  mint_mark character varying(10),
  composition character varying(100),
  diameter_mm numeric(5,2),
  weight_g numeric(7,3),
  grade numeric(3,0),
  country character varying(100),
  year smallint,
  rarity text DEFAULT 'unknown'::text NOT NULL,
  value_estimate numeric(12,2),
  value_currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT coin_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT coin_identifications_diameter_mm_check CHECK ((diameter_mm > (0)::numeric)),
  CONSTRAINT coin_identifications_grade_check CHECK (((grade >= (1)::numeric) AND (grade <= (70)::numeric))),
  CONSTRAINT coin_identifications_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'scarce'::text, 'rare'::text, 'unique'::text, 'unknown'::text]))),
  CONSTRAINT coin_identifications_value_currency_check CHECK ((value_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT coin_identifications_value_estimate_check CHECK ((value_estimate >= (0)::numeric)),
  CONSTRAINT coin_identifications_weight_g_check CHECK ((weight_g > (0)::numeric)),
  CONSTRAINT coin_identifications_year_check CHECK (((year >= '-700'::integer) AND (year <= 2100)))
);

CREATE TABLE public.collection_photos (
  collection_id uuid NOT NULL,
  photo_id uuid NOT NULL,
  "position" integer NOT NULL,
  note text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT collection_photos_pkey PRIMARY KEY (collection_id, photo_id),
  CONSTRAINT collection_photos_position_check CHECK (("position" >= 0))
);

CREATE TABLE public.collections (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  user_id uuid NOT NULL,
  name character varying(120) NOT NULL,
  description text,
  cover_photo_id uuid,
  is_public boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT collections_pkey PRIMARY KEY (id),
  CONSTRAINT collections_name_not_blank CHECK (((name)::text <> ''::text))
);

CREATE TABLE public.dog_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  breed character varying(120) NOT NULL,
  mixed_with text[] DEFAULT '{}'::text[] NOT NULL,
  age text DEFAULT 'unknown'::text NOT NULL,
  temperament text[] DEFAULT '{}'::text[] NOT NULL,
  health_risks text[] DEFAULT '{}'::text[] NOT NULL,
  size text,
  exercise_needs text,
  weight_kg numeric(5,1),
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT dog_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT dog_identifications_age_check CHECK ((age = ANY (ARRAY['young'::text, 'adult'::text, 'senior'::text, 'unknown'::text]))),
  CONSTRAINT dog_identifications_exercise_needs_check CHECK ((exercise_needs = ANY (ARRAY['low'::text, 'moderate'::text, 'high'::text]))),
  CONSTRAINT dog_identifications_size_check CHECK ((size = ANY (ARRAY['toy'::text, 'small'::text, 'medium'::text, 'large'::text, 'giant'::text]))),
  CONSTRAINT dog_identifications_weight_kg_check CHECK ((weight_kg > (0)::numeric))
);

CREATE TABLE public.fish_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  scientific_name character varying(200),
  family character varying(100),
  genus character varying(100),
  species character varying(100),
  water text NOT NULL,
  temperament text,
  tank_litres smallint,
  temperature_low_c numeric(3,1),
  temperature_high_c numeric(3,1),
  ph_low numeric(3,1),
  ph_high numeric(3,1),
  aquarium jsonb DEFAULT '{}'::jsonb NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT fish_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT fish_identifications_ph_high_check CHECK (((ph_high >= (0)::numeric) AND (ph_high <= (14)::numeric))),
  CONSTRAINT fish_identifications_ph_low_check CHECK (((ph_low >= (0)::numeric) AND (ph_low <= (14)::numeric))),
  CONSTRAINT fish_identifications_tank_litres_check CHECK ((tank_litres > 0)),
  CONSTRAINT fish_identifications_temperament_check CHECK ((temperament = ANY (ARRAY['peaceful'::text, 'semi-aggressive'::text, 'aggressive'::text]))),
  CONSTRAINT fish_identifications_water_check CHECK ((water = ANY (ARRAY['fresh'::text, 'brackish'::text, 'marine'::text]))),
  CONSTRAINT fish_ph_range CHECK ((ph_low <= ph_high)),
  CONSTRAINT fish_temperature_range CHECK ((temperature_low_c <= temperature_high_c))
);

CREATE TABLE public.fruit_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  variety character varying(120),
  ripeness text DEFAULT 'unknown'::text NOT NULL,
  keeps_days smallint,
  season_months smallint[] DEFAULT '{}'::smallint[] NOT NULL,
  storage_advice text,
  serving_g numeric(7,1),
  calories numeric(7,1),
  nutrition jsonb DEFAULT '{}'::jsonb NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT fruit_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT fruit_identifications_calories_check CHECK ((calories >= (0)::numeric)),
  CONSTRAINT fruit_identifications_keeps_days_check CHECK ((keeps_days >= 0)),
  CONSTRAINT fruit_identifications_ripeness_check CHECK ((ripeness = ANY (ARRAY['unripe'::text, 'ripening'::text, 'ripe'::text, 'overripe'::text, 'spoiled'::text, 'unknown'::text]))),
  CONSTRAINT fruit_identifications_season_months_check CHECK ((season_months <@ '{1,2,3,4,5,6,7,8,9,10,11,12}'::smallint[])),
  CONSTRAINT fruit_identifications_serving_g_check CHECK ((serving_g > (0)::numeric))
);

CREATE TABLE public.insect_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  scientific_name character varying(200),
  family character varying(100),
  genus character varying(100),
  species character varying(100),
  pest_level text DEFAULT 'unknown'::text NOT NULL,
  danger_level text DEFAULT 'unknown'::text NOT NULL,
  life_stage text,
  is_beneficial boolean,
  host_plants text[] DEFAULT '{}'::text[] NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT insect_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT insect_identifications_danger_level_check CHECK ((danger_level = ANY (ARRAY['harmless'::text, 'irritating'::text, 'painful'::text, 'dangerous'::text, 'unknown'::text]))),
  CONSTRAINT insect_identifications_life_stage_check CHECK ((life_stage = ANY (ARRAY['egg'::text, 'larva'::text, 'pupa'::text, 'nymph'::text, 'adult'::text]))),
  CONSTRAINT insect_identifications_pest_level_check CHECK ((pest_level = ANY (ARRAY['none'::text, 'low'::text, 'moderate'::text, 'high'::text, 'unknown'::text])))
);

CREATE TABLE public.lazyfit_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  exercise_name character varying(150) NOT NULL,
  equipment text[] DEFAULT '{}'::text[] NOT NULL,
  instructions text[] DEFAULT '{}'::text[] NOT NULL,
  effort text DEFAULT 'easy'::text NOT NULL,
  duration_minutes smallint,
  calories_per_minute numeric(4,1),
  modifications text[] DEFAULT '{}'::text[] NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lazyfit_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT lazyfit_identifications_calories_per_minute_check CHECK ((calories_per_minute >= (0)::numeric)),
  CONSTRAINT lazyfit_identifications_duration_minutes_check CHECK (((duration_minutes >= 1) AND (duration_minutes <= 180))),
  CONSTRAINT lazyfit_identifications_effort_check CHECK ((effort = ANY (ARRAY['very easy'::text, 'easy'::text, 'moderate'::text])))
);

CREATE TABLE public.musclefit_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  exercise_name character varying(150) NOT NULL,
  equipment text[] DEFAULT '{}'::text[] NOT NULL,
  instructions text[] DEFAULT '{}'::text[] NOT NULL,
  movement text NOT NULL,
  muscles text[] NOT NULL,
  secondary_muscles text[] DEFAULT '{}'::text[] NOT NULL,
  biomechanics jsonb DEFAULT '{}'::jsonb NOT NULL,
  form_score numeric(4,3),
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT musclefit_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT musclefit_identifications_form_score_check CHECK (((form_score >= (0)::numeric) AND (form_score <= (1)::numeric))),
  CONSTRAINT musclefit_identifications_movement_check CHECK ((movement = ANY (ARRAY['push'::text, 'pull'::text, 'squat'::text, 'hinge'::text, 'lunge'::text, 'carry'::text, 'rotation'::text, 'isolation'::text]))),
  CONSTRAINT musclefit_identifications_muscles_check CHECK ((cardinality(muscles) > 0))
);

CREATE TABLE public.mushroom_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  scientific_name character varying(200),
  family character varying(100),
  genus character varying(100),
  species character varying(100),
  edibility text,
  toxicity text,
  toxins text[] DEFAULT '{}'::text[] NOT NULL,
  lookalikes text[] DEFAULT '{}'::text[] NOT NULL,
  spore_print character varying(50),
  safety_warning text,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT mushroom_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT mushroom_danger_has_a_warning CHECK (((toxicity <> ALL (ARRAY['severe'::text, 'deadly'::text])) OR (safety_warning IS NOT NULL))),
  CONSTRAINT mushroom_edible_means_not_toxic CHECK (((edibility <> ALL (ARRAY['edible'::text, 'edible when cooked'::text])) OR (toxicity = ANY (ARRAY['none'::text, 'mild'::text])))),
  CONSTRAINT mushroom_identifications_edibility_check CHECK ((edibility = ANY (ARRAY['edible'::text, 'edible when cooked'::text, 'inedible'::text, 'poisonous'::text, 'deadly'::text, 'unknown'::text]))),
  CONSTRAINT mushroom_identifications_toxicity_check CHECK ((toxicity = ANY (ARRAY['none'::text, 'mild'::text, 'moderate'::text, 'severe'::text, 'deadly'::text, 'unknown'::text])))
);

CREATE TABLE public.photo_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_id uuid NOT NULL,
  app text NOT NULL,
  label character varying(200) NOT NULL,
  confidence real NOT NULL,
  alternatives jsonb DEFAULT '[]'::jsonb NOT NULL,
  status text DEFAULT 'suggested'::text NOT NULL,
  reviewed_by uuid,
  reviewed_at timestamp with time zone,
  model_version character varying(50) NOT NULL,
  processing_ms integer,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT photo_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT photo_identifications_alternatives_check CHECK ((jsonb_typeof(alternatives) = 'array'::text)),
  CONSTRAINT photo_identifications_app_check CHECK ((app = ANY (ARRAY['plant'::text, 'mushroom'::text, 'bird'::text, 'insect'::text, 'coin'::text, 'vinyl'::text, 'card'::text, 'banknote'::text, 'calo'::text, 'fruit'::text, 'lazyfit'::text, 'musclefit'::text, 'dog'::text, 'cat'::text, 'vehicle'::text, 'fish'::text]))),
  CONSTRAINT photo_identifications_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  CONSTRAINT photo_identifications_label_not_blank CHECK (((label)::text <> ''::text)),
  CONSTRAINT photo_identifications_processing_ms_check CHECK ((processing_ms >= 0)),
  CONSTRAINT photo_identifications_review_is_whole CHECK (((status = 'suggested'::text) OR (reviewed_at IS NOT NULL))),
  CONSTRAINT photo_identifications_status_check CHECK ((status = ANY (ARRAY['suggested'::text, 'confirmed'::text, 'rejected'::text])))
);

CREATE TABLE public.photos (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  user_id uuid NOT NULL,
  url text NOT NULL,
  thumbnail_url text,
  original_filename character varying(255),
  mime_type text NOT NULL,
  byte_size bigint NOT NULL,
  width integer,
  height integer,
  caption text,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  status text DEFAULT 'uploaded'::text NOT NULL,
  taken_at timestamp with time zone,
  latitude double precision,
  longitude double precision,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT photos_pkey PRIMARY KEY (id),
  CONSTRAINT photos_byte_size_check CHECK ((byte_size > 0)),
  CONSTRAINT photos_height_check CHECK ((height > 0)),
  CONSTRAINT photos_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  CONSTRAINT photos_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  CONSTRAINT photos_mime_type_check CHECK ((mime_type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text, 'image/heic'::text]))),
  CONSTRAINT photos_place_is_whole CHECK (((latitude IS NULL) = (longitude IS NULL))),
  CONSTRAINT photos_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'processing'::text, 'identified'::text, 'failed'::text, 'archived'::text]))),
  CONSTRAINT photos_width_check CHECK ((width > 0))
);

CREATE TABLE public.plant_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  common_name character varying(200) NOT NULL,
  scientific_name character varying(200),
  family character varying(100),
  genus character varying(100),
  species character varying(100),
  characteristics text[] DEFAULT '{}'::text[] NOT NULL,
  toxicity text DEFAULT 'unknown'::text NOT NULL,
  edibility text DEFAULT 'unknown'::text NOT NULL,
  care jsonb DEFAULT '{}'::jsonb NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT plant_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT plant_identifications_edibility_check CHECK ((edibility = ANY (ARRAY['edible'::text, 'partly edible'::text, 'inedible'::text, 'unknown'::text]))),
  CONSTRAINT plant_identifications_toxicity_check CHECK ((toxicity = ANY (ARRAY['none'::text, 'mild'::text, 'moderate'::text, 'severe'::text, 'unknown'::text])))
);

CREATE TABLE public.users (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  email character varying(255) NOT NULL,
  password_hash text NOT NULL,
  name character varying(100) NOT NULL,
  avatar_url text,
  preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  email_verified_at timestamp with time zone,
  last_login_at timestamp with time zone,
  failed_login_attempts smallint DEFAULT 0 NOT NULL,
  locked_until timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_check CHECK ((((email)::text = lower((email)::text)) AND ((email)::text ~~ '%_@_%'::text))),
  CONSTRAINT users_failed_login_attempts_check CHECK ((failed_login_attempts >= 0)),
  CONSTRAINT users_name_not_blank CHECK (((name)::text <> ''::text))
);

CREATE TABLE public.vehicle_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  make character varying(80) NOT NULL,
  model character varying(120) NOT NULL,
  year smallint,
  body_style character varying(60),
  fuel text DEFAULT 'unknown'::text NOT NULL,
  specs jsonb DEFAULT '{}'::jsonb NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT vehicle_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT vehicle_identifications_fuel_check CHECK ((fuel = ANY (ARRAY['petrol'::text, 'diesel'::text, 'hybrid'::text, 'electric'::text, 'hydrogen'::text, 'unknown'::text]))),
  CONSTRAINT vehicle_identifications_year_check CHECK (((year >= 1885) AND (year <= 2100)))
);

CREATE TABLE public.vinyl_identifications (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  photo_identification_id uuid NOT NULL,
  artist character varying(200) NOT NULL,
  title character varying(200) NOT NULL,
  record_label character varying(120),
  catalogue_number character varying(60),
  pressing character varying(120),
  format text DEFAULT 'LP'::text NOT NULL,
  condition text,
  genres text[] DEFAULT '{}'::text[] NOT NULL,
  country character varying(100),
  year smallint,
  rarity text DEFAULT 'unknown'::text NOT NULL,
  value_estimate numeric(12,2),
  value_currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
  description text,
  extra jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT vinyl_identifications_pkey PRIMARY KEY (id),
  CONSTRAINT vinyl_identifications_condition_check CHECK ((condition = ANY (ARRAY['M'::text, 'NM'::text, 'VG+'::text, 'VG'::text, 'G+'::text, 'G'::text, 'F'::text, 'P'::text]))),
  CONSTRAINT vinyl_identifications_format_check CHECK ((format = ANY (ARRAY['LP'::text, 'EP'::text, 'single'::text, 'box set'::text]))),
  CONSTRAINT vinyl_identifications_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'scarce'::text, 'rare'::text, 'unique'::text, 'unknown'::text]))),
  CONSTRAINT vinyl_identifications_value_currency_check CHECK ((value_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT vinyl_identifications_value_estimate_check CHECK ((value_estimate >= (0)::numeric)),
  CONSTRAINT vinyl_identifications_year_check CHECK (((year >= '-700'::integer) AND (year <= 2100)))
);

ALTER TABLE public.banknote_identifications ADD CONSTRAINT banknote_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.bird_identifications ADD CONSTRAINT bird_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.calo_identifications ADD CONSTRAINT calo_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.card_identifications ADD CONSTRAINT card_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.cat_identifications ADD CONSTRAINT cat_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.coin_identifications ADD CONSTRAINT coin_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.collection_photos ADD CONSTRAINT collection_photos_collection_id_position_key UNIQUE (collection_id, "position") DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE public.collections ADD CONSTRAINT collections_user_id_name_key UNIQUE (user_id, name);

ALTER TABLE public.dog_identifications ADD CONSTRAINT dog_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.fish_identifications ADD CONSTRAINT fish_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.fruit_identifications ADD CONSTRAINT fruit_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.insect_identifications ADD CONSTRAINT insect_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.lazyfit_identifications ADD CONSTRAINT lazyfit_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.musclefit_identifications ADD CONSTRAINT musclefit_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.mushroom_identifications ADD CONSTRAINT mushroom_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.plant_identifications ADD CONSTRAINT plant_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.users ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE public.vehicle_identifications ADD CONSTRAINT vehicle_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.vinyl_identifications ADD CONSTRAINT vinyl_identifications_photo_identification_id_key UNIQUE (photo_identification_id);

ALTER TABLE public.banknote_identifications ADD CONSTRAINT banknote_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.bird_identifications ADD CONSTRAINT bird_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.calo_identifications ADD CONSTRAINT calo_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.card_identifications ADD CONSTRAINT card_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.cat_identifications ADD CONSTRAINT cat_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.coin_identifications ADD CONSTRAINT coin_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.collection_photos ADD CONSTRAINT collection_photos_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES public.collections(id) ON DELETE CASCADE;

ALTER TABLE public.collection_photos ADD CONSTRAINT collection_photos_photo_id_fkey FOREIGN KEY (photo_id) REFERENCES public.photos(id) ON DELETE CASCADE;

ALTER TABLE public.collections ADD CONSTRAINT collections_cover_photo_id_fkey FOREIGN KEY (cover_photo_id) REFERENCES public.photos(id) ON DELETE SET NULL;

ALTER TABLE public.collections ADD CONSTRAINT collections_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.dog_identifications ADD CONSTRAINT dog_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.fish_identifications ADD CONSTRAINT fish_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.fruit_identifications ADD CONSTRAINT fruit_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.insect_identifications ADD CONSTRAINT insect_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.lazyfit_identifications ADD CONSTRAINT lazyfit_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.musclefit_identifications ADD CONSTRAINT musclefit_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.mushroom_identifications ADD CONSTRAINT mushroom_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.photo_identifications ADD CONSTRAINT photo_identifications_photo_id_fkey FOREIGN KEY (photo_id) REFERENCES public.photos(id) ON DELETE CASCADE;

ALTER TABLE public.photo_identifications ADD CONSTRAINT photo_identifications_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE public.photos ADD CONSTRAINT photos_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.plant_identifications ADD CONSTRAINT plant_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.vehicle_identifications ADD CONSTRAINT vehicle_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

ALTER TABLE public.vinyl_identifications ADD CONSTRAINT vinyl_identifications_photo_identification_id_fkey FOREIGN KEY (photo_identification_id) REFERENCES public.photo_identifications(id) ON DELETE CASCADE;

CREATE INDEX banknote_identifications_country_denomination_idx ON public.banknote_identifications USING btree (country, denomination);

CREATE INDEX banknote_identifications_created_at_idx ON public.banknote_identifications USING btree (created_at DESC);

CREATE INDEX banknote_identifications_extra_idx ON public.banknote_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX banknote_identifications_rarity_idx ON public.banknote_identifications USING btree (rarity);

CREATE INDEX banknote_identifications_security_features_idx ON public.banknote_identifications USING gin (security_features);

CREATE INDEX banknote_identifications_serial_number_idx ON public.banknote_identifications USING btree (serial_number) WHERE (serial_number IS NOT NULL);

CREATE INDEX banknote_identifications_value_estimate_idx ON public.banknote_identifications USING btree (value_estimate);

CREATE INDEX banknote_identifications_year_idx ON public.banknote_identifications USING btree (year);

CREATE INDEX bird_identifications_common_name_idx ON public.bird_identifications USING btree (common_name);

CREATE INDEX bird_identifications_conservation_status_idx ON public.bird_identifications USING btree (conservation_status);

CREATE INDEX bird_identifications_created_at_idx ON public.bird_identifications USING btree (created_at DESC);

CREATE INDEX bird_identifications_extra_idx ON public.bird_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX bird_identifications_family_genus_species_idx ON public.bird_identifications USING btree (family, genus, species);

CREATE INDEX bird_identifications_habitats_idx ON public.bird_identifications USING gin (habitats);

CREATE INDEX bird_identifications_scientific_name_idx ON public.bird_identifications USING btree (scientific_name);

CREATE INDEX calo_identifications_allergens_idx ON public.calo_identifications USING gin (allergens);

CREATE INDEX calo_identifications_calories_idx ON public.calo_identifications USING btree (calories);

CREATE INDEX calo_identifications_created_at_idx ON public.calo_identifications USING btree (created_at DESC);

CREATE INDEX calo_identifications_extra_idx ON public.calo_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX calo_identifications_food_name_idx ON public.calo_identifications USING btree (food_name);

CREATE INDEX calo_identifications_ingredients_idx ON public.calo_identifications USING gin (ingredients);

CREATE INDEX calo_identifications_nutrition_idx ON public.calo_identifications USING gin (nutrition jsonb_path_ops);

CREATE INDEX card_identifications_created_at_idx ON public.card_identifications USING btree (created_at DESC);

CREATE INDEX card_identifications_extra_idx ON public.card_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX card_identifications_game_set_name_card_number_idx ON public.card_identifications USING btree (game, set_name, card_number);

CREATE INDEX card_identifications_grading_company_grade_idx ON public.card_identifications USING btree (grading_company, grade DESC) WHERE (grade IS NOT NULL);

CREATE INDEX card_identifications_rarity_idx ON public.card_identifications USING btree (rarity);

CREATE INDEX card_identifications_subject_idx ON public.card_identifications USING btree (subject);

CREATE INDEX card_identifications_value_estimate_idx ON public.card_identifications USING btree (value_estimate);

CREATE INDEX card_identifications_year_idx ON public.card_identifications USING btree (year);

CREATE INDEX cat_identifications_breed_idx ON public.cat_identifications USING btree (breed);

CREATE INDEX cat_identifications_coat_length_coat_pattern_idx ON public.cat_identifications USING btree (coat_length, coat_pattern);

CREATE INDEX cat_identifications_created_at_idx ON public.cat_identifications USING btree (created_at DESC);

CREATE INDEX cat_identifications_extra_idx ON public.cat_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX cat_identifications_health_risks_idx ON public.cat_identifications USING gin (health_risks);

CREATE INDEX cat_identifications_temperament_idx ON public.cat_identifications USING gin (temperament);

CREATE INDEX coin_identifications_country_year_mint_mark_idx ON public.coin_identifications USING btree (country, year, mint_mark);

CREATE INDEX coin_identifications_created_at_idx ON public.coin_identifications USING btree (created_at DESC);

CREATE INDEX coin_identifications_denomination_idx ON public.coin_identifications USING btree (denomination);

CREATE INDEX coin_identifications_extra_idx ON public.coin_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX coin_identifications_rarity_idx ON public.coin_identifications USING btree (rarity);

CREATE INDEX coin_identifications_value_estimate_idx ON public.coin_identifications USING btree (value_estimate);

CREATE INDEX coin_identifications_year_idx ON public.coin_identifications USING btree (year);

CREATE INDEX collection_photos_photo_id_idx ON public.collection_photos USING btree (photo_id);

CREATE INDEX collections_cover_photo_id_idx ON public.collections USING btree (cover_photo_id);

CREATE INDEX collections_public_idx ON public.collections USING btree (created_at DESC) WHERE is_public;

CREATE INDEX dog_identifications_breed_idx ON public.dog_identifications USING btree (breed);

CREATE INDEX dog_identifications_created_at_idx ON public.dog_identifications USING btree (created_at DESC);

CREATE INDEX dog_identifications_extra_idx ON public.dog_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX dog_identifications_health_risks_idx ON public.dog_identifications USING gin (health_risks);

CREATE INDEX dog_identifications_size_exercise_needs_idx ON public.dog_identifications USING btree (size, exercise_needs);

CREATE INDEX dog_identifications_temperament_idx ON public.dog_identifications USING gin (temperament);

CREATE INDEX fish_identifications_aquarium_idx ON public.fish_identifications USING gin (aquarium jsonb_path_ops);

CREATE INDEX fish_identifications_common_name_idx ON public.fish_identifications USING btree (common_name);

CREATE INDEX fish_identifications_created_at_idx ON public.fish_identifications USING btree (created_at DESC);

CREATE INDEX fish_identifications_extra_idx ON public.fish_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX fish_identifications_family_genus_species_idx ON public.fish_identifications USING btree (family, genus, species);

CREATE INDEX fish_identifications_scientific_name_idx ON public.fish_identifications USING btree (scientific_name);

CREATE INDEX fish_identifications_temperature_low_c_temperature_high_c_idx ON public.fish_identifications USING btree (temperature_low_c, temperature_high_c);

CREATE INDEX fish_identifications_water_tank_litres_idx ON public.fish_identifications USING btree (water, tank_litres);

CREATE INDEX fruit_identifications_calories_idx ON public.fruit_identifications USING btree (calories);

CREATE INDEX fruit_identifications_common_name_idx ON public.fruit_identifications USING btree (common_name);

CREATE INDEX fruit_identifications_created_at_idx ON public.fruit_identifications USING btree (created_at DESC);

CREATE INDEX fruit_identifications_extra_idx ON public.fruit_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX fruit_identifications_nutrition_idx ON public.fruit_identifications USING gin (nutrition jsonb_path_ops);

CREATE INDEX fruit_identifications_ripeness_idx ON public.fruit_identifications USING btree (ripeness);

CREATE INDEX fruit_identifications_season_months_idx ON public.fruit_identifications USING gin (season_months);

CREATE INDEX insect_identifications_common_name_idx ON public.insect_identifications USING btree (common_name);

CREATE INDEX insect_identifications_created_at_idx ON public.insect_identifications USING btree (created_at DESC);

CREATE INDEX insect_identifications_danger_level_idx ON public.insect_identifications USING btree (danger_level);

CREATE INDEX insect_identifications_extra_idx ON public.insect_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX insect_identifications_family_genus_species_idx ON public.insect_identifications USING btree (family, genus, species);

CREATE INDEX insect_identifications_host_plants_idx ON public.insect_identifications USING gin (host_plants);

CREATE INDEX insect_identifications_pest_level_idx ON public.insect_identifications USING btree (pest_level);

CREATE INDEX insect_identifications_scientific_name_idx ON public.insect_identifications USING btree (scientific_name);

CREATE INDEX lazyfit_identifications_created_at_idx ON public.lazyfit_identifications USING btree (created_at DESC);

CREATE INDEX lazyfit_identifications_effort_duration_minutes_idx ON public.lazyfit_identifications USING btree (effort, duration_minutes);

CREATE INDEX lazyfit_identifications_equipment_idx ON public.lazyfit_identifications USING gin (equipment);

CREATE INDEX lazyfit_identifications_exercise_name_idx ON public.lazyfit_identifications USING btree (exercise_name);

CREATE INDEX lazyfit_identifications_extra_idx ON public.lazyfit_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX musclefit_identifications_biomechanics_idx ON public.musclefit_identifications USING gin (biomechanics jsonb_path_ops);

CREATE INDEX musclefit_identifications_created_at_idx ON public.musclefit_identifications USING btree (created_at DESC);

CREATE INDEX musclefit_identifications_equipment_idx ON public.musclefit_identifications USING gin (equipment);

CREATE INDEX musclefit_identifications_exercise_name_idx ON public.musclefit_identifications USING btree (exercise_name);

CREATE INDEX musclefit_identifications_extra_idx ON public.musclefit_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX musclefit_identifications_movement_idx ON public.musclefit_identifications USING btree (movement);

CREATE INDEX musclefit_identifications_muscles_idx ON public.musclefit_identifications USING gin (muscles);

CREATE INDEX musclefit_identifications_secondary_muscles_idx ON public.musclefit_identifications USING gin (secondary_muscles);

CREATE INDEX mushroom_identifications_common_name_idx ON public.mushroom_identifications USING btree (common_name);

CREATE INDEX mushroom_identifications_created_at_idx ON public.mushroom_identifications USING btree (created_at DESC);

CREATE INDEX mushroom_identifications_deadly_idx ON public.mushroom_identifications USING btree (scientific_name) WHERE (toxicity = 'deadly'::text);

CREATE INDEX mushroom_identifications_edibility_idx ON public.mushroom_identifications USING btree (edibility);

CREATE INDEX mushroom_identifications_extra_idx ON public.mushroom_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX mushroom_identifications_family_genus_species_idx ON public.mushroom_identifications USING btree (family, genus, species);

CREATE INDEX mushroom_identifications_lookalikes_idx ON public.mushroom_identifications USING gin (lookalikes);

CREATE INDEX mushroom_identifications_scientific_name_idx ON public.mushroom_identifications USING btree (scientific_name);

CREATE INDEX mushroom_identifications_toxicity_idx ON public.mushroom_identifications USING btree (toxicity);

CREATE INDEX photo_identifications_alternatives_idx ON public.photo_identifications USING gin (alternatives jsonb_path_ops);

CREATE INDEX photo_identifications_app_created_at_idx ON public.photo_identifications USING btree (app, created_at DESC);

CREATE INDEX photo_identifications_app_label_idx ON public.photo_identifications USING btree (app, label);

CREATE INDEX photo_identifications_confidence_idx ON public.photo_identifications USING btree (confidence);

CREATE INDEX photo_identifications_photo_id_confidence_idx ON public.photo_identifications USING btree (photo_id, confidence DESC);

CREATE INDEX photo_identifications_reviewed_by_idx ON public.photo_identifications USING btree (reviewed_by);

CREATE INDEX photo_identifications_to_review_idx ON public.photo_identifications USING btree (created_at DESC) WHERE (status = 'suggested'::text);

CREATE INDEX photos_byte_size_idx ON public.photos USING btree (byte_size);

CREATE INDEX photos_latitude_longitude_idx ON public.photos USING btree (latitude, longitude) WHERE (latitude IS NOT NULL);

CREATE INDEX photos_metadata_idx ON public.photos USING gin (metadata jsonb_path_ops);

CREATE INDEX photos_status_created_at_idx ON public.photos USING btree (status, created_at DESC) WHERE (status = ANY (ARRAY['uploaded'::text, 'processing'::text, 'failed'::text]));

CREATE INDEX photos_tags_idx ON public.photos USING gin (tags);

CREATE INDEX photos_taken_at_idx ON public.photos USING btree (taken_at DESC NULLS LAST);

CREATE INDEX photos_user_id_created_at_idx ON public.photos USING btree (user_id, created_at DESC);

CREATE INDEX plant_identifications_characteristics_idx ON public.plant_identifications USING gin (characteristics);

CREATE INDEX plant_identifications_common_name_idx ON public.plant_identifications USING btree (common_name);

CREATE INDEX plant_identifications_created_at_idx ON public.plant_identifications USING btree (created_at DESC);

CREATE INDEX plant_identifications_edibility_idx ON public.plant_identifications USING btree (edibility);

CREATE INDEX plant_identifications_extra_idx ON public.plant_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX plant_identifications_family_genus_species_idx ON public.plant_identifications USING btree (family, genus, species);

CREATE INDEX plant_identifications_scientific_name_idx ON public.plant_identifications USING btree (scientific_name);

CREATE INDEX plant_identifications_toxicity_idx ON public.plant_identifications USING btree (toxicity);

CREATE INDEX users_created_at_idx ON public.users USING btree (created_at DESC);

CREATE INDEX users_last_login_at_idx ON public.users USING btree (last_login_at DESC NULLS LAST) WHERE is_active;

CREATE INDEX users_preferences_idx ON public.users USING gin (preferences jsonb_path_ops);

CREATE INDEX vehicle_identifications_created_at_idx ON public.vehicle_identifications USING btree (created_at DESC);

CREATE INDEX vehicle_identifications_extra_idx ON public.vehicle_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX vehicle_identifications_fuel_idx ON public.vehicle_identifications USING btree (fuel);

CREATE INDEX vehicle_identifications_make_model_year_idx ON public.vehicle_identifications USING btree (make, model, year);

CREATE INDEX vehicle_identifications_model_idx ON public.vehicle_identifications USING btree (model);

CREATE INDEX vehicle_identifications_specs_idx ON public.vehicle_identifications USING gin (specs jsonb_path_ops);

CREATE INDEX vehicle_identifications_year_idx ON public.vehicle_identifications USING btree (year);

CREATE INDEX vinyl_identifications_artist_idx ON public.vinyl_identifications USING btree (artist);

CREATE INDEX vinyl_identifications_created_at_idx ON public.vinyl_identifications USING btree (created_at DESC);

CREATE INDEX vinyl_identifications_extra_idx ON public.vinyl_identifications USING gin (extra jsonb_path_ops);

CREATE INDEX vinyl_identifications_genres_idx ON public.vinyl_identifications USING gin (genres);

CREATE INDEX vinyl_identifications_rarity_idx ON public.vinyl_identifications USING btree (rarity);

CREATE INDEX vinyl_identifications_record_label_catalogue_number_idx ON public.vinyl_identifications USING btree (record_label, catalogue_number);

CREATE INDEX vinyl_identifications_title_idx ON public.vinyl_identifications USING btree (title);

CREATE INDEX vinyl_identifications_value_estimate_idx ON public.vinyl_identifications USING btree (value_estimate);

CREATE INDEX vinyl_identifications_year_idx ON public.vinyl_identifications USING btree (year);

CREATE FUNCTION public.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $body$
begin
  new.updated_at := now();
  return new;
end
$body$;

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.banknote_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.bird_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.calo_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.card_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.cat_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.coin_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.collection_photos
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.collections
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.dog_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.fish_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.fruit_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.insect_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.lazyfit_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.musclefit_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.mushroom_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.photo_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.photos
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.plant_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.users
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.vehicle_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.vinyl_identifications
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.banknote_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.banknote_identifications.error_notes IS 'Misprints, which make a note dear.';

COMMENT ON COLUMN public.banknote_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.banknote_identifications.note_currency IS 'ISO 4217, as far as the note''s currency ever had a code.';

COMMENT ON COLUMN public.banknote_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.banknote_identifications.security_features IS 'Watermark, thread, hologram, microprint.';

COMMENT ON COLUMN public.banknote_identifications.value_currency IS 'ISO 4217.';

COMMENT ON COLUMN public.banknote_identifications.value_estimate IS 'What it may fetch.';

COMMENT ON COLUMN public.banknote_identifications.year IS 'Negative before the common era.';

COMMENT ON COLUMN public.bird_identifications.conservation_status IS 'IUCN Red List category.';

COMMENT ON COLUMN public.bird_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.bird_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.bird_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.calo_identifications.calories IS 'Kilocalories in the portion shown.';

COMMENT ON COLUMN public.calo_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.calo_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.calo_identifications.nutrition IS 'Vitamins and minerals, in milligrams.';

COMMENT ON COLUMN public.calo_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.calo_identifications.serving_g IS 'Grams.';

COMMENT ON COLUMN public.card_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.card_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.card_identifications.game IS 'A sport, or a game such as Magic.';

COMMENT ON COLUMN public.card_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.card_identifications.subject IS 'The player or the character.';

COMMENT ON COLUMN public.card_identifications.value_currency IS 'ISO 4217.';

COMMENT ON COLUMN public.card_identifications.value_estimate IS 'What it may fetch.';

COMMENT ON COLUMN public.card_identifications.year IS 'Negative before the common era.';

COMMENT ON COLUMN public.cat_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.cat_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.cat_identifications.health_risks IS 'Illnesses to which the breed is prone.';

COMMENT ON COLUMN public.cat_identifications.mixed_with IS 'For a mixed animal: the breeds that show, most first.';

COMMENT ON COLUMN public.cat_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.coin_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.coin_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.coin_identifications.grade IS 'Sheldon scale, 1 to 70.';

COMMENT ON COLUMN public.coin_identifications.mint_mark IS 'The letter of the mint: D, S, W.';

COMMENT ON COLUMN public.coin_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.coin_identifications.value_currency IS 'ISO 4217.';

COMMENT ON COLUMN public.coin_identifications.value_estimate IS 'What it may fetch.';

COMMENT ON COLUMN public.coin_identifications.year IS 'Negative before the common era.';

COMMENT ON COLUMN public.collection_photos."position" IS 'From 0.';

COMMENT ON COLUMN public.collections.cover_photo_id IS 'Shown instead of the first photo.';

COMMENT ON COLUMN public.dog_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.dog_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.dog_identifications.health_risks IS 'Illnesses to which the breed is prone.';

COMMENT ON COLUMN public.dog_identifications.mixed_with IS 'For a mixed animal: the breeds that show, most first.';

COMMENT ON COLUMN public.dog_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.fish_identifications.aquarium IS 'Substrate, plants, tank mates.';

COMMENT ON COLUMN public.fish_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.fish_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.fish_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.fruit_identifications.calories IS 'Kilocalories in the portion shown.';

COMMENT ON COLUMN public.fruit_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.fruit_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.fruit_identifications.keeps_days IS 'Days until it is past eating, at room temperature.';

COMMENT ON COLUMN public.fruit_identifications.nutrition IS 'Vitamins and minerals, in milligrams.';

COMMENT ON COLUMN public.fruit_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.fruit_identifications.season_months IS 'Months by number, 1 to 12.';

COMMENT ON COLUMN public.fruit_identifications.serving_g IS 'Grams.';

COMMENT ON COLUMN public.insect_identifications.danger_level IS 'Harm to people.';

COMMENT ON COLUMN public.insect_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.insect_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.insect_identifications.pest_level IS 'Harm to crops and stores.';

COMMENT ON COLUMN public.insect_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.lazyfit_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.lazyfit_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.lazyfit_identifications.instructions IS 'One step an element.';

COMMENT ON COLUMN public.lazyfit_identifications.modifications IS 'Ways to make it easier still.';

COMMENT ON COLUMN public.lazyfit_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.musclefit_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.musclefit_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.musclefit_identifications.form_score IS 'How clean the form is in the photo, from 0 to 1.';

COMMENT ON COLUMN public.musclefit_identifications.instructions IS 'One step an element.';

COMMENT ON COLUMN public.musclefit_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.mushroom_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.mushroom_identifications.edibility IS 'Never guessed: no default.';

COMMENT ON COLUMN public.mushroom_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.mushroom_identifications.lookalikes IS 'Species that it is mistaken for.';

COMMENT ON COLUMN public.mushroom_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.mushroom_identifications.safety_warning IS 'What the app must show before anything else.';

COMMENT ON COLUMN public.mushroom_identifications.toxicity IS 'Never guessed: no default.';

COMMENT ON COLUMN public.photo_identifications.alternatives IS 'Further labels with their confidence, best first.';

COMMENT ON COLUMN public.photo_identifications.app IS 'Which app was asked; its details stand in the table of that name.';

COMMENT ON COLUMN public.photo_identifications.confidence IS 'From 0, a guess, to 1, certain.';

COMMENT ON COLUMN public.photo_identifications.model_version IS 'The vision model that was asked.';

COMMENT ON COLUMN public.photo_identifications.reviewed_by IS 'Who confirmed or rejected it.';

COMMENT ON COLUMN public.photos.height IS 'Pixels.';

COMMENT ON COLUMN public.photos.latitude IS 'WGS 84, degrees.';

COMMENT ON COLUMN public.photos.longitude IS 'WGS 84, degrees.';

COMMENT ON COLUMN public.photos.metadata IS 'Camera, lens, exposure: what EXIF says.';

COMMENT ON COLUMN public.photos.url IS 'Where the file lies in the object store.';

COMMENT ON COLUMN public.photos.user_id IS 'Who owns it.';

COMMENT ON COLUMN public.photos.width IS 'Pixels.';

COMMENT ON COLUMN public.plant_identifications.characteristics IS 'What can be seen: leaf shape, flower colour, growth habit.';

COMMENT ON COLUMN public.plant_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.plant_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.plant_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.users.email IS 'Lower case, so that one address cannot register twice.';

COMMENT ON COLUMN public.users.failed_login_attempts IS 'Since the last login that succeeded.';

COMMENT ON COLUMN public.users.locked_until IS 'No login before this moment.';

COMMENT ON COLUMN public.users.password_hash IS 'Never leaves the server.';

COMMENT ON COLUMN public.users.preferences IS 'Theme, language, units and the apps that are switched on.';

COMMENT ON COLUMN public.vehicle_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.vehicle_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.vehicle_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.vehicle_identifications.specs IS 'Engine, power, torque and what else a data sheet has.';

COMMENT ON COLUMN public.vehicle_identifications.year IS 'Model year; for a long-built model, the first that the photo allows.';

COMMENT ON COLUMN public.vinyl_identifications.condition IS 'Goldmine grade of the record itself.';

COMMENT ON COLUMN public.vinyl_identifications.description IS 'In words for the person who asked.';

COMMENT ON COLUMN public.vinyl_identifications.extra IS 'What the model said besides.';

COMMENT ON COLUMN public.vinyl_identifications.photo_identification_id IS 'The identification that these are the details of; one to one.';

COMMENT ON COLUMN public.vinyl_identifications.pressing IS 'First pressing, reissue, bootleg; matrix and run-out notes.';

COMMENT ON COLUMN public.vinyl_identifications.value_currency IS 'ISO 4217.';

COMMENT ON COLUMN public.vinyl_identifications.value_estimate IS 'What it may fetch.';

COMMENT ON COLUMN public.vinyl_identifications.year IS 'Negative before the common era.';

COMMENT ON FUNCTION public.set_updated_at() IS 'Notes when a row was last changed.';

COMMENT ON TABLE public.banknote_identifications IS 'Details of the banknote app.';

COMMENT ON TABLE public.bird_identifications IS 'Details of the bird app.';

COMMENT ON TABLE public.calo_identifications IS 'Details of Calo, which counts what a plate holds.';

COMMENT ON TABLE public.card_identifications IS 'Details of the trading-card app.';

COMMENT ON TABLE public.cat_identifications IS 'Details of the cat app.';

COMMENT ON TABLE public.coin_identifications IS 'Details of the coin app.';

COMMENT ON TABLE public.collection_photos IS 'Which photos a collection holds, in which order.';

COMMENT ON TABLE public.collections IS 'Photos that belong together in their owner''s eyes: a herbarium, an album of coins.';

COMMENT ON TABLE public.dog_identifications IS 'Details of the dog app.';

COMMENT ON TABLE public.fish_identifications IS 'Details of the fish app, for people who keep an aquarium.';

COMMENT ON TABLE public.fruit_identifications IS 'Details of the fruit app.';

COMMENT ON TABLE public.insect_identifications IS 'Details of the insect app.';

COMMENT ON TABLE public.lazyfit_identifications IS 'Details of LazyFit: exercises for people who begin.';

COMMENT ON TABLE public.musclefit_identifications IS 'Details of MuscleFit: what an exercise trains, and how well it is done.';

COMMENT ON TABLE public.mushroom_identifications IS 'Details of the mushroom app. Lives hang on two columns, so the model must always say both.';

COMMENT ON TABLE public.photo_identifications IS 'What one app takes a photo to show. A photo can have several, of several apps.';

COMMENT ON TABLE public.photos IS 'A photo that somebody took or uploaded, whatever it shows.';

COMMENT ON TABLE public.plant_identifications IS 'Details of the plant app.';

COMMENT ON TABLE public.users IS 'A person who takes photos; one account serves every app.';

COMMENT ON TABLE public.vehicle_identifications IS 'Details of the vehicle app.';

COMMENT ON TABLE public.vinyl_identifications IS 'Details of the vinyl app.';

COMMIT;
