import {
  playedGates,
  manifestText,
  playedAs,
  whyNot,
  type Analysis,
  type LineIndex,
  type PlacedStatefulSet,
  type Span,
  type WhyNot,
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
  const problem: WhyNot | undefined = syntaxError === undefined ? undefined : { type: "syntax", problem: syntaxError };
  // As kustomizations build it, or as it stands there.
  const applied = built?.statefulSet ?? statefulSet;
  const played = playedAs(applied, problem && whyNot(problem));
  const manifest = played.written && manifestText(applied);
  return { index, name: statefulSet.key.name, ...linesOf(span, lines), ...played, manifest };
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
