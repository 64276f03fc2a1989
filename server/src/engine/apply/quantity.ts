/**
 * The text that the API server stores for an amount: apimachinery pkg/api/resource/quantity.go, Kubernetes 1.36.
 * `1024Mi` becomes `1Gi`, but `1073741824` stays as it is: an amount keeps its format, of SI (`1G`), binary (`1Gi`) and
 * exponent (`1e9`).
 */

type Format = "SI" | "binary" | "exponent";

interface Parsed {
  /** In billionths, rounded up to whole ones. */
  readonly nanos: bigint;
  readonly format: Format;
  /** The power of ten of the last digit that is written. */
  readonly scale: number;
  /** Whether the text itself is kept, because it looks like the canonical one. */
  readonly keepsText: boolean;
}

/** The stored text of an amount; `undefined` where it is none. `milli` rounds up to thousandths (SetDefaults_ResourceList). */
export function storedQuantity(value: string | number, rounding?: "milli"): string | undefined {
  const text = String(value).trim();
  if (text === "0") return text;
  const parsed = parse(text);
  if (parsed === undefined) return undefined;
  const isRounded = rounding === "milli" && parsed.scale < -3;
  if (parsed.keepsText && !isRounded) return text;
  return canonical(isRounded ? roundedToMilli(parsed.nanos) : parsed.nanos, parsed.format);
}

const unit = 10n ** 9n;
const milli = 10n ** 6n;
/** Amounts in binary format are capped there. */
const most = (2n ** 63n - 1n) * unit;

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const syntax = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?$/;

/** ParseQuantity. */
function parse(text: string): Parsed | undefined {
  const [, sign = "", written = "", denominator = "", suffix = ""] = syntax.exec(text) ?? [];
  const unitOf = interpret(suffix);
  if (unitOf === undefined || written + denominator === "") return undefined;
  const { format, exponent } = unitOf;
  const numerator = written.replace(/^0+/, "") || "0";
  const shifted = numerator + denominator;
  const factor = format === "binary" ? 2n ** BigInt(exponent) : powerOfTen(exponent);
  const amount = roundUp(
    BigInt(shifted) * unit * factor,
    10n ** BigInt(denominator.length) * (format === "binary" ? 1n : powerOfTen(-exponent)),
  );
  const capped = format === "binary" && amount > most ? most : amount;
  const scale = (format === "binary" ? 0 : exponent) - denominator.length;
  // The precision that an int64 holds; beyond it ParseQuantity keeps no text.
  const fits =
    format === "binary"
      ? denominator === "" && 14 - numerator.length - Math.floor(exponent * 0.3) >= 0
      : shifted.length <= 18 && scale >= -9;
  const looksCanonical =
    format === "binary"
      ? exponent % 10 === 0 && (BigInt(shifted) & 7n) !== 0n
      : scale % 3 === 0 && !shifted.endsWith("000") && !shifted.startsWith("0");
  return {
    nanos: sign === "-" ? -capped : capped,
    format: format === "binary" && !fits && capped > 0n && capped < unit ? "SI" : format,
    scale,
    keepsText: fits && looksCanonical,
  };
}

function interpret(suffix: string): { readonly format: Format; readonly exponent: number } | undefined {
  if (Object.hasOwn(decimalExponents, suffix)) return { format: "SI", exponent: decimalExponents[suffix] ?? 0 };
  if (Object.hasOwn(binaryExponents, suffix)) return { format: "binary", exponent: binaryExponents[suffix] ?? 0 };
  return /^[eE][-+]?\d+$/.test(suffix) ? { format: "exponent", exponent: Number(suffix.slice(1)) } : undefined;
}

/** 1 for a negative power; no amount that counts has more than 60 places. */
function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(Math.min(Math.max(exponent, 0), 60));
}

function roundUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function roundedToMilli(nanos: bigint): bigint {
  return nanos < 0n ? -roundUp(-nanos, milli) * milli : roundUp(nanos, milli) * milli;
}

/** CanonicalizeBytes. */
function canonical(nanos: bigint, format: Format): string {
  if (nanos === 0n) return "0";
  const size = nanos < 0n ? -nanos : nanos;
  if (format === "binary" && size >= 1024n * unit && size % unit === 0n) {
    const { rest, times } = withoutFactors(nanos / unit, 1024n);
    return `${rest}${suffixOf(binaryExponents, times * 10)}`;
  }
  const { rest, times } = withoutFactors(nanos, 10n);
  const exponent = times - 9;
  const padding = ((exponent % 3) + 3) % 3;
  const digits = `${rest}${"0".repeat(padding)}`;
  if (format === "exponent") return exponent - padding === 0 ? digits : `${digits}e${exponent - padding}`;
  return `${digits}${suffixOf(decimalExponents, exponent - padding)}`;
}

function withoutFactors(value: bigint, factor: bigint): { readonly rest: bigint; readonly times: number } {
  let rest = value;
  let times = 0;
  for (; rest % factor === 0n; times++) rest /= factor;
  return { rest, times };
}

function suffixOf(exponents: Readonly<Record<string, number>>, exponent: number): string {
  return Object.entries(exponents).find(([, one]) => one === exponent)?.[0] ?? "";
}
