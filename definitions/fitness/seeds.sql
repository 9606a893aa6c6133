-- Demo data of the fitness domain. Safe to run any number of times: what is there already stays as it is.
-- Everybody's password is "correct horse battery".

BEGIN;

SET LOCAL search_path = fitness, extensions;

INSERT INTO users (id, email, username, password_hash, role, full_name, birth_date, sex, height_cm) VALUES
  ('00000000-0000-4000-8000-0000000000a1', 'ada@example.com', 'ada', hash_password('correct horse battery'), 'admin', 'Ada Admin', '1980-02-03', 'female', 168),
  ('00000000-0000-4000-8000-0000000000c1', 'carl@example.com', 'carl', hash_password('correct horse battery'), 'coach', 'Carl Coach', '1985-06-07', 'male', 185)
ON CONFLICT DO NOTHING;

INSERT INTO users (id, email, username, password_hash, full_name, birth_date, sex, height_cm, coach_id, preferences) VALUES
  ('00000000-0000-4000-8000-0000000000b1', 'uma@example.com', 'uma', hash_password('correct horse battery'), 'Uma User', '1992-04-05', 'female', 170, '00000000-0000-4000-8000-0000000000c1', '{"units": "metric"}'),
  ('00000000-0000-4000-8000-0000000000b2', 'otto@example.com', 'otto', hash_password('correct horse battery'), 'Otto Other', '1990-12-24', 'male', 182, NULL, '{"units": "imperial", "theme": "dark"}')
ON CONFLICT DO NOTHING;

INSERT INTO exercise_definitions (id, name, slug, category, muscles, equipment, difficulty, created_by) VALUES
  ('00000000-0000-4000-8000-0000000000e1', 'Bench press', 'bench-press', 'push', '{chest,triceps,shoulders}', '{barbell,bench}', 2, '00000000-0000-4000-8000-0000000000c1'),
  ('00000000-0000-4000-8000-0000000000e2', 'Back squat', 'back-squat', 'legs', '{quadriceps,glutes,back}', '{barbell,rack}', 3, '00000000-0000-4000-8000-0000000000c1'),
  ('00000000-0000-4000-8000-0000000000e3', 'Développé militaire', 'overhead-press', 'push', '{shoulders,triceps}', '{barbell}', 3, NULL),
  ('00000000-0000-4000-8000-0000000000e4', 'Running', 'running', 'cardio', '{legs,heart}', '{}', 1, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO exercise_definitions (id, name, slug, category, muscles, equipment, difficulty, variation_of_id) VALUES
  ('00000000-0000-4000-8000-0000000000e5', 'Incline bench press', 'incline-bench-press', 'push', '{chest,shoulders}', '{barbell,bench}', 2, '00000000-0000-4000-8000-0000000000e1')
ON CONFLICT DO NOTHING;

INSERT INTO user_goals (user_id, title, goal_type, unit, start_value, target_value, current_value, start_date, target_date) VALUES
  ('00000000-0000-4000-8000-0000000000b1', 'Down to 65 kg', 'weight', 'kg', 75, 65, 75, '2025-01-01', '2025-12-31'),
  ('00000000-0000-4000-8000-0000000000b2', 'Bench press 100 kg', 'strength', 'kg', 70, 100, 82.5, '2025-01-01', NULL)
ON CONFLICT DO NOTHING;

-- Thirty check-ins of each user, a day apart.
INSERT INTO health_metrics
  (user_id, recorded_date, weight_kg, body_fat_percent, muscle_mass_kg, waist_cm, resting_heart_rate, systolic_mmhg, diastolic_mmhg,
   sleep_hours, energy_level, mood, sleep_quality, stress_level)
SELECT
  u.id, date '2025-01-01' + n, u.height_cm - 95 - n * 0.1, 28 - n * 0.1, 30 + n * 0.02, 84 - n * 0.1, 66 - n / 6,
  126 - n / 5, 82 - n / 6, 7 + (n % 4) * 0.5, 5 + n % 4, 6 + n % 3, 5 + n % 5, 6 - n % 4
FROM users u, generate_series(0, 29) n
WHERE u.username IN ('uma', 'otto')
ON CONFLICT DO NOTHING;

-- Three workouts a week, for four weeks.
INSERT INTO workout_sessions
  (user_id, workout_date, title, workout_type, program_name, program_phase, program_week, program_day, duration_minutes,
   intensity, fatigue, soreness)
SELECT
  u.id, date '2025-01-01' + 7 * week + 2 * day, 'Full body ' || day + 1, 'strength', 'Base', 'accumulation', week + 1,
  day + 1, 55, 6 + week % 3, 4 + day, 3 + week
FROM users u, generate_series(0, 3) week, generate_series(0, 2) day
WHERE u.username IN ('uma', 'otto')
ON CONFLICT DO NOTHING;

INSERT INTO exercise_logs
  (user_id, workout_session_id, exercise_id, position, logged_date, sets, reps, weight_kg, rpe, rest_seconds)
SELECT
  w.user_id, w.id, e.id, e.position, w.workout_date, 3, 8, 40 + 2.5 * w.program_week, 7.5, 120
FROM workout_sessions w, unnest(ARRAY[
  '00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000e2'
]::uuid[]) WITH ORDINALITY e(id, position)
WHERE w.program_name = 'Base'
ON CONFLICT DO NOTHING;

INSERT INTO exercise_logs
  (user_id, workout_session_id, exercise_id, position, logged_date, distance_m, duration_seconds)
SELECT w.user_id, w.id, '00000000-0000-4000-8000-0000000000e4', 3, w.workout_date, 5000, 1650 - 10 * w.program_week
FROM workout_sessions w
WHERE w.program_name = 'Base'
ON CONFLICT DO NOTHING;

INSERT INTO coaching_sessions
  (user_id, coach_id, scheduled_at, status, topics, action_items, summary, rating, follow_up_date)
VALUES
  ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000c1', '2025-01-10 17:00Z', 'completed', '{nutrition,sleep}',
   '[{"what": "protein at breakfast", "done": true}, {"what": "lights out at eleven", "done": false}]', 'A good start.', 5, '2025-01-24'),
  ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000c1', '2025-01-24 17:00Z', 'scheduled', '{sleep}', '[]', NULL, NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO progress_photos (user_id, photo_date, photo_type, storage_key, metrics_snapshot, visibility) VALUES
  ('00000000-0000-4000-8000-0000000000b1', '2025-01-01', 'front', 'demo/uma/front-1.jpg', '{"weightKg": 75}', 'coach'),
  ('00000000-0000-4000-8000-0000000000b1', '2025-01-30', 'side', 'demo/uma/side-2.jpg', '{"weightKg": 72.1}', 'private'),
  ('00000000-0000-4000-8000-0000000000b2', '2025-01-30', 'front', 'demo/otto/front-1.jpg', '{}', 'everyone')
ON CONFLICT DO NOTHING;

INSERT INTO meal_logs (user_id, meal_date, meal_type, name, protein_g, carbohydrate_g, fat_g, water_ml, adherence)
SELECT u.id, date '2025-01-01' + n, m.meal_type::meal_type, m.name, m.protein, m.carbohydrate, m.fat, 500, 6 + n % 4
FROM users u, generate_series(0, 6) n, (VALUES
  ('breakfast', 'Oats and quark', 35, 60, 12), ('lunch', 'Lentil salad', 30, 55, 18), ('dinner', 'Salmon and potatoes', 40, 50, 25)
) m(meal_type, name, protein, carbohydrate, fat)
WHERE u.username IN ('uma', 'otto')
ON CONFLICT DO NOTHING;

INSERT INTO app_config (config_key, config_value, description, is_public) VALUES
  ('sessions.keep', '"30 days"', 'How long ended sessions are kept.', false),
  ('units.default', '"metric"', 'What new accounts see.', true)
ON CONFLICT DO NOTHING;

COMMIT;
