import { readKustomization } from "../kustomize/read.js";
import { readSourceFile } from "../workspace/source-file.js";

/** What a kustomization names, as far as other files are concerned. */
export interface KustomizationReferences {
  /** A component is only part of what includes it. */
  readonly isComponent: boolean;
  /** Whether it brings objects of its own, so that building it makes any. */
  readonly bringsObjects: boolean;
  /** Files and directories whose objects it takes in, in its order. */
  readonly included: readonly string[];
  /** Files that change those objects, in its order. */
  readonly patches: readonly string[];
}

/** Never fails; `undefined` where the text is none of kustomize's, such as an object of Flux. */
export function readKustomizationReferences(text: string): KustomizationReferences | undefined {
  const [document] = readSourceFile("", text, undefined).documents;
  const kustomization = document && readKustomization(document.chunk, { uri: "", document: 0 });
  if (kustomization === undefined) return undefined;
  const { kind, resources, components, addsUnknown, generated, generators, patches, patchesJson6902 } = kustomization;
  const included = [...resources, ...components].map(({ path }) => path);
  return {
    isComponent: kind === "Component",
    bringsObjects: included.length > 0 || addsUnknown || generated.length + generators.length > 0,
    included,
    patches: [...patches, ...patchesJson6902].flatMap((patch) => ("path" in patch.text ? [patch.text.path] : [])),
  };
}
