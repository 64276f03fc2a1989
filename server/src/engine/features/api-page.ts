import { documentedDefault, fieldText, type FieldText } from "../kubernetes/schema/field-text.js";
import { hasField, isRequired, type FieldSchema } from "../kubernetes/schema/schema.js";
import { typeName, usableValues, type OwnedField } from "../kubernetes/schema/walk.js";
import {
  formatRelease,
  gateDefault,
  gateOfField,
  isGateOn,
  type Release,
  type TargetCluster,
} from "../kubernetes/versions.js";
import { code } from "../words/markdown.js";
import { prose } from "../words/prose.js";
import { formatPath } from "../yaml/path.js";

/**
 * What the API documentation says of a field, as Markdown: for every field that there is no doc of our own for.
 * `value` is the one under the cursor, whose meaning then comes first.
 */
export function apiPage(field: OwnedField, cluster: TargetCluster, value: string | undefined): string {
  const { owner, schema, path } = field;
  const release = cluster.kubernetesVersion;
  const text = fieldText(owner, schema.name) ?? typeMeta[schema.name];
  const name = formatPath(path).replace(/\[\d+\]/g, "[]");
  const required = isRequired(schema, release) ? ", required" : "";
  return [
    `**${code(name)}**: ${code(typeName(schema.type))}${required}`,
    ...(text === undefined ? [] : [...chosen(text, value), prose(text.summary)]),
    ...valueList(field, text, cluster, value),
    ...unknownThen(schema, release),
    ...gatedThen(owner, schema, cluster),
    "---",
    footer(owner, schema, text, release),
  ].join("\n\n");
}

/** What the documentation says of one of a field's values. */
export function valueMeaning({ owner, schema }: OwnedField, value: string): string | undefined {
  const meaning = fieldText(owner, schema.name)?.values.get(value);
  return meaning === undefined ? undefined : `${code(value)} ${prose(meaning)}`;
}

/** The packages that the field data come from have no words for these. */
const typeMeta: Readonly<Record<string, FieldText>> = {
  apiVersion: { summary: "The API group and version that the object belongs to.", values: new Map() },
  kind: { summary: "What kind of object this is.", values: new Map() },
};

function chosen({ values }: FieldText, value: string | undefined): readonly string[] {
  const meaning = value === undefined ? undefined : values.get(value);
  return value === undefined || meaning === undefined ? [] : [`${code(value)} ${prose(meaning)}`];
}

/** All values, or those that there are beside the chosen one. */
function valueList(
  field: OwnedField,
  text: FieldText | undefined,
  cluster: TargetCluster,
  chosenValue: string | undefined,
): readonly string[] {
  if (field.schema.values === undefined) return [];
  const known = usableValues(field, cluster);
  const meaningOf = (value: string) => text?.values.get(value) ?? "";
  if (known.every((value) => meaningOf(value) === "")) return [`One of ${known.map(code).join(", ")}.`];
  const others = known.filter((value) => value !== chosenValue);
  return [others.map((value) => `- ${code(value)} ${prose(meaningOf(value))}`.trimEnd()).join("\n")];
}

function unknownThen(schema: FieldSchema, release: Release): readonly string[] {
  return hasField(schema, release) ? [] : [`**Kubernetes ${formatRelease(release)} does not know this field.**`];
}

/** Why the field does nothing, or since when it does something. */
function gatedThen(owner: string, schema: FieldSchema, cluster: TargetCluster): readonly string[] {
  const gate = gateOfField(owner, schema.name);
  if (gate === undefined || !hasField(schema, cluster.kubernetesVersion)) return [];
  const { stage } = gateDefault(gate, cluster.kubernetesVersion);
  if (stage === "stable" || stage === "unknown" || cluster.newerRelease !== undefined) return [];
  const name = `feature gate ${code(gate)} (${stage} in Kubernetes ${formatRelease(cluster.kubernetesVersion)})`;
  return isGateOn(gate, cluster)
    ? [`Behind the ${name}, which is on.`]
    : [`**Silently dropped**: the ${name} is off${cluster.featureGates[gate] === false ? "" : " by default"}.`];
}

function footer(owner: string, schema: FieldSchema, text: FieldText | undefined, release: Release): string {
  const fallback = text && documentedDefault(schema, text.summary);
  return [
    ...(fallback === undefined ? [] : [`Default: ${code(fallback)}`]),
    ...(schema.deprecated ? ["Deprecated"] : []),
    ...(schema.since === undefined ? [] : [`Since Kubernetes 1.${schema.since}`]),
    ...(schema.until === undefined ? [] : [`Gone since Kubernetes 1.${schema.until}`]),
    `[API reference](${referencePage(owner, Math.max(release.minor, schema.since ?? 0))})`,
  ].join(" \u00b7 ");
}

/**
 * The type's section in the API reference, such as `#container-v1-core` or `#storageclass-v1-storage-k8s-io`. The site
 * has a page for each of these releases (kubernetes/website, static/docs/reference/generated/kubernetes-api).
 */
function referencePage(owner: string, minor: number): string {
  const [, group = metaTypes.has(owner) ? "meta" : "core", version = "v1", type = owner] =
    /^(\w+)\.(v\d+)\.(\w+)$/.exec(owner) ?? [];
  const anchor = `${type}-${version}-${group === "storage" ? "storage-k8s-io" : group}`.toLowerCase();
  const release = `v1.${Math.min(Math.max(minor, 29), 37)}`;
  return `https://kubernetes.io/docs/reference/generated/kubernetes-api/${release}/#${anchor}`;
}

/** Types of apimachinery's meta/v1; in the field data they have short names, as those of the core group have. */
const metaTypes: ReadonlySet<string> = new Set([
  "Condition",
  "LabelSelector",
  "LabelSelectorRequirement",
  "ManagedFieldsEntry",
  "ObjectMeta",
  "OwnerReference",
]);
