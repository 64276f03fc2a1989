import { isFeatureGate, type GateOverrides, type Release } from "../../../server/src/engine/kubernetes/versions.js";
import { isMapping } from "../../../server/src/engine/yaml/plain.js";

/* What the checks of messages and of memories are made of. */

/** JSON-RPC turns what is undefined into nothing at all, or into null. */
export function optional(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isRight(value);
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Which neither infinity nor NaN is: both come through where messages are cloned. */
export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

export function isRelease(value: unknown): value is Release {
  return isMapping(value) && isCount(value["minor"]) && optional(value["patch"], isCount);
}

export function isGateOverrides(value: unknown): value is GateOverrides {
  return (
    isMapping(value) && Object.entries(value).every(([name, on]) => isFeatureGate(name) && typeof on === "boolean")
  );
}

export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isMapping(value) && Object.values(value).every(isString);
}
