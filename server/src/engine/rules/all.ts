import { rules } from "./registry.js";
import type { Rule } from "../lint/rule.js";
import { coreRules, type CoreRule } from "../lint/core-rules.js";

/** Every rule that a user can name, by id: those about resources and those about the text. */
export const allRules: readonly CoreRule[] = withCoreRules(rules);

/** The same for other rules about resources. */
export function withCoreRules(some: readonly Rule[]): readonly CoreRule[] {
  return [...some, ...coreRules].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
