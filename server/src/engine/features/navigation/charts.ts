import { chartFile } from "../../helm/chart.js";
import { memoize } from "../../workspace/memo.js";
import { isValuesFile } from "./chart-names.js";
import { namesOf } from "./document-names.js";
import type { Occurrence } from "./occurrence.js";
import { keyOf, type Files, type Named } from "./named.js";

/** Where a chart's own value or named template is defined. */
export function definitionsInChart(files: Files, named: Named): readonly Named[] {
  const { document, occurrence } = named;
  const charts = chartsIn(files);
  const chart = charts.of(document.id.uri);
  if (chart === undefined) return [];
  return occurrence.sort === "template" ? charts.templates(chart, occurrence) : valuesOf(charts, chart, named);
}

/** In `values.yaml`, or in other files of values beside it, or in what the chart above says for this one. */
function valuesOf(charts: Charts, chart: string, { document, occurrence }: Named): readonly Named[] {
  const own = charts.values(chart, occurrence.text);
  const isDefault = ({ document: { id } }: Named) => /\/values\.ya?ml$/.test(id.uri);
  const defaults = own.filter(isDefault);
  if (defaults.length > 0) return defaults;
  if (occurrence.role === "definition") return [{ document, occurrence }];
  if (own.length > 0) return own;
  const [, above, name] = /^(.*\/)charts\/([^/]+)\/$/.exec(chart) ?? [];
  if (above === undefined || name === undefined) return [];
  const path = occurrence.text.startsWith("global.") ? occurrence.text : `${name}.${occurrence.text}`;
  return charts.values(above, path);
}

interface Charts {
  /** The directory of the chart that a file belongs to, with a slash at its end. */
  of(uri: string): string | undefined;
  /** Keys of all values files of a chart that have this path. */
  values(chart: string, path: string): readonly Named[];
  /** Named templates with this name, of the chart and those that are installed with it. */
  templates(chart: string, occurrence: Occurrence): readonly Named[];
}

/** The charts of one state of a workspace; what is in their files is looked up once. */
const chartsIn = memoize((files: Files): Charts => {
  const uris = [...files.uris()];
  const directories = new Set(
    uris.filter((uri) => uri.endsWith(`/${chartFile}`)).map((uri) => uri.slice(0, -chartFile.length)),
  );
  const of = (uri: string) => {
    for (let end = uri.lastIndexOf("/"); end > 0; end = uri.lastIndexOf("/", end - 1)) {
      const directory = uri.slice(0, end + 1);
      if (directories.has(directory)) return directory;
    }
    return undefined;
  };
  /** The chart that is installed: the others are in its `charts/`. */
  const topOf = (chart: string): string => {
    const above = /^(.*\/)charts\/[^/]+\/$/.exec(chart)?.[1];
    return above !== undefined && directories.has(above) ? topOf(above) : chart;
  };
  const defined = (sort: Occurrence["sort"], some: readonly string[]) => {
    const found = new Map<string, Map<string, Named>>();
    for (const document of some.flatMap((uri) => files.documents(uri))) {
      for (const occurrence of namesOf(document)) {
        if (occurrence.sort !== sort || occurrence.role !== "definition") continue;
        const one = { document, occurrence };
        const others = found.get(occurrence.text) ?? new Map<string, Named>();
        found.set(occurrence.text, others.set(keyOf(one), one));
      }
    }
    return found;
  };
  const valuesOfChart = new Map<string, ReturnType<typeof defined>>();
  const templatesBelow = new Map<string, ReturnType<typeof defined>>();
  return {
    of,
    values(chart, path) {
      const known =
        valuesOfChart.get(chart) ??
        defined(
          "value",
          uris.filter((uri) => uri.startsWith(chart) && isValuesFile(uri) && of(uri) === chart),
        );
      valuesOfChart.set(chart, known);
      return [...(known.get(path)?.values() ?? [])];
    },
    templates(chart, { text }) {
      const top = topOf(chart);
      const known =
        templatesBelow.get(top) ??
        defined(
          "template",
          uris.filter((uri) => uri.startsWith(top) && uri.includes("/templates/")),
        );
      templatesBelow.set(top, known);
      return [...(known.get(text)?.values() ?? [])];
    },
  };
});
