import { code } from "../../words/markdown.js";
import { kindName } from "./manifest-names.js";
import type { Named } from "./named.js";

/** What renaming does to an object that runs already. */
export interface LiveEffect {
  /** The object, in the file that it is written in. */
  readonly uri: string;
  readonly kind: string;
  readonly name: string;
  /** A sentence. */
  readonly text: string;
  /** The API server refuses the change: the object has to be deleted and created again. */
  readonly refused: boolean;
}

/** What the new names do to live objects, each told once; none for what can be changed at any time. */
export function liveEffects(names: readonly Named[]): readonly LiveEffect[] {
  const found = names.flatMap((named): readonly LiveEffect[] => {
    const { inside, field, sort } = named.occurrence;
    if (inside === undefined) return [];
    const told = effectOf(kindName(inside), field, sort);
    if (told === undefined) return [];
    const { kind, name } = inside.key;
    return [
      { uri: named.document.id.uri, kind, name, text: `${kind} ${code(name)}: ${told.text}`, refused: told.refused },
    ];
  });
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

/**
 * What may be changed of a StatefulSet: ValidateStatefulSetUpdate (pkg/apis/apps/validation/validation.go); the selector
 * of the other workloads: ValidateDeploymentUpdate and so on in pkg/registry/apps (Kubernetes 1.36).
 */
function effectOf(
  kind: string,
  field: string,
  sort: string,
): { readonly text: string; readonly refused: boolean } | undefined {
  if (kind === "apps/StatefulSet") {
    if (field === "spec.volumeClaimTemplates[].metadata.name")
      return {
        refused: true,
        text: "claim templates cannot be changed on a live set; recreated pods get new, empty claims, and the data stays in the old ones",
      };
    if (field === "spec.serviceName")
      return { refused: true, text: "`serviceName` cannot be changed on a live set; the DNS names of its pods change" };
    if (field === "metadata.name")
      return { refused: false, text: "a new set with new, empty claims is created; the old one keeps running" };
  }
  if (sort === "label" && /^spec\.selector\b/.test(field) && kind.startsWith("apps/"))
    return { refused: true, text: "the selector cannot be changed on a live object; it has to be recreated" };
  if (kind === "/PersistentVolumeClaim" && field === "metadata.name")
    return { refused: false, text: "a new, empty claim is created; the data stays in the old one" };
  return undefined;
}
