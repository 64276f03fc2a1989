import type { Config } from "../config/config.js";
import { targetOf } from "../config/resolve.js";
import { describeGate } from "../kubernetes/gate-text.js";
import {
  behaviourOf,
  formatRelease,
  gateOfField,
  gateOfValue,
  isGateOn,
  isSince,
  newestRelease,
} from "../kubernetes/versions.js";
import type { FeatureGate, Release, TargetCluster } from "../kubernetes/versions.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { hasField, rootType, typeSchema, type FieldType } from "../kubernetes/schema/schema.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { valueOr } from "../yaml/field.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import type { Span } from "../text/span.js";
import type { DocumentFinding } from "./finding.js";
import { severities, type Severity } from "../config/severity.js";

/** What an upgrade of the cluster changes for one place of a manifest. */
export interface UpgradeChange {
  readonly path: Path;
  readonly span: Span;
  /** One sentence, without its full stop. */
  readonly text: string;
  /** An address where it is written down. */
  readonly source: string;
}

/**
 * What begins or ceases to have an effect in a resource between two releases, beside what is found there: see
 * `upgradeFindings`. The gates that the settings switch are in force on both sides.
 */
export function* upgradeChanges(resource: Resource, from: Config, to: Config): Iterable<UpgradeChange> {
  const type = rootType(resource.key.apiVersion, resource.key.kind);
  if (type !== undefined) yield* objectChanges(resource.place, type, { from, to });
  if (resource.kind === "StatefulSet") yield* behaviourChanges(resource, from, to);
}

interface Upgrade {
  readonly from: TargetCluster;
  readonly to: TargetCluster;
}

function* objectChanges(place: Place, type: string, upgrade: Upgrade): Iterable<UpgradeChange> {
  const fields = typeSchema(type);
  for (const [name, value] of place.entries()) {
    const field = fields.get(name);
    if (field === undefined || name === "status" || value.kind === "null") continue;
    const { from, to } = upgrade;
    const gate = gateOfField(type, name);
    const before = hasField(field, from.kubernetesVersion) && (gate === undefined || isGateOn(gate, from));
    const after = hasField(field, to.kubernetesVersion) && (gate === undefined || isGateOn(gate, to));
    if (before !== after && hasField(field, to.kubernetesVersion)) {
      const at = { path: value.path, span: value.keySpan };
      yield gate === undefined
        ? {
            ...at,
            text: `\`${name}\` takes effect: Kubernetes ${release(from)} does not know it`,
            source: apiReference,
          }
        : { ...at, text: fieldText(name, gate, after, upgrade), source: gatePage(gate) };
    }
    yield* valueChanges(value, field.type, upgrade);
    const text = value.string();
    const ofValue = text.state === "present" ? gateOfValue(type, name, text.value) : undefined;
    if (ofValue !== undefined && text.state === "present" && isGateOn(ofValue, from) !== isGateOn(ofValue, to)) {
      const verb = isGateOn(ofValue, to) ? "is accepted" : "is refused";
      yield {
        path: value.path,
        span: value.span,
        text: `\`${name}: ${text.value}\` ${verb}: ${gateText(ofValue, upgrade)}`,
        source: gatePage(ofValue),
      };
    }
  }
}

function* valueChanges(place: Place, type: FieldType, upgrade: Upgrade): Iterable<UpgradeChange> {
  switch (type.kind) {
    case "scalar":
      return;
    case "object":
      yield* objectChanges(place, type.type, upgrade);
      return;
    case "list":
      for (const item of place.items()) yield* valueChanges(item, type.item, upgrade);
      return;
    case "map":
      for (const [, value] of place.entries()) yield* valueChanges(value, type.value, upgrade);
      return;
  }
}

function fieldText(name: string, gate: FeatureGate, takesEffect: boolean, upgrade: Upgrade): string {
  const verb = takesEffect ? "takes effect" : "is silently dropped";
  return `\`${name}\` ${verb}: ${gateText(gate, upgrade)}`;
}

function gateText(gate: FeatureGate, { from, to }: Upgrade): string {
  const state = (cluster: TargetCluster) => (isGateOn(gate, cluster) ? "on" : "off");
  return `the feature gate \`${gate}\` is ${state(from)} in ${release(from)} and ${state(to)} in ${release(to)}. ${describeGate(gate)}`;
}

function release({ kubernetesVersion }: { readonly kubernetesVersion: Release }): string {
  return formatRelease(kubernetesVersion);
}

const apiReference = "https://kubernetes.io/docs/reference/kubernetes-api/";

function gatePage(gate: FeatureGate): string {
  return `https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/#${gate}`;
}

/** What the StatefulSet controller and the kubelet do in another way. */
function* behaviourChanges(set: StatefulSet, from: Config, to: Config): Iterable<UpgradeChange> {
  const { updateStrategy, podManagementPolicy, minReadySeconds, template } = set;
  const [before, after] = [from, to].map((one) => behaviourOf(one.kubernetesVersion, one.featureGates));
  if (before === undefined || after === undefined) return;
  const type = valueOr(updateStrategy.type, "RollingUpdate");
  const isParallel = valueOr(podManagementPolicy, "OrderedReady") === "Parallel";
  if (type === "RollingUpdate" && isParallel && before.parallelUpdate !== after.parallelUpdate)
    yield {
      path: podManagementPolicy.path,
      span: podManagementPolicy.span,
      text: "Updates of a Parallel set walk in another order: outdated pods that are unavailable are deleted first and do not use up `maxUnavailable`, so a fixed template repairs a stuck update by itself",
      source: "https://github.com/kubernetes/kubernetes/pull/137666",
    };
  if (
    type === "RollingUpdate" &&
    (valueOr(minReadySeconds, 0) ?? 0) > 0 &&
    before.updateWaitsFor !== after.updateWaitsFor
  )
    yield {
      path: minReadySeconds.path,
      span: minReadySeconds.span,
      text: "Each step of an update waits until the pods are Available (`minReadySeconds`), not only Ready: updates take longer",
      // isUnavailable
      source:
        "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/statefulset/stateful_set_control.go",
    };
  if (type === "OnDelete" && before.onDeleteCompletes !== after.onDeleteCompletes)
    yield {
      path: updateStrategy.type.path,
      span: updateStrategy.type.span,
      text: "`status.currentRevision` moves when every pod was replaced, also with OnDelete: tools that wait for it end now",
      source: "https://github.com/kubernetes/kubernetes/pull/136833",
    };
  const context = template.place.at("spec", "securityContext");
  const labelled = [context, ...template.containers.items().map((one) => one.at("securityContext"))].find(
    (one) => one.at("seLinuxOptions").exists,
  );
  if (labelled !== undefined && !context.at("seLinuxChangePolicy").exists && !isGateOn("SELinuxMount", from))
    if (isGateOn("SELinuxMount", to)) {
      const at = labelled.at("seLinuxOptions");
      yield {
        path: at.path,
        span: at.keySpan,
        text: "Without `seLinuxChangePolicy` all volumes are mounted with this label instead of being relabelled: pods with other labels can no longer share them on one node. `seLinuxChangePolicy: Recursive` keeps the old way",
        source: "https://github.com/kubernetes/kubernetes/pull/139956",
      };
    }
}

/**
 * The release that an upgrade of a file's cluster leaves: the oldest one that the file is for or, if that is not older
 * than the target, the minor release before the target.
 */
export function upgradeStart({ range, kubernetesVersion, newerRelease }: Config, to: Release): Release {
  const from = range[0]?.kubernetesVersion ?? newerRelease ?? kubernetesVersion;
  return isSince(from, to.minor, to.patch) ? { minor: to.minor - 1, patch: undefined } : from;
}

/**
 * The configurations of an upgrade: for the release that is left, each minor release on the way, and the target. What a
 * release beyond the data changes is not known, so the newest known one stands for it.
 */
export function upgradeSteps(config: Config, to: Release): readonly Config[] {
  const from = upgradeStart(config, to);
  const between = Array.from({ length: Math.max(0, to.minor - from.minor - 1) }, (_, index) => ({
    minor: from.minor + 1 + index,
    patch: undefined,
  }));
  return [from, ...between, to].map((release) => {
    const known = release.minor > newestRelease.minor ? newestRelease : release;
    return { ...config, ...targetOf([known]), detectsRelease: false };
  });
}

/** A finding with its sentence. */
interface Told {
  readonly finding: DocumentFinding;
  readonly text: string;
}

/** What is found for the target of an upgrade and not for its start, or the other way round. */
export interface ChangedFinding<T extends Told> {
  readonly told: T;
  readonly severity: Severity;
  readonly text: string;
}

/**
 * Compares what is found for each step of an upgrade. What gates do to fields is not among it: `upgradeChanges` says
 * more of that.
 */
export function* changedFindings<T extends Told>(
  steps: readonly Config[],
  found: readonly (readonly T[])[],
): Iterable<ChangedFinding<T>> {
  const keysOf = (told: readonly T[]) => new Map(told.map((one) => [keyOf(one), one]));
  const byStep = found.map((told) => keysOf(told.filter(({ finding }) => !toldOtherwise.has(finding.rule))));
  const [first, last] = [byStep[0], byStep.at(-1)];
  if (first === undefined || last === undefined) return;
  const placesOf = (step: ReadonlyMap<string, T>) => new Map([...step.values()].map((one) => [placeOf(one), one]));
  const [before, after] = [placesOf(first), placesOf(last)];
  for (const [key, told] of last) {
    const former = before.get(placeOf(told));
    // Another wording of the same problem, or what is left of it.
    if (first.has(key) || (former !== undefined && rank(former) <= rank(told))) continue;
    const since = steps[byStep.findLastIndex((step) => !step.has(key)) + 1];
    const { severity } = told.finding;
    yield { told, severity, text: since === undefined ? told.text : `From Kubernetes ${release(since)}: ${told.text}` };
  }
  for (const [key, told] of first) {
    const left = after.get(placeOf(told));
    if (last.has(key) || (left !== undefined && rank(left) <= rank(told))) continue;
    yield { told, severity: "info", text: `No longer: ${told.text}` };
  }
}

/** Lower is worse. */
function rank({ finding }: Told): number {
  return severities.indexOf(finding.severity);
}

/** Rules whose findings come and go with a gate, and those about comments. */
const toldOtherwise: ReadonlySet<string> = new Set([
  "field-gated",
  "field-since",
  "max-unavailable-gated",
  "recreate-gated",
  "retention-version",
  "unused-suppression",
]);

function keyOf(told: Told): string {
  return `${placeOf(told)} ${told.finding.message.id}`;
}

function placeOf({ finding: { rule, span, path } }: Told): string {
  return JSON.stringify([rule, span, path]);
}
