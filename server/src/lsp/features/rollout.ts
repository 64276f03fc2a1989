import {
  isPartial,
  playedGates,
  readWrittenSpec,
  type Analysis,
  type LineIndex,
  type PlacedStatefulSet,
  type Span,
  type StatefulSet,
  type WorkspaceMaker,
} from "../../engine/api.js";
import type { PreviewTarget, RolloutParams, RolloutResult } from "../../protocol/protocol.js";
import { canonicalUri } from "../uri.js";
import type { Server } from "./feature.js";

/**
 * The StatefulSets of a file for the preview, which plays them by itself. The result names the file as the question
 * does.
 */
export function rollout({ makeWorkspace, manifests }: Server, { text, uri: spelling }: RolloutParams): RolloutResult {
  const uri = canonicalUri(spelling);
  const known = manifests.analysisOf(uri);
  const analysis = text === undefined ? known : analysisOfText(makeWorkspace, uri, text, known);
  const config = analysis.configOf(uri);
  return {
    uri: spelling,
    release: config.kubernetesVersion,
    featureGates: playedGates(config),
    statefulSets: analysis.statefulSets(uri).map((placed, index) => previewTarget(placed, index, analysis.lines(uri))),
  };
}

/** The analysis of a file that holds this text, and of nothing else. */
function analysisOfText(makeWorkspace: WorkspaceMaker, uri: string, text: string, around: Analysis): Analysis {
  const workspace = makeWorkspace(around.configOf(uri));
  workspace.setFile(uri, text);
  return workspace.snapshot();
}

function previewTarget(placed: PlacedStatefulSet, index: number, lines: LineIndex | undefined): PreviewTarget {
  const { statefulSet, built, span, syntaxError } = placed;
  // As kustomizations build it, or as it stands there.
  const applied = built?.statefulSet ?? statefulSet;
  const unreadable = syntaxError === undefined ? whyUnreadable(applied) : `the YAML cannot be read: ${syntaxError}`;
  return {
    index,
    name: statefulSet.key.name,
    ...linesOf(span, lines),
    written: unreadable === undefined ? readWrittenSpec(applied).spec : undefined,
    unreadable,
  };
}

/** A document ends where the next one begins; only the file's last one has what follows its last line break. */
function linesOf({ start, end }: Span, lines: LineIndex | undefined): Pick<PreviewTarget, "firstLine" | "lastLine"> {
  if (lines === undefined) return { firstLine: 0, lastLine: 0 };
  const { line, character } = lines.position(end);
  const endOfFile = lines.offset({ line: lines.lineCount, character: 0 });
  return {
    firstLine: lines.position(start).line,
    lastLine: character === 0 && end < endOfFile ? line - 1 : line,
  };
}

/** `undefined` where all that a rollout depends on can be read: a preview of a guess would be worse than none. */
function whyUnreadable(statefulSet: StatefulSet): string | undefined {
  if (isPartial(statefulSet)) return "this is a part of a StatefulSet, without a selector or containers";
  const [unknown] = readWrittenSpec(statefulSet).unknown;
  if (unknown === undefined) return undefined;
  switch (unknown.problem) {
    case "opaque":
      return `${unknown.path} is filled in by another tool`;
    case "invalid":
      return `${unknown.path} has a value that Kubernetes cannot read`;
  }
}
