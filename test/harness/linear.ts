import assert from "node:assert/strict";
import { processorTime } from "./processor-time.js";

/**
 * Checks that work on four times as much takes about four times the processor time: a quadratic step makes it sixteen.
 * What takes less than a few milliseconds is too short to compare, and fast.
 */
export function assertLinear(work: (size: number) => void, size: number): void {
  work(size);
  const [small, large] = [size, 4 * size].map((each) =>
    Math.min(...[1, 2, 3].map(() => processorTime(() => work(each)))),
  );
  assert.ok(small !== undefined && large !== undefined);
  const times = large / Math.max(small, 5);
  assert.ok(
    times < 8,
    `${size}: ${small.toFixed(0)} ms, ${4 * size}: ${large.toFixed(0)} ms, ${times.toFixed(1)} times`,
  );
}
