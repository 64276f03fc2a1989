import { chartDepth, chartFile } from "../helm/chart.js";
import { definesIn } from "../helm/defines.js";
import type { Context } from "../helm/expression.js";
import { renderText } from "../helm/render-text.js";
import { readValues, valueAt } from "../helm/values.js";
import { parse } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { directoryAt, filesBelow, type Directory } from "../workspace/directory.js";
import { memoize, memoizeByName } from "../workspace/memo.js";
import type { SourceFile } from "../workspace/source-file.js";

/** The default values of a chart. */
export interface ChartDefaults {
  readonly context: Context;
  /** The values.yaml, if there is one. */
  readonly file: SourceFile | undefined;
  /** Where a value stands in it. */
  readonly placeOf: (path: readonly string[]) => Place | undefined;
}

/** What stands for the name that a user gives to a release, as in the output of `helm template`. */
const releaseName = "release-name";

/**
 * The directory of the chart that a file is a template of, if its own default values decide: not where the chart is a
 * part of another one that gives it values (helm.sh/docs/chart_template_guide/subcharts_and_globals).
 */
export function chartOfTemplate(
  way: readonly string[],
  files: Directory<SourceFile>,
): Directory<SourceFile> | undefined {
  const depth = chartDepth(way, (one) => directoryAt(files, way.slice(0, one))?.files.has(chartFile) === true);
  if (depth === undefined) return undefined;
  const outer = way[depth - 2] === "charts" ? directoryAt(files, way.slice(0, depth - 2)) : undefined;
  const isGiven = outer !== undefined && givesValues(outer, way[depth - 1] ?? "");
  return isGiven ? undefined : directoryAt(files, way.slice(0, depth));
}

function givesValues(outer: Directory<SourceFile>, name: string): boolean {
  const values = parse((outer.files.get("values.yaml") ?? outer.files.get("values.yml"))?.text ?? "").root;
  const dependencies = parse(outer.files.get(chartFile)?.text ?? "").root.at("dependencies");
  const hasAlias = dependencies.items().some((one) => one.at("name").value() === name && one.at("alias").exists);
  return hasAlias || values.at(name).exists || values.at("global").exists;
}

/** Makes the function that reads the defaults of a chart in a directory, once for as long as nothing in it changes. */
export function createChartDefaults(): (chart: Directory<SourceFile>) => ChartDefaults {
  return memoize(readChartDefaults);
}

function readChartDefaults(chart: Directory<SourceFile>): ChartDefaults {
  const file = chart.files.get("values.yaml") ?? chart.files.get("values.yml");
  const values = parse(file?.documents[0]?.chunk.text ?? "").root;
  const placeOf = (path: readonly string[]) => {
    const place = values.at(...path);
    return place.exists ? place : undefined;
  };
  const ofChart = parse(chart.files.get(chartFile)?.text ?? "").root;
  const templates = chart.directories.get("templates");
  const defines = new Map(
    templates === undefined ? [] : [...filesBelow(templates)].flatMap(({ text }) => [...definesIn(text)]),
  );
  const defaults = readValues(file?.text ?? "");
  /** Those that are being rendered: a template that includes itself has no end. */
  const open = new Set<string>();
  const rendered = memoizeByName((name) => {
    const body = defines.get(name);
    if (body === undefined || open.has(name)) return { text: undefined };
    open.add(name);
    const text = renderText(body, context);
    open.delete(name);
    return { text };
  });
  const context: Context = {
    sourceOf: (path) => {
      const place = placeOf(path);
      return place && file && { document: { uri: file.uri, document: 0 }, place };
    },
    lookUp: ([root, ...path]) => {
      if (root === "Values" && path.length > 0) return valueAt(defaults, path);
      return known(ofChart, `${root}.${path.join(".")}`);
    },
    include: (name) => rendered(name).text,
  };
  return { file, placeOf, context };
}

/** What Helm itself says of the chart and the release. */
function known(chart: Place, path: string): string | undefined {
  const field = chartFields[path];
  if (field !== undefined) {
    const text = chart.at(field).string();
    return text.state === "present" ? text.value : text.state === "absent" ? "" : undefined;
  }
  return path === "Release.Name" ? releaseName : path === "Release.Service" ? "Helm" : undefined;
}

const chartFields: Readonly<Record<string, string>> = {
  "Chart.Name": "name",
  "Chart.Version": "version",
  "Chart.AppVersion": "appVersion",
};
