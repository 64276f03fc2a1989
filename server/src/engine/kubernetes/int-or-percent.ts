/**
 * What an `IntOrString` comes to out of a total: `2` is 2, `50%` of 5 is 3 or 2 as it is rounded. `undefined` for any
 * other text. As apimachinery pkg/util/intstr.GetScaledValueFromIntOrPercent (Kubernetes 1.36).
 */
/** The number or percentage that a text was probably meant to be: `"2"` -> 2, `50 %` -> `50%`. */
export function repairedAmount(text: string): number | string | undefined {
  const [, number, percent] = /^(\d{1,9}) ?(%|percent|pct)?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  return percent === undefined ? Number(number) : `${number}%`;
}

export function scaledValue(value: number | string, total: number, rounding: "up" | "down"): number | undefined {
  if (typeof value === "number") return value;
  const match = /^(\d{1,6})%$/.exec(value);
  if (match === null) return undefined;
  const exact = (Number(match[1]) * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** The API server's words for a text that is no percentage: IsValidPercent, apimachinery pkg/util/validation (1.36). */
export const percentSyntax =
  "a valid percent string must be a numeric string followed by an ending '%' " +
  "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
