import { parse } from "yaml";
import { printable } from "../engine/api.js";
import type { CheckedFile } from "./report.js";

/** A file that has changed, and why no StatefulSet shows what that means. */
export interface Uncompared {
  readonly file: string;
  readonly reason: string;
}

/** Above a list of them. */
export const notCompared = "Changed and not compared (with --render the real tools build it):";

/**
 * What has changed between two states of some files and is not compared without running the tools: values that no chart
 * reads by default, charts without their dependencies, and what controllers install. Of them a report must not say that
 * nothing changes. `nameOf` says what a reader calls a file; `unknownIn` names the fields that only helm knows of the sets
 * of a chart.
 */
export function uncompared(
  before: readonly CheckedFile[],
  now: readonly CheckedFile[],
  nameOf: (uri: string) => string,
  unknownIn: (chart: string) => readonly string[],
): readonly Uncompared[] {
  const was = new Map(before.map(({ uri, text }) => [uri, text]));
  const is = new Map(now.map(({ uri, text }) => [uri, text]));
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((uri) => was.get(uri) !== is.get(uri));
  const known = (uri: string) => is.get(uri) ?? was.get(uri);
  const uris = [...was.keys(), ...is.keys()];
  const charts = new Set<string>();
  const whole = changed.toSorted().flatMap((uri): readonly Uncompared[] => {
    const [before, after] = [was.get(uri), is.get(uri)];
    const isBoth = before !== undefined && after !== undefined && isKustomization(uri);
    const isGenerated = isBoth && generatorsOf(before) !== generatorsOf(after);
    const reason = isGenerated ? ofFile(anotherName) : reasonFor(uri, known, uris);
    if (reason === undefined) return [];
    if (reason.type === "file") return [{ file: nameOf(uri), reason: printable(reason.text) }];
    charts.add(reason.chart);
    return [];
  });
  const partly = [...charts].flatMap((chart) => {
    const text = partlyKnown(unknownIn(chart));
    return text === undefined ? [] : [{ file: nameOf(chart.slice(0, -1)), reason: printable(text) }];
  });
  return [...whole, ...partly];
}

/** The name has a hash of what the object holds (kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator). */
const anotherName = "what it generates may get another name, and then the pods that use it restart";

function isKustomization(uri: string): boolean {
  return /\/(?:kustomization\.ya?ml|Kustomization)$/.test(uri);
}

/** What a kustomization generates under names with a hash, as JSON. */
function generatorsOf(text: string): string {
  const value = readAny(text);
  const isHashed = (of: unknown, options: string) => fieldOf(fieldOf(of, options), "disableNameSuffixHash") !== true;
  const generators = ["configMapGenerator", "secretGenerator"].map((key) => {
    const entries = fieldOf(value, key);
    return Array.isArray(entries) ? entries.filter((entry: unknown) => isHashed(entry, "options")) : [];
  });
  return isHashed(value, "generatorOptions") ? JSON.stringify(generators) : "";
}

/** Why a file is not compared; or that its chart's sets are, as far as they are known. */
type Reason = { readonly type: "file"; readonly text: string } | { readonly type: "chart"; readonly chart: string };

function ofFile(text: string | undefined): Reason | undefined {
  return text === undefined ? undefined : { type: "file", text };
}

function reasonFor(
  uri: string,
  known: (uri: string) => string | undefined,
  uris: readonly string[],
): Reason | undefined {
  const text = known(uri) ?? "";
  const chart = chartAround(uri, known);
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (chart !== undefined) {
    const within = uri.slice(chart.length);
    if (within.startsWith("templates/")) return { type: "chart", chart };
    if (/^(?:crds|charts|ci|files|tests?)\//.test(within) || !/\.ya?ml$/.test(name)) return undefined;
    if (!/^(?:values|Chart)\.ya?ml$/.test(within))
      return ofFile(hasKind(text) ? undefined : "helm reads these values only with --values");
    const missing = dependenciesOf(known(`${chart}Chart.yaml`)).filter(
      (one) => !uris.some((other) => other.startsWith(`${chart}charts/${one}/`)),
    );
    if (missing.length === 0) return { type: "chart", chart };
    return ofFile(`the chart's dependency ${missing.join(", ")} is not among the files`);
  }
  const installer = /^kind:[ \t]*["']?(HelmRelease|HelmChart)\b/m.exec(text)?.[1];
  if (installer !== undefined) return ofFile(`what the ${installer} installs is not known`);
  if (/^kind:[ \t]*["']?Application(?:Set)?\b/m.test(text) && /^[ \t-]*chart:[ \t]/m.test(text))
    return ofFile("what the Application installs is not known");
  const isValues = /values/i.test(name) && /\.ya?ml$/.test(name) && !hasKind(text);
  return ofFile(isValues ? "these values are read by a chart that is not known" : undefined);
}

function partlyKnown(fields: readonly string[]): string | undefined {
  if (fields.length === 0) return undefined;
  const more = fields.length > 3 ? ` and ${fields.length - 3} more fields` : "";
  return `only helm knows ${fields.slice(0, 3).join(", ")}${more} of its StatefulSets`;
}

/** The directory of the nearest chart that a file lies in, with its last slash. */
function chartAround(uri: string, known: (uri: string) => string | undefined): string | undefined {
  let end = uri.lastIndexOf("/");
  while (end > "file://".length) {
    const directory = uri.slice(0, end + 1);
    if (known(`${directory}Chart.yaml`) !== undefined) return directory;
    end = uri.lastIndexOf("/", end - 1);
  }
  return undefined;
}

/** The names of a chart's dependencies; none where it cannot be read. */
function dependenciesOf(chartFile: string | undefined): readonly string[] {
  const listed = fieldOf(readAny(chartFile ?? ""), "dependencies");
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((one: unknown) => {
    const name = fieldOf(one, "name");
    return typeof name === "string" ? [name] : [];
  });
}

function readAny(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

function hasKind(text: string): boolean {
  return /^["']?kind["']?[ \t]*:/m.test(text);
}
