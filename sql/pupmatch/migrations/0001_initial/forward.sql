-- pupmatch/0001_initial, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [969827a0]

SET check_function_bodies = off;

-- step 1 of 1 [969827a0]: in one transaction
BEGIN;

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;

CREATE TYPE public.activity_level_enum AS ENUM ('low', 'medium', 'high');

CREATE TYPE public.distance_unit_enum AS ENUM ('miles', 'kilometers');

CREATE TABLE public.conversations (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  match_id character varying(36) NOT NULL,
  user1_id character varying(36) NOT NULL,
  user2_id character varying(36) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (id),
  CONSTRAINT conversations_two_users CHECK (((user1_id)::text <> (user2_id)::text))
);

CREATE TABLE public.likes (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  user_id character varying(36) NOT NULL,
  target_id character varying(36) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT likes_pkey PRIMARY KEY (id),
  CONSTRAINT likes_not_oneself CHECK (((user_id)::text <> (target_id)::text))
);

CREATE TABLE public.matches (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  user1_id character varying(36) NOT NULL,
  user2_id character varying(36) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT matches_pkey PRIMARY KEY (id),
  CONSTRAINT matches_two_users CHECK (((user1_id)::text <> (user2_id)::text))
);

CREATE TABLE public.messages (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  conversation_id character varying(36) NOT NULL,
  sender_id character varying(36) NOT NULL,
  recipient_id character varying(36) NOT NULL,
  body text NOT NULL,
  is_read boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_two_users CHECK (((sender_id)::text <> (recipient_id)::text))
);

CREATE TABLE public.passes (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  user_id character varying(36) NOT NULL,
  target_id character varying(36) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT passes_pkey PRIMARY KEY (id),
  CONSTRAINT passes_not_oneself CHECK (((user_id)::text <> (target_id)::text))
);

CREATE TABLE public.photos (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  profile_id character varying(36) NOT NULL,
  url character varying(500) NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT photos_pkey PRIMARY KEY (id),
  CONSTRAINT photos_position_from_zero CHECK (("position" >= 0))
);

CREATE TABLE public.playgrounds (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  name character varying(200) NOT NULL,
  description text,
  address character varying(300),
  location public.geometry(Point,4326) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT playgrounds_pkey PRIMARY KEY (id),
  CONSTRAINT playgrounds_name_not_blank CHECK ((btrim((name)::text) <> ''::text))
);

CREATE TABLE public.profiles (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  user_id character varying(36) NOT NULL,
  name character varying(100) NOT NULL,
  age integer,
  bio text,
  latitude double precision,
  longitude double precision,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT profiles_pkey PRIMARY KEY (id),
  CONSTRAINT profiles_age_plausible CHECK (((age >= 0) AND (age <= 30))),
  CONSTRAINT profiles_name_not_blank CHECK ((btrim((name)::text) <> ''::text)),
  CONSTRAINT profiles_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL)))
);

CREATE TABLE public.prompts (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  profile_id character varying(36) NOT NULL,
  question character varying(500) NOT NULL,
  answer text NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT prompts_pkey PRIMARY KEY (id),
  CONSTRAINT prompts_position_from_zero CHECK (("position" >= 0))
);

CREATE TABLE public.user_preferences (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  profile_id character varying(36) NOT NULL,
  min_age integer DEFAULT 0 NOT NULL,
  max_age integer DEFAULT 20 NOT NULL,
  max_distance integer DEFAULT 25 NOT NULL,
  activity_level public.activity_level_enum DEFAULT 'medium'::public.activity_level_enum NOT NULL,
  distance_unit public.distance_unit_enum DEFAULT 'miles'::public.distance_unit_enum NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT user_preferences_pkey PRIMARY KEY (id),
  CONSTRAINT user_preferences_ages CHECK (((0 <= min_age) AND (min_age <= max_age))),
  CONSTRAINT user_preferences_distance CHECK ((max_distance > 0))
);

CREATE TABLE public.users (
  id character varying(36) DEFAULT (gen_random_uuid())::text NOT NULL,
  email character varying(120) NOT NULL,
  password_hash character varying(255) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id)
);

ALTER TABLE public.conversations ADD CONSTRAINT conversations_match_id_key UNIQUE (match_id);

ALTER TABLE public.likes ADD CONSTRAINT likes_user_id_target_id_key UNIQUE (user_id, target_id);

ALTER TABLE public.matches ADD CONSTRAINT matches_user1_id_user2_id_key UNIQUE (user1_id, user2_id);

ALTER TABLE public.passes ADD CONSTRAINT passes_user_id_target_id_key UNIQUE (user_id, target_id);

ALTER TABLE public.profiles ADD CONSTRAINT profiles_user_id_key UNIQUE (user_id);

ALTER TABLE public.user_preferences ADD CONSTRAINT user_preferences_profile_id_key UNIQUE (profile_id);

ALTER TABLE public.users ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE public.conversations ADD CONSTRAINT conversations_match_id_fkey FOREIGN KEY (match_id) REFERENCES public.matches(id) ON DELETE CASCADE;

ALTER TABLE public.conversations ADD CONSTRAINT conversations_user1_id_fkey FOREIGN KEY (user1_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.conversations ADD CONSTRAINT conversations_user2_id_fkey FOREIGN KEY (user2_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.likes ADD CONSTRAINT likes_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.likes ADD CONSTRAINT likes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.matches ADD CONSTRAINT matches_user1_id_fkey FOREIGN KEY (user1_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.matches ADD CONSTRAINT matches_user2_id_fkey FOREIGN KEY (user2_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.messages ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;

ALTER TABLE public.messages ADD CONSTRAINT messages_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.messages ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.passes ADD CONSTRAINT passes_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.passes ADD CONSTRAINT passes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.photos ADD CONSTRAINT photos_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE public.profiles ADD CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.prompts ADD CONSTRAINT prompts_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE public.user_preferences ADD CONSTRAINT user_preferences_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

CREATE INDEX conversations_updated_at_idx ON public.conversations USING btree (updated_at);

CREATE INDEX conversations_user1_id_updated_at_idx ON public.conversations USING btree (user1_id, updated_at);

CREATE INDEX conversations_user2_id_updated_at_idx ON public.conversations USING btree (user2_id, updated_at);

CREATE INDEX likes_target_id_user_id_idx ON public.likes USING btree (target_id, user_id);

CREATE INDEX likes_user_id_created_at_idx ON public.likes USING btree (user_id, created_at);

CREATE INDEX matches_created_at_idx ON public.matches USING btree (created_at);

CREATE UNIQUE INDEX matches_once_a_pair ON public.matches USING btree (LEAST(user1_id, user2_id), GREATEST(user1_id, user2_id));

CREATE INDEX matches_user1_id_created_at_idx ON public.matches USING btree (user1_id, created_at);

CREATE INDEX matches_user2_id_created_at_idx ON public.matches USING btree (user2_id, created_at);

CREATE INDEX messages_conversation_id_created_at_idx ON public.messages USING btree (conversation_id, created_at);

CREATE INDEX messages_created_at_idx ON public.messages USING btree (created_at);

CREATE INDEX messages_recipient_id_is_read_idx ON public.messages USING btree (recipient_id, is_read);

CREATE INDEX messages_sender_id_created_at_idx ON public.messages USING btree (sender_id, created_at);

CREATE INDEX passes_target_id_user_id_idx ON public.passes USING btree (target_id, user_id);

CREATE INDEX passes_user_id_created_at_idx ON public.passes USING btree (user_id, created_at);

CREATE INDEX photos_profile_id_position_idx ON public.photos USING btree (profile_id, "position");

CREATE INDEX playgrounds_location_idx ON public.playgrounds USING gist (location);

CREATE INDEX playgrounds_name_idx ON public.playgrounds USING btree (name);

CREATE INDEX profiles_age_idx ON public.profiles USING btree (age);

CREATE INDEX profiles_latitude_longitude_idx ON public.profiles USING btree (latitude, longitude);

CREATE INDEX profiles_name_idx ON public.profiles USING btree (name);

CREATE INDEX prompts_profile_id_position_idx ON public.prompts USING btree (profile_id, "position");

CREATE INDEX user_preferences_activity_level_idx ON public.user_preferences USING btree (activity_level);

CREATE INDEX user_preferences_min_age_max_age_idx ON public.user_preferences USING btree (min_age, max_age);

CREATE INDEX users_created_at_idx ON public.users USING btree (created_at);

CREATE FUNCTION public.match_mutual_like()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  insert into public.matches (user1_id, user2_id)
  select new.user_id, l.user_id
  from public.likes l
  where l.user_id = new.target_id and l.target_id = new.user_id
  on conflict do nothing;
  return null;
end
$body$;

CREATE FUNCTION public.nearest_playgrounds(
  longitude double precision,
  latitude double precision,
  at_most integer DEFAULT 10
)
RETURNS TABLE(id character varying, name character varying, metres double precision)
LANGUAGE sql
STABLE
AS $body$
select p.id, p.name, st_distance(p.location::geography, here.point::geography)
from public.playgrounds p, (select st_setsrid(st_makepoint(longitude, latitude), 4326) as point) here
order by p.location <-> here.point
limit at_most
$body$;

CREATE FUNCTION public.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  new.updated_at := now();
  return new;
end
$body$;

CREATE FUNCTION public.touch_conversation()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
begin
  update public.conversations set updated_at = now() where id = new.conversation_id;
  return null;
end
$body$;

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.conversations
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER match_mutual_like
  AFTER INSERT ON public.likes
  FOR EACH ROW EXECUTE FUNCTION public.match_mutual_like();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.likes
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.matches
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.messages
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER touch_conversation
  AFTER INSERT ON public.messages
  FOR EACH ROW EXECUTE FUNCTION public.touch_conversation();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.passes
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.photos
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.playgrounds
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.profiles
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.prompts
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.user_preferences
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.users
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.conversations.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.likes.target_id IS 'Who is judged.';

COMMENT ON COLUMN public.likes.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.matches.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.messages.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.passes.target_id IS 'Who is judged.';

COMMENT ON COLUMN public.passes.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.photos."position" IS 'Place in the profile, from 0.';

COMMENT ON COLUMN public.photos.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.playgrounds.location IS 'Its gate, longitude before latitude, WGS 84.';

COMMENT ON COLUMN public.playgrounds.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.profiles.age IS 'In years.';

COMMENT ON COLUMN public.profiles.latitude IS 'Where the dog lives, in degrees, WGS 84.';

COMMENT ON COLUMN public.profiles.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.prompts."position" IS 'Place in the profile, from 0.';

COMMENT ON COLUMN public.prompts.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.user_preferences.max_distance IS 'In distance_unit.';

COMMENT ON COLUMN public.user_preferences.min_age IS 'Of the other dog, in years.';

COMMENT ON COLUMN public.user_preferences.updated_at IS 'Kept by a trigger.';

COMMENT ON COLUMN public.users.updated_at IS 'Kept by a trigger.';

COMMENT ON TYPE public.activity_level_enum IS 'How much a dog wants to run.';

COMMENT ON TYPE public.distance_unit_enum IS 'In what a user reads distances.';

COMMENT ON FUNCTION public.match_mutual_like() IS 'A like that is returned makes a match.';

COMMENT ON FUNCTION public.nearest_playgrounds(double precision, double precision, integer) IS 'The playgrounds nearest to a place, nearest first.';

COMMENT ON FUNCTION public.set_updated_at() IS 'Keeps updated_at.';

COMMENT ON FUNCTION public.touch_conversation() IS 'A message moves its conversation to the top.';

COMMENT ON TABLE public.conversations IS 'What a match says to each other; updated_at is the last message''s time.';

COMMENT ON TABLE public.likes IS 'One user likes another.';

COMMENT ON TABLE public.matches IS 'Two users who like each other; user1_id is who was liked first.';

COMMENT ON TABLE public.messages IS 'Messages of a conversation.';

COMMENT ON TABLE public.passes IS 'One user does not want to be shown another again.';

COMMENT ON TABLE public.photos IS 'Pictures of a dog.';

COMMENT ON TABLE public.playgrounds IS 'Places where dogs meet.';

COMMENT ON TABLE public.profiles IS 'A dog as other members see it; one for each account.';

COMMENT ON TABLE public.prompts IS 'Questions that a profile answers, to break the ice.';

COMMENT ON TABLE public.user_preferences IS 'Which dogs a profile wants to be shown.';

COMMENT ON TABLE public.users IS 'Accounts.';

COMMIT;
