import type { Config } from "../config/config.js";
import type { Branch } from "../helm/blocks.js";
import type { Reading, Template } from "../helm/template.js";
import { isPartial } from "../kubernetes/resources/resource.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { Scope } from "../workspace/scope.js";
import type { Finding, Fix } from "./finding.js";
import type { Rule } from "./rule.js";
import { runRulesOn } from "./run.js";

/**
 * What is wrong with a chart's template whatever the values are: all rules look at what is always there; what is in a
 * branch is judged by rules about documents alone, together with what is always there beside it.
 */
export function templateFindings(
  { readings }: Template,
  rules: readonly Rule[],
  config: Config,
  scope: () => Scope,
): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const [index, reading] of readings.entries()) {
    for (const finding of readingFindings(reading, rules, config, scope)) {
      const { rule, span, message } = finding;
      const key = JSON.stringify([rule, span.start, span.end, message]);
      // Paths are those of the first reading.
      if (!found.has(key)) found.set(key, { ...finding, fixes: index === 0 ? finding.fixes.filter(isWithin) : [] });
    }
  }
  return [...found.values()];
}

/** Whether a fix only changes what is written: a new object would be there with all values. */
function isWithin({ edits }: Fix): boolean {
  return edits.every(({ op }) => op !== "addDocument");
}

function* readingFindings(
  { written, certain, within, branchAt, base }: Reading,
  rules: readonly Rule[],
  config: Config,
  scope: () => Scope,
): Iterable<Finding> {
  const run = (some: readonly Rule[], resources: readonly Resource[]) =>
    resources.flatMap((resource) => runRulesOn(some, resource, isPartial(resource) ? "part" : "whole", config, scope));

  const ofDocument = rules.filter((rule) => rule.scope === "document");
  const always = run([...ofDocument, ...rules.filter(({ id }) => chartRules.has(id))], certain).filter(
    ({ span }) => branchAt(span.start) === undefined,
  );
  yield* isByRelease(base) ? always.filter(({ rule }) => !releaseRules.has(rule)) : always;

  // What a reading of all branches finds wrong tells which of them are worth a closer look.
  const suspects = new Set(run(ofDocument, written).map(({ span }) => branchAt(span.start)));
  for (const branch of suspects) {
    if (branch === undefined || isByRelease(branch)) continue;
    yield* run(ofDocument, within(branch)).filter(({ span }) => branchAt(span.start) === branch);
  }
}

/**
 * Whether a condition asks for the cluster's release, that of the branch or of one before it: then what is wrong on
 * another one is not wrong here.
 */
function isByRelease(branch: Branch | undefined): boolean {
  for (let one = branch; one !== undefined; one = one.parent) {
    const { branches } = one.block;
    const asked = branches.slice(0, branches.indexOf(one) + 1);
    if (asked.some(({ condition }) => /Capabilities|semver|kube-?version|apiVersion/i.test(condition))) return true;
  }
  return false;
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
