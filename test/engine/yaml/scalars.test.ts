import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";
import { sampled } from "../../harness/fast.js";
import { repo } from "../../harness/repo.js";

/** What kubectl 1.32 printed for `a: <text>`, asked by `kubectl label --local -o json`. */
const seen: readonly (readonly [text: string, value: unknown])[] = [
  ["0755", 493],
  ["0o10", 8],
  ["1_0", 10],
  ["08", 8],
  ["0b11", 3],
  ["0x1F", 31],
  ["+1", 1],
  ["-_1", -1],
  ["1.", 1],
  [".5", 0.5],
  ["1e3", 1000],
  ["12:30:45", "12:30:45"],
  ["2001-12-14", "2001-12-14"],
  ["<<", "<<"],
  ["=", "="],
  ["1e999", "1e999"],
];

/** Read from go-yaml v2's resolve.go. */
const known: readonly (readonly [text: string, value: unknown])[] = [
  ["y", true],
  ["Yes", true],
  ["ON", true],
  ["yES", "yES"],
  ["N", false],
  ["off", false],
  ["~", null],
  ["", null],
  ["Null", null],
  ["nULL", "nULL"],
  [".inf", Infinity],
  ["-.INF", -Infinity],
  [".NaN", NaN],
  ["+.nan", "+.nan"],
  ["_1", "_1"],
  ["1__", 1],
  ["0", 0],
  ["-0", 0],
  ["00", 0],
  ["0x", "0x"],
  ["0xG", "0xG"],
  ["0B1", 1],
  ["-0x10", -16],
  [".", "."],
  [".5_0", ".5_0"],
  ["5_0.5", 50.5],
  ["1.2.3", "1.2.3"],
  ["1e", "1e"],
  ["1Gi", "1Gi"],
  ["18446744073709551615", 2 ** 64],
  ["99999999999999999999", 1e20],
  ["0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"],
  ["+", "+"],
  ["2001-12-14T21:59:43.10-05:00", "2001-12-14T21:59:43.10-05:00"],
  ["true ", true],
  ["'yes'", "yes"],
  ['"0755"', "0755"],
];

for (const [text, value] of [...seen, ...known]) {
  test(`${JSON.stringify(text)} is ${JSON.stringify(value) ?? String(value)}`, () => {
    assert.deepEqual(parse(`a: ${text}\n`).root.at("a").value(), value);
  });
}

interface Recording {
  readonly id: string;
  readonly desc: string;
  readonly yaml: string;
  readonly message?: string;
  readonly errors?: readonly {
    readonly field: string | null;
    readonly type: string;
    readonly detail: string;
    readonly line?: number;
  }[];
  readonly defaulted?: { readonly replicas?: number };
}

const recordings = readFileSync(repo("test/truth/validation.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Recording);

/** How Go's JSON names the types of values. */
const typeNames: Readonly<Record<string, (value: unknown) => boolean>> = {
  bool: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

for (const { id, desc, yaml, message = "", errors = [], defaulted } of sampled(recordings)) {
  test(`${id}: ${desc} is read as the API server reads it`, () => {
    const { problems, root } = parse(yaml.split(/^---$/m).find((document) => document.trim() !== "") ?? yaml);
    const isUnreadable = /: yaml: line \d+: /.test(message);
    assert.equal(
      problems.some(({ fatal }) => fatal),
      isUnreadable,
      message,
    );

    const duplicate = errors.find(({ type }) => type === "DuplicateKey");
    const lines = problems
      .filter(({ code }) => code === "duplicate-key")
      .map(({ span }) => yaml.slice(0, span.start).split("\n").length);
    assert.deepEqual(lines, duplicate === undefined ? [] : [duplicate.line]);

    for (const { field, type, detail } of errors) {
      const [, found = ""] = /cannot unmarshal (\w+) /.exec(detail) ?? [];
      const accepts = typeNames[found];
      if (type !== "TypeMismatch" || field === null || accepts === undefined) continue;
      assert.ok(valuesAt(root, field.split(".")).some(accepts), `${field} should be ${found}`);
    }
    const replicas = root.at("spec", "replicas").integer();
    if (defaulted?.replicas !== undefined && replicas.state !== "absent") {
      assert.deepEqual({ ...replicas, value: undefined }.state, "present");
      assert.equal(replicas.state === "present" && replicas.value, defaulted.replicas);
    }
  });
}

/** The values at a path that leaves out the indexes of lists, and those right below it, which it leaves out too. */
function valuesAt(place: Place, path: readonly string[]): readonly unknown[] {
  const [step, ...rest] = path;
  const children = place.kind === "list" ? place.items() : place.entries().map(([, child]) => child);
  if (step === undefined) return [place, ...children].map((found) => found.value());
  return place.kind === "list" ? children.flatMap((item) => valuesAt(item, path)) : valuesAt(place.at(step), rest);
}
