/** What must not outlive this process even when it is interrupted. */
type Closer = () => Promise<void>;

const closers = new Set<Closer>();
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs `close` when a signal ends the process. The returned function takes it off the list, once closed in good order. */
export function closeOnSignal(close: Closer): () => void {
  if (closers.size === 0) for (const signal of signals()) process.once(signal, interrupt);
  closers.add(close);
  return () => {
    closers.delete(close);
    if (closers.size === 0) for (const signal of signals()) process.off(signal, interrupt);
  };
}

const signals = (): readonly (keyof typeof SIGNALS)[] => Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];

function interrupt(signal: keyof typeof SIGNALS): void {
  const waiting = [...closers];
  closers.clear();
  const hurry = new Promise((resolve) => setTimeout(resolve, 5_000));
  const all = Promise.allSettled(waiting.map((close) => close()));
  void Promise.race([all, hurry]).then(() => process.exit(SIGNALS[signal]));
}
