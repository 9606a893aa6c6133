import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatabaseError, type Parameter, type Session } from "../../compiler/session/session.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { type SystemDatabase, seededSystem, seedSystem } from "./systemDatabase.ts";

const EXTENSIONS = ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"];
const PASSWORD = "correct horse battery";

describe.each(ENGINES_OF_LONG_SUITES)("fitness, on %s", (engine) => {
  let system: SystemDatabase;
  let session: Session;
  beforeAll(async () => {
    system = await seededSystem("fitness", engine, { extensions: EXTENSIONS });
    session = system.session;
  });
  afterAll(() => system?.close());

  const rows = <Row extends object>(sql: string, ...parameters: Parameter[]) => session.query<Row>(sql, parameters);
  const one = async <Row extends object>(sql: string, ...parameters: Parameter[]): Promise<Row> => {
    const [row] = await rows<Row>(sql, ...parameters);
    if (row === undefined) throw new Error(`no row from ${sql}`);
    return row;
  };
  const count = async (sql: string, ...parameters: Parameter[]): Promise<number> =>
    (await one<{ n: number }>(`select count(*)::int as n from (${sql}) q`, ...parameters)).n;
  const idOf = async (username: string): Promise<string> =>
    (await one<{ id: string }>("select id from fitness.users where username = $1", username)).id;

  interface LogIn {
    readonly outcome: string;
    readonly session_id: string | null;
    readonly token: string | null;
    readonly valid_until: string | null;
  }
  const logIn = (username: string, password = PASSWORD, isRemembered = false): Promise<LogIn> =>
    asApp(null, () =>
      one<LogIn>(
        "select * from fitness.log_in($1, $2, $3, '10.0.0.7', 'phone', 'Firefox', 'Android')",
        `${username}@example.com`,
        password,
        isRemembered,
      ),
    );

  /** Runs as the application's role, in a transaction that belongs to the session of a token. */
  async function asApp<T>(token: string | null, work: () => Promise<T>): Promise<T> {
    await session.run("BEGIN; SET LOCAL ROLE fitness_app; SET LOCAL search_path = fitness, extensions");
    try {
      if (token !== null) await session.query("select use_session($1)", [token]);
      const result = await work();
      await session.run("COMMIT");
      return result;
    } catch (error) {
      await session.run("ROLLBACK");
      throw error;
    }
  }
  async function as<T>(username: string, work: () => Promise<T>): Promise<T> {
    const { token } = await logIn(username);
    return asApp(token, work);
  }
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof DatabaseError ? error.code : String(error);
  };

  test("has the twelve tables, eight enums and all that SYSTEMS.md counts", async () => {
    const counts = await one<Record<string, number>>(`
      select
        (select count(*)::int from pg_class where relkind = 'r' and relnamespace = 'fitness'::regnamespace) as tables,
        (select count(*)::int from pg_type where typtype = 'e' and typnamespace = 'fitness'::regnamespace) as enums,
        (select count(*)::int from pg_index i join pg_class c on c.oid = i.indexrelid
          where c.relnamespace = 'fitness'::regnamespace and not indisprimary) as indexes,
        (select count(*)::int from pg_constraint where connamespace = 'fitness'::regnamespace and contype = 'f') as foreign_keys,
        (select count(*)::int from pg_constraint
          where connamespace = 'fitness'::regnamespace and contype = 'f' and confdeltype = 'c') as cascades,
        (select count(*)::int from pg_constraint where connamespace = 'fitness'::regnamespace and contype = 'c') as checks,
        (select count(*)::int from pg_constraint where connamespace = 'fitness'::regnamespace and contype = 'u') as uniques
    `);
    expect(counts).toMatchObject({ tables: 12, enums: 8 });
    expect(counts.indexes).toBeGreaterThanOrEqual(50);
    expect(counts.foreign_keys).toBeGreaterThanOrEqual(15);
    expect(counts.cascades).toBeGreaterThanOrEqual(15);
    expect(counts.checks).toBeGreaterThanOrEqual(35);
    expect(counts.uniques).toBeGreaterThanOrEqual(10);
  });

  test("seeds are safe to run again", async () => {
    const census = `
      select array[(select count(*) from fitness.users), (select count(*) from fitness.health_metrics),
        (select count(*) from fitness.exercise_logs), (select count(*) from fitness.audit_log)]::int[] as n`;
    const before = await one(census);
    await seedSystem(session, "fitness");
    expect(await one(census)).toEqual(before);
    expect(await count("select from fitness.health_metrics")).toBe(60);
  });

  test("every foreign key is indexed, and every table explained", async () => {
    expect(
      await rows(`
      select k.conname from pg_constraint k
      where k.connamespace = 'fitness'::regnamespace and k.contype = 'f' and not exists (
        select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
          and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`),
    ).toEqual([]);
    expect(
      await rows(`
      select relname from pg_class where relnamespace = 'fitness'::regnamespace and relkind in ('r', 'v')
        and obj_description(oid, 'pg_class') is null`),
    ).toEqual([]);
    expect(
      await rows(`
      select c.relname from pg_class c where c.relnamespace = 'fitness'::regnamespace and c.relkind = 'r'
        and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'set_updated_at')`),
    ).toEqual([]);
  });

  test("the database is set up: extensions, settings, statistics, roles", async () => {
    expect(
      await rows(`
        select extname from pg_extension where extnamespace = 'extensions'::regnamespace order by 1`),
    ).toEqual(["pg_trgm", "pgcrypto", "unaccent", "uuid-ossp"].map((extname) => ({ extname })));
    const settings = await rows<{ role: string; setting: string }>(`
      select coalesce(r.rolname, '') as role, unnest(s.setconfig) as setting
      from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole
      where s.setdatabase = (select oid from pg_database where datname = current_database())`);
    expect(settings).toContainEqual({ role: "", setting: "TimeZone=UTC" });
    expect(settings).toContainEqual({ role: "", setting: "search_path=fitness, extensions" });
    expect(settings).toContainEqual({ role: "fitness_app", setting: "statement_timeout=30s" });
    expect(settings).toContainEqual({ role: "fitness_readonly", setting: "default_transaction_read_only=on" });
    expect(
      await rows("select stxname, stxkind::text[] as kinds, stxstattarget as target from pg_statistic_ext order by 1"),
    ).toMatchObject([
      { stxname: "health_metrics_scores" },
      { stxname: "workout_sessions_habits", target: 500 },
      { stxname: "workout_sessions_program" },
    ]);
    expect(
      await rows(
        "select attstattarget as target from pg_attribute where attrelid = 'fitness.users'::regclass and attname = 'email'",
      ),
    ).toEqual([{ target: 500 }]);
    expect(
      await rows(`
        select distinct pg_get_userbyid(relowner) as owner from pg_class
        where relnamespace = 'fitness'::regnamespace and relkind in ('r', 'v')`),
    ).toEqual([{ owner: "fitness_owner" }]);
  });

  describe("values that the database calculates", () => {
    test("body composition", async () => {
      const umaFirst = await one(
        `
        select m.fat_mass_kg, m.lean_body_mass_kg, c.body_mass_index, c.waist_to_height
        from fitness.health_metrics m join fitness.body_composition c using (user_id, recorded_date)
        where m.user_id = $1 and m.recorded_date = '2025-01-01'`,
        await idOf("uma"),
      );
      // 75 kg, 28 %, 170 cm, 84 cm.
      expect(umaFirst).toEqual({
        fat_mass_kg: "21.00",
        lean_body_mass_kg: "54.00",
        body_mass_index: "26.0",
        waist_to_height: "0.49",
      });
    });

    test("exercise volume and pace", async () => {
      expect(
        await one(
          `
        select l.volume_kg from fitness.exercise_logs l join fitness.workout_sessions w on w.id = l.workout_session_id
        where w.user_id = $1 and w.workout_date = '2025-01-01' and l.position = 1`,
          await idOf("uma"),
        ),
      ).toEqual({
        volume_kg: "1020.00",
      });
      // 5 km in 1640 s.
      expect(
        await one(
          `
        select l.pace_seconds_per_mile from fitness.exercise_logs l
        where l.user_id = $1 and l.logged_date = '2025-01-01' and l.position = 3`,
          await idOf("uma"),
        ),
      ).toEqual({
        pace_seconds_per_mile: "527.9",
      });
    });

    test("a workout's totals", async () => {
      expect(
        await one(
          `
        select exercises, sets, repetitions, volume_kg, distance_m, average_rpe from fitness.workout_totals
        where user_id = $1 and workout_date = '2025-01-01'`,
          await idOf("uma"),
        ),
      ).toEqual({
        exercises: 3,
        sets: 6,
        repetitions: 48,
        volume_kg: "2040.00",
        distance_m: "5000.0",
        average_rpe: "7.5",
      });
    });

    test("calories and shares of the macronutrients", async () => {
      expect(
        await one(
          `
        select calories, protein_percent, carbohydrate_percent, fat_percent from fitness.meal_logs
        where user_id = $1 and meal_date = '2025-01-01' and meal_type = 'breakfast'`,
          await idOf("uma"),
        ),
      ).toEqual({
        calories: 488,
        protein_percent: "28.7",
        carbohydrate_percent: "49.2",
        fat_percent: "22.1",
      });
      expect(
        await one(
          `
        select meals, calories from fitness.daily_nutrition where user_id = $1 and meal_date = '2025-01-01'`,
          await idOf("uma"),
        ),
      ).toEqual({ meals: 3, calories: 1575 });
    });

    test("what is overdue, and the days until the next session", async () => {
      const uma = await idOf("uma");
      await rows(
        `insert into fitness.coaching_sessions (user_id, coach_id, scheduled_at)
         values ($1, $2, date_trunc('day', now()) + interval '5 days 12 hours')`,
        uma,
        await idOf("carl"),
      );
      expect(
        await rows(
          `
        select is_overdue, greatest(days_until, -1) as days_until from fitness.coaching_schedule
        where user_id = $1 order by scheduled_at`,
          uma,
        ),
      ).toEqual([
        { is_overdue: true, days_until: -1 },
        { is_overdue: false, days_until: 5 },
      ]);
      expect(await rows("select user_id, days_until from fitness.next_coaching_session")).toEqual([
        { user_id: uma, days_until: 5 },
      ]);
    });
  });

  describe("row-level security", () => {
    const OWNED = ["health_metrics", "workout_sessions", "exercise_logs", "user_goals", "meal_logs", "progress_photos"];

    test("covers every table that users own", async () => {
      expect(
        await rows(`
        select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
        where c.relnamespace = 'fitness'::regnamespace and c.relkind = 'r' and not c.relrowsecurity`),
      ).toEqual([]);
    });

    test("two users see their own rows only", async () => {
      for (const username of ["uma", "otto"]) {
        const id = await idOf(username);
        await as(username, async () => {
          for (const table of ["health_metrics", "workout_sessions", "exercise_logs", "user_goals", "meal_logs"]) {
            expect(await rows(`select distinct user_id from ${table}`), table).toEqual([{ user_id: id }]);
          }
          for (const view of ["body_composition", "workout_totals", "daily_nutrition", "goal_overview"]) {
            expect(await rows(`select distinct user_id from ${view}`), view).toEqual([{ user_id: id }]);
          }
          expect(await rows("select username from users where role = 'user'")).toEqual([{ username }]);
          expect(await rows("select distinct user_id from user_sessions")).toEqual([{ user_id: id }]);
        });
      }
    });

    test("a user writes own rows and no others", async () => {
      const [uma, otto] = [await idOf("uma"), await idOf("otto")];
      await as("uma", async () => {
        await rows(
          "insert into health_metrics (user_id, recorded_date, sleep_hours) values ($1, '2025-03-01', 8)",
          uma,
        );
        expect(await rows("update health_metrics set mood = 9 where user_id = $1 returning 1", otto)).toEqual([]);
        expect(await rows("delete from meal_logs where user_id = $1 returning 1", otto)).toEqual([]);
      });
      const intrude = () => rows("insert into health_metrics (user_id, recorded_date) values ($1, '2025-03-01')", otto);
      expect(await refusal(as("uma", intrude))).toBe("42501");
      const giveAway = () => rows("update health_metrics set user_id = $1 where recorded_date = '2025-03-01'", otto);
      expect(await refusal(as("uma", giveAway))).toBe("42501");
      await rows("delete from fitness.health_metrics where recorded_date = '2025-03-01'");
    });

    test("nobody sees anything without a session, nor with one that is over", async () => {
      const nothing = async () => {
        for (const table of [...OWNED, "users", "user_sessions", "coaching_sessions", "exercise_definitions"]) {
          expect(await count(`select from ${table}`), table).toBe(0);
        }
      };
      await asApp(null, nothing);
      await asApp("no such token", nothing);
      const { token, session_id } = await logIn("uma");
      await asApp(token, async () => expect(await count("select from health_metrics")).toBe(30));
      await asApp(token, () => rows("select revoke_session($1)", session_id));
      await asApp(token, nothing);
    });

    test("a coach reads clients' rows, and writes none but coaching sessions and exercises", async () => {
      const [uma, carl] = [await idOf("uma"), await idOf("carl")];
      await as("carl", async () => {
        expect(await rows("select distinct user_id from health_metrics")).toEqual([{ user_id: uma }]);
        expect(await rows("select username from users where role = 'user'")).toEqual([{ username: "uma" }]);
        expect(await rows("update health_metrics set mood = 1 returning 1")).toEqual([]);
        expect(await rows("select storage_key from progress_photos order by 1")).toEqual([
          { storage_key: "demo/otto/front-1.jpg" },
          { storage_key: "demo/uma/front-1.jpg" },
        ]);
        await rows(
          "insert into coaching_sessions (user_id, coach_id, scheduled_at) values ($1, $2, '2025-06-01')",
          uma,
          carl,
        );
        await rows("delete from coaching_sessions where scheduled_at = '2025-06-01'");
        await rows(
          "insert into exercise_definitions (name, slug, category, created_by) values ('Plank', 'plank', 'core', $1)",
          carl,
        );
        await rows("delete from exercise_definitions where slug = 'plank'");
      });
      const otto = await idOf("otto");
      const stranger = () =>
        rows(
          "insert into coaching_sessions (user_id, coach_id, scheduled_at) values ($1, $2, '2025-06-01')",
          otto,
          carl,
        );
      expect(await refusal(as("carl", stranger))).toBe("42501");
    });

    test("an administrator reads and writes everybody's rows", async () => {
      const otto = await idOf("otto");
      await as("ada", async () => {
        expect(await count("select distinct user_id from health_metrics")).toBe(2);
        expect(
          await rows(
            "update health_metrics set notes = 'seen' where user_id = $1 and recorded_date = '2025-01-01' returning notes",
            otto,
          ),
        ).toEqual([{ notes: "seen" }]);
        expect(await count("select from users")).toBe(4);
        expect(await count("select from audit_log")).toBeGreaterThan(0);
      });
    });

    test("secrets and rights are out of the application's reach", async () => {
      for (const sql of [
        "select password_hash from users",
        "select session_token from user_sessions",
        "update users set role = 'admin'",
        "update users set locked_until = null",
        "insert into audit_log (action, table_name, row_id, new_row) values ('INSERT', 'x', 'x', '{}')",
        "delete from audit_log",
        "select hash_password('0123456789')",
      ]) {
        expect(await refusal(as("uma", () => rows(sql))), sql).toBe("42501");
      }
      const [uma, otto] = [await idOf("uma"), await idOf("otto")];
      expect(await refusal(as("uma", () => rows("select assign_user($1, 'admin')", uma)))).toBe("42501");
      expect(await refusal(as("uma", () => rows("select change_password($1, 'something else')", otto)))).toBe("42501");
    });

    test("reports read, and write nothing", async () => {
      await session.run("BEGIN; SET LOCAL ROLE fitness_readonly; SET LOCAL search_path = fitness");
      try {
        expect(await count("select from workout_totals")).toBe(24);
        expect(await count("select from users")).toBe(4);
        expect(await refusal(rows("delete from meal_logs"))).toBe("42501");
      } finally {
        await session.run("ROLLBACK");
      }
    });
  });

  describe("accounts", () => {
    test("a session lasts 24 hours, or 30 days when it is remembered, and says where it is from", async () => {
      const { session_id: short } = await logIn("otto");
      const { session_id: long, token } = await logIn("otto", PASSWORD, true);
      const facts = `
        select extract(epoch from expires_at - created_at)::int / 3600 as hours, host(ip_address) as ip, device, browser,
          operating_system, session_token from fitness.user_sessions where id = $1`;
      expect(await one(facts, short)).toMatchObject({ hours: 24, ip: "10.0.0.7", device: "phone", browser: "Firefox" });
      const stored = await one<{ hours: number; session_token: string }>(facts, long);
      expect(stored.hours).toBe(720);
      expect(stored.session_token).not.toBe(token);
    });

    test("five failures in a row lock the account for a while; nothing is known of accounts that are not there", async () => {
      const outcomes: string[] = [];
      for (let i = 0; i < 5; i++) outcomes.push((await logIn("otto", "wrong")).outcome);
      expect(outcomes).toEqual(["wrong", "wrong", "wrong", "wrong", "locked"]);
      expect((await logIn("otto")).outcome).toBe("locked");
      await rows("update fitness.users set locked_until = now() - interval '1 second' where username = 'otto'");
      expect((await logIn("otto", "wrong")).outcome).toBe("wrong");
      expect((await logIn("otto")).outcome).toBe("opened");
      expect(
        await one("select failed_login_attempts, locked_until from fitness.users where username = 'otto'"),
      ).toEqual({
        failed_login_attempts: 0,
        locked_until: null,
      });
      expect((await logIn("nobody", "wrong")).outcome).toBe("wrong");
    });

    test("somebody new registers, changes the password and leaves", async () => {
      await asApp(null, () => rows("select register_user('Nina@Example.com', 'nina', 'Nina New', 'first password')"));
      const nina = await idOf("nina");
      expect(await refusal(asApp(null, () => rows("select register_user('x@y', 'shorty', 'Short', 'short')")))).toBe(
        "23514",
      );
      const first = await logIn("nina", "first password");
      const second = await logIn("nina", "first password");
      await asApp(second.token, () => rows("select change_password($1, 'second password')", nina));
      await asApp(first.token, async () => expect(await count("select from users")).toBe(0));
      await asApp(second.token, async () => expect(await count("select from users where username = 'nina'")).toBe(1));
      expect((await logIn("nina", "first password")).outcome).toBe("wrong");
      const third = await logIn("nina", "second password");
      await asApp(third.token, () => rows("delete from users where id = $1", nina));
      expect(await count("select from fitness.users where username = 'nina'")).toBe(0);
      expect(await count("select from fitness.user_sessions where user_id = $1", nina)).toBe(0);
      expect(
        await one("select user_id, action from fitness.audit_log where row_id = $1 order by id desc limit 1", nina),
      ).toEqual({
        user_id: null,
        action: "DELETE",
      });
    });

    test("clean-up marks sessions that ran out and deletes old ones", async () => {
      const uma = await idOf("uma");
      await rows(
        `
        insert into fitness.user_sessions (user_id, session_token, created_at, expires_at)
        select $1, repeat(n::text, 64), now() - n * interval '40 days', now() - n * interval '40 days' + interval '1 hour'
        from generate_series(1, 2) n`,
        uma,
      );
      await rows(
        `
        insert into fitness.user_sessions (user_id, session_token, created_at, expires_at)
        values ($1, repeat('3', 64), now() - interval '2 days', now() - interval '1 day')`,
        uma,
      );
      expect(await one("select fitness.clean_up_sessions() as deleted")).toEqual({ deleted: 2 });
      expect(
        await rows("select revoked_reason from fitness.user_sessions where session_token = repeat('3', 64)"),
      ).toEqual([{ revoked_reason: "expired" }]);
    });
  });

  test("a goal follows the check-ins and completes itself when its target is reached", async () => {
    const uma = await idOf("uma");
    const goal =
      "select status, current_value, progress_percent, completed_at is not null as is_dated from fitness.user_goals where user_id = $1";
    expect(await one(goal, uma)).toMatchObject({ status: "active", current_value: "72.10", progress_percent: "29.0" });
    await as("uma", () =>
      rows("insert into health_metrics (user_id, recorded_date, weight_kg) values ($1, '2025-02-20', 64.8)", uma),
    );
    expect(await one(goal, uma)).toEqual({
      status: "completed",
      current_value: "64.80",
      progress_percent: "100.0",
      is_dated: true,
    });
    // An older check-in that comes late says nothing about today.
    await rows("update fitness.user_goals set status = 'active', current_value = 70 where user_id = $1", uma);
    await rows(
      "insert into fitness.health_metrics (user_id, recorded_date, weight_kg) values ($1, '2025-02-10', 60)",
      uma,
    );
    expect(await one(goal, uma)).toMatchObject({ status: "active", current_value: "70.00", is_dated: false });
    const upwards = "update fitness.user_goals set current_value = 101 where goal_type = 'strength' returning status";
    expect(await one(upwards)).toEqual({ status: "completed" });
  });

  test("the audit keeps old and new rows, who did it and from where, and no secrets", async () => {
    const uma = await idOf("uma");
    await as("uma", () => rows("update users set full_name = 'Uma Umbra' where id = $1", uma));
    const entry = await one<{ old_row: Record<string, unknown>; new_row: Record<string, unknown> }>(
      `
      select user_id, action, table_name, old_row, new_row, host(ip_address) as ip from fitness.audit_log
      where row_id = $1 and table_name = 'users' order by id desc limit 1`,
      uma,
    );
    expect(entry).toMatchObject({
      user_id: uma,
      action: "UPDATE",
      old_row: { full_name: "Uma User" },
      new_row: { full_name: "Uma Umbra" },
      ip: "10.0.0.7",
    });
    expect(Object.keys(entry.new_row)).not.toContain("password_hash");
  });

  test("deleting a user takes the rows along, and leaves what others share", async () => {
    await session.run("BEGIN");
    try {
      const carl = await idOf("carl");
      await rows("delete from fitness.users where id = $1", carl);
      expect(await one("select coach_id from fitness.users where username = 'uma'")).toEqual({ coach_id: null });
      expect(await count("select from fitness.exercise_definitions where created_by is null")).toBe(5);
      const uma = await idOf("uma");
      await rows("delete from fitness.users where id = $1", uma);
      for (const table of [
        "health_metrics",
        "workout_sessions",
        "exercise_logs",
        "coaching_sessions",
        "progress_photos",
      ]) {
        expect(await count(`select from fitness.${table} where user_id = $1`, uma), table).toBe(0);
      }
      expect(await refusal(rows("delete from fitness.exercise_definitions where slug = 'back-squat'"))).toMatch(
        // PostgreSQL 18 tells RESTRICT from NO ACTION.
        /^(23503|23001)$/,
      );
    } finally {
      await session.run("ROLLBACK");
    }
  });

  test("a log cannot hang on somebody else's workout", async () => {
    const work = rows(
      `
      insert into fitness.exercise_logs (user_id, workout_session_id, exercise_id, position, sets, reps)
      select $1, w.id, '00000000-0000-4000-8000-0000000000e1', 9, 1, 1 from fitness.workout_sessions w
      where w.user_id <> $1 limit 1`,
      await idOf("uma"),
    );
    expect(await refusal(work)).toBe("23503");
  });

  test("exercises are found by names half remembered, accents or not", async () => {
    await as("otto", async () => {
      expect(await rows("select slug from search_exercises('developpe')")).toEqual([{ slug: "overhead-press" }]);
      expect(await rows("select slug from search_exercises('bench pres')")).toEqual([
        { slug: "bench-press" },
        { slug: "incline-bench-press" },
      ]);
    });
  });

  test("updated_at moves with each update", async () => {
    const [row] = await rows<{ moved: boolean }>(
      "update fitness.app_config set is_public = not is_public where config_key = 'sessions.keep' returning updated_at > created_at as moved",
    );
    expect(row).toEqual({ moved: true });
  });
});
