import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "../../cli/diff.ts";

const BEFORE = `
create table users (id bigint primary key, email text not null, nick text);
create table posts (id bigint primary key, user_id bigint not null references users on delete cascade, title text);
create table untouched (id integer primary key);`;

const AFTER = `
create table users (id bigint primary key, email varchar(200), created_at timestamptz);
create table tags (user_id bigint references users on delete cascade, tag text, primary key (user_id, tag));
create table untouched (id integer primary key);
create view all_users as select id from users;`;

describe("verso diff --erd", () => {
  let folder: string;
  beforeAll(async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    folder = await mkdtemp(join(tmpdir(), "verso-difference-"));
    await writeFile(join(folder, "before.sql"), BEFORE);
    await writeFile(join(folder, "after.sql"), AFTER);
    await writeFile(join(folder, "viewed.sql"), `${AFTER}\ncreate view tagged as select user_id from tags;`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const drawn = (from: string, to: string): string => join(folder, `${from}-${to}.svg`);
  const diff = (from: string, to: string) =>
    run({ from: join(folder, `${from}.sql`), to: join(folder, `${to}.sql`), erd: drawn(from, to), out: folder });

  test("draws the tables that come, go and change, each column that does, and the foreign keys between them", async () => {
    await diff("before", "after");
    const svg = new DOMParser().parseFromString(await readFile(drawn("before", "after"), "utf8"), "image/svg+xml");
    const groups = [...svg.getElementsByTagName("g")];
    const textsIn = (of: Element | undefined) =>
      [...(of?.getElementsByTagName("text") ?? [])].map((one) => one.textContent);
    const box = (name: string) => groups.find((group) => group.getAttribute("data-table") === `table public.${name}`);
    expect(box("tags")?.getAttribute("class")).toBe("box added");
    expect(box("posts")?.getAttribute("class")).toBe("box removed");
    expect(box("untouched")).toBe(undefined);
    expect(box("users")?.getAttribute("class")).toBe("box");
    expect(textsIn(box("users")).join(" ")).toBe(
      "users PK id bigint ~ email text → varchar(200)? + created_at timestamptz? − nick text?",
    );
    const lines = groups.filter((group) => group.hasAttribute("data-from"));
    expect(lines.map((line) => [line.getAttribute("data-from"), line.getAttribute("class")])).toEqual([
      ["table public.tags", "line along added"],
      ["table public.posts", "line along removed"],
    ]);
  });

  test("writes no picture where no table differs", async () => {
    await diff("after", "viewed");
    await expect(stat(drawn("after", "viewed"))).rejects.toThrow("ENOENT");
  });
});
