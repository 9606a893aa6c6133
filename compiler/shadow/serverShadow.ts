import { randomBytes } from "node:crypto";
import { Diagnostic } from "../diagnostic.ts";
import { quoteName } from "../quote.ts";
import { withDatabase } from "../session/databaseUrl.ts";
import { openServerSession, redactUrl } from "../session/server.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { keepPlans } from "./keepPlans.ts";
import { closeOnSignal } from "./lastResort.ts";
import { type Shadow, shadowLabel } from "./shadow.ts";

/** For a server that was started for this shadow alone. */
interface OwnServer {
  readonly label: string;
  close(): Promise<void>;
}

const PREFIX = "verso_shadow_";
// A database that still has subscriptions cannot be dropped; without their slots they go without asking a publisher.
const DROP_SUBSCRIPTIONS = `
  rollback;
  do $$
  declare one name;
  begin
    for one in select subname from pg_subscription
      where subdbid = (select oid from pg_database where datname = current_database())
    loop
      execute format('alter subscription %I disable', one);
      execute format('alter subscription %I set (slot_name = none)', one);
      execute format('drop subscription %I', one);
    end loop;
  end $$`;

const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Scratch databases on a server, made from template0 and dropped again.
 * @throws Diagnostic `shadow-not-allowed` when the user may not create databases there
 */
export async function openServerShadow(url: string, own?: OwnServer): Promise<Shadow> {
  let admin: Session;
  try {
    admin = await openServerSession(url, { applicationName: "verso shadow" });
  } catch (error) {
    await own?.close();
    throw error;
  }
  const open = new Set<() => Promise<void>>();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= (async () => {
      for (const drop of [...open]) await drop();
      await admin.close();
      await own?.close();
      forget();
    })();
    return closed;
  };
  const forget = closeOnSignal(close);
  if (own === undefined) await dropStale(admin);

  return {
    version: admin.version,
    label: shadowLabel(admin.version, own?.label ?? redactUrl(url)),
    async scratch() {
      const database = `${PREFIX}${Date.now().toString(36)}_${randomBytes(6).toString("hex")}`;
      await createDatabase(admin, database);
      const before = await roleNames(admin);
      const texts: string[] = [];
      let session: Session | undefined;
      let dropped: Promise<void> | undefined;
      const drop = (): Promise<void> => {
        dropped ??= (async () => {
          open.delete(drop);
          await session?.run(DROP_SUBSCRIPTIONS).catch(() => undefined);
          await session?.close().catch(() => undefined);
          await admin.run(`drop database if exists ${quoteName(database)} with (force)`);
          const created = [...(await roleNames(admin))].filter((role) => !before.has(role));
          await dropRoles(admin, rolesNamed(created, texts));
        })();
        return dropped;
      };
      open.add(drop);
      try {
        session = await openServerSession(withDatabase(url, database), { applicationName: "verso shadow" });
      } catch (error) {
        await drop();
        throw error;
      }
      return keepPlans(recordRoleTexts(session, texts, drop));
    },
    close,
  };
}

async function createDatabase(admin: Session, database: string): Promise<void> {
  const provider = admin.version >= 150_000 ? " locale_provider libc" : "";
  try {
    await admin.run(
      `create database ${quoteName(database)} template template0 encoding 'UTF8'${provider} lc_collate 'C' lc_ctype 'C'`,
    );
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new Diagnostic(
      {
        code: "shadow-not-allowed",
        what: `no scratch database can be created on ${admin.name}`,
        why: `${error.message} (SQLSTATE ${error.code})`,
        next: "give the user of the --shadow URL the CREATEDB right, or use another shadow such as `embedded`",
      },
      error,
    );
  }
}

/** Scratch databases that a killed process left behind: a day old and without connections. */
async function dropStale(admin: Session): Promise<void> {
  const rows = await admin.query<{ name: string }>(
    `select datname as name from pg_database d
     where starts_with(datname, $1) and pg_has_role(datdba, 'usage')
       and not exists (select from pg_stat_activity a where a.datid = d.oid)`,
    [PREFIX],
  );
  for (const { name } of rows) {
    const [stamp = ""] = name.slice(PREFIX.length).split("_");
    if (Date.now() - Number.parseInt(stamp, 36) < STALE_AFTER_MS) continue;
    await admin.run(`drop database if exists ${quoteName(name)}`).catch(() => undefined);
  }
}

async function roleNames(admin: Session): Promise<ReadonlySet<string>> {
  const rows = await admin.query<{ name: string }>("select rolname as name from pg_roles");
  return new Set(rows.map((row) => row.name));
}

/** Keeps the texts that create roles, so that only roles this session made are dropped with it, nobody else's. */
function recordRoleTexts(session: Session, texts: string[], close: () => Promise<void>): Session {
  const record = (text: string): void => {
    if (/\b(?:create|rename)\b/i.test(text) && /\b(?:role|user|group)\b/i.test(text)) texts.push(text);
  };
  return {
    ...session,
    query(sql, parameters) {
      record(sql);
      return session.query(sql, parameters);
    },
    run(script) {
      record(script);
      return session.run(script);
    },
    close,
  };
}

function rolesNamed(roles: readonly string[], texts: readonly string[]): readonly string[] {
  return roles.filter((role) =>
    texts.some((text) => text.toLowerCase().includes(role.replaceAll('"', '""').toLowerCase())),
  );
}

/** A role may depend on another one (as grantor), so those that fail are tried again while any goes. */
async function dropRoles(admin: Session, roles: readonly string[]): Promise<void> {
  const left: string[] = [];
  for (const role of roles) {
    await admin.run(`drop role if exists ${quoteName(role)}`).catch(() => left.push(role));
  }
  if (left.length > 0 && left.length < roles.length) await dropRoles(admin, left);
}
