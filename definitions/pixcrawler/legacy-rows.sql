-- What a year without constraints left behind. Keys end in what they are: a1 … profiles, b1 … projects, c1 … jobs.
INSERT INTO profiles (id, mail, full_name, role, settings, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000a1', 'ada@example.com', 'Ada', 'admin', '{"notify": "always"}', '2025-01-05 09:00+00'),
  ('00000000-0000-4000-8000-0000000000a2', 'ben@example.com', 'Ben', 'user', '{}', '2025-02-11 10:30+00'),
  ('00000000-0000-4000-8000-0000000000a3', 'cleo@example.com', 'Cleo', 'user', NULL, '2025-03-20 08:15+00'),
  -- Signed up twice with one address; the second account was used a little.
  ('00000000-0000-4000-8000-0000000000a4', 'ben@example.com', 'Benjamin', 'user', NULL, NULL);

INSERT INTO projects (id, user_id, name, status, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000a1', 'Street signs', 'active', '2025-01-06 09:00+00'),
  ('00000000-0000-4000-8000-0000000000b2', '00000000-0000-4000-8000-0000000000a1', 'Old tractors', 'archived', '2025-01-09 09:00+00'),
  ('00000000-0000-4000-8000-0000000000b3', '00000000-0000-4000-8000-0000000000a2', 'Mushrooms', 'active', '2025-02-12 09:00+00'),
  -- Of the second account.
  ('00000000-0000-4000-8000-0000000000b4', '00000000-0000-4000-8000-0000000000a4', 'Mushrooms again', 'active', '2025-04-01 09:00+00'),
  -- Of somebody who was deleted.
  ('00000000-0000-4000-8000-0000000000b5', '00000000-0000-4000-8000-0000000000af', 'Ghost ships', 'active', '2025-04-02 09:00+00');

INSERT INTO jobs (id, project_id, name, keywords, max_images, status, chunks, chunks_done, started_at, completed_at, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000b1', 'Signs, first crawl', '{stop sign,yield sign}', 500, 'completed', 10, 10, '2025-01-06 10:00+00', '2025-01-06 11:00+00', '2025-01-06 09:30+00'),
  ('00000000-0000-4000-8000-0000000000c2', '00000000-0000-4000-8000-0000000000b1', 'Signs at night', '{night sign}', 500, 'running', 20, 7, '2025-01-07 10:00+00', NULL, '2025-01-07 09:30+00'),
  ('00000000-0000-4000-8000-0000000000c3', '00000000-0000-4000-8000-0000000000b3', 'Boletus', NULL, NULL, 'pending', 0, 0, NULL, NULL, '2025-02-13 09:30+00'),
  -- A retry counted its chunks twice.
  ('00000000-0000-4000-8000-0000000000c4', '00000000-0000-4000-8000-0000000000b3', 'Amanita', '{amanita}', 200, 'completed', 10, 12, '2025-02-14 10:00+00', '2025-02-14 11:00+00', '2025-02-14 09:30+00'),
  -- Of the second account's project, of the deleted person's, and of a project that is gone.
  ('00000000-0000-4000-8000-0000000000c5', '00000000-0000-4000-8000-0000000000b4', 'Boletus again', '{boletus}', 100, 'pending', 0, 0, NULL, NULL, NULL),
  ('00000000-0000-4000-8000-0000000000c6', '00000000-0000-4000-8000-0000000000b5', 'Flying Dutchman', '{ghost ship}', 100, 'failed', 4, 1, '2025-04-02 10:00+00', NULL, '2025-04-02 09:30+00'),
  ('00000000-0000-4000-8000-0000000000c7', '00000000-0000-4000-8000-0000000000bf', 'Left over', '{}', 100, 'pending', 0, 0, NULL, NULL, '2025-04-03 09:30+00');

INSERT INTO images (id, job_id, url, storage_path, filename, size, width, height, format, created_at) VALUES
  (1, '00000000-0000-4000-8000-0000000000c1', 'https://img.example/stop-1.jpg', 'c1/stop-1.jpg', 'stop-1.jpg', 120034, 800, 600, 'jpeg', '2025-01-06 10:05+00'),
  (2, '00000000-0000-4000-8000-0000000000c1', 'https://img.example/stop-2.jpg', 'c1/stop-2.jpg', 'stop-2.jpg', 98210, 640, 480, 'jpeg', '2025-01-06 10:06+00'),
  (3, '00000000-0000-4000-8000-0000000000c2', 'https://img.example/night-1.png', 'c2/night-1.png', 'night-1.png', 450001, 1920, 1080, 'png', '2025-01-07 10:05+00'),
  -- Of jobs that go aside: the miscounted one, the second account's, the deleted person's.
  (4, '00000000-0000-4000-8000-0000000000c4', 'https://img.example/amanita-1.jpg', 'c4/amanita-1.jpg', 'amanita-1.jpg', 77000, 640, 480, 'jpeg', '2025-02-14 10:05+00'),
  (5, '00000000-0000-4000-8000-0000000000c5', 'https://img.example/boletus-9.jpg', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, '00000000-0000-4000-8000-0000000000c6', 'https://img.example/ship.webp', 'c6/ship.webp', 'ship.webp', 31000, 320, 240, 'webp', '2025-04-02 10:05+00'),
  -- Of a job that is gone.
  (7, '00000000-0000-4000-8000-0000000000cf', 'https://img.example/lost.jpg', 'cf/lost.jpg', 'lost.jpg', 5000, 100, 100, 'jpeg', '2025-05-01 10:05+00');
SELECT setval(pg_get_serial_sequence('images', 'id'), 7);

INSERT INTO validation_jobs (id, crawl_job_id, status, progress, rules, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000d1', '00000000-0000-4000-8000-0000000000c1', 'completed', 100, '{"min_width": 320}', '2025-01-06 12:00+00'),
  ('00000000-0000-4000-8000-0000000000d2', '00000000-0000-4000-8000-0000000000c2', 'pending', NULL, NULL, '2025-01-07 12:00+00'),
  ('00000000-0000-4000-8000-0000000000d3', '00000000-0000-4000-8000-0000000000c6', 'failed', 25, '{}', '2025-04-02 12:00+00');

INSERT INTO export_jobs (id, crawl_job_id, user_id, format, status, progress, download_url, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000a1', 'zip', 'completed', 100, 'https://dl.example/e1.zip', '2025-01-06 13:00+00'),
  ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-0000000000c2', '00000000-0000-4000-8000-0000000000a1', 'csv', 'pending', 0, NULL, '2025-01-07 13:00+00'),
  -- The person is gone, the job is there; the other way round; and both gone.
  ('00000000-0000-4000-8000-0000000000e3', '00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000af', 'json', 'pending', 0, NULL, '2025-04-04 13:00+00'),
  ('00000000-0000-4000-8000-0000000000e4', '00000000-0000-4000-8000-0000000000cf', '00000000-0000-4000-8000-0000000000a2', 'tar', 'pending', 0, NULL, '2025-04-05 13:00+00'),
  ('00000000-0000-4000-8000-0000000000e5', '00000000-0000-4000-8000-0000000000cf', '00000000-0000-4000-8000-0000000000af', 'zip', 'failed', 40, NULL, '2025-04-06 13:00+00');

INSERT INTO activity_logs (id, user_id, action, resource_type, resource_id, "timestamp") VALUES
  (1, '00000000-0000-4000-8000-0000000000a1', 'project.created', 'project', '00000000-0000-4000-8000-0000000000b1', '2025-01-06 09:00+00'),
  (2, '00000000-0000-4000-8000-0000000000a2', 'project.created', 'project', '00000000-0000-4000-8000-0000000000b3', '2025-02-12 09:00+00'),
  (3, NULL, 'nightly.cleanup', NULL, NULL, '2025-02-13 02:00+00'),
  (4, '00000000-0000-4000-8000-0000000000af', 'project.created', 'project', '00000000-0000-4000-8000-0000000000b5', '2025-04-02 09:00+00');
SELECT setval(pg_get_serial_sequence('activity_logs', 'id'), 4);
