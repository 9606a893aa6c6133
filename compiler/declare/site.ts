/** Where a constructor was called: V8 formats `stack` only when somebody reads it, so that capturing is cheap. */
export interface Site {
  readonly stack?: string;
}

/** Under this key every declaration carries the place it was written at; copied by spreading, not printed as JSON. */
export const AT: unique symbol = Symbol.for("verso.at") as never;

export interface Sited {
  readonly [AT]?: Site;
}

/** The call site of `caller`, a few frames deep: helpers of the definitions may stand between. */
export function captureSite(caller: object): Site {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 10;
  const site: Site = {};
  Error.captureStackTrace(site, caller as never);
  Error.stackTraceLimit = limit;
  return site;
}
