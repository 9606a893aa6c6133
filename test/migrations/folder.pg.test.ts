import { appendFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { indexId } from "../../compiler/kinds/indexes.ts";
import { tableId } from "../../compiler/kinds/tables.ts";
import { nextName, requireProved } from "../../compiler/migrations/migration.ts";
import { readMigration, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { composeMigration, type MigrationFiles, writeMigration } from "../../compiler/migrations/writeMigration.ts";
import { embeddedShadow, expectExact } from "../exact.ts";

const BEFORE = `create table users (id int primary key, age int, name text);
  create table old (a int, b int);
  create type mood as enum ('sad')`;
const AFTER = `create table users (id int primary key, age bigint not null check (age > 0), email text);
  create index users_age on users (age);
  create type mood as enum ('sad', 'ok');
  create table goals (id int primary key, user_id int references users, mood mood)`;

describe("a migration's folder", () => {
  let root: string;
  let folder: string;
  let files: MigrationFiles;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "verso-folder-"));
    folder = join(root, "demo", "migrations", "0002_ages");
    const proved = await expectExact(BEFORE, AFTER);
    const at = (line: number) => ({ file: "definitions/demo/users.ts", line, column: 3 });
    const positions = new Map([
      [tableId("public", "users"), at(10)],
      [indexId("public", "users_age"), at(24)],
    ]);
    files = composeMigration(proved, { domain: "demo", name: "0002_ages", positions });
    await writeMigration(folder, files);
  });
  afterAll(async () => {
    await rm(root, { recursive: true });
    await (await embeddedShadow()).close();
  });

  const code = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (error: unknown) => (error instanceof Diagnostic ? error.code : String(error)),
    );

  test("holds two scripts, a review and a proof, and nothing else is left beside it", async () => {
    expect((await readdir(folder)).sort()).toEqual(["forward.sql", "proof.json", "review.md", "rollback.sql"]);
    expect(await readdir(join(root, "demo", "migrations"))).toEqual(["0002_ages"]);
    expect((await stat(folder)).mode & 0o055).toBe(0o055);
  });

  test("that cannot be read is not taken for one without migrations", async () => {
    await expect(readMigrations(join(folder, "proof.json"))).rejects.toThrow(/ENOTDIR/);
    expect(await readMigrations(join(folder, "nowhere"))).toEqual([]);
  });

  test("is read back as it was written", async () => {
    const migration = await readMigration(folder);
    expect(migration).toMatchObject({ domain: "demo", name: "0002_ages", proof: files.proof });
    expect(migration.forward.text).toBe(files.forward);
    expect(() => requireProved(migration)).not.toThrow();
  });

  test("has a review that reads well", () => {
    const review = files.review.slice(0, files.review.indexOf("## forward.sql"));
    expect(review).toMatchInlineSnapshot(`
      "# demo/0002_ages

      9 added, 2 changed, 4 removed. Proved forward and back on PostgreSQL 18.3 (embedded), over 8 rows in 2 tables.

      ## What changes

      - \`enum public.mood\`
        - **~** \`enum public.mood\`: labels \`["sad"]\` → \`["sad","ok"]\`
      - **+ \`table public.goals\`**: 3 columns, 2 constraints
      - **− \`table public.old\`**: 2 columns
      - \`table public.users\`
        - **~** \`column public.users.age\`: type \`integer\` → \`bigint\`
        - **~** \`column public.users.age\`: not null \`false\` → \`true\`
        - **+** \`column public.users.email\`
        - **+** \`constraint public.users.users_age_check\`
        - **+** \`index public.users_age\`
        - **−** \`column public.users.name\`

      ## Hazards

      ### Going forward

      - \`ALTER TABLE public.users DROP COLUMN name\` (definitions/demo/users.ts:10:3)
        - **destroys** column public.users.name and its values; needs \`--accept-data-loss\`
        - **locks** \`users\` (AccessExclusiveLock): reads and writes of it wait until its transaction ends; the statement itself is quick
      - \`DROP TABLE public.old\`
        - **destroys** table public.old and its rows; needs \`--accept-data-loss\`
      - \`ALTER TABLE public.users ALTER COLUMN age TYPE bigint\` (definitions/demo/users.ts:10:3)
        - **rewrites** \`users\`: every row is copied
        - **locks** \`users\` (ShareLock): writes to it wait until its transaction ends
      - \`ALTER TABLE public.users ALTER COLUMN age SET NOT NULL\` (definitions/demo/users.ts:10:3)
        - **scans** \`users\` from end to end
      - \`ALTER TABLE public.users ADD CONSTRAINT users_age_check CHECK ((age > 0))\` (definitions/demo/users.ts:10:3)
        - **scans** \`users\` from end to end
      - \`ALTER TABLE public.goals ADD CONSTRAINT goals_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id)\`
        - **locks** \`users\` (ShareRowExclusiveLock): writes to it wait until its transaction ends; the statement itself is quick
      - \`CREATE INDEX users_age ON public.users USING btree (age)\` (definitions/demo/users.ts:24:3)
        - **scans** \`users\` from end to end

      ### Going back

      - \`ALTER TABLE public.users DROP COLUMN email\` (definitions/demo/users.ts:10:3)
        - **destroys** column public.users.email and its values; needs \`--accept-data-loss\`
      - \`DROP TABLE public.goals\`
        - **destroys** table public.goals and its rows; needs \`--accept-data-loss\`
      - \`DROP INDEX public.users_age\` (definitions/demo/users.ts:24:3)
        - **locks** \`users\` (AccessExclusiveLock): reads and writes of it wait until its transaction ends; the statement itself is quick
      - \`ALTER TABLE public.users ALTER COLUMN age TYPE integer\` (definitions/demo/users.ts:10:3)
        - **rewrites** \`users\`: every row is copied
        - **locks** \`users\` (ShareLock): writes to it wait until its transaction ends

      Steps outside a transaction cannot be measured; what they lock is not in this list.

      ## What it asks of the rows

      \`verso apply --dry-run\` counts these on a database; the queries stand in proof.json.

      It cannot be applied while there are:

      - rows of public.users without a value in age
      - rows of public.users that break users_age_check, CHECK ((age > 0))

      ## What could not be proved

      - \`column public.old.a\`: its values are not what they were after going forward and back
      - \`column public.old.b\`: its values are not what they were after going forward and back
      - \`column public.users.name\`: its values are not what they were after going forward and back

      "
    `);
  });

  test("is not written over another one unless asked", async () => {
    expect(await code(writeMigration(folder, files))).toBe("migration-exists");
    await writeMigration(folder, files, { replace: true });
  });

  test("edited by hand is told to be proved again", async () => {
    const copy = join(root, "demo", "migrations", "0003_copy");
    await writeMigration(copy, files);
    await appendFile(join(copy, "forward.sql"), "-- a comment\n");
    const migration = await readMigration(copy);
    expect(() => requireProved(migration)).toThrow("edited by hand after it was proved");
    await rm(copy, { recursive: true });
  });

  test("with a part missing is told so", async () => {
    const copy = join(root, "demo", "migrations", "0003_copy");
    await writeMigration(copy, files);
    await rm(join(copy, "rollback.sql"));
    expect(await code(readMigration(copy))).toBe("migration-incomplete");
    await rm(copy, { recursive: true });
    expect(await code(readMigration(copy))).toBe("migration-not-found");
  });

  test("with the number of another one is refused, since the two were planned apart", async () => {
    const twin = join(root, "demo", "migrations", "0002_twin");
    await writeMigration(twin, files);
    expect(await code(readMigrations(join(root, "demo", "migrations")))).toBe("migration-number-taken");
    await rm(twin, { recursive: true });
    expect(await readMigrations(join(root, "demo", "migrations"))).toHaveLength(1);
    expect(await readMigrations(join(root, "none", "migrations"))).toEqual([]);
  });

  test("gets the next number", () => {
    expect(nextName([], "initial")).toBe("0001_initial");
    expect(nextName(["0001_initial", "0009_x"], "goals")).toBe("0010_goals");
    expect(() => nextName([], "../x")).toThrow("cannot name a migration's folder");
  });

  test("is the same whenever it is composed from the same states", async () => {
    const again = await expectExact(BEFORE, AFTER);
    expect(composeMigration(again, { domain: "demo", name: "0002_ages" }).forward).toBe(files.forward);
  });

  test("is text in UTF-8 whose scripts are what the proof's checksums say", async () => {
    expect(await readFile(join(folder, "forward.sql"), "utf8")).toBe(files.forward);
  });
});
