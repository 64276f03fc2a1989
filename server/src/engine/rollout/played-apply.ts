import * as v from "valibot";
import type { Scenario } from "./scenario.js";
import { optional, type ReadPartly } from "./schema.js";
import { apiError, writtenSpec } from "./spec.js";
import { describedStart } from "./start.js";

/**
 * An apply as the API server takes it or refuses it, for a process that has only the simulation: plain data, from which
 * `scenarioOf` makes what is played.
 */
const apply = v.object({
  /** What is stored when it comes; `undefined` where there is no set. */
  from: optional(writtenSpec),
  /** What else is there then. */
  start: optional(describedStart),
  spec: writtenSpec,
  /** See the action `apply` in scenario.ts. */
  refusals: optional(v.array(apiError)),
  wanted: optional(writtenSpec),
  refusedPods: optional(v.object({ revision: v.string(), field: v.string(), reason: v.string() })),
  /** What is worth knowing about the apply itself; one sentence each. */
  notes: v.array(v.string()),
});
export type PlayedApply = ReadPartly<typeof apply>;
export const playedApply: v.GenericSchema<unknown, PlayedApply> = apply;

/** What is played of an apply. */
export function scenarioOf({ from, start, spec, refusals, wanted }: PlayedApply): Scenario {
  const action = { type: "apply" as const, spec, ...(refusals && { refusals }), ...(wanted && { wanted }) };
  return {
    start:
      from === undefined ? { type: "nothing", described: start } : { type: "steady", spec: from, described: start },
    actions: [{ when: { type: "at", seconds: 0 }, action }],
    faults: [],
  };
}
