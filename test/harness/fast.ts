import { describe } from "node:test";
import process from "node:process";

/**
 * `npm run test:fast` runs every pure test after each change, so it tries a law on a hundredth of the inputs, replays a
 * fortieth of the recordings, and leaves out what takes seconds by its very size. `npm test` leaves out nothing.
 */
export const isFast = process.env["ORDINAL_TEST_FAST"] === "1";

/** That number, or a hundredth of it. */
export function many(count: number): number {
  return isFast ? Math.ceil(count / 100) : count;
}

/** Tests that load a second engine, or need a second for another reason: left out where all must be done soon. */
export function describeSlow(title: string, tests: () => void): void {
  if (!isFast) describe(title, tests);
}

/** All items, or each fortieth of them. */
export function sampled<T>(all: readonly T[]): readonly T[] {
  return isFast ? all.filter((_, index) => index % 40 === 0) : all;
}
