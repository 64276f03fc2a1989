import type { Plain } from "../yaml/edit.js";
import { parse } from "../yaml/parse.js";
import { split } from "../yaml/split.js";

/** The default values of a chart, by the text of its values.yaml. */
export interface Values {
  /** As Helm 3 reads them (tried with 3.17): those of the first document. */
  readonly first: Plain;
  /** As Helm 4 reads them (`LoadValues` in pkg/chart/v2/loader/load.go, 4.1): all documents, merged. */
  readonly merged: Plain;
  /** The first document that makes a difference. */
  readonly later: LaterValues | undefined;
}

/** A later document of a values file, which Helm 3 does not read. */
export interface LaterValues {
  /** Where it begins, in offsets of the file. */
  readonly at: number;
  /** What Helm 4 does with it. It refuses a list or scalar: "cannot unmarshal array into Go value" (tried with 4.1.4). */
  readonly outcome: "merged" | "refused";
}

export function readValues(text: string): Values {
  const documents = split(text)
    .filter(({ readBy }) => readBy !== "neither")
    .map((chunk) => ({ start: chunk.start, value: parse(chunk.text).root.value() ?? {} }));
  const first = documents[0]?.value ?? {};
  let merged: Plain = first;
  let later: LaterValues | undefined;
  for (const { start, value } of documents.slice(1)) {
    if (!isMap(value)) {
      later ??= { at: start, outcome: "refused" };
      continue;
    }
    const before = merged;
    merged = merge(merged, value);
    if (!isEqual(before, merged)) later ??= { at: start, outcome: "merged" };
  }
  return { first, merged, later };
}

/** What Helm 3 and Helm 4 both take for the value at a path: null if it is not set, `undefined` where they differ. */
export function valueAt({ first, merged }: Values, path: readonly string[]): Plain | undefined {
  const [one, other] = [first, merged].map((values) => path.reduce<Plain>((map, key) => entry(map, key), values));
  return one !== undefined && isEqual(one, other) ? one : undefined;
}

/** `MergeMaps`: a later value counts, and maps are merged. */
function merge(one: Plain, other: Plain): Plain {
  if (!isMap(one) || !isMap(other)) return other;
  const entries = Object.entries(other).map(([key, value]) => [key, merge(entry(one, key), value)] as const);
  return { ...one, ...Object.fromEntries(entries) };
}

function entry(map: Plain, key: string): Plain {
  return isMap(map) && Object.hasOwn(map, key) ? (map[key] ?? null) : null;
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEqual(one: Plain, other: Plain | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
