/**
 * How much a finding matters. `error`: the API server will reject it or it will surely fail; `warning`: very likely a
 * mistake; `info` and `hint`: worth knowing.
 */
export const severities = ["error", "warning", "info", "hint"] as const;
export type Severity = (typeof severities)[number];
