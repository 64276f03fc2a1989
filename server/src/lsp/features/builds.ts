import {
  builtSets,
  defaultConfig,
  manifestText,
  playedAs,
  playedGates,
  readRendered,
  toolOptions,
  whyNot,
  type BuiltResource,
  type BuiltSet,
  type Config,
  type RenderedBuild,
  type WhyNot,
} from "../../engine/api.js";
import type { Build, BuildsResult, BuiltPlaceParams, BuiltPlaceResult, BuiltResult } from "../../protocol/protocol.js";
import type { Builder } from "../runtime.js";
import type { Positions } from "../positions.js";
import { toRange } from "../to-lsp.js";
import { canonicalUri, isWithin } from "../uri.js";
import { fieldSteps } from "../from-lsp.js";

/** What the preview asks about StatefulSets as kustomize and helm build them. */
export interface Builds {
  /** Which builds below the folders a file is a part of. */
  of(uri: string, folders: readonly string[]): Promise<BuildsResult>;
  /** Nothing is run in a directory that is in none of the folders. */
  built(build: Build, folders: readonly string[], config: Config): Promise<BuiltResult>;
  place(params: BuiltPlaceParams): BuiltPlaceResult;
  /** What a build made when it last succeeded. */
  resources(build: Build): readonly BuiltResource[];
}

/** Remembers what each build made when it last succeeded. */
export function createBuilds(builder: Builder, positions: Positions): Builds {
  const known = new Map<string, RenderedBuild>();
  const setsOf = (key: string): readonly BuiltSet[] => {
    const build = known.get(key);
    return build === undefined ? [] : builtSets(build);
  };
  return {
    of: (uri, folders) => builder.buildsWith(uri, folders),
    async built(build, folders, config) {
      const directory = canonicalUri(build.directory);
      const folder = folders.find((one) => isWithin(directory, one));
      if (folder === undefined || directory.split("/").includes("..")) return nothingBuilt({ type: "outside" });
      const key = keyOf(build);
      const result = await builder.build(build, toolOptions(config));
      const isBuilt = result.type === "built";
      if (isBuilt) known.set(key, readRendered(key, result.output, config));
      const problem = isBuilt ? undefined : whyNot(result, (uri) => nameIn(folder, canonicalUri(uri)));
      const statefulSets = setsOf(key).map((set, index) => ({
        index,
        name: set.resource.key.name,
        firstLine: 0,
        lastLine: 0,
        ...playedAs(set.resource, problem),
        manifest: problem === undefined ? manifestText(set.resource) : undefined,
        source: set.origin(set.resource.place).source.uri,
      }));
      return { release: config.kubernetesVersion, featureGates: playedGates(config), statefulSets, problem };
    },
    place({ build, index, field }) {
      const set = setsOf(keyOf(build))[index];
      if (set === undefined) return null;
      const { source, span } = set.origin(set.resource.place.at(...fieldSteps(field)));
      return { uri: source.uri, ...toRange(span, positions.ofText(source.text)) };
    },
    resources: (build) => known.get(keyOf(build))?.resources() ?? [],
  };
}

/** The answer where nothing is run. */
export function nothingBuilt(why: WhyNot): BuiltResult {
  return { release: defaultConfig.kubernetesVersion, featureGates: {}, statefulSets: [], problem: whyNot(why) };
}

/** `overlays/prod/kustomization.yaml`, as the command line says it too. */
function nameIn(folder: string, uri: string): string {
  return decodeURIComponent(isWithin(uri, folder) ? uri.slice(folder.length).replace(/^\//, "") : uri);
}

function keyOf({ tool, directory }: Build): string {
  return `${tool} ${directory}`;
}
