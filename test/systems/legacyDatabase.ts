import { readFile } from "node:fs/promises";
import { type Engine, emptySystem, type SystemDatabase } from "./systemDatabase.ts";

const read = (name: string): Promise<string> => readFile(`definitions/pixcrawler/${name}`, "utf8");

/** PixCrawler's database as it was before Verso came, with or without the rows that a year left in it. */
export async function legacyDatabase(engine: Engine, { withRows = true } = {}): Promise<SystemDatabase> {
  const system = await emptySystem("pixcrawler", engine);
  await system.session.run(await read("legacy.sql"));
  if (withRows) await system.session.run(await read("legacy-rows.sql"));
  return system;
}
