import { parse } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";

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

/** The names under which `kustomize` looks for a kustomization, in its order (api/konfig/general.go, kustomize 5.6). */
export const kustomizationNames: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Never fails: of what cannot be read, nothing is named. */
export function readKustomizationReferences(text: string): KustomizationReferences {
  const { root } = parse(text);
  const kind = root.at("kind").string();
  const generators = [
    "configMapGenerator",
    "secretGenerator",
    "generators",
    "helmCharts",
    "helmChartInflationGenerator",
  ];
  // Bases come first: `bases` is the older spelling of `resources`, components are applied last.
  const included = ["resources", "bases", "components"].flatMap((key) => strings(root.at(key)));
  return {
    isComponent: kind.state === "present" && kind.value === "Component",
    bringsObjects: included.length > 0 || generators.some((key) => root.at(key).items().length > 0),
    included,
    patches: patchesOf(root).flatMap(({ file }) => (file === undefined ? [] : [file])),
  };
}

/** A change that a kustomization makes: the text of a file, or a text of its own. */
export interface Patch {
  readonly file: string | undefined;
  readonly inline: Place | undefined;
  /** What it is for; absent where the patch says so itself. */
  readonly target: Place;
}

/** The patches of a kustomization in the order in which they are applied (api/internal/target/kusttarget.go, kustomize 5.6). */
export function patchesOf(root: Place): readonly Patch[] {
  const merged = root
    .at("patchesStrategicMerge")
    .items()
    .map((item) => {
      const text = stringOf(item);
      const isInline = text === undefined || text.includes("\n");
      return { file: isInline ? undefined : text, inline: isInline ? item : undefined, target: item.at("target") };
    });
  const others = ["patches", "patchesJson6902"].flatMap((key) =>
    root
      .at(key)
      .items()
      .map((item) => ({
        file: stringOf(item.at("path")),
        inline: item.at("patch").exists ? item.at("patch") : undefined,
        target: item.at("target"),
      })),
  );
  return [...merged, ...others];
}

function strings(list: Place): readonly string[] {
  return list.items().flatMap((item) => stringOf(item) ?? []);
}

function stringOf(place: Place): string | undefined {
  const field = place.string();
  return field.state === "present" ? field.value : undefined;
}
