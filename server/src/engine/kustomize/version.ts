import { formatRelease, type Release } from "../kubernetes/versions.js";

/**
 * The kustomize in each kubectl, oldest first; patch releases of kubectl keep it. `kubectl version --client` of 1.31.9,
 * 1.33.9, 1.34.5, 1.35.2 and 1.36.3; of the others, `sigs.k8s.io/kustomize/kustomize/v5` in
 * staging/src/k8s.io/kubectl/go.mod.
 */
const kustomizeIn: readonly { readonly minor: number; readonly kustomize: string }[] = [
  { minor: 27, kustomize: "5.0.1" },
  { minor: 28, kustomize: "5.0.4" },
  { minor: 31, kustomize: "5.4.2" },
  { minor: 32, kustomize: "5.5.0" },
  { minor: 33, kustomize: "5.6.0" },
  { minor: 34, kustomize: "5.7.1" },
  { minor: 36, kustomize: "5.8.1" },
  { minor: 37, kustomize: "5.8.1" },
];

/** The newest kubectl whose kustomize is known. */
const newestKnown = 37;

/** The kustomize in the kubectl of a release; `undefined` for releases that came later than this was written. */
export function kustomizeOf({ minor }: Release): string | undefined {
  return minor > newestKnown ? undefined : kustomizeIn.findLast((one) => one.minor <= minor)?.kustomize;
}

/**
 * Why `labels` with `includeTemplates` labels claim templates too; `undefined` where it is not known whether it does.
 * Up to kustomize 5.8.1 it does, from 5.8.2 on `includeVolumeClaimTemplates` (kubernetes-sigs/kustomize pull request
 * 5831).
 */
export function claimTemplateNote(release: Release): string | undefined {
  const kustomize = kustomizeOf(release);
  if (kustomize === undefined) return undefined;
  return `kubectl ${formatRelease(release)} has kustomize ${kustomize}, which labels claim templates too`;
}
