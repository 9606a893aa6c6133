/** A feature, and the first server_version_num that has it. */
export interface Since {
  readonly version: number;
  readonly feature: string;
}

/** The newest of the features that a fact uses. */
export const newest = (...features: readonly (Since | false | null)[]): Since | null =>
  features.reduce<Since | null>(
    (known, one) => (one !== false && one !== null && one.version > (known?.version ?? 0) ? one : known),
    null,
  );

/** SQL without what is quoted in it, so that a word found in it is a word of SQL. */
export const unquoted = (sql: string): string => sql.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, "x");

/** `numeric(2,-3)` and `numeric(3,5)`. */
export function oddScale(type: string): Since | null {
  const [, precision, scale] = /^(?:numeric|decimal)\((\d+), ?(-?\d+)\)/.exec(type) ?? [];
  const isOdd = Number(scale) < 0 || Number(scale) > Number(precision);
  return isOdd ? { version: 150000, feature: "numeric with a scale below zero or above its precision" } : null;
}

/** Parameters of tables that not every version has, by name. */
const PARAMETERS: Readonly<Record<string, number>> = {
  autovacuum_vacuum_max_threshold: 180000,
  vacuum_max_eager_freeze_failure_rate: 180000,
};

export function newParameter(options: readonly string[]): Since | null {
  const names = options.map((option) => option.slice(0, option.indexOf("=")).replace(/^toast\./, ""));
  return newest(
    ...names.map((name) => {
      const version = PARAMETERS[name];
      return version === undefined ? null : { version, feature: `the storage parameter ${name}` };
    }),
  );
}

/** Roles that PostgreSQL brings, by name. */
const PREDEFINED: Readonly<Record<string, number>> = {
  pg_checkpoint: 150000,
  pg_create_subscription: 160000,
  pg_use_reserved_connections: 160000,
  pg_maintain: 170000,
  pg_signal_autovacuum_worker: 180000,
};

export function newRole(role: string): Since | null {
  const version = PREDEFINED[role];
  return version === undefined ? null : { version, feature: `the role ${role}` };
}
