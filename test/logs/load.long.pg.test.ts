import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { withoutMigrations } from "../../compiler/apply/lock.ts";
import { type CompiledDomain, compileDomain } from "../../compiler/compile/compileDomain.ts";
import { searchPathNames } from "../../compiler/compile/renderScripts.ts";
import type { LogFile } from "../../compiler/declare/loaders.ts";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { type LoadOptions, type LoadOutcome, loadLogs } from "../../compiler/logs/loadLogs.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { build, domainOf } from "../seed/fixtures.ts";
import { NEWEST } from "../servers.ts";
import { emptySystem, type SystemDatabase } from "../systems/systemDatabase.ts";

const SAMPLES = ["check-ins/2026-01.md", "workouts/2026-01.md", "coaching/2026.md"];
const EXTENSIONS = { extensions: ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"] };

const PEOPLE = `
  insert into fitness.users (email, username, password_hash, role, full_name, time_zone) values
    ('uma@example.com', 'uma', 'x', 'user', 'Uma User', 'Europe/Zurich'),
    ('carl@example.com', 'carl', 'x', 'coach', 'Carl Coach', 'UTC');
  insert into fitness.exercise_definitions (name, slug, category) values
    ('Bench press', 'bench-press', 'push'), ('Incline bench press', 'incline', 'push'), ('Développé militaire', 'press', 'push'),
    ('Back squat', 'back-squat', 'legs'), ('Running', 'running', 'cardio');`;
const EMPTY =
  "truncate fitness.health_metrics, fitness.workout_sessions, fitness.exercise_logs, fitness.coaching_sessions";

describe.each(["embedded", NEWEST] as const)("logs of the fitness system, on %s,", (engine) => {
  let system: SystemDatabase;
  let domain: CompiledDomain;
  let samples: readonly LogFile[];
  beforeAll(async () => {
    system = await emptySystem("fitness", engine, EXTENSIONS);
    await apply(system.session, system.migrations, { acceptDataLoss: true });
    await system.session.run(PEOPLE);
    domain = await compileDomain("definitions/fitness");
    samples = await Promise.all(
      SAMPLES.map(async (path) => ({ path, text: await readFile(`definitions/fitness/logs/${path}`, "utf8") })),
    );
  });
  afterAll(() => system.close());
  beforeEach(() => system.session.run(`${EMPTY} cascade`));

  const load = (files: readonly LogFile[], options: LoadOptions = {}): Promise<LoadOutcome> =>
    loadLogs(system.session, { loaders: domain.loaders, files, searchPath: searchPathNames(domain.domain) }, options);
  const refusal = async (files: readonly LogFile[], options: LoadOptions = {}): Promise<Diagnostic> => {
    const thrown: unknown = await load(files, options).catch((error: unknown) => error);
    if (thrown instanceof Diagnostic) return thrown;
    throw new Error("it was loaded");
  };
  const rows = (sql: string) => system.session.query(sql);
  const one = async (sql: string) => (await rows(sql))[0];
  const counts = () =>
    one(`select (select count(*)::int from fitness.health_metrics) as metrics,
      (select count(*)::int from fitness.workout_sessions) as workouts, (select count(*)::int from fitness.exercise_logs) as exercises,
      (select count(*)::int from fitness.coaching_sessions) as talks`);
  const NOTHING = { metrics: 0, workouts: 0, exercises: 0, talks: 0 };
  const checkIns = (text: string): LogFile => ({
    path: "logs/check-ins/mine.md",
    text: `---\nuser: uma\n---\n${text}`,
  });
  const workouts = (text: string): LogFile => ({ path: "logs/workouts/mine.md", text: `---\nuser: uma\n---\n${text}` });

  test("become rows, are counted, and are loaded again without writing anything", async () => {
    const first = await load(samples);
    expect(first.tables.map(({ table, told, found, inserted }) => [table, told, found, inserted]).sort()).toEqual([
      ["fitness.coaching_sessions", 2, 2, 2],
      ["fitness.exercise_logs", 6, 6, 6],
      ["fitness.health_metrics", 3, 3, 3],
      ["fitness.workout_sessions", 3, 3, 3],
    ]);
    expect(first.files).toEqual([
      { path: "check-ins/2026-01.md", rows: { "fitness.health_metrics": 3 } },
      { path: "workouts/2026-01.md", rows: { "fitness.workout_sessions": 3, "fitness.exercise_logs": 6 } },
      { path: "coaching/2026.md", rows: { "fitness.coaching_sessions": 2 } },
    ]);
    const before = await rows("select id, updated_at, xmin::text from fitness.exercise_logs order by id");
    const again = await load(samples);
    expect(
      again.tables.map(({ inserted, updated, removed, unchanged, told }) => [
        inserted + updated + removed,
        unchanged === told,
      ]),
    ).toEqual(again.tables.map(() => [0, true]));
    expect(await rows("select id, updated_at, xmin::text from fitness.exercise_logs order by id")).toEqual(before);
    expect(await counts()).toEqual({ metrics: 3, workouts: 3, exercises: 6, talks: 2 });
  });

  test("are in the units of the columns, with what the database calculates from them", async () => {
    await load(samples);
    expect(
      await rows(`select recorded_date::text as day, weight_kg::text as kg, waist_cm::text as waist, sleep_hours::text as sleep,
        systolic_mmhg as systolic, energy_level as energy, fat_mass_kg::text as fat, notes
        from fitness.health_metrics order by recorded_date`),
    ).toEqual([
      {
        ...{ day: "2026-01-05", kg: "72.40", waist: "78.0", sleep: "7.5", systolic: 121, energy: 7, fat: "17.74" },
        notes: "Back from the holidays. Slept well, though the room was too warm.",
      },
      {
        day: "2026-01-12",
        kg: "71.80",
        waist: "77.5",
        sleep: "7.2",
        systolic: null,
        energy: 6,
        fat: "17.30",
        notes: null,
      },
      { day: "2026-01-19", kg: "71.20", waist: null, sleep: null, systolic: 118, energy: null, fat: null, notes: null },
    ]);
    expect(
      await rows(`select w.title, l.position, e.name, l.sets, l.reps, l.weight_kg::text as kg, l.rpe::text as rpe, l.rest_seconds as rest,
        l.distance_m::text as metres, l.duration_seconds as seconds, l.notes, w.duration_minutes as minutes
        from fitness.exercise_logs l join fitness.workout_sessions w on w.id = l.workout_session_id
        join fitness.exercise_definitions e on e.id = l.exercise_id order by w.workout_date, l.position`),
    ).toMatchObject([
      {
        title: "Upper body A",
        position: 1,
        name: "Bench press",
        sets: 3,
        reps: 8,
        kg: "42.50",
        rpe: "7.5",
        rest: 120,
        notes: "paused",
        minutes: 55,
      },
      { position: 2, name: "Incline bench press", sets: 3, reps: 10, kg: "31.75", rpe: "8.0", rest: 90, notes: null },
      { position: 3, name: "Développé militaire", notes: "last set was hard" },
      {
        title: "Legs and a run",
        position: 1,
        name: "Back squat",
        sets: 5,
        reps: 5,
        kg: "60.00",
        rest: 180,
        minutes: 75,
      },
      { position: 2, name: "Running", sets: null, metres: "5000.0", seconds: 1650, notes: "easy pace" },
      { title: "Long run", position: 1, metres: "12070.1", seconds: 4520 },
    ]);
    expect(
      await rows(`select to_char(scheduled_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at, status::text, topics, action_items as items,
        rating, follow_up_date::text as next, (select username from fitness.users u where u.id = s.coach_id) as coach, summary
        from fitness.coaching_sessions s order by scheduled_at`),
    ).toEqual([
      {
        // Five in the afternoon in Zurich.
        ...{ at: "2026-01-09 16:00", status: "completed", rating: 5, next: "2026-01-23", coach: "carl" },
        topics: ["sleep", "bench press technique"],
        items: [
          { what: "Film the bench press", done: true },
          { what: "Sleep by eleven", due: "2026-01-16", done: false },
        ],
        summary: expect.stringContaining("limited by the start"),
      },
      expect.objectContaining({
        at: "2026-01-23 16:00",
        status: "scheduled",
        topics: ["film of the bench press", "plan for February"],
      }),
    ]);
  });

  test("that were corrected correct their rows and no others, and what a log leaves out stays", async () => {
    await load(samples);
    await rows("update fitness.health_metrics set mood = 3 where recorded_date = '2026-01-19'");
    const corrected = samples.map(({ path, text }) => ({ path, text: text.replace("71,2 kg", "71.4 kg") }));
    const { tables } = await load(corrected);
    const metrics = tables.find(({ table }) => table === "fitness.health_metrics");
    expect(metrics).toMatchObject({ inserted: 0, updated: 1, unchanged: 2 });
    expect(tables.filter(({ updated, inserted }) => updated + inserted > 0)).toEqual([metrics]);
    expect(
      await one("select weight_kg::text as kg, mood from fitness.health_metrics where recorded_date = '2026-01-19'"),
    ).toEqual({
      kg: "71.40",
      mood: 3,
    });
  });

  test("that no longer tell of an exercise remove it with consent, and change nothing without", async () => {
    await load(samples);
    const shorter = samples.map(({ path, text }) => ({
      path,
      text: text.replace(/^2\. Running: 5 km.*$/m, "").replace("42.5 kg", "45 kg"),
    }));
    const { code, why, next } = await refusal(shorter);
    expect([code, why, next]).toEqual([
      "log-rows-gone",
      expect.stringMatching(/position 2/),
      expect.stringContaining("--accept-data-loss"),
    ]);
    expect(
      await one("select max(weight_kg)::text as kg, count(*)::int from fitness.exercise_logs where weight_kg < 50"),
    ).toEqual({ kg: "42.50", count: 3 });
    const { tables } = await load(shorter, { acceptDataLoss: true });
    expect(tables.find(({ table }) => table === "fitness.exercise_logs")).toMatchObject({
      removed: 1,
      updated: 1,
      told: 5,
      found: 5,
    });
    expect(await counts()).toEqual({ metrics: 3, workouts: 3, exercises: 5, talks: 2 });
  });

  test("that tell of no exercise any more of a workout remove them all with consent, and change nothing without", async () => {
    const exercises = "\n1. Bench press: 3 × 8 @ 60 kg\n2. Back squat: 5 × 5 @ 80 kg\n";
    const day = (told: string) => [workouts(`## 2026-01-06: A\n- Type: strength\n${told}`)];
    await load([...samples, ...day(exercises)]);
    const { code, what, at, why } = await refusal(day(""));
    expect([code, what]).toEqual([
      "log-rows-gone",
      "2 rows of fitness.exercise_logs are no longer in the logs; nothing was loaded",
    ]);
    expect([at, why]).toEqual([
      { file: "logs/workouts/mine.md", line: 4, column: 4 },
      expect.stringMatching(/position 1; .*position 2$/),
    ]);
    expect(await counts()).toMatchObject({ exercises: 8 });
    const { tables } = await load(day(""), { acceptDataLoss: true });
    expect(tables.find(({ table }) => table === "fitness.exercise_logs")).toMatchObject({ told: 0, removed: 2 });
    expect(await counts()).toMatchObject({ workouts: 4, exercises: 6 });
  });

  test("never take along what others wrote: a row that is referred to stays, and says why", async () => {
    await system.session.run(
      "create table fitness.praise (id int primary key, log_id uuid not null references fitness.exercise_logs on delete cascade)",
    );
    try {
      const day = (told: string) => [workouts(`## 2026-01-06: A\n- Type: strength\n${told}`)];
      await load(day("\n1. Bench press: 3 × 8 @ 60 kg\n"));
      await system.session.run("insert into fitness.praise select 1, id from fitness.exercise_logs");
      const { code, why } = await refusal(day(""), { acceptDataLoss: true });
      expect([code, why]).toEqual(["log-rows-referred", expect.stringContaining("1 row of praise refers to it")]);
      expect(await one("select count(*)::int as praise from fitness.praise")).toEqual({ praise: 1 });
    } finally {
      await system.session.run("drop table fitness.praise");
    }
  });

  test("wait for no migration: while one runs they are refused, and their trial is not", async () => {
    await withoutMigrations(system.session, async () => {
      expect((await refusal(samples)).code).toBe("target-locked");
      expect((await load(samples, { dryRun: true })).isDryRun).toBe(true);
    });
    expect(await counts()).toEqual(NOTHING);
  });

  test("are tried without a trace", async () => {
    const { isDryRun, tables } = await load(samples, { dryRun: true });
    expect([isDryRun, tables.reduce((sum, { inserted }) => sum + inserted, 0)]).toEqual([true, 14]);
    expect(await counts()).toEqual(NOTHING);
  });

  test("with mistakes are refused whole, each mistake at its line and column with what to write", async () => {
    const bad = checkIns(
      "## 2026-01-05\n- Weight: heavy\n- Wieght: 80 kg\n- Mood: 8\n- Mood: 7\n\n## Someday\n- Weight: 80 kg\n\n## 2026-01-06\n",
    );
    const { code, what, why = "" } = await refusal([...samples, bad]);
    expect([code, what]).toEqual(["log-problems", "5 things in the logs cannot be read; nothing was loaded"]);
    expect(why.split("\n")).toEqual([
      expect.stringMatching(
        /^logs\/check-ins\/mine\.md:5:11 "heavy" is no value for "weight"; write it as `82\.4 kg`$/,
      ),
      expect.stringMatching(
        /^logs\/check-ins\/mine\.md:6:11 nobody knows what "wieght" is; known are weight, body fat/,
      ),
      expect.stringMatching(/^logs\/check-ins\/mine\.md:8:9 "mood" is given twice in one entry; leave one of them$/),
      expect.stringMatching(/^logs\/check-ins\/mine\.md:10:4 "Someday" names no day; write it as `## 2026-01-05`$/),
      expect.stringMatching(/^logs\/check-ins\/mine\.md:13:4 the entry measures nothing; add/),
    ]);
    expect(await counts()).toEqual(NOTHING);
  });

  test("that name a user or an exercise that is not there say which was meant", async () => {
    const text = "## 2026-01-06: A\n- Type: strength\n\n1. Bench pres: 3 × 8 @ 60 kg\n2. Back squat: lots\n";
    const { why = "" } = await refusal([
      workouts(text),
      { path: "check-ins/x.md", text: "---\nuser: umma\n---\n## 2026-01-06\n- Mood: 8\n" },
    ]);
    expect(why.split("\n")).toEqual([
      'logs/workouts/mine.md:7:4 there is no row of fitness.exercise_definitions with name "Bench pres"; did you mean "Bench press"?',
      expect.stringMatching(/^logs\/workouts\/mine\.md:8:4 "lots" says neither sets nor distance nor time; write/),
      'check-ins/x.md:2:7 there is no row of fitness.users with username "umma"; did you mean "uma"?',
    ]);
    const { why: unnamed } = await refusal([{ path: "check-ins/x.md", text: "## 2026-01-06\n- Mood: 8\n" }]);
    expect(unnamed).toContain("check-ins/x.md:1:1 the log does not say whose it is");
    expect(await counts()).toEqual(NOTHING);
  });

  test("that name one of two rows which differ in capitals only mean the one that is written so, and no other way", async () => {
    await system.session.run(
      "insert into fitness.exercise_definitions (name, slug, category) values ('BACK squat', 'twin', 'legs')",
    );
    try {
      const text = (name: string) => workouts(`## 2026-01-06: A\n- Type: strength\n\n1. ${name}: 3 × 8 @ 60 kg\n`);
      const { why = "" } = await refusal([text("back squat")]);
      expect(why).toContain('several rows of fitness.exercise_definitions have name "back squat"');
      await load([text("BACK squat")]);
      expect(
        await one(
          "select d.slug from fitness.exercise_logs l join fitness.exercise_definitions d on d.id = l.exercise_id",
        ),
      ).toEqual({ slug: "twin" });
    } finally {
      await system.session.run(`${EMPTY} cascade; delete from fitness.exercise_definitions where slug = 'twin'`);
    }
  });

  test("that tell of one day twice, in one file or in two, name both places", async () => {
    const day = "## 2026-01-05\n- Mood: 8\n";
    const { code, at, why } = await refusal([checkIns(day + day)]);
    expect([code, at]).toEqual(["log-row-twice", { file: "logs/check-ins/mine.md", line: 6, column: 4 }]);
    expect(why).toContain("logs/check-ins/mine.md:4:4");
    expect((await refusal([...samples, checkIns(day)])).why).toContain("check-ins/2026-01.md:7:4");
    expect(await counts()).toEqual(NOTHING);
  });

  test("that the database refuses are refused whole, at the entry", async () => {
    const { code, at, why } = await refusal([
      ...samples,
      checkIns("## 2026-02-05\n- Mood: 8\n\n## 2026-02-06\n- Mood: 11\n"),
    ]);
    expect([code, at]).toEqual(["seed-refused", { file: "logs/check-ins/mine.md", line: 7, column: 4 }]);
    expect(why).toContain("health_metrics_mood_check");
    expect(await counts()).toEqual(NOTHING);
  });

  test("that a trigger takes away again are missed when they are counted", async () => {
    await system.session.run(`create function fitness.forget() returns trigger language plpgsql as
      $$begin delete from fitness.health_metrics; return null; end$$;
      create trigger forget after insert on fitness.exercise_logs execute function fitness.forget()`);
    try {
      const { code, what } = await refusal(samples);
      expect(code).toBe("log-count");
      expect(what).toContain("3 rows of fitness.health_metrics, and the database has 0");
      expect(await counts()).toEqual(NOTHING);
    } finally {
      await system.session.run("drop function fitness.forget cascade");
    }
  });

  test("that no loader takes are named, with what is taken", async () => {
    const { code, at, why } = await refusal([{ path: "logs/dreams.md", text: "" }]);
    expect([code, at]).toEqual(["log-unclaimed", "logs/dreams.md"]);
    expect(why).toContain("check-ins → health_metrics takes /");
  });
});

const TICKETS = `
import { domain, integer, loader, readMarkdown, table, text } from "verso";
export default domain({ name: "shop" });
export const tickets = table("tickets", { columns: { id: integer({ primaryKey: true, identity: "by default" }), title: text() } });
export const list = loader({
  about: "tickets",
  files: /tickets/,
  read(log, into) {
    for (const [i, { title }] of readMarkdown(log).sections.entries()) into.add(tickets, { key: ["id"], at: title.at, values: { id: i + 1, title: title.text } });
  },
});
`;

test("numbers that logs give to rows are not given out again, and a trial uses none", async () => {
  const session = await openEmbeddedSession();
  const domain = await domainOf({ "tables.ts": TICKETS });
  await build(session, domain);
  const files = [{ path: "tickets.md", text: "## A\n\n## B\n\n## C\n" }];
  const load = (dryRun: boolean) =>
    loadLogs(session, { loaders: domain.loaders, files, searchPath: searchPathNames(domain.domain) }, { dryRun });
  const next = () => session.query("insert into tickets (title) values ('next') returning id");
  await load(true);
  expect(await next()).toEqual([{ id: 1 }]);
  await session.run("truncate tickets restart identity");
  await load(false);
  expect(await next()).toEqual([{ id: 4 }]);
  await session.close();
});
