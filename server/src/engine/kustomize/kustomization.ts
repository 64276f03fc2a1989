import type { ResourceId } from "./composed-resource.js";
import type { ParsedDocument } from "../yaml/parse.js";
import type { Remark } from "./remark.js";
import type { FieldSpec } from "./field-specs.js";
import type { Image } from "./image.js";
import type { Selector } from "./selector.js";
import type { Source, Spot, Value } from "./value.js";

/** A kustomization file, as far as it is understood; see api/types/kustomization.go of kustomize 5.6. */
export interface Kustomization {
  readonly source: Source;
  readonly document: ParsedDocument;
  readonly kind: "Kustomization" | "Component";
  /** Every field is one that kustomize knows and has a value that it takes. */
  readonly understood: boolean;
  /** Why it cannot be built, as far as it alone tells. */
  readonly remarks: readonly Remark[];
  /** `resources` and `bases`: files and directories, as they are written. */
  readonly resources: readonly Entry[];
  readonly components: readonly Entry[];
  /** Something else adds resources that are nowhere to be read: charts, plugins. */
  readonly addsUnknown: boolean;
  /** Files and directories with generators, or their texts. */
  readonly generators: readonly Configured[];
  /** Something may change any resource in a way that is not understood. */
  readonly changesUnknown: boolean;
  /** The same for transformers. */
  readonly transformers: readonly Configured[];
  /** Files that say which other fields hold names, labels and so on. */
  readonly configurations: readonly string[];
  readonly generated: readonly GeneratedObject[];
  /** `patchesStrategicMerge` and `patches`, in the order in which kustomize applies them. */
  readonly patches: readonly Patch[];
  readonly patchesJson6902: readonly Patch[];
  readonly namespace: Value | undefined;
  readonly namePrefix: Value | undefined;
  readonly nameSuffix: Value | undefined;
  readonly labels: readonly LabelSet[];
  readonly commonLabels: Pairs;
  readonly annotations: Pairs;
  readonly images: readonly Image[];
  readonly replicas: readonly { readonly name: string; readonly count: Value; readonly spot: Spot }[];
  readonly replacements: readonly ReplacementEntry[];
  /** The names of `vars`. */
  readonly vars: readonly string[];
}

/** A file or a directory that a kustomization names, and where. */
export interface Entry {
  readonly path: string;
  readonly spot: Spot;
}

/** What is configured in texts of its own: the path to them, or the texts themselves. */
export type Configured = { readonly path: string } | { readonly parts: readonly TextPart[] };

export type Pairs = readonly (readonly [key: string, value: Value])[];

export interface GeneratedObject {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string | undefined;
  /** `merge` and `replace` change one that is there. */
  readonly isNew: boolean;
  /** Its name gets a hash of what it holds. */
  readonly hashed: boolean;
  /** Where it is asked for. */
  readonly value: Value;
}

export interface Patch {
  readonly text: Entry | { readonly parts: readonly TextPart[] };
  /** `none`: the patch itself says what it is for; `unknown`: it is not understood. */
  readonly target: Selector | "none" | "unknown";
  readonly mayRename: boolean;
  readonly mayChangeKind: boolean;
}

/** A YAML document of a patch. */
export interface TextPart {
  readonly document: ParsedDocument;
  readonly value: Value;
}

export interface LabelSet {
  readonly pairs: Pairs;
  readonly selectors: boolean;
  readonly templates: boolean;
  readonly claimTemplates: boolean;
  /** Fields that it sets beside those that kustomize knows to hold labels. */
  readonly fields: readonly FieldSpec[] | "unknown";
}

/** A replacement, or the file that holds one or several. */
export type ReplacementEntry = { readonly path: string } | Replacement;

/** One of `replacements`: api/types/replacement.go, kustomize 5.6. `unknown`: it is not understood. */
export interface Replacement {
  readonly spot: Spot;
  readonly source: ReplacementSource | "unknown";
  readonly targets: readonly ReplacementTarget[] | "unknown";
}

export interface ReplacementSource {
  readonly spot: Spot;
  readonly id: Partial<ResourceId>;
  readonly path: readonly string[];
  readonly field: Spot;
  /** Only a part of the value is taken. */
  readonly refined: boolean;
}

export interface ReplacementTarget {
  readonly select: Selector | "unknown";
  /** What it selects is selected by every version: before kustomize 5.8 there were no patterns here. */
  readonly literal: boolean;
  readonly rejects: readonly Selector[] | "unknown";
  readonly fields: readonly { readonly path: readonly string[]; readonly text: string; readonly spot: Spot }[];
  readonly create: boolean;
  /** Only a part of the field is replaced. */
  readonly refined: boolean;
}
