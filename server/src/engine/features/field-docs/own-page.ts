import {
  formatRelease,
  gateDefault,
  isGateOn,
  type FeatureGate,
  type TargetCluster,
} from "../../kubernetes/versions.js";
import { code } from "../../words/markdown.js";
import { formatPath, type Path } from "../../yaml/path.js";
import { describeGate } from "../../kubernetes/gate-text.js";
import { describeChange, type FieldDoc, type FieldDocs } from "../../kubernetes/field-doc.js";

export interface PageTarget {
  /** The field's path in its object. */
  readonly field: Path;
  readonly cluster: TargetCluster;
}

/**
 * The doc of a field, or of the nearest field above that speaks for all below it, as Markdown. `facts` says what the
 * field of that name means at a path with the values there; `undefined` where we have no doc of our own.
 */
export function ownPage(
  docs: FieldDocs,
  target: PageTarget,
  facts: (name: string, path: Path) => readonly string[],
): string | undefined {
  const { field, cluster } = target;
  for (let length = field.length; length > 0; length--) {
    const path = field.slice(0, length);
    const name = formatPath(path).replace(/\[\d+\]/g, "[]");
    const doc = Object.hasOwn(docs.fields, name) ? docs.fields[name] : undefined;
    if (doc === undefined || (length < field.length && !doc.coversBelow)) continue;
    const title = `**${code(name)}**`;
    return [
      title,
      doc.summary,
      ...facts(name, path),
      ...obstacle(doc.gate, cluster),
      "---",
      footer(doc, docs.apiSince, cluster),
    ].join("\n\n");
  }
  return undefined;
}

/** Why the field does nothing in the chosen release. */
function obstacle(gate: FeatureGate | undefined, cluster: TargetCluster): readonly string[] {
  if (gate === undefined || isGateOn(gate, cluster)) return [];
  const release = cluster.kubernetesVersion;
  const version = `Kubernetes ${formatRelease(release)}`;
  return gateDefault(gate, release).stage === "unknown"
    ? [`**${version} does not have this field.**`]
    : [
        `**${version} ignores this field**: its feature gate \`${gate}\` is off${cluster.featureGates[gate] === false ? "" : " by default there"}, and the API server drops the value.`,
      ];
}

function footer(doc: FieldDoc, apiSince: string, cluster: TargetCluster): string {
  const change = typeof doc.change === "function" ? doc.change(cluster.kubernetesVersion) : doc.change;
  const since = doc.since ?? apiSince;
  return [
    ...(doc.default === undefined ? [] : [`Default: ${doc.default}`]),
    describeChange(change),
    doc.gate === undefined ? `Since Kubernetes ${since}` : describeGate(doc.gate),
    `[kubernetes.io](https://kubernetes.io/${doc.page})`,
  ].join(" \u00b7 ");
}
