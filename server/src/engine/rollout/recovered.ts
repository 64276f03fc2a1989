import { following } from "./runbook.js";
import { simulate, type Simulation, type SimulationInput } from "./simulate.js";

/**
 * What becomes of a rollout that is stuck or refused when its runbook is followed: from where it got stuck, or instead of
 * what is refused. `undefined` where there is no runbook, or only the reader can act.
 */
export function recovered(input: SimulationInput, { outcome }: Simulation): Simulation | undefined {
  const runbook = outcome.type === "stuck" || outcome.type === "rejected" ? outcome.runbook : undefined;
  if (runbook === undefined || runbook.steps.every(({ plays }) => plays.length === 0)) return undefined;
  const { scenario } = input;
  const before = outcome.type === "rejected" ? { ...scenario, actions: [] } : scenario;
  return simulate({ ...input, scenario: following(before, runbook) });
}
