import { URI, Utils } from "vscode-uri";
import {
  builtSets,
  failureText,
  formatRelease,
  isPartial,
  lineIndex,
  playedGates,
  readRendered,
  readWrittenSpec,
  type BuiltSet,
  type Config,
} from "../../engine/api.js";
import type {
  Build,
  BuildsResult,
  BuiltPlaceParams,
  BuiltPlaceResult,
  BuiltResult,
  BuiltTarget,
} from "../../protocol/protocol.js";
import type { Builder } from "../runtime.js";
import { toRange } from "../to-lsp.js";
import { canonicalUri, isWithin } from "../uri.js";
import { fieldSteps } from "../from-lsp.js";

/** What the preview asks about StatefulSets as kustomize and helm build them. */
export interface Builds {
  /** Which builds below the folders a file is a part of. */
  of(uri: string, folders: readonly string[]): Promise<BuildsResult>;
  /** `null` for a directory that is in none of the folders: nothing is run there. */
  built(build: Build, folders: readonly string[], config: Config): Promise<BuiltResult | null>;
  place(params: BuiltPlaceParams): BuiltPlaceResult;
}

/** Remembers what each build made when it last succeeded. */
export function createBuilds(builder: Builder): Builds {
  const known = new Map<string, readonly BuiltSet[]>();
  return {
    of: (uri, folders) => builder.buildsWith(uri, folders),
    async built(build, folders, config) {
      const directory = canonicalUri(build.directory);
      const isOurs = folders.some((folder) => isWithin(directory, folder)) && !directory.split("/").includes("..");
      if (!isOurs) return null;
      const key = keyOf(build);
      const { newerRelease, kubernetesVersion, loadRestrictor } = config;
      const result = await builder.build(build, {
        kubernetesVersion: formatRelease(newerRelease ?? kubernetesVersion),
        loadRestrictor,
      });
      if (result.type === "built") known.set(key, builtSets(readRendered(key, result.output, config)));
      const problem = result.type === "failed" ? failureText(result, baseName) : undefined;
      const statefulSets = (known.get(key) ?? []).map((set, index) => builtTarget(set, index, problem));
      return { release: kubernetesVersion, featureGates: playedGates(config), statefulSets, problem };
    },
    place({ build, index, field }) {
      const set = known.get(keyOf(build))?.[index];
      if (set === undefined) return null;
      const { source, span } = set.origin(set.resource.place.at(...fieldSteps(field)));
      return { uri: source.uri, ...toRange(span, lineIndex(source.text)) };
    },
  };
}

function baseName(uri: string): string {
  return Utils.basename(URI.parse(uri));
}

function keyOf({ tool, directory }: Build): string {
  return `${tool} ${directory}`;
}

function builtTarget(set: BuiltSet, index: number, problem: string | undefined): BuiltTarget {
  const { resource: statefulSet } = set;
  const { spec, unknown } = readWrittenSpec(statefulSet);
  const [first] = unknown;
  const unreadable =
    problem ??
    (isPartial(statefulSet) ? "what is built has no selector or no containers" : undefined) ??
    (first && `${first.path} has a value that Kubernetes cannot read`);
  return {
    index,
    name: statefulSet.key.name,
    firstLine: 0,
    lastLine: 0,
    written: unreadable === undefined ? spec : undefined,
    unreadable,
    source: set.origin(statefulSet.place).source.uri,
  };
}
