-- A demo account with photos for several apps. Safe to run any number of times: every row has its own fixed key.
INSERT INTO users (id, email, password_hash, display_name, preferences, email_verified_at) VALUES
  ('10000000-0000-4000-8000-000000000001', 'demo@example.com', 'no login: seeds have no password', 'Demo',
   '{"theme": "system", "units": "metric", "apps": ["plant", "mushroom", "bird", "coin", "calo", "musclefit", "dog", "vehicle"]}',
   '2026-01-01 00:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO photos (id, user_id, url, original_filename, mime_type, byte_size, width, height, caption, metadata, tags, status, taken_at, latitude, longitude) VALUES
  ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'demo://monstera.jpg', 'monstera.jpg', 'image/jpeg', 812034, 4000, 3000, 'On the window sill', '{"camera": "Pixel 9"}', '{plant,home}', 'identified', '2026-01-02 10:00+00', NULL, NULL),
  ('20000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'demo://fly-agaric.jpg', 'fly-agaric.jpg', 'image/jpeg', 1520113, 4000, 3000, 'Under the birches', '{"camera": "Pixel 9", "iso": 200}', '{forest,red}', 'identified', '2026-01-03 11:30+00', 47.3769, 8.5417),
  ('20000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'demo://robin.jpg', 'robin.jpg', 'image/jpeg', 640220, 3000, 2000, 'At the feeder', '{"lens": "400 mm"}', '{bird,garden}', 'identified', '2026-01-04 08:15+00', 47.3769, 8.5417),
  ('20000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'demo://morgan.png', 'morgan-1921.png', 'image/png', 2250000, 2400, 2400, 'From grandfather''s box', '{}', '{coin,silver}', 'identified', '2026-01-05 19:00+00', NULL, NULL),
  ('20000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', 'demo://lunch.webp', 'lunch.webp', 'image/webp', 330000, 1600, 1200, 'Lunch', '{}', '{food}', 'identified', '2026-01-06 12:10+00', NULL, NULL),
  ('20000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', 'demo://squat.jpg', 'squat.jpg', 'image/jpeg', 700000, 1920, 1080, 'Third set', '{}', '{gym}', 'identified', '2026-01-07 18:40+00', NULL, NULL),
  ('20000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', 'demo://rex.heic', 'rex.heic', 'image/heic', 910000, 4032, 3024, 'Rex at the lake', '{"camera": "iPhone 16"}', '{dog,lake}', 'identified', '2026-01-08 16:20+00', 47.2, 8.6),
  ('20000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', 'demo://beetle.jpg', 'beetle.jpg', 'image/jpeg', 1200000, 4000, 3000, 'Seen in town', '{}', '{car,red}', 'uploaded', '2026-01-09 09:00+00', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO photo_identifications (id, photo_id, app, label, confidence, alternatives, status, reviewed_by, reviewed_at, model_version, processing_ms) VALUES
  ('30000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', 'plant', 'Monstera deliciosa', 0.972, '[{"label": "Monstera adansonii", "confidence": 0.02}]', 'confirmed', '10000000-0000-4000-8000-000000000001', '2026-01-02 10:05+00', 'plants-3', 410),
  ('30000000-0000-4000-8000-000000000002', '20000000-0000-4000-8000-000000000002', 'mushroom', 'Fly agaric', 0.945, '[]', 'suggested', NULL, NULL, 'mushrooms-5', 520),
  ('30000000-0000-4000-8000-000000000003', '20000000-0000-4000-8000-000000000003', 'bird', 'European robin', 0.991, '[]', 'confirmed', '10000000-0000-4000-8000-000000000001', '2026-01-04 08:20+00', 'birds-2', 300),
  ('30000000-0000-4000-8000-000000000004', '20000000-0000-4000-8000-000000000004', 'coin', 'Morgan dollar', 0.88, '[{"label": "Peace dollar", "confidence": 0.1}]', 'suggested', NULL, NULL, 'coins-1', 610),
  ('30000000-0000-4000-8000-000000000005', '20000000-0000-4000-8000-000000000005', 'calo', 'Caesar salad', 0.81, '[{"label": "Greek salad", "confidence": 0.12}]', 'suggested', NULL, NULL, 'meals-4', 700),
  ('30000000-0000-4000-8000-000000000006', '20000000-0000-4000-8000-000000000006', 'musclefit', 'Back squat', 0.93, '[]', 'suggested', NULL, NULL, 'form-2', 480),
  ('30000000-0000-4000-8000-000000000007', '20000000-0000-4000-8000-000000000007', 'dog', 'Border collie', 0.9, '[]', 'rejected', '10000000-0000-4000-8000-000000000001', '2026-01-08 16:30+00', 'dogs-3', 350),
  ('30000000-0000-4000-8000-000000000008', '20000000-0000-4000-8000-000000000008', 'vehicle', 'Volkswagen Beetle', 0.96, '[]', 'suggested', NULL, NULL, 'cars-2', 390)
ON CONFLICT DO NOTHING;

INSERT INTO plant_identifications (photo_identification_id, common_name, scientific_name, family, genus, species, characteristics, toxicity, edibility, care) VALUES
  ('30000000-0000-4000-8000-000000000001', 'Swiss cheese plant', 'Monstera deliciosa', 'Araceae', 'Monstera', 'deliciosa', '{split leaves,climber}', 'mild', 'partly edible', '{"light": "bright, indirect", "water": "weekly"}')
ON CONFLICT DO NOTHING;

INSERT INTO mushroom_identifications (photo_identification_id, common_name, scientific_name, family, genus, species, edibility, toxicity, toxins, lookalikes, safety_warning) VALUES
  ('30000000-0000-4000-8000-000000000002', 'Fly agaric', 'Amanita muscaria', 'Amanitaceae', 'Amanita', 'muscaria', 'poisonous', 'severe', '{muscimol,ibotenic acid}', '{Amanita caesarea}', 'Poisonous. Do not eat.')
ON CONFLICT DO NOTHING;

INSERT INTO bird_identifications (photo_identification_id, common_name, scientific_name, family, genus, species, conservation_status, habitats, wingspan_cm) VALUES
  ('30000000-0000-4000-8000-000000000003', 'European robin', 'Erithacus rubecula', 'Muscicapidae', 'Erithacus', 'rubecula', 'LC', '{garden,forest}', 21)
ON CONFLICT DO NOTHING;

INSERT INTO coin_identifications (photo_identification_id, denomination, mint_mark, composition, country, year, rarity, value_low, value_high) VALUES
  ('30000000-0000-4000-8000-000000000004', 'One dollar', 'D', '90 % silver', 'United States', 1921, 'common', 30, 45)
ON CONFLICT DO NOTHING;

INSERT INTO calo_identifications (photo_identification_id, food_name, meal, serving_g, calories, protein_g, carbohydrates_g, fat_g, fibre_g, ingredients, allergens, nutrition) VALUES
  ('30000000-0000-4000-8000-000000000005', 'Caesar salad', 'lunch', 350, 470, 21, 18, 36, 4, '{romaine,parmesan,croutons,anchovy}', '{gluten,milk,fish,egg}', '{"minerals": {"calcium": 290}}')
ON CONFLICT DO NOTHING;

INSERT INTO musclefit_identifications (photo_identification_id, exercise_name, equipment, movement, muscles, secondary_muscles, biomechanics, form_score) VALUES
  ('30000000-0000-4000-8000-000000000006', 'Back squat', '{barbell,rack}', 'squat', '{quadriceps,gluteus maximus}', '{hamstrings,erector spinae}', '{"plane": "sagittal", "faults": ["knees cave in"]}', 0.72)
ON CONFLICT DO NOTHING;

INSERT INTO dog_identifications (photo_identification_id, breed, mixed_with, age, temperament, size, exercise_needs) VALUES
  ('30000000-0000-4000-8000-000000000007', 'Border collie', '{Australian shepherd}', 'adult', '{alert,eager}', 'medium', 'high')
ON CONFLICT DO NOTHING;

INSERT INTO vehicle_identifications (photo_identification_id, make, model, year, body_style, fuel, specs) VALUES
  ('30000000-0000-4000-8000-000000000008', 'Volkswagen', 'Beetle', 1967, 'saloon', 'petrol', '{"engine": "1.5 l flat four", "power_kw": 32, "doors": 2}')
ON CONFLICT DO NOTHING;

INSERT INTO collections (id, user_id, name, description, cover_photo_id, is_public) VALUES
  ('40000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'Out of doors', 'What lives around the house', '20000000-0000-4000-8000-000000000003', true),
  ('40000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'Worth something', NULL, NULL, false)
ON CONFLICT DO NOTHING;

INSERT INTO collection_photos (collection_id, photo_id, position) VALUES
  ('40000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', 0),
  ('40000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002', 1),
  ('40000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000003', 2),
  ('40000000-0000-4000-8000-000000000002', '20000000-0000-4000-8000-000000000004', 0)
ON CONFLICT (collection_id, photo_id) DO NOTHING;
