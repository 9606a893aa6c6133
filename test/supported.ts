/** Every major version that Verso is for. */
export const SUPPORTED = [14, 15, 16, 17, 18] as const;
