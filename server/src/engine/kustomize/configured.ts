import { FieldReader } from "./field-reader.js";
import { readFieldSpecs } from "./field-specs.js";
import { imageStep } from "./image.js";
import { opaque } from "./patches.js";
import type { GeneratedObject, TextPart } from "./kustomization.js";
import {
  asSteps,
  namespaceStep,
  pairStep,
  prefixStep,
  replacementTransformations,
  replicaTransformation,
  suffixStep,
  type Transformation,
} from "./transformers.js";

/**
 * What one of kustomize's own transformers does that is configured in a text of its own, below `transformers`
 * (api/internal/plugins/builtinhelpers/builtins.go, kustomize 5.6). A plugin, and what is not understood, may do
 * anything.
 */
export function configuredTransformations({ document, value: { source } }: TextPart): readonly Transformation[] {
  const { root } = document;
  const reader = new FieldReader(source, document);
  const specs = readFieldSpecs(root.at("fieldSpecs"));
  if (root.at("apiVersion").value() !== "builtin" || specs === "unknown") return unknownToAll;
  const affix = (key: "prefix" | "suffix") => [reader.scalar(root.at(key)) ?? []].flat();
  const transformations = (): readonly Transformation[] => {
    switch (root.at("kind").value()) {
      case "LabelTransformer":
        return asSteps([pairStep(reader.pairs(root.at("labels")), specs)]);
      case "AnnotationsTransformer":
        return asSteps([pairStep(reader.pairs(root.at("annotations")), specs)]);
      case "NamespaceTransformer": {
        const namespace = reader.scalar(root.at("metadata", "namespace"));
        const which = root.at("unsetOnly").value() === true ? "unset" : "all";
        return namespace === undefined ? [] : asSteps([namespaceStep(namespace, specs, which)]);
      }
      case "PrefixTransformer":
        return asSteps(affix("prefix").map((text) => prefixStep(text, specs)));
      case "SuffixTransformer":
        return asSteps(affix("suffix").map((text) => suffixStep(text, specs)));
      case "PrefixSuffixTransformer":
        return asSteps([
          ...affix("prefix").map((text) => prefixStep(text, specs)),
          ...affix("suffix").map((text) => suffixStep(text, specs)),
        ]);
      case "ReplicaCountTransformer":
        return reader.replica(root.at("replica")).map((replica) => replicaTransformation(replica, specs));
      case "ImageTagTransformer":
        return asSteps(reader.image(root.at("imageTag")).map((image) => imageStep(image, specs)));
      case "PatchTransformer":
        return reader.patch(root).map((patch) => ({ type: "patch", patch }));
      case "PatchJson6902Transformer":
        return reader.patch(root, "jsonOp").map((patch) => ({ type: "patch", patch }));
      case "PatchStrategicMergeTransformer":
        return [...reader.all("paths"), ...(root.at("patches").exists ? [root.at("patches")] : [])].flatMap((place) =>
          reader.strategicPatch(place).map((patch) => ({ type: "patch", patch }) as const),
        );
      case "ReplacementTransformer":
        return reader.all("replacements").flatMap((place) => replacementTransformations(reader.replacement(place)));
      default:
        return unknownToAll;
    }
  };
  const read = transformations();
  return reader.understood ? read : unknownToAll;
}

const unknownToAll = asSteps([opaque]);

/** What a generator adds that is configured in a text of its own; `undefined` where that is not known. */
export function configuredObjects({ document, value: { source } }: TextPart): readonly GeneratedObject[] | undefined {
  const { root } = document;
  if (root.at("apiVersion").value() !== "builtin") return undefined;
  const reader = new FieldReader(source, document);
  const kind = root.at("kind").value();
  if (kind !== "ConfigMapGenerator" && kind !== "SecretGenerator") return undefined;
  const generated = reader.generated(root, kind === "ConfigMapGenerator" ? "ConfigMap" : "Secret", undefined);
  return reader.understood ? generated : undefined;
}
