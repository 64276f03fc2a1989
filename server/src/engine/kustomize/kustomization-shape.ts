import type { Place } from "../yaml/place.js";
import { failure, type Remark } from "./remark.js";
import type { Source } from "./value.js";

/** What kustomize takes for a field; null is taken everywhere. */
type Shape =
  | "text"
  | "flag"
  | "integer"
  | "anything"
  | { readonly list: Shape }
  | { readonly texts: true }
  | { readonly fields: Readonly<Record<string, Shape>> };

const texts = { texts: true } as const;
const textList = { list: "text" } as const;

function fields(names: string, others: Readonly<Record<string, Shape>> = {}): Shape {
  const plain = names.split(/\s+/).filter((name) => name !== "");
  return { fields: { ...Object.fromEntries(plain.map((name) => [name, "text" as const])), ...others } };
}

const identity = "group version kind name namespace";
const selector = fields(`${identity} labelSelector annotationSelector`);
const patch = fields("path patch", {
  target: selector,
  // Until kustomize 5.6 any flag may stand here.
  options: fields("", { allowNameChange: "flag", allowKindChange: "flag" }),
});
const fieldSpecs = { list: fields("group version kind path", { create: "flag" }) };
const fieldOptions = fields("delimiter encoding", { index: "integer", create: "flag" });
const image = fields("name newName tagSuffix newTag digest");
const generatorOptions = fields("", {
  labels: texts,
  annotations: texts,
  disableNameSuffixHash: "flag",
  immutable: "flag",
});
const generatorFields: Readonly<Record<string, Shape>> = {
  literals: textList,
  files: textList,
  envs: textList,
  options: generatorOptions,
};

/** api/types/kustomization.go and the types beside it, kustomize 5.8. */
const kustomization = fields("apiVersion kind namePrefix nameSuffix namespace", {
  metadata: fields("name namespace", { labels: texts, annotations: texts }),
  openapi: texts,
  commonLabels: texts,
  commonAnnotations: texts,
  labels: {
    list: fields("", {
      pairs: texts,
      includeSelectors: "flag",
      includeTemplates: "flag",
      includeVolumeClaimTemplates: "flag",
      fields: fieldSpecs,
    }),
  },
  patchesStrategicMerge: textList,
  patchesJson6902: { list: patch },
  patches: { list: patch },
  images: { list: image },
  imageTags: { list: image },
  replacements: {
    list: fields("path sourceValue", {
      source: fields(`${identity} fieldPath`, { options: fieldOptions }),
      targets: {
        list: fields("", { select: selector, reject: { list: selector }, fieldPaths: textList, options: fieldOptions }),
      },
    }),
  },
  replicas: { list: fields("name", { count: "integer" }) },
  vars: {
    list: fields("name", {
      objref: fields(`${identity} apiVersion`),
      fieldref: fields("fieldPath"),
    }),
  },
  sortOptions: fields("order", { legacySortOptions: "anything" }),
  ...Object.fromEntries(
    "resources components crds bases configurations generators transformers validators buildMetadata"
      .split(" ")
      .map((name) => [name, textList]),
  ),
  configMapGenerator: { list: fields("namespace name behavior env", generatorFields) },
  secretGenerator: { list: fields("namespace name behavior env type", generatorFields) },
  // Nothing here is built without `--enable-helm`.
  helmGlobals: "anything",
  helmCharts: "anything",
  helmChartInflationGenerator: "anything",
  generatorOptions,
});

/**
 * Whatever kustomize cannot decode in a kustomization: fields that it does not know, and values of another type. Names
 * of fields are compared without regard to case (`Unmarshal` in api/types/kustomization.go).
 */
export function shapeRemarks(root: Place, source: Source): readonly Remark[] {
  return [...misfits(root, kustomization, "", source)];
}

function* misfits(place: Place, shape: Shape, name: string, source: Source): Generator<Remark> {
  const { kind } = place;
  if (kind === "absent" || kind === "null" || kind === "opaque" || shape === "anything") return;
  if (!fits(place, shape)) {
    yield failure({ place, source }, "wrongType", { field: name, is: valueOf(place), should: describe(shape) });
    return;
  }
  if (typeof shape === "string") return;
  if ("list" in shape) {
    for (const item of place.items()) yield* misfits(item, shape.list, name, source);
    return;
  }
  for (const [key, entry] of place.entries()) {
    if ("texts" in shape) {
      yield* misfits(entry, "text", key, source);
      continue;
    }
    const known = Object.entries(shape.fields).find(([field]) => field.toLowerCase() === key.toLowerCase());
    if (known !== undefined) yield* misfits(entry, known[1], known[0], source);
    // A key of a tool's template may become any.
    else if (!/[{}$<%]/.test(key)) yield failure({ place: entry, source }, "unknownField", { field: key }, "key");
  }
}

function fits(place: Place, shape: Exclude<Shape, "anything">): boolean {
  switch (shape) {
    case "text":
      return typeof place.value() === "string";
    case "flag":
      return place.boolean().state !== "invalid";
    case "integer":
      return place.integer().state !== "invalid";
    default:
      return place.kind === ("list" in shape ? "list" : "map");
  }
}

function describe(shape: Exclude<Shape, "anything">): string {
  switch (shape) {
    case "text":
      return "text";
    case "flag":
      return "true or false";
    case "integer":
      return "a whole number";
    default:
      return "list" in shape ? "a list" : "a map";
  }
}

function valueOf(place: Place): string {
  const value = place.value();
  if (place.kind === "list") return "a list";
  // As it is written: `1.10`.
  return typeof value === "object" ? "a map" : (place.source ?? String(value));
}
