/**
 * What an `IntOrString` comes to out of a total: `2` is 2, `50%` of 5 is 3 or 2 as it is rounded. `undefined` for any
 * other text. As apimachinery pkg/util/intstr.GetScaledValueFromIntOrPercent (Kubernetes 1.36).
 */
export function scaledValue(value: number | string, total: number, rounding: "up" | "down"): number | undefined {
  if (typeof value === "number") return value;
  const match = /^(\d{1,6})%$/.exec(value);
  if (match === null) return undefined;
  const exact = (Number(match[1]) * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}
