import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../../../server/src/engine/helm/expression.js";
import type { Plain } from "../../../server/src/engine/yaml/edit.js";

const values: Readonly<Record<string, Plain>> = { a: 3, b: "", c: "x-", d: { e: true }, f: [], g: "10" };

const context = {
  lookUp: ([root, first = "", second]: readonly string[]) => {
    if (root !== "Values") return undefined;
    const value = values[first] ?? null;
    return second === undefined || value === null
      ? value
      : ((value as Readonly<Record<string, Plain>>)[second] ?? null);
  },
  sourceOf: () => undefined,
  include: (name: string) => (name === "known" ? "db" : undefined),
};

/** `undefined`: nothing is said of it. What Helm 4.1.4 prints for the others was seen with `helm template`. */
const cases: readonly (readonly [expression: string, value: Plain | undefined])[] = [
  [".Values.a", 3],
  ["$.Values.a", 3],
  [".Values.d.e", true],
  ["toString 1000000", undefined],
  [".Values.none", null],
  [".Values.none | default 5", 5],
  [".Values.a | default 5 | quote", '"3"'],
  ['default "y" .Values.b', "y"],
  ['.Values.c | trunc 63 | trimSuffix "-"', "x"],
  ["int .Values.a", 3],
  ["not .Values.d.e", false],
  ["and .Values.d.e (not .Values.f)", true],
  ["or .Values.b .Values.a", 3],
  ['eq .Values.c "x-"', true],
  ['ne .Values.c "x-"', false],
  ["gt .Values.a 2", undefined],
  ["eq .Values.a 3", undefined],
  ['include "known" .', "db"],
  ['template "known" $', "db"],
  ['default (include "known" .) .Values.b', "db"],
  ['include "other" .', undefined],
  ['include "known" .Values', undefined],
  [".Release.Namespace", undefined],
  [".size", undefined],
  ["int .Values.g", undefined],
  ["len .Values.f", undefined],
  [".Values.a | mystery", undefined],
  ["and .Values.a .Release.IsUpgrade", undefined],
  ["(.Values.a", undefined],
  [".Values.a )", undefined],
  ["$x.Values.a", undefined],
  ['index .Values.d "e"', undefined],
  ["", undefined],
];

for (const [expression, value] of cases) {
  test(`{{ ${expression} }}`, () => assert.deepEqual(evaluate(expression, context), value));
}
