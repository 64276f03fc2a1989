import { setTree, setUris } from "../../engine/features/tree/set-tree.js";
import { printable, type Span } from "../../engine/api.js";
import type { SetsResult, TreePlace } from "../../protocol/protocol.js";
import { inMenu, toRange } from "../to-lsp.js";
import type { Server } from "./feature.js";

/** The StatefulSets of the workspace with what belongs to them, for a tree. */
export function sets({ manifests, files }: Server): SetsResult {
  const analyses = new Set([...manifests.uris()].map((uri) => manifests.analysisOf(uri)));
  return [...analyses].flatMap((analysis) =>
    setTree(analysis).map(({ uri, index, name, span, whole, parts }) => {
      const names = files(uri);
      const findings = analysis
        .findings(uri)
        .filter((one) => one.span.start >= whole.start && one.span.start < whole.end);
      const place = (other: string, at: Span): TreePlace => {
        const lines = names.lines(other);
        const range =
          lines === undefined
            ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
            : toRange(at, lines);
        return { uri: names.spelling(other), range };
      };
      return {
        name: printable(name),
        index,
        place: place(uri, span),
        parts: parts.map((part) => ({
          sort: part.sort,
          text: printable(part.text),
          place: place(part.uri, part.span),
        })),
        findings: findings.map((one) => ({
          severity: one.severity,
          text: inMenu(one.text),
          place: place(uri, one.span),
        })),
      };
    }),
  );
}

/** Whether the workspace has a StatefulSet: no document is looked into. */
export function hasSets({ manifests }: Server): boolean {
  const analyses = new Set([...manifests.uris()].map((uri) => manifests.analysisOf(uri)));
  return [...analyses].some((analysis) => setUris(analysis).size > 0);
}
