/**
 * An amount as Kubernetes writes it: `10Gi`, `500m`, `1e3`. Kept in billionths, the finest that Kubernetes counts, so
 * that two amounts compare exactly.
 */
export interface Quantity {
  readonly nanos: bigint;
}

const one = 10n ** 9n;

/** Powers of ten in billionths, and powers of two: apimachinery pkg/api/resource/suffix.go. */
const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  "": one,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: one << 10n,
  Mi: one << 20n,
  Gi: one << 30n,
  Ti: one << 40n,
  Pi: one << 50n,
  Ei: one << 60n,
};

const syntax = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

/**
 * Reads a quantity as `resource.ParseQuantity` does (apimachinery pkg/api/resource/quantity.go, Kubernetes 1.36); a
 * number stands for its own text. `undefined` for anything else.
 */
export function parseQuantity(value: string | number): Quantity | undefined {
  const match = syntax.exec(String(value));
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", bareFraction = "", exponent = "e0", suffix = ""] = match;
  const decimals = fraction + bareFraction;
  const amount = BigInt(whole + decimals) * (suffixes[suffix] ?? one);
  // Kubernetes caps amounts beyond 2^63 and rounds up what is finer than a billionth: 60 places are more than enough.
  const places = Math.max(-60, Math.min(60, Number(exponent.slice(1)) - decimals.length));
  const nanos = places >= 0 ? amount * 10n ** BigInt(places) : roundUp(amount, 10n ** BigInt(-places));
  return { nanos: sign === "-" ? -nanos : nanos };
}

function roundUp(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor - 1n) / divisor;
}

/** Whether the amount has no fraction. */
export function isWhole({ nanos }: Quantity): boolean {
  return nanos % one === 0n;
}

/** Whether the amount is a multiple of another one. */
export function isMultipleOf(quantity: Quantity, unit: Quantity): boolean {
  return unit.nanos !== 0n && quantity.nanos % unit.nanos === 0n;
}
