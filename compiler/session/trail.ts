import type { Notice } from "./session.ts";

/** What a trail walks on: an engine that can be pictured and put back. */
export interface Walker {
  /** Sends a script to PostgreSQL. */
  execute(script: string, onNotice: (notice: Notice) => void): Promise<void>;
  /** The way back to here, or null where there is none: inside a transaction, after a library was loaded. */
  picture(): Promise<(() => void) | null>;
}

/** The scripts that led from an engine's beginning to a picture of it, and what they had to say. */
export interface Milestone {
  readonly steps: readonly Step[];
  readonly restore: () => void;
}

interface Step {
  readonly script: string;
  readonly notices: readonly Notice[];
}

export interface Trail {
  /** Runs a script, or, where a milestone lies on its way, only notes that it is passed. */
  run(script: string, onNotice: (notice: Notice) => void): Promise<void>;
  /** Does what was only noted. Before anything but a script is sent. */
  arrive(): Promise<void>;
}

/** A picture takes about 0.1 s and 80 MB, so it must spare more than that. */
const WORTH_MS = 400;
const MILESTONES_AT_MOST = 2;

/**
 * Builds the same state again by the same scripts, as a proof does several times, without running them again: an engine at
 * its beginning goes straight to the picture that was taken when these very scripts had been run. Scripts that cost much are
 * remembered; `milestones` belong to the engine and outlive the session, last used first.
 */
export function startTrail(walker: Walker, milestones: Milestone[]): Trail {
  const walked: Step[] = [];
  /** How many of the steps the engine has done; the others are known to work and wait. */
  let done = 0;
  let spentMs = 0;
  let hasArrived = false;

  const ahead = (script: string): Step | undefined => {
    const milestone = milestones.find(
      ({ steps }) => startsWith(steps, walked) && steps[walked.length]?.script === script,
    );
    return milestone?.steps[walked.length];
  };

  const catchUp = async (): Promise<void> => {
    if (done === walked.length) return;
    const milestone = milestones
      .filter(({ steps }) => steps.length > done && startsWith(walked, steps))
      .sort((a, b) => b.steps.length - a.steps.length)[0];
    if (milestone !== undefined) {
      milestones.splice(milestones.indexOf(milestone), 1);
      milestones.unshift(milestone);
      milestone.restore();
      done = milestone.steps.length;
    }
    for (const { script } of walked.slice(done)) await walker.execute(script, () => undefined);
    done = walked.length;
  };

  return {
    async run(script, onNotice) {
      if (hasArrived) return walker.execute(script, onNotice);
      const known = ahead(script);
      if (known !== undefined) {
        walked.push(known);
        known.notices.forEach(onNotice);
        return;
      }
      const notices: Notice[] = [];
      // Until it has worked it is no step to be repeated.
      hasArrived = true;
      await catchUp();
      const start = performance.now();
      await walker.execute(script, (notice) => {
        notices.push(notice);
        onNotice(notice);
      });
      spentMs += performance.now() - start;
      hasArrived = false;
      walked.push({ script, notices });
      done = walked.length;
      if (spentMs < WORTH_MS) return;
      const restore = await walker.picture();
      if (restore === null) return;
      spentMs = 0;
      milestones.unshift({ steps: [...walked], restore });
      milestones.splice(MILESTONES_AT_MOST);
    },
    async arrive() {
      hasArrived = true;
      await catchUp();
    },
  };
}

function startsWith(steps: readonly Step[], beginning: readonly Step[]): boolean {
  return beginning.length <= steps.length && beginning.every(({ script }, at) => steps[at]?.script === script);
}
