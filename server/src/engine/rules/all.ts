import { rules } from "./registry.js";
import { coreRules, type CoreRule } from "../lint/core-rules.js";

/** Every rule that a user can name, by id: those about resources and those about the text. */
export const allRules: readonly CoreRule[] = [...rules, ...coreRules].toSorted((a, b) => (a.id < b.id ? -1 : 1));
