import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Comparison, Line, Recording } from "./format.js";
import { formats } from "./formats.js";

/** The result of replaying one recording. */
export interface Verdict {
  readonly id: string;
  readonly category: string;
  readonly comparisons: readonly Comparison[];
  /** Why it could not be replayed at all. */
  readonly error: string | undefined;
  readonly passed: boolean;
  /** What of the recording is not compared. */
  readonly omits: string | undefined;
}

/** Replays every recording of a file's text. Throws with the line's number where a line is of no known format. */
export function replayFile(text: string): readonly Verdict[] {
  return text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : replayRecording(read(line, index))));
}

function read(text: string, index: number): Recording {
  try {
    const line: unknown = JSON.parse(text);
    const recording = isLine(line) ? firstOf(line) : undefined;
    if (recording === undefined) throw new Error("no recording of a known format");
    return recording;
  } catch (error) {
    throw new Error(`line ${index + 1}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function isLine(value: unknown): value is Line {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

function firstOf(line: Line): Recording | undefined {
  for (const format of formats) {
    const recording = format(line);
    if (recording !== undefined) return recording;
  }
  return undefined;
}

function replayRecording({ id, category, replay, omits }: Recording): Verdict {
  try {
    const comparisons = replay();
    return { id, category, comparisons, error: undefined, passed: comparisons.every(({ same }) => same), omits };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, category, comparisons: [], error: message, passed: false, omits };
  }
}

/** Passed and failed by category, then the failures, then `N passed, N failed`. */
export function report(verdicts: readonly Verdict[]): readonly string[] {
  const failures = verdicts.filter(({ passed }) => !passed);
  const syncs = verdicts.flatMap(({ comparisons }) => comparisons.filter(({ syncsDiffer }) => syncsDiffer)).length;
  return [
    ...categoryLines(verdicts),
    ...failures.map(({ id, category, error, comparisons }) => {
      const reason = error ?? comparisons.find(({ same }) => !same)?.title ?? "";
      return `FAILED ${category} ${id}: ${reason}`;
    }),
    ...new Set(verdicts.flatMap(({ omits }) => (omits === undefined ? [] : [`note: ${omits}`]))),
    ...(syncs === 0 ? [] : [`note: ${syncs} rounds took another number of syncs`]),
    `${verdicts.length - failures.length} passed, ${failures.length} failed`,
  ];
}

function categoryLines(verdicts: readonly Verdict[]): readonly string[] {
  const categories = [...new Set(verdicts.map(({ category }) => category))].toSorted();
  const width = Math.max(0, ...categories.map((category) => category.length));
  return categories.map((category) => {
    const group = verdicts.filter((verdict) => verdict.category === category);
    const passed = group.filter((verdict) => verdict.passed).length;
    return `${category.padEnd(width)} ${passed} passed, ${group.length - passed} failed`;
  });
}

/** Expected and actual, one after the other for every round, the rounds that differ marked with `!`. */
export function explain({ id, category, comparisons, error }: Verdict): readonly string[] {
  return [
    `${category} ${id}`,
    ...(error === undefined ? [] : [`cannot be replayed: ${error}`]),
    ...comparisons.flatMap(({ title, expected, actual, same }) => {
      const mark = same ? " " : "!";
      return [
        `${mark} ${title}`,
        `${mark}   expected ${JSON.stringify(expected)}`,
        `${mark}   actual   ${JSON.stringify(actual)}`,
      ];
    }),
  ];
}

const recordings = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../../test/truth");
/** What is replayed where no file is named. */
export const recordedFiles = [
  "traces.jsonl",
  "traces-parallel-1.37.jsonl",
  "deletion.jsonl",
  "eviction.jsonl",
  "dumps.jsonl",
  "drain-dumps.jsonl",
];

/** `npm run conformance -- [--explain ID] [FILE...]`; returns the exit code: 0, 1 if any failed, 2 for a bad call. */
function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { explain: { type: "string" } },
    allowPositionals: true,
  });
  const files = positionals.length > 0 ? positionals : recordedFiles.map((file) => path.join(recordings, file));
  const verdicts: Verdict[] = [];
  for (const file of files) {
    try {
      verdicts.push(...replayFile(readFileSync(file, "utf8")));
    } catch (error) {
      console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      return 2;
    }
  }
  const asked = values.explain === undefined ? [] : verdicts.filter(({ id }) => id === values.explain);
  if (values.explain !== undefined && asked.length === 0) {
    console.error(`no recording has the id ${values.explain}`);
    return 2;
  }
  const shown = values.explain === undefined ? verdicts : asked;
  for (const verdict of asked) console.log(explain(verdict).join("\n"));
  console.log(report(shown).join("\n"));
  return shown.every(({ passed }) => passed) ? 0 : 1;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
