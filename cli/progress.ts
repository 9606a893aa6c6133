import { durationText } from "../compiler/quantities.ts";
import { holdLine, paint, tell } from "./terminal.ts";

/** Long work as it is told while it goes on. */
export interface Work {
  /**
   * Where it stands.
   * @param phase what is being done now, such as a table's name
   * @param done in the unit of `total`
   * @param total none where nobody knows how much there is
   */
  advance(phase: string, done?: number, total?: number): void;
  /** Its end, with a line on what came of it where there is something to say. */
  end(summary?: string): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const BAR_COLUMNS = 20;
const FRAME_MS = 80;
/** Shorter work is over before a line about it could be read. */
const QUIET_MS = 300;
/** Where lines stay, in a log, there is one now and then. */
const PLAIN_MS = 10_000;

/**
 * Starts telling of long work on standard error: on a terminal one line with a spinner, and a bar where the total is known, that
 * is gone when the work is; elsewhere a plain line every ten seconds. The caller ends it, whatever happens.
 */
export function startWork(label: string): Work {
  const started = performance.now();
  const isLive = process.stderr.isTTY === true && process.env.TERM !== "dumb" && !process.env.CI;
  let state: State = { label, done: 0, total: 0, phase: "" };
  let toldAt = started;
  const draw = () => {
    const now = performance.now();
    const elapsedMs = now - started;
    if (isLive) {
      if (elapsedMs >= QUIET_MS) holdLine(liveLine(state, elapsedMs, process.stderr.columns ?? 80));
    } else if (now - toldAt >= PLAIN_MS) {
      toldAt = now;
      tell(plainLine(state, elapsedMs));
    }
  };
  const timer = setInterval(draw, FRAME_MS);
  // A process whose work is over ends, although somebody forgot to say so.
  timer.unref();
  return {
    advance: (phase, done = 0, total = 0) => {
      state = { label, done, total, phase };
      draw();
    },
    end: (summary) => {
      clearInterval(timer);
      holdLine(null);
      if (summary !== undefined) tell(summary);
    },
  };
}

/** Runs work that is told of from its start to its end, also when it fails. */
export async function working<T>(label: string, work: (told: Work) => Promise<T>): Promise<T> {
  const told = startWork(label);
  try {
    return await work(told);
  } finally {
    told.end();
  }
}

interface State {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly phase: string;
}

/** A line for a terminal of so many columns; never longer, since a line that wraps cannot be taken back. */
export function liveLine({ label, done, total, phase }: State, elapsedMs: number, columns: number): string {
  const frame = FRAMES[Math.floor(elapsedMs / FRAME_MS) % FRAMES.length] ?? "";
  const time = durationText(elapsedMs, "s");
  const share = total > 0 ? Math.min(1, done / total) : null;
  const far = share === null ? "" : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
  const hasBar = share !== null && columns >= 60;
  const bar = hasBar ? ` ${barOf(share)}` : "";
  const room = columns - 1 - (2 + (hasBar ? BAR_COLUMNS + 1 : 0) + far.length + 1 + time.length);
  const words = shortened(phase === "" ? label : `${label}: ${phase}`, room);
  return `${paint("cyan", frame, process.stderr)} ${words}${bar}${far} ${paint("dim", time, process.stderr)}`;
}

function barOf(share: number): string {
  const full = Math.round(share * BAR_COLUMNS);
  return paint("cyan", "━".repeat(full), process.stderr) + paint("dim", "─".repeat(BAR_COLUMNS - full), process.stderr);
}

function plainLine({ label, done, total, phase }: State, elapsedMs: number): string {
  const far = total > 0 ? [`${Math.floor(Math.min(1, done / total) * 100)} %`] : [];
  return [`${label}${phase === "" ? "" : `: ${phase}`}`, ...far, durationText(elapsedMs, "s")].join(", ");
}

const shortened = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
