-- A demo project with one finished crawl. Safe to run any number of times: rows have fixed keys, or are looked for first.
INSERT INTO profiles (id, email, full_name, settings) VALUES
  ('50000000-0000-4000-8000-000000000001', 'demo@pixcrawler.example', 'Demo', '{"notify": "failed"}')
ON CONFLICT DO NOTHING;

INSERT INTO projects (id, user_id, name, description) VALUES
  ('50000000-0000-4000-8000-0000000000b1', '50000000-0000-4000-8000-000000000001', 'Red pandas', 'A first data set to look at')
ON CONFLICT DO NOTHING;

INSERT INTO crawl_jobs (id, project_id, name, keywords, max_images, status, total_chunks, completed_chunks, failed_chunks, started_at, completed_at) VALUES
  ('50000000-0000-4000-8000-0000000000c1', '50000000-0000-4000-8000-0000000000b1', 'First crawl', '{red panda,firefox animal}', 100, 'completed', 4, 3, 1, '2026-01-01 10:00+00', '2026-01-01 10:20+00'),
  ('50000000-0000-4000-8000-0000000000c2', '50000000-0000-4000-8000-0000000000b1', 'More of them', '{ailurus}', 500, 'pending', 0, 0, 0, NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO images (crawl_job_id, url, storage_path, filename, byte_size, width, height, format)
SELECT '50000000-0000-4000-8000-0000000000c1', 'https://img.example/panda-' || n || '.jpg', 'demo/panda-' || n || '.jpg',
  'panda-' || n || '.jpg', 100000 + n, 800, 600, 'jpeg'
FROM generate_series(1, 3) AS n
WHERE NOT EXISTS (SELECT FROM images WHERE url = 'https://img.example/panda-' || n || '.jpg');

INSERT INTO validation_jobs (id, crawl_job_id, status, progress, rules, valid_images, invalid_images) VALUES
  ('50000000-0000-4000-8000-0000000000d1', '50000000-0000-4000-8000-0000000000c1', 'completed', 100, '{"min_width": 320, "formats": ["jpeg"]}', 3, 0)
ON CONFLICT DO NOTHING;

INSERT INTO export_jobs (id, crawl_job_id, user_id, format, status, progress, download_url, byte_size) VALUES
  ('50000000-0000-4000-8000-0000000000e1', '50000000-0000-4000-8000-0000000000c1', '50000000-0000-4000-8000-000000000001', 'zip', 'completed', 100, 'https://dl.example/demo.zip', 300006)
ON CONFLICT DO NOTHING;

INSERT INTO activity_logs (user_id, action, resource_type, resource_id)
SELECT '50000000-0000-4000-8000-000000000001', 'project.created', 'project', '50000000-0000-4000-8000-0000000000b1'
WHERE NOT EXISTS (SELECT FROM activity_logs WHERE resource_id = '50000000-0000-4000-8000-0000000000b1');
