import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  countBetween,
  emptySlots,
  firstWhere,
  lastWhere,
  ordinalsWhere,
  slotsFrom,
  slotsOf,
  summaryOf,
  withSlot,
  type Question,
  type Slots,
} from "../../../server/src/engine/rollout/slots.js";
import type { Slot } from "../../../server/src/engine/rollout/slot.js";

const slot = (ordinal: fc.Arbitrary<number>): fc.Arbitrary<Slot> =>
  fc
    .record({
      ordinal,
      ready: fc.boolean(),
      terminating: fc.boolean(),
      revision: fc.constantFrom("a", "b"),
      empty: fc.boolean(),
    })
    .map(({ ordinal: number, ready, terminating, revision, empty }) => ({
      ordinal: number,
      pod: empty
        ? undefined
        : {
            ordinal: number,
            uid: number,
            revision,
            phase: "Running" as const,
            readySince: ready ? number % 7 : undefined,
            terminating,
            bound: true,
            owned: true,
            restarts: 0,
            due: undefined,
          },
      claims: [],
    }));

const ordinals = fc.oneof(fc.nat(20), fc.nat(600), fc.constantFrom(2 ** 31, 2 ** 32 - 1));
const questions: readonly (readonly [string, Question])[] = [
  ["missing", ({ pods }, size) => pods < size],
  ["there", ({ pods }) => pods > 0],
  ["unhealthy", ({ unhealthy }) => unhealthy > 0],
  ["young", ({ lastReady }) => lastReady > 3],
  ["outdated", ({ revision }) => revision.type === "mixed" || (revision.type === "all" && revision.value !== "a")],
];

/** Without a tree: asks each ordinal by itself. */
function scan(held: ReadonlyMap<number, Slot>, from: number, to: number, question: Question): readonly number[] {
  const found: number[] = [];
  for (let ordinal = from; ordinal <= to; ordinal++) {
    const here = held.get(ordinal);
    const alone = here === undefined ? emptySlots : withSlot(emptySlots, here);
    if (question(summaryOf(alone), 1)) found.push(ordinal);
  }
  return found;
}

test("searching the tree finds what a scan finds", () => {
  fc.assert(
    fc.property(fc.array(slot(ordinals), { maxLength: 60 }), fc.nat(30), fc.nat(60), (slots, from, length) => {
      const held = new Map(slots.map((one) => [one.ordinal, one]));
      const tree = slots.reduce<Slots>(withSlot, emptySlots);
      const to = from + length;
      for (const [title, question] of questions) {
        const expected = scan(held, from, to, question);
        assert.equal(firstWhere(tree, from, to, question), expected[0], title);
        assert.equal(lastWhere(tree, from, to, question), expected.at(-1), title);
      }
      const ready = scan(held, from, to, (summary) => summary.ready > 0).length;
      assert.equal(
        countBetween(tree, from, to, ({ pods, ready: known }) => (pods <= 1 ? known : undefined)),
        ready,
      );
      const present = [...held.values()]
        .filter(({ pod }) => pod !== undefined)
        .toSorted((a, b) => a.ordinal - b.ordinal);
      assert.deepEqual([...slotsOf(tree)], present);
      assert.deepEqual(
        ordinalsWhere(tree, ({ pods }) => pods > 0),
        present.map(({ ordinal }) => ordinal),
      );
    }),
  );
});

test("a tree built at once equals one built slot by slot", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), (first, count) => {
      const slots = Array.from(
        { length: count },
        (_, index) => fc.sample(slot(fc.constant(first + index)), { numRuns: 1, seed: index })[0],
      );
      const present = slots.filter((one) => one?.pod !== undefined) as Slot[];
      if (present.length < count) return;
      const built = slotsFrom(present);
      assert.deepEqual([...slotsOf(built)], present);
      assert.deepEqual(summaryOf(built), summaryOf(present.reduce<Slots>(withSlot, emptySlots)));
    }),
  );
});

test("changing a slot leaves the earlier tree as it was", () => {
  const one = fc.sample(slot(fc.constant(3)), { numRuns: 1, seed: 1 })[0] ?? assert.fail();
  const before = withSlot(emptySlots, {
    ...one,
    claims: [{ template: "data", uid: 1, owner: { type: "none" }, terminating: false }],
  });
  const after = withSlot(before, { ordinal: 3, pod: undefined, claims: [] });
  assert.equal([...slotsOf(before)].length, 1);
  assert.equal([...slotsOf(after)].length, 0);
});
