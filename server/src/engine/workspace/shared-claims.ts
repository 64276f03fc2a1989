import type { PodTemplate, Volume } from "../kubernetes/pod-template.js";
import { sameNamespace } from "./namespace.js";
import type { Scope } from "./scope.js";
import type { ClaimSummary } from "./summary.js";

/** A claim that every pod of a workload uses by its name, although it is for one node or one pod only. */
export interface SharedClaim {
  readonly volume: Volume;
  readonly name: string;
  readonly claim: ClaimSummary;
  /** `node`: ReadWriteOnce, pods of one node may share it; `pod`: ReadWriteOncePod, a single pod may use it. */
  readonly allows: "node" | "pod";
}

/**
 * The claims that pods from this template would share and cannot. Where several manifests of a claim are in scope, all
 * of them must be so. Access modes: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
 * (ReadWriteOncePod is stable since Kubernetes 1.29).
 */
export function sharedClaims(
  { volumes }: PodTemplate,
  namespace: string | undefined,
  scope: Scope,
): readonly SharedClaim[] {
  if (volumes.state !== "present") return [];
  return volumes.value.flatMap((volume): readonly SharedClaim[] => {
    const { claimName } = volume;
    if (claimName.state !== "present") return [];
    const claims = scope
      .named("PersistentVolumeClaim", claimName.value)
      .filter(({ key }) => sameNamespace(key, namespace));
    const [claim] = claims;
    if (claim === undefined || !claims.every(isForOneNode)) return [];
    const allows = claims.every(({ accessModes }) => accessModes?.includes("ReadWriteOnce") === true) ? "node" : "pod";
    return [{ volume, name: claimName.value, claim, allows }];
  });
}

function isForOneNode({ accessModes }: ClaimSummary): boolean {
  return (
    accessModes !== undefined &&
    accessModes.length > 0 &&
    accessModes.every((mode) => mode === "ReadWriteOnce" || mode === "ReadWriteOncePod")
  );
}
