import type { Config } from "../config/config.js";
import { chartBuilds, type ChartBuild } from "../builds/chart.js";
import { toldOnce, type FoundIn } from "../builds/told-once.js";
import type { Reading, Template } from "../helm/template.js";
import type { SourceText } from "../render/source.js";
import type { Scope } from "../workspace/scope.js";
import type { Finding, Fix } from "./finding.js";
import type { Rule } from "./rule.js";
import { runRules } from "./run.js";

/**
 * What is wrong with a chart's template whatever the values are: all rules look at what is always there; what is in a
 * branch is judged by rules about documents alone, together with what is always there beside it.
 */
export function templateFindings(
  { readings, text }: Template,
  uri: string,
  rules: readonly Rule[],
  config: Config,
  scope: () => Scope,
): readonly Finding[] {
  const found = readings.flatMap((reading, index) =>
    [...readingFindings(reading, { uri, text }, rules, config, scope)].map(({ build, finding }) => ({
      build,
      // Paths are those of the first reading.
      finding: { ...finding, fixes: index === 0 ? finding.fixes.filter(isWithin) : [] },
    })),
  );
  return toldOnce(found, ({ rule, span, message }) => JSON.stringify([rule, span, message])).map(
    ({ finding }) => finding,
  );
}

/** Whether a fix only changes what is written: a new object would be there with all values. */
function isWithin({ edits }: Fix): boolean {
  return edits.every(({ op }) => op !== "addDocument");
}

function* readingFindings(
  reading: Reading,
  source: SourceText,
  rules: readonly Rule[],
  config: Config,
  scope: () => Scope,
): Iterable<FoundIn<Finding>> {
  const builds = chartBuilds(reading, source);
  const ofDocument = rules.filter((rule) => rule.scope === "document");
  const ofAlways = [...ofDocument, ...rules.filter(({ id }) => chartRules.has(id))];
  const run = (some: readonly Rule[], build: ChartBuild) =>
    build.resources().flatMap(({ resource }) => runRules(some, resource, config, scope));

  // What a reading of all branches finds wrong tells which of them are worth a closer look.
  const suspects = run(ofDocument, builds.written).map(({ span }) => builds.at(span.start));
  for (const build of new Set([builds.always, ...suspects])) {
    if (build !== builds.always && build.isByRelease) continue;
    for (const finding of run(build === builds.always ? ofAlways : ofDocument, build)) {
      if (builds.at(finding.span.start) !== build || (build.isByRelease && releaseRules.has(finding.rule))) continue;
      yield { build: build.label, finding };
    }
  }
}

/**
 * Those rules about several objects that do not take it for granted that all of them are there with the same values.
 */
const chartRules: ReadonlySet<string> = new Set([
  "service-missing",
  "service-name-type",
  "service-name-unset",
  "service-not-headless",
  "service-selector-mismatch",
]);

const releaseRules: ReadonlySet<string> = new Set(["api-deprecated", "field-removed", "field-since", "server-warning"]);
