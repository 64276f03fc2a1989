import { isPartial, type StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { readWrittenSpec } from "../rollout/read.js";
import type { ToolOutput } from "../render/source.js";
import type { WrittenSpec } from "../rollout/spec.js";

/** Why there is no build, or nothing in one that can be played. */
export type WhyNot =
  | FailedBuild
  /** The tool is not installed. */
  | { readonly type: "noTool"; readonly tool: ToolOutput["tool"] }
  /** The kustomization or the chart is not there. */
  | { readonly type: "gone" }
  /** Programs run in trusted workspaces only, */
  | { readonly type: "untrusted" }
  /** on a machine that has them, */
  | { readonly type: "noPrograms" }
  /** and in the folders of the workspace. */
  | { readonly type: "outside" }
  | { readonly type: "syntax"; readonly problem: string | undefined }
  /** A patch or a fragment of a set. */
  | { readonly type: "part" }
  /** A field that a tool will replace, or of another type; `path` as Kubernetes writes it. */
  | { readonly type: "opaque" | "invalid"; readonly path: string };

/** A tool did not build something. */
export interface FailedBuild {
  readonly type: "failed";
  /** One line of what the tool says. */
  readonly reason: string;
  readonly place?: FailurePlace | undefined;
}

/** A line of a file that a tool's message is about. */
export interface FailurePlace {
  readonly uri: string;
  /** 1-based; `undefined` where only the file is known. */
  readonly line: number | undefined;
}

/** The reason in a sentence without its full stop; `nameOf` says what a reader calls a file. */
export function whyNot(why: WhyNot, nameOf: (uri: string) => string = (uri) => uri): string {
  switch (why.type) {
    case "failed": {
      const { place, reason } = why;
      if (place === undefined) return reason;
      return `${nameOf(place.uri)}${place.line === undefined ? "" : `:${place.line}`}: ${reason}`;
    }
    case "noTool":
      return why.tool === "helm" ? "helm is not on the PATH" : "neither kustomize nor kubectl is on the PATH";
    case "gone":
      return "there is nothing to build any more";
    case "untrusted":
      return "the workspace is not trusted";
    case "noPrograms":
      return "no programs can be run here";
    case "outside":
      return "the directory is not in the workspace";
    case "syntax":
      return `the YAML cannot be read${why.problem === undefined ? "" : `: ${why.problem}`}`;
    case "part":
      return "this is a part of a StatefulSet: it has no selector or no containers";
    case "opaque":
      return `${why.path} is filled in by another tool`;
    case "invalid":
      return `${why.path} has a value that Kubernetes cannot read`;
  }
}

/** What of a set is played, as far as it can be read, and what keeps that from being all that it says. */
export function readPlayable(statefulSet: StatefulSet): {
  readonly written: WrittenSpec;
  readonly obstacles: readonly WhyNot[];
} {
  const { spec, unknown } = readWrittenSpec(statefulSet);
  const ofFields = unknown.map(({ path, problem }): WhyNot => ({ type: problem, path }));
  return { written: spec, obstacles: isPartial(statefulSet) ? [{ type: "part" }, ...ofFields] : ofFields };
}

/** What a preview plays of a set, if all of it can be read: a preview of a guess would be worse than none. */
export function playedAs(
  statefulSet: StatefulSet,
  problem: string | undefined,
): { readonly written: WrittenSpec | undefined; readonly unreadable: string | undefined } {
  const { written, obstacles } = readPlayable(statefulSet);
  const [first] = obstacles;
  const unreadable = problem ?? (first && whyNot(first));
  return { written: unreadable === undefined ? written : undefined, unreadable };
}
