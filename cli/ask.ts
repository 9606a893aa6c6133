import { Diagnostic } from "../compiler/diagnostic.ts";

/** Whether somebody is there to answer: a prompt that nobody sees would wait forever. */
export const isAnswered = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== "dumb";

// Prompts are talk, so that what is piped from standard output stays the result.
const where = { output: process.stderr };

/** Prompts are loaded where somebody is asked: other commands need not wait for them. */
const prompts = () => import("@clack/prompts");

interface Question {
  readonly message: string;
  /** What an empty answer means. */
  readonly usual?: string;
  /** What is wrong with an answer, in words; undefined for nothing. */
  readonly validate?: (answer: string) => string | undefined;
}

export async function askText({ message, usual, validate }: Question): Promise<string> {
  const { text } = await prompts();
  const answer = await text({
    ...where,
    message,
    ...(usual === undefined ? {} : { placeholder: usual, defaultValue: usual }),
    validate: (given) => validate?.(given === undefined || given === "" ? (usual ?? "") : given),
  });
  return taken<string>(answer);
}

/** What is typed is not shown. An empty answer is none. */
export async function askSecret(message: string): Promise<string> {
  const { password } = await prompts();
  return taken<string | undefined>(await password({ ...where, message })) ?? "";
}

export async function askWhether(message: string, usual: boolean): Promise<boolean> {
  const { confirm } = await prompts();
  return taken<boolean>(await confirm({ ...where, message, initialValue: usual }));
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export async function askWhich(message: string, choices: readonly Choice[], usual?: string): Promise<string> {
  const { select } = await prompts();
  const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) }));
  return taken<string>(
    await select({ ...where, message, options, ...(usual === undefined ? {} : { initialValue: usual }) }),
  );
}

/** @throws Diagnostic `cancelled` where Ctrl-C or Escape was the answer */
function taken<T>(answer: T | symbol): T {
  if (typeof answer !== "symbol") return answer;
  throw new Diagnostic({
    code: "cancelled",
    what: "nothing was done: the questions were broken off",
    next: "run the command again; its options, which `--help` lists, answer the questions as well",
  });
}
