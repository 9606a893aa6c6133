import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface Answered {
  readonly code: number | null;
  /** All that was shown, without colours and movements. */
  readonly screen: string;
}

/**
 * Runs `verso` on a pseudo-terminal of 80 columns, which `script` of util-linux makes, and answers what it asks.
 * @param answers what is shown, in that order, and the keys that are pressed then
 */
export function onTerminal(
  folder: string,
  args: readonly string[],
  answers: readonly (readonly [shown: string, keys: string])[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const command = [process.execPath, resolve("cli/verso.mjs"), ...args].map((word) => `'${word}'`).join(" ");
  const { DATABASE_URL: _, CI: __, ...inherited } = process.env;
  const child = spawn("script", ["-qec", `stty cols 80 rows 40; ${command}`, "/dev/null"], {
    cwd: folder,
    env: { ...inherited, TERM: "xterm", NO_COLOR: "1", SHELL: "/bin/sh", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  let seen = 0;
  const waiting = [...answers];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = waiting;
    if (next === undefined || !stripVTControlCharacters(screen.slice(seen)).includes(next[0])) return;
    seen = screen.length;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  return new Promise((done, failed) => {
    child.on("error", failed).on("close", (code) => done({ code, screen: stripVTControlCharacters(screen) }));
  });
}
