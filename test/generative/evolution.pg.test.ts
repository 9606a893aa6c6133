import { liveThrough } from "./liveThrough.ts";

liveThrough({ numRuns: 8, seed: 3, isShrunk: false });
