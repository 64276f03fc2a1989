import assert from "node:assert/strict";
import { isFast, many } from "./fast.js";
import { processorTime } from "./processor-time.js";

/**
 * Checks that work on four times as much takes about four times the processor time: a quadratic step makes it sixteen.
 * What takes less than a few milliseconds is too short to compare, and fast. What the engine compiles or collects
 * meanwhile counts, too, so one of three tries is enough. The fast tests do it once, on little, and measure nothing.
 */
export function assertLinear(work: (size: number) => void, size: number): void {
  if (isFast) return work(many(size));
  const tries: string[] = [];
  while (tries.length < 3) {
    const small = processorTime(() => work(size));
    const large = processorTime(() => work(4 * size));
    if (large < 8 * Math.max(small, 5)) return;
    tries.push(`${size}: ${small.toFixed(0)} ms, ${4 * size}: ${large.toFixed(0)} ms`);
  }
  assert.fail(tries.join("; "));
}
