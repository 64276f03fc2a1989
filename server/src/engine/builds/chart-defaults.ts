import { chartFile } from "../helm/chart.js";
import { definesIn, isStandardFullname } from "../helm/defines.js";
import { textOf, type Context } from "../helm/expression.js";
import { readValues, valueAt } from "../helm/values.js";
import { parse } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { filesBelow, type Directory } from "../workspace/directory.js";
import { memoize } from "../workspace/memo.js";
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

/** Makes the function that reads the defaults of a chart in a directory, once for as long as nothing in it changes. */
export function createChartDefaults(): (chart: Directory<SourceFile>) => ChartDefaults {
  return memoize(readChartDefaults);
}

function readChartDefaults(chart: Directory<SourceFile>): ChartDefaults {
  const file = chart.files.get("values.yaml") ?? chart.files.get("values.yml");
  const values = parse(file?.text ?? "").root;
  const chartName = parse(chart.files.get(chartFile)?.text ?? "")
    .root.at("name")
    .string();
  const name = chartName.state === "present" ? chartName.value : undefined;
  const templates = chart.directories.get("templates");
  const defines = new Map(
    templates === undefined ? [] : [...filesBelow(templates)].flatMap(({ text }) => [...definesIn(text)]),
  );

  const defaults = readValues(file?.text ?? "");
  const textAt = (key: string) => {
    const value = valueAt(defaults, [key]);
    return value === undefined ? undefined : textOf(value);
  };
  const fullname = () => {
    const override = textAt("fullnameOverride");
    const given = textAt("nameOverride");
    const nameOverride = given === "" ? name : given;
    if (override === undefined || nameOverride === undefined) return undefined;
    return (override || `${releaseName}-${nameOverride}`).slice(0, 63).replace(/-$/, "");
  };
  return {
    file,
    placeOf: (path) => {
      const place = values.at(...path);
      return place.exists ? place : undefined;
    },
    context: {
      lookUp: ([root, ...path]) => {
        if (root === "Values" && path.length > 0) return valueAt(defaults, path);
        if (root === "Chart" && path.join(".") === "Name") return name;
        return root === "Release" && path.join(".") === "Name" ? releaseName : undefined;
      },
      include: (defined) => (isStandardFullname(defines.get(defined) ?? "") ? fullname() : undefined),
    },
  };
}
