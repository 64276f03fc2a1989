import { behaviourOf, defaultRelease } from "../../server/src/engine/kubernetes/versions.js";
import { editing, type Scenario } from "../../server/src/engine/rollout/scenario.js";
import { play, simulate } from "../../server/src/engine/rollout/simulate.js";

/*
 * `npm run bench`: a rolling update of every pod, for sets of several sizes. The cost of a step must not grow with the
 * number of steps already taken (first and second half of one rollout), and 1,000 replicas must take less than 100 ms.
 */

const sizes = [10, 100, 1_000, 5_000];
const allowedFor1000 = 100;
const runs = 7;
const behaviour = behaviourOf(defaultRelease, {});

function rollingUpdate(replicas: number): Scenario {
  const spec = { name: "db", replicas, claims: ["data"], timing: { containers: [{ readinessProbe: {} }] } };
  return editing({ ...spec, revision: "old" }, { ...spec, revision: "new" });
}

/** Milliseconds for the whole simulation, with all its states kept, and the number of its steps. */
function timeWhole(replicas: number): { readonly total: number; readonly steps: number } {
  const started = performance.now();
  const { steps, outcome } = simulate({ scenario: rollingUpdate(replicas), behaviour });
  const total = performance.now() - started;
  if (outcome.type !== "converged") throw new Error(`the rollout of ${replicas} replicas is ${outcome.type}`);
  return { total, steps: steps.length };
}

/** Microseconds per step in the first and in the second half of one rollout. */
function timeHalves(replicas: number, steps: number): { readonly first: number; readonly second: number } {
  const half = Math.floor(steps / 2);
  const playing = play({ scenario: rollingUpdate(replicas), behaviour });
  const started = performance.now();
  for (let taken = 0; taken < half; taken++) playing.next();
  const between = performance.now();
  while (playing.next().done !== true);
  const ended = performance.now();
  return { first: ((between - started) * 1000) / half, second: ((ended - between) * 1000) / (steps - half) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

// The engine is compiled while it runs: a few runs are not counted.
for (let warmUp = 0; warmUp < 8; warmUp++) timeHalves(1_000, timeWhole(1_000).steps);

console.log("replicas   steps      whole  per step  first half  second half");
for (const replicas of sizes) {
  const wholes = Array.from({ length: runs }, () => timeWhole(replicas));
  const steps = wholes[0]?.steps ?? 0;
  const total = median(wholes.map((whole) => whole.total));
  const halves = Array.from({ length: runs }, () => timeHalves(replicas, steps));
  const columns = [
    String(replicas).padStart(8),
    String(steps).padStart(7),
    `${total.toFixed(1)} ms`.padStart(10),
    `${((total * 1000) / steps).toFixed(1)} µs`.padStart(9),
    `${median(halves.map(({ first }) => first)).toFixed(1)} µs`.padStart(11),
    `${median(halves.map(({ second }) => second)).toFixed(1)} µs`.padStart(12),
  ];
  console.log(columns.join(" "));
  if (replicas === 1_000 && total > allowedFor1000) {
    console.error(`1,000 replicas take more than ${allowedFor1000} ms`);
    process.exitCode = 1;
  }
}
