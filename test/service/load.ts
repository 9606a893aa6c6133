export const REQUESTS = 10_000;
const AT_ONCE = 50;

/** Asks so many times, and counts the answers by their status. */
export async function fire(ask: () => Promise<number>): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  const one = async () => {
    for (let n = 0; n < REQUESTS / AT_ONCE; n++) {
      const status = await ask();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return counts;
}
