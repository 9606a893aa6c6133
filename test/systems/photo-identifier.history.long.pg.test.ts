import { expect, test } from "vitest";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { emptySystem } from "./systemDatabase.ts";
import { dumperOf, walkHistory } from "./walkHistory.ts";

const ROWS = `
  insert into users (id, email, password_hash, name) values ('00000000-0000-4000-8000-000000000001', 'uma@example.com', 'x', 'Uma');
  insert into photos (id, user_id, url, mime_type, byte_size)
  values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'x', 'image/png', 1);
  insert into photo_identifications (id, photo_id, app, label, confidence, model_version) values
    ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', 'coin', 'Penny', 0.875, '1'),
    ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000002', 'mushroom', 'Cep', 0.5, '1');
  insert into coin_identifications (photo_identification_id, denomination, value_estimate)
  values ('00000000-0000-4000-8000-000000000003', 'Penny', 12.50);
  insert into mushroom_identifications (photo_identification_id, common_name)
  values ('00000000-0000-4000-8000-000000000004', 'Cep');
`;

test.each(ENGINES_OF_LONG_SUITES)(
  "photo-identifier goes from empty to its latest migration and back with its rows, on %s",
  { timeout: 180_000 },
  async (engine) => {
    const system = await emptySystem("photo-identifier", engine, { extensions: ["pg_trgm"] });
    const { session } = system;
    const returns: unknown[] = [];
    try {
      await walkHistory(system, {
        dump: typeof engine === "number" ? await dumperOf(system.url, engine) : null,
        arrived: async (migration) => {
          if (migration === "0001_initial") await session.run(ROWS);
          if (migration === "0002_search") {
            expect(await session.query("select label from photo_identifications where search @@ 'penny'")).toEqual([
              { label: "Penny" },
            ]);
          }
          if (migration.startsWith("0003")) {
            expect(
              await session.query("select display_name, confidence from users, photo_identifications order by 2 desc"),
            ).toEqual([
              { display_name: "Uma", confidence: "0.875" },
              { display_name: "Uma", confidence: "0.500" },
            ]);
          }
          if (migration.startsWith("0004")) {
            expect(await session.query("select value_low, value_high from coin_identifications")).toEqual([
              { value_low: "12.50", value_high: "12.50" },
            ]);
            expect(await session.query("select edibility, toxicity from mushroom_identifications")).toEqual([
              { edibility: "unknown", toxicity: "unknown" },
            ]);
          }
        },
        returned: async (migration) => {
          if (migration.startsWith("0004")) {
            returns.push(...(await session.query("select value_estimate from coin_identifications")));
          }
          if (migration.startsWith("0003")) {
            returns.push(
              ...(await session.query("select name, confidence from users, photo_identifications order by 2")),
            );
          }
        },
      });
      expect(returns).toEqual([
        { value_estimate: "12.50" },
        { name: "Uma", confidence: 0.5 },
        { name: "Uma", confidence: 0.875 },
      ]);
    } finally {
      await system.close();
    }
  },
);
