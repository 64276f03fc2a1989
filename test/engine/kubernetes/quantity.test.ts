import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isMultipleOf, parseQuantity } from "../../../server/src/engine/kubernetes/quantity.js";

// apimachinery pkg/api/resource/quantity_test.go has these forms.
const amounts: readonly (readonly [text: string | number, nanos: bigint | undefined])[] = [
  ["0", 0n],
  ["1", 10n ** 9n],
  ["1.", 10n ** 9n],
  [".5", 5n * 10n ** 8n],
  [0.5, 5n * 10n ** 8n],
  ["+1Ki", 1024n * 10n ** 9n],
  ["-1", -(10n ** 9n)],
  ["100m", 10n ** 8n],
  ["1n", 1n],
  ["0.1n", 1n],
  ["1E", 10n ** 27n],
  ["1E3", 10n ** 12n],
  ["1e3", 10n ** 12n],
  ["5e-3", 5n * 10n ** 6n],
  ["1GB", undefined],
  ["1 Gi", undefined],
  ["1gi", undefined],
  ["1K", undefined],
  ["", undefined],
  [".", undefined],
  ["Gi", undefined],
  ["1e", undefined],
];

for (const [text, nanos] of amounts) {
  test(`${JSON.stringify(text)} is ${nanos === undefined ? "no amount" : `${nanos} billionths`}`, () => {
    assert.equal(parseQuantity(text)?.nanos, nanos);
  });
}

test("an amount is the same in each unit that can hold it", () => {
  fc.assert(
    fc.property(fc.nat(), (number) => {
      const base = parseQuantity(`${number}Gi`)?.nanos;
      assert.equal(parseQuantity(`${number * 1024}Mi`)?.nanos, base);
      assert.equal(parseQuantity(`${number}000m`)?.nanos, parseQuantity(String(number))?.nanos);
    }),
  );
});

for (const [amount, unit, expected] of [
  ["4Mi", "2Mi", true],
  ["3Mi", "2Mi", false],
  ["0", "2Mi", true],
  ["2Mi", "0", false],
] as const) {
  test(`${amount} is ${expected ? "a" : "no"} multiple of ${unit}`, () => {
    const [quantity, of] = [parseQuantity(amount), parseQuantity(unit)];
    assert.ok(quantity && of);
    assert.equal(isMultipleOf(quantity, of), expected);
  });
}
