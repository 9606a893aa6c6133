type Work = () => Promise<unknown> | unknown;

/** Milliseconds that the middle one of several runs takes. */
export async function median(times: number, work: Work): Promise<number> {
  const [taken = 0] = await medians(times, [work]);
  return taken;
}

/** The same of each, run in turn, so that whatever else the machine does falls to all of them. */
export async function medians(times: number, works: readonly Work[]): Promise<readonly number[]> {
  return (await turns(times, works)).map(medianOf);
}

/** Milliseconds of every run of each, by turns. */
export async function turns(times: number, works: readonly Work[]): Promise<readonly (readonly number[])[]> {
  const taken: number[][] = works.map(() => []);
  for (let run = 0; run < times; run++) {
    for (const [at, work] of works.entries()) {
      const start = performance.now();
      await work();
      taken[at]?.push(performance.now() - start);
    }
  }
  return taken;
}

export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A line for what was measured: in milliseconds, and as a ratio to something else. */
export function row(what: string, ms: number, ratio = ""): void {
  console.log(`${what.padEnd(52)} ${ms.toFixed(0).padStart(8)} ms  ${ratio}`);
}

export const PG_DUMP = process.env.PG_DUMP ?? "/usr/lib/postgresql/15/bin/pg_dump";
