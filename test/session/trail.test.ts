import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Notice } from "../../compiler/session/session.ts";
import { type Milestone, startTrail, type Walker } from "../../compiler/session/trail.ts";

/** An engine whose state is the list of scripts it ran; `slow` ones take long, `bad` ones fail. */
let state: string[];
let executed: string[];
let canPicture: boolean;
let milestones: Milestone[];
const walker: Walker = {
  async execute(script, onNotice) {
    executed.push(script);
    if (script.includes("bad")) throw new Error(script);
    if (script.includes("slow")) vi.advanceTimersByTime(1000);
    if (script.includes("notice")) onNotice({ severity: "NOTICE", message: script });
    state.push(script);
  },
  async picture() {
    const here = [...state];
    return canPicture
      ? () => {
          state = [...here];
        }
      : null;
  },
};

/** A session that runs the scripts on an engine at its beginning, and then asks something. */
async function session(
  ...scripts: readonly string[]
): Promise<{ state: string[]; executed: string[]; notices: Notice[] }> {
  state = [];
  executed = [];
  const notices: Notice[] = [];
  const trail = startTrail(walker, milestones);
  for (const script of scripts) await trail.run(script, (notice) => notices.push(notice)).catch(() => undefined);
  await trail.arrive();
  return { state, executed, notices };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  milestones = [];
  canPicture = true;
  return () => vi.useRealTimers();
});

describe("a trail", () => {
  test("runs everything the first time, and only what is new the second", async () => {
    expect(await session("a", "slow", "b")).toMatchObject({ state: ["a", "slow", "b"], executed: ["a", "slow", "b"] });
    expect(await session("a", "slow", "b")).toMatchObject({ state: ["a", "slow", "b"], executed: ["b"] });
    expect(await session("a", "slow", "c")).toMatchObject({ state: ["a", "slow", "c"], executed: ["c"] });
  });

  test("leads elsewhere from the first script that differs", async () => {
    await session("a", "b", "slow");
    expect(await session("a", "c", "slow")).toMatchObject({ state: ["a", "c", "slow"], executed: ["a", "c", "slow"] });
    expect(await session("a", "b")).toMatchObject({ state: ["a", "b"], executed: ["a", "b"] });
    expect(await session()).toMatchObject({ state: [], executed: [] });
  });

  test("goes to the farthest milestone on the way", async () => {
    await session("slow 1", "slow 2");
    expect(milestones.map(({ steps }) => steps.length)).toEqual([2, 1]);
    expect((await session("slow 1", "slow 2", "x")).executed).toEqual(["x"]);
    expect((await session("slow 1", "y")).executed).toEqual(["y"]);
  });

  test("remembers nothing that is quick, and no more than two milestones", async () => {
    await session("a", "b");
    expect(milestones).toEqual([]);
    await session("slow 1", "slow 2", "slow 3");
    expect(milestones.map(({ steps }) => steps.length)).toEqual([3, 2]);
  });

  test("repeats notices of scripts that it passes", async () => {
    const { notices } = await session("notice", "slow");
    expect(notices).toHaveLength(1);
    expect(await session("notice", "slow")).toMatchObject({ executed: [], notices });
  });

  test("does not take a script that failed for a step, and stands still after it", async () => {
    expect(await session("a", "slow bad", "slow")).toMatchObject({ state: ["a", "slow"] });
    expect(milestones).toEqual([]);
  });

  test("takes its picture later where none can be taken, inside a transaction for one", async () => {
    state = [];
    const trail = startTrail(walker, milestones);
    canPicture = false;
    await trail.run("slow", () => undefined);
    expect(milestones).toEqual([]);
    canPicture = true;
    await trail.run("commit", () => undefined);
    expect(milestones.map(({ steps }) => steps.length)).toEqual([2]);
  });

  test("runs scripts again that come after something else was sent", async () => {
    await session("slow", "a");
    const trail = startTrail(walker, milestones);
    state = [];
    executed = [];
    await trail.arrive();
    await trail.run("slow", () => undefined);
    expect(executed).toEqual(["slow"]);
  });
});
