import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupClaims } from "../../../server/src/engine/rollout/claim-groups.js";
import { layoutOf, visibleRows } from "../../../server/src/engine/drawing/layout.js";
import { changedOrdinals } from "../../../server/src/engine/rollout/slot-changes.js";
import { axisMarks, formatDuration, formatMoment } from "../../../server/src/engine/rollout/time.js";
import { emptySlots, slotAt, withClaims, type Slots } from "../../../server/src/engine/rollout/slots.js";

test("times as people write them", () => {
  assert.deepEqual([0, 59.6, 60, 200, 3600, 3900, 24_000].map(formatDuration), [
    "0 s",
    "1 min",
    "1 min",
    "3 min 20 s",
    "1 h",
    "1 h 5 min",
    "6 h 40 min",
  ]);
  assert.deepEqual([0, 74, 600, 3723].map(formatMoment), ["0:00", "1:14", "10:00", "1:02:03"]);
});

test("an axis never has more marks than fit, and they stand at moments that people count in", () => {
  assert.deepEqual(axisMarks(140, 8), [0, 20, 40, 60, 80, 100, 120, 140]);
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 1e7, noNaN: true }),
      fc.double({ min: 1, max: 30, noNaN: true }),
      (end, most) => {
        const marks = axisMarks(end, most);
        assert.ok(marks.length <= most + 1);
        assert.ok(marks.every((mark) => mark <= end));
      },
    ),
  );
});

test("the changed ordinals of two states are those whose slots differ, whatever was done", () => {
  const change = fc.record({ ordinal: fc.nat(3000), claims: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(change), fc.array(change, { maxLength: 5 }), (first, second) => {
      const before = first.reduce(changed, emptySlots);
      const after = second.reduce(changed, before);
      const ordinals = [...new Set([...first, ...second].map(({ ordinal }) => ordinal))];
      const differing = ordinals.filter((ordinal) => slotAt(before, ordinal) !== slotAt(after, ordinal));
      assert.deepEqual(new Set(changedOrdinals(before, after)), new Set(differing));
      assert.deepEqual(new Set(changedOrdinals(after, before)), new Set(differing));
    }),
  );
});

test("only the rows in sight are drawn", () => {
  assert.deepEqual(visibleRows(1000, 20, { top: 0, height: 400 }), { first: 0, last: 26 });
  assert.deepEqual(visibleRows(1000, 20, { top: 10_000, height: 400 }), { first: 494, last: 526 });
  assert.deepEqual(visibleRows(3, 58, { top: 0, height: 900 }), { first: 0, last: 2 });
});

test("lanes come closer the more there are, and a narrow panel keeps room for the bars", () => {
  const lanes = (count: number) =>
    Array.from({ length: count }, (_, ordinal) => ({
      ordinal,
      pod: `${"x".repeat(60)}-${ordinal}`,
      bars: [],
      claims: [],
    }));
  const space = { width: 400, zoom: 1, seconds: 10 };
  const [few, many, most] = [3, 50, 1000].map((count) => layoutOf(lanes(count), space).pitch);
  assert.ok(few! > many! && many! > most!);
  assert.ok(layoutOf(lanes(3), space).labelWidth < 150);
});

test("claims with one fate for one reason are told together, the worst first", () => {
  const claim = (ordinal: number, fate: "kept" | "deleted", why: string) => ({
    name: `data-db-${ordinal}`,
    ordinal,
    fate,
    why,
  });
  assert.deepEqual(
    groupClaims({ name: "db" }, [
      claim(0, "kept", "Its pod uses it"),
      claim(1, "deleted", "db-1 owned the claim and is gone"),
      claim(2, "deleted", "db-2 owned the claim and is gone"),
    ]),
    [
      { fate: "deleted", why: "Its pod owned the claim and is gone", names: ["data-db-1", "data-db-2"] },
      { fate: "kept", why: "Its pod uses it", names: ["data-db-0"] },
    ],
  );
});

/** A slot with as many claims as asked for. */
function changed(slots: Slots, { ordinal, claims }: { readonly ordinal: number; readonly claims: number }): Slots {
  const made = Array.from({ length: claims }, (_, index) => ({
    template: `t${index}`,
    uid: index,
    owner: { type: "none" as const },
    terminating: false,
  }));
  return withClaims(slots, ordinal, made);
}
