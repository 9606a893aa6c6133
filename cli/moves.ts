import type { Argv } from "yargs";
import type { Outcome } from "../compiler/apply/apply.ts";
import { rowsText } from "../compiler/apply/losses.ts";
import type { OnProgress } from "../compiler/apply/progress.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { durationText } from "../compiler/quantities.ts";
import type { Session } from "../compiler/session/session.ts";
import { watch } from "../compiler/session/watch.ts";
import { DOMAIN, TARGET } from "./options.ts";
import { type Work, working } from "./progress.ts";
import { openTarget } from "./project.ts";
import { paint, paintSql, print, printJson, tell, tellNote } from "./terminal.ts";

/** What `verso apply` and `verso rollback` are told. */
export interface MoveArgs {
  readonly domain?: string;
  readonly target?: string;
  readonly to?: string;
  readonly steps?: number;
  readonly dryRun?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly lockTimeout?: number;
  readonly json?: boolean;
}

export const moveOptions = (args: Argv, { to, steps }: { readonly to: string; readonly steps: string }) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("to", { type: "string", describe: to })
    .option("steps", { type: "number", describe: steps })
    .option("dry-run", { type: "boolean", describe: "check everything, print what would run, change nothing" })
    .option("accept-data-loss", { type: "boolean", describe: "consent to what is named as destroyed" })
    .option("lock-timeout", { type: "number", describe: "milliseconds that a statement may wait for a lock (3000)" });

/** The options of a move, as the library takes them. */
export function moveOptionsOf(args: MoveArgs) {
  if (args.steps !== undefined && !(Number.isInteger(args.steps) && args.steps > 0)) {
    throw new Diagnostic({
      code: "usage",
      what: "--steps takes a whole number from 1 on",
      next: "leave it out for all, or write --steps 1",
    });
  }
  if (args.lockTimeout !== undefined && !(args.lockTimeout >= 0)) {
    throw new Diagnostic({
      code: "usage",
      what: "--lock-timeout takes a number of milliseconds",
      next: "leave it out for 3000, or write --lock-timeout 10000",
    });
  }
  return {
    ...(args.to === undefined ? {} : { to: args.to }),
    ...(args.steps === undefined ? {} : { steps: args.steps }),
    ...(args.lockTimeout === undefined ? {} : { lockTimeoutMs: args.lockTimeout }),
    dryRun: args.dryRun === true,
    acceptDataLoss: args.acceptDataLoss === true,
  };
}

const stepText = ({ name, step, of }: { readonly name: string; readonly step: number; readonly of: number }): string =>
  of > 1 ? `${name}, step ${step} of ${of}` : name;

/** Tells what a move does while it does it; with --json nothing but where it stands. */
export const tellOf =
  (work: Work, { json }: MoveArgs): OnProgress =>
  (progress) => {
    if (progress.event === "step started") {
      const { step, of } = progress;
      work.advance(stepText(progress), step - 1, of > 1 ? of : 0);
    }
    if (progress.event === "comparing") work.advance(`comparing with what ${progress.name} leads to`);
    if (!json) tellLines(progress);
  };

/**
 * Runs a move and tells what it does; on a server a second connection asks how far a long statement is. Where that connection
 * is not to be had, the move goes on untold.
 */
export const watched = <T>(
  session: Session,
  domain: string,
  args: MoveArgs & { readonly label: string },
  move: (onProgress: OnProgress) => Promise<T>,
): Promise<T> =>
  working(args.label, async (work) => {
    const pid = await pidOf(session);
    const watcher =
      session.engine === "server" && !args.dryRun ? await openTarget(domain, args.target).catch(() => null) : null;
    let step = "";
    const stop =
      watcher === null
        ? null
        : watch(watcher, pid, ({ phase, done, total }) => work.advance(`${step}: ${phase}`, done, total));
    try {
      const tellProgress = tellOf(work, args);
      return await move((progress) => {
        if (progress.event === "step started") step = stepText(progress);
        tellProgress(progress);
      });
    } finally {
      await stop?.();
      await watcher?.close();
    }
  });

async function pidOf(session: Session): Promise<number> {
  const [backend] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  return backend?.pid ?? 0;
}

const tellLines: OnProgress = (progress) => {
  switch (progress.event) {
    case "migration started": {
      const resumed = progress.done > 0 ? `, resumed after step ${progress.done}` : "";
      return tell(`${progress.side === "forward" ? "→" : "←"} ${progress.name}${resumed}`);
    }
    case "step retried":
      return tell(`  step ${progress.step}: ${progress.why}; again in ${durationText(progress.waitMs)}`);
    case "step started":
    case "step finished":
    case "comparing":
      return;
    case "migration finished":
      return tell(`  ${paint("green", "done", process.stderr)} in ${durationText(progress.durationMs)}`);
    case "note":
      return tellNote(progress.text);
  }
};

export function reportMoves(
  outcome: Outcome,
  { name }: { readonly name: string },
  verb: string,
  args: MoveArgs,
): number {
  if (args.json) {
    printJson({ target: name, ...outcome });
    return 0;
  }
  if (outcome.isDryRun) {
    for (const { name: migration, sql, losses } of outcome.moves) {
      for (const { what, rows } of losses) {
        tell(`${paint("yellow", "destroys", process.stderr)}: ${migration}: ${what} (${rowsText(rows)})`);
      }
      print(paintSql(sql));
    }
  }
  const count = outcome.moves.length;
  if (count === 0) tell(`${name}: nothing to ${verb}`);
  else
    tell(
      `${name}: ${count === 1 ? "1 migration" : `${count} migrations`} ${outcome.isDryRun ? "would be" : count === 1 ? "was" : "were"} ${verb === "apply" ? "applied" : "rolled back"}`,
    );
  return 0;
}
