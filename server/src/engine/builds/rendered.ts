import type { Config, LoadRestrictor } from "../config/config.js";
import { formatRelease } from "../kubernetes/versions.js";
import { helmTracer } from "../render/helm.js";
import { kustomizeTracer } from "../render/kustomize.js";
import type { SourcePlace, ToolOutput, Trace } from "../render/source.js";
import { fileAt, segments } from "../workspace/directory.js";
import type { SourceDocument } from "../workspace/source-file.js";
import { WorkspaceFiles, type Snapshot } from "../workspace/workspace.js";
import { pathAt } from "../yaml/locate.js";
import type { Place } from "../yaml/place.js";
import type { Build, BuiltResource } from "./build.js";

/** What a tool wrote, as one unit in which everything is known. */
export interface RenderedBuild extends Build {
  /** The output, as the one file of a workspace. */
  readonly snapshot: Snapshot;
  readonly text: string;
  readonly uri: string;
  /** Where the text at an offset of the output comes from; of a key that is written twice, the later one is meant. */
  originAt(offset: number, options: { readonly isRepeated: boolean }): SourcePlace;
  /** Where the object at an offset of the output comes from. */
  homeAt(offset: number): SourcePlace;
}

/** What a tool is asked for beside what is to be built. */
export interface ToolOptions {
  /** As `1.36`. */
  readonly kubernetesVersion: string;
  /** `none`: kustomizations may read files that `kubectl apply -k` refuses to read. */
  readonly loadRestrictor: LoadRestrictor;
}

export function toolOptions({ newerRelease, kubernetesVersion, loadRestrictor }: Config): ToolOptions {
  return { kubernetesVersion: formatRelease(newerRelease ?? kubernetesVersion), loadRestrictor };
}

/** Reads the output of a tool; `label` is what a reader calls it. */
export function readRendered(label: string, output: ToolOutput, config: Config): RenderedBuild {
  const uri = "built:/output.yaml";
  const files = new WorkspaceFiles({ settings: config, flags: {} });
  files.setFile(uri, output.output);
  files.setComplete(true);
  const documents = fileAt(files.snapshot.files, segments(uri))?.documents ?? [];
  const trace = tracerFor(output);
  return {
    label,
    isKnown: true,
    snapshot: files.snapshot,
    text: output.output,
    uri,
    resources: () =>
      documents.flatMap(({ chunk, start }) =>
        chunk.resources.map((resource): BuiltResource => ({
          resource,
          origin(place) {
            const { path } = nearestWritten(place, resource.place);
            return trace(chunk.document, { path, on: "key" }, start);
          },
        })),
      ),
    originAt(offset, { isRepeated }) {
      const { chunk, start } = documentAt(documents, offset);
      return trace(chunk.document, { ...pathAt(chunk.document, offset - start), isRepeated }, start);
    },
    homeAt(offset) {
      const { chunk, start } = documentAt(documents, offset);
      return trace(chunk.document, { path: [], on: "gap" }, start);
    },
  };
}

function tracerFor(output: ToolOutput): Trace {
  switch (output.tool) {
    case "kustomize":
      return kustomizeTracer(output);
    case "helm":
      return helmTracer(output);
  }
}

/** There is always one: that of the text's beginning. */
function documentAt(documents: readonly SourceDocument[], offset: number): SourceDocument {
  const document = documents.findLast(({ start }) => start <= offset) ?? documents[0];
  if (document === undefined) throw new Error("a text without documents");
  return document;
}

/** A place on the way to another one, the last that is written. */
export function nearestWritten(place: Place, from: Place): Place {
  let written = from;
  for (const step of place.path.slice(from.path.length)) {
    const next = written.at(step);
    if (!next.exists) break;
    written = next;
  }
  return written;
}
