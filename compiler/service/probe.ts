import { setImmediate } from "node:timers/promises";
import { Diagnostic } from "../diagnostic.ts";
import type { Session } from "../session/session.ts";
import type { Connector } from "./connect.ts";
import { readVitals, type Vitals } from "./vitals.ts";

/** What is known of a service's database at a glance. */
export interface Glance extends Vitals {
  /** Names of the migrations that this release has. */
  readonly migrations: readonly string[];
}

export interface Probe {
  /**
   * Looks at the database. Those who ask while someone looks share what is seen, so that however many ask, the database is
   * asked once at a time.
   * @throws Diagnostic `no-answer` when it does not answer in time, and what `openSession` throws
   */
  readonly look: () => Promise<Glance>;
  readonly close: () => Promise<void>;
}

/** On a connection of its own, which is kept, and made anew when it broke. */
export function openProbe(
  { connect, engine }: Connector,
  readNames: () => Promise<readonly string[]>,
  answerWithinMs: number,
): Probe {
  let kept: Promise<Session> | undefined;
  let looking: Promise<Glance> | undefined;
  let isClosed = false;

  const drop = async (session: Promise<Session> | undefined): Promise<void> => {
    if (kept === session) kept = undefined;
    await session?.then((one) => one.close()).catch(() => undefined);
  };
  /** A server that hangs may answer on a new connection; what it was asked on this one must not wait there for ever. */
  const abandon = (): void => {
    const hanging = kept;
    kept = undefined;
    void hanging
      ?.then((session) => session.cancel?.())
      .catch(() => undefined)
      .finally(() => drop(hanging));
  };
  const lookOnce = async (): Promise<Vitals> => {
    if (isClosed) throw serviceClosing();
    kept ??= connect(answerWithinMs);
    const own = kept;
    try {
      return await readVitals(await own);
    } catch (error) {
      await drop(own);
      throw error;
    } finally {
      // What others wait for is not kept.
      if (engine === "embedded") await drop(own);
    }
  };
  const lookInTime = async (): Promise<Glance> => {
    // The embedded engine lets nothing else happen while it works: first, whoever has asked by now is heard.
    await setImmediate();
    // A connection that broke since the last look says nothing of the database as it is now.
    let isWorthAnother = kept !== undefined;
    const look = lookOnce().catch((error) => (isWorthAnother ? lookOnce() : Promise.reject(error)));
    const giveUp = (): void => {
      isWorthAnother = false;
      abandon();
    };
    const [vitals, migrations] = await Promise.all([inTime(answerWithinMs, look, giveUp), readNames()]);
    return { ...vitals, migrations };
  };
  return {
    look: () => {
      looking ??= lookInTime().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    close: async () => {
      isClosed = true;
      await looking?.catch(() => undefined);
      await drop(kept);
    },
  };
}

export const serviceClosing = (): Diagnostic =>
  new Diagnostic({
    code: "service-closing",
    what: "the service is being shut down",
    next: "ask another instance",
  });

/**
 * @param giveUp called when the time is over
 * @throws Diagnostic `no-answer`
 */
export async function inTime<T>(ms: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(noAnswer(ms));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const noAnswer = (ms: number): Diagnostic =>
  new Diagnostic({
    code: "no-answer",
    what: `the database did not answer within ${ms} ms`,
    next: "see what it is at: `select * from pg_stat_activity`; on the embedded engine, what the service is at",
  });
