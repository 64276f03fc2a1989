import { printable } from "../text/printable.js";
import { isMapping } from "../yaml/plain.js";
import { parse } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { split } from "../yaml/split.js";

/** What Argo CD or Flux deploys from a directory of its repository. */
export interface Deployment {
  /** `Application db` */
  readonly label: string;
  /** The directory with a chart, a kustomization or manifests, from the root of the repository. */
  readonly directory: string;
  /** What the kustomization is built with. */
  readonly namespace: string | undefined;
  /** How the chart is released. */
  readonly release: Release;
}

/** What `helm template` is called with. */
export interface Release {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Files with values, from the directory of the chart; with a slash at the start, from the root of the repository. */
  readonly valueFiles: readonly string[];
  /** Texts in YAML with values; a later one wins, and each over the files. */
  readonly values: readonly string[];
  /** What is given with `--set`, or `--set-string`. */
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly isText: boolean }[];
}

/** A deployment, or why what it makes is not known. */
export type ReadDeployment =
  | { readonly type: "deployment"; readonly deployment: Deployment }
  | {
      readonly type: "unknown";
      readonly label: string;
      readonly reason: string;
      readonly directory: string | undefined;
    };

/** All that a text deploys. Objects of other kinds, and what a template has not filled in yet, are passed over. */
export function readDeployments(text: string): readonly ReadDeployment[] {
  // Reading every manifest once more would cost as much as all the rest.
  if (!/argoproj\.io\/|toolkit\.fluxcd\.io\//.test(text)) return [];
  return split(text).flatMap((chunk) => {
    const { root } = parse(chunk.text);
    const [group, kind] = [textAt(root, "apiVersion")?.split("/")[0], textAt(root, "kind")];
    const read = readers[`${group}/${kind}`];
    return read === undefined
      ? []
      : read(root, printable(`${kind} ${textAt(root, "metadata", "name") ?? "without a name"}`));
  });
}

const readers: Readonly<Record<string, (root: Place, label: string) => readonly ReadDeployment[]>> = {
  "argoproj.io/Application": application,
  "kustomize.toolkit.fluxcd.io/Kustomization": fluxKustomization,
  "helm.toolkit.fluxcd.io/HelmRelease": helmRelease,
};

/**
 * Argo CD 3.1: `generateManifests` and `helmTemplate` in reposerver/repository/repository.go. Values of `valuesObject`
 * stand instead of those of `values`, and parameters win over both.
 */
function application(root: Place, label: string): readonly ReadDeployment[] {
  const spec = root.at("spec");
  const several = spec.at("sources").items();
  const sources = several.length > 0 ? several : [spec.at("source")];
  return sources.flatMap((source): readonly ReadDeployment[] => {
    const directory = textAt(source, "path");
    if (directory === undefined) {
      const chart = textAt(source, "chart");
      return chart === undefined ? [] : [unknown(label, `chart ${chart} comes from a Helm repository`, undefined)];
    }
    const unapplied = ["plugin", "kustomize"].find((field) => source.at(field).exists);
    if (unapplied !== undefined) return [unknown(label, `\`${unapplied}\` of its source is not applied`, directory)];
    const helm = source.at("helm");
    if (helm.at("fileParameters").exists) return [unknown(label, "`fileParameters` are not applied", directory)];
    const files = textsOf(helm.at("valueFiles"));
    const foreign = files.find((file) => /^\$|^\w+:\/\//.test(file));
    if (foreign !== undefined) return [unknown(label, `values file ${foreign} is not in its source`, directory)];
    const object = helm.at("valuesObject").value();
    const values = object === undefined ? textAt(helm, "values") : JSON.stringify(object);
    const release = {
      name: textAt(helm, "releaseName") ?? textAt(root, "metadata", "name") ?? "release-name",
      namespace: textAt(helm, "namespace") ?? textAt(spec, "destination", "namespace"),
      valueFiles: files,
      values: values === undefined ? [] : [values],
      parameters: helm
        .at("parameters")
        .items()
        .map((one) => ({
          name: textAt(one, "name") ?? "",
          value: textAt(one, "value") ?? "",
          isText: one.at("forceString").value() === true,
        })),
    };
    return [{ type: "deployment", deployment: { label, directory, namespace: undefined, release } }];
  });
}

/** Flux 2.6: `spec` of kustomize.toolkit.fluxcd.io/v1. What `postBuild` fills in stays a placeholder. */
function fluxKustomization(root: Place, label: string): readonly ReadDeployment[] {
  const spec = root.at("spec");
  const directory = textAt(spec, "path") ?? "./";
  const elsewhere = otherSource(spec.at("sourceRef"));
  if (elsewhere !== undefined) return [unknown(label, elsewhere, undefined)];
  const unapplied = changingFields.find((field) => spec.at(field).exists);
  if (unapplied !== undefined) return [unknown(label, `its \`${unapplied}\` are not applied`, directory)];
  const namespace = textAt(spec, "targetNamespace");
  return [{ type: "deployment", deployment: { label, directory, namespace, release: noRelease } }];
}

const changingFields = [
  "patches",
  "patchesStrategicMerge",
  "patchesJson6902",
  "images",
  "components",
  "namePrefix",
  "nameSuffix",
];
const noRelease: Release = { name: "release-name", namespace: undefined, valueFiles: [], values: [], parameters: [] };

/**
 * Flux 2.6: `spec` of helm.toolkit.fluxcd.io/v2; names of releases as `GetReleaseName` in its api/v2/helmrelease_types.go
 * makes them.
 */
function helmRelease(root: Place, label: string): readonly ReadDeployment[] {
  const spec = root.at("spec");
  const chart = spec.at("chart", "spec");
  const directory = textAt(chart, "chart");
  if (directory === undefined) return [unknown(label, "its chart comes from another object", undefined)];
  const elsewhere = otherSource(chart.at("sourceRef"));
  if (elsewhere !== undefined) return [unknown(label, elsewhere, undefined)];
  if (spec.at("valuesFrom").items().length > 0) return [unknown(label, "`valuesFrom` is not known", directory)];
  const unapplied =
    ["postRenderers"].find((field) => spec.at(field).exists) ??
    (chart.at("valuesFiles").exists ? "valuesFiles" : undefined);
  if (unapplied !== undefined) return [unknown(label, `its \`${unapplied}\` are not applied`, directory)];
  const name = textAt(root, "metadata", "name") ?? "release-name";
  const target = textAt(spec, "targetNamespace");
  const values = spec.at("values").value();
  const release = {
    name: textAt(spec, "releaseName") ?? (target === undefined ? name : `${target}-${name}`),
    namespace: target ?? textAt(root, "metadata", "namespace"),
    valueFiles: [],
    values: isMapping(values) ? [JSON.stringify(values)] : [],
    parameters: [],
  };
  return [{ type: "deployment", deployment: { label, directory, namespace: undefined, release } }];
}

/** Why a source of Flux is not this repository; of two repositories of git it is not known which one this is. */
function otherSource(reference: Place): string | undefined {
  const kind = textAt(reference, "kind");
  return kind === undefined || kind === "GitRepository"
    ? undefined
    : `its source is a ${kind}, which is not in this project`;
}

function unknown(label: string, reason: string, directory: string | undefined): ReadDeployment {
  return { type: "unknown", label, reason: printable(reason), directory };
}

function textAt(place: Place, ...path: readonly string[]): string | undefined {
  // Not as a field: what looks like a placeholder is one for no tool here, such as `$values/prod.yaml`.
  const value = place.at(...path).value();
  return typeof value === "string" ? value : undefined;
}

function textsOf(list: Place): readonly string[] {
  return list.items().flatMap((item) => textAt(item) ?? []);
}
