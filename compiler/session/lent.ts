import { DECODERS, encodeParameter } from "./codecs.ts";
import { embeddedError } from "./embedded.ts";
import { SESSION_SETTINGS } from "./server.ts";
import type { Notice, Session } from "./session.ts";

interface RawNotice {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
}

/** What is used of the PGlite that a service works with. */
export interface EmbeddedDatabase {
  transaction<T>(body: (transaction: EmbeddedTransaction) => Promise<T>): Promise<T>;
}

interface EmbeddedTransaction {
  query(text: string, values: unknown[], options: object): Promise<{ readonly rows: readonly unknown[] }>;
  exec(script: string, options?: { readonly onNotice?: (notice: RawNotice) => void }): Promise<unknown>;
}

/**
 * A session on the PGlite that a service works with. Until it is closed nobody else's statements run there; then the engine
 * is given back with the settings that it had.
 */
export function borrowEmbedded(lite: EmbeddedDatabase): Promise<Session> {
  return new Promise((lend, refuse) => {
    lite
      .transaction(async (engine) => {
        // PGlite keeps others out during a transaction only, and Verso begins and ends its own.
        await engine.exec("COMMIT");
        const options = { parsers: Object.fromEntries(DECODERS), serializers: AS_TEXT };
        const { rows } = await engine.query(SET, asColumns(OF_SESSIONS), options);
        const former = rows as readonly (Setting & { readonly version: number })[];
        try {
          await new Promise<void>((giveBack) => lend(sessionOn(engine, options, former[0]?.version ?? 0, giveBack)));
        } finally {
          await engine.exec("ROLLBACK");
          await engine.query(SET, asColumns(former), options);
        }
      })
      .catch((error) => refuse(embeddedError(error)));
  });
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

const OF_SESSIONS: readonly Setting[] = [...SESSION_SETTINGS.matchAll(/set (\w+) = '?([^;']+)'?;/g)].map(
  ([, name = "", value = ""]) => ({ name, value }),
);

const asColumns = (settings: readonly Setting[]): unknown[] =>
  [settings.map(({ name }) => name), settings.map(({ value }) => value)].map(encodeParameter);

/** Sets what it is given, and tells what was set before. */
const SET = `
  with former as materialized (
    select name, wanted, pg_catalog.current_setting(name) as value,
      pg_catalog.current_setting('server_version_num')::int as version
    from unnest($1::text[], $2::text[]) s(name, wanted))
  select name, value, version, pg_catalog.set_config(name, wanted, false) from former`;

// Values are text already.
const AS_TEXT = Object.fromEntries([...DECODERS.keys()].map((oid) => [oid, (value: unknown) => value]));

function sessionOn(engine: EmbeddedTransaction, options: object, version: number, giveBack: () => void): Session {
  const listeners: ((notice: Notice) => void)[] = [];
  const onNotice = ({ severity = "NOTICE", message = "" }: RawNotice): void => {
    for (const listener of listeners) listener({ severity, message });
  };
  const sending = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw embeddedError(error);
    }
  };
  return {
    engine: "embedded",
    version,
    name: "the service's PGlite",
    query: <Row extends object>(sql: string, parameters: Parameters<Session["query"]>[1] = []) =>
      sending(async () => {
        const { rows } = await engine.query(sql, parameters.map(encodeParameter), { ...options, onNotice });
        return rows as Row[];
      }),
    run: (script: string) => sending(async () => void (await engine.exec(script, { onNotice }))),
    copy: (into: string, pieces: Iterable<string>) =>
      sending(async () => {
        await engine.query(`COPY ${into} FROM '/dev/blob'`, [], { ...options, blob: new Blob([...pieces]) });
      }),
    onNotice: (listener: (notice: Notice) => void) => void listeners.push(listener),
    close: async () => giveBack(),
  };
}
