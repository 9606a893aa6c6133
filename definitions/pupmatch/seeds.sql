-- Demo data of the pupmatch domain. Safe to run any number of times: what is there already stays as it is.
-- Nobody can log in: the hashes are of no password.

BEGIN;

INSERT INTO users (id, email, password_hash) VALUES
  ('u-rex', 'rex@example.com', 'demo'),
  ('u-luna', 'luna@example.com', 'demo'),
  ('u-balu', 'balu@example.com', 'demo'),
  ('u-mia', 'mia@example.com', 'demo')
ON CONFLICT DO NOTHING;

INSERT INTO profiles (id, user_id, name, age, bio, location) VALUES
  ('p-rex', 'u-rex', 'Rex', 3, 'Fetches anything.', st_setsrid(st_makepoint(-73.9746, 40.7694), 4326)),
  ('p-luna', 'u-luna', 'Luna', 5, 'Sniffs first, plays later.', st_setsrid(st_makepoint(-73.9566, 40.7736), 4326)),
  ('p-balu', 'u-balu', 'Balu', 8, NULL, st_setsrid(st_makepoint(-73.9690, 40.6602), 4326)),
  ('p-mia', 'u-mia', 'Mia', 1, 'Small and loud.', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO photos (id, profile_id, url, "order")
SELECT format('ph-%s-%s', name, n), 'p-' || name, format('https://images.example.com/%s-%s.jpg', name, n), n
FROM unnest(ARRAY['rex', 'luna', 'balu', 'mia']) name, generate_series(0, 2) n
ON CONFLICT DO NOTHING;

INSERT INTO prompts (id, profile_id, question, answer, "order") VALUES
  ('pr-rex-0', 'p-rex', 'My favourite toy', 'The neighbour''s shoe', 0),
  ('pr-luna-0', 'p-luna', 'I am afraid of', 'The vacuum cleaner', 0)
ON CONFLICT DO NOTHING;

INSERT INTO user_preferences (id, profile_id, activity_level, distance_unit, max_distance) VALUES
  ('up-rex', 'p-rex', 'high', 'miles', 10),
  ('up-luna', 'p-luna', 'low', 'kilometers', 5)
ON CONFLICT DO NOTHING;

-- Rex and Luna like each other, which makes a match; Balu likes in vain.
INSERT INTO likes (id, user_id, target_id) VALUES
  ('l-1', 'u-rex', 'u-luna'), ('l-2', 'u-luna', 'u-rex'), ('l-3', 'u-balu', 'u-luna')
ON CONFLICT DO NOTHING;

INSERT INTO passes (id, user_id, target_id) VALUES ('pa-1', 'u-luna', 'u-balu') ON CONFLICT DO NOTHING;

INSERT INTO conversations (id, match_id, user1_id, user2_id)
SELECT 'c-1', m.id, m.user1_id, m.user2_id FROM matches m WHERE m.user1_id = 'u-rex' AND m.user2_id = 'u-luna'
ON CONFLICT DO NOTHING;

INSERT INTO messages (id, conversation_id, sender_id, recipient_id, body) VALUES
  ('m-1', 'c-1', 'u-rex', 'u-luna', 'Park at five?'),
  ('m-2', 'c-1', 'u-luna', 'u-rex', 'I bring the ball.')
ON CONFLICT DO NOTHING;

INSERT INTO playgrounds (id, name, address, location) VALUES
  ('pg-tompkins', 'Tompkins Square dog run', 'East 9th Street, New York', st_setsrid(st_makepoint(-73.9816, 40.7265), 4326)),
  ('pg-carl-schurz', 'Carl Schurz Park', 'East 87th Street, New York', st_setsrid(st_makepoint(-73.9437, 40.7753), 4326)),
  ('pg-prospect', 'Prospect Park dog beach', 'Brooklyn', st_setsrid(st_makepoint(-73.9724, 40.6640), 4326))
ON CONFLICT DO NOTHING;

COMMIT;
