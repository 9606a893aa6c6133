/** digits × 10^-scale */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

export function decimalFrom(written: string): Decimal {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(written) ?? [];
  const digits = BigInt(`${whole}${fraction}` || "0");
  return { digits: sign === "-" ? -digits : digits, scale: fraction.length };
}

/** To a number of decimal places, which is below zero for tens; half away from zero. */
export function rounded({ digits, scale }: Decimal, places: number): Decimal {
  if (scale <= places) return { digits: digits * 10n ** BigInt(places - scale), scale: places };
  const unit = 10n ** BigInt(scale - places);
  const half = digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (digits + half) / unit, scale: places };
}

export function compareDecimals(one: Decimal, other: Decimal): number {
  const scale = Math.max(one.scale, other.scale);
  const difference = rounded(one, scale).digits - rounded(other, scale).digits;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
