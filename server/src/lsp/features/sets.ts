import { setNodes, setUris } from "../../engine/features/tree/set-tree.js";
import { printable, type Analysis, type Span } from "../../engine/api.js";
import type { SetsResult, TreePlace } from "../../protocol/protocol.js";
import type { Manifests } from "../manifests.js";
import { inMenu, toRange, type Files } from "../to-lsp.js";
import type { Server } from "./feature.js";

/** The StatefulSets of the workspace with what belongs to them, for a tree; those of a file are kept until they change. */
export function sets({ manifests, files }: Server): SetsResult {
  const kept = keptOf(manifests);
  const analyses = new Set([...manifests.uris()].map((uri) => manifests.analysisOf(uri)));
  return [...analyses].flatMap((analysis) =>
    [...setUris(analysis)].flatMap((uri) => {
      const names = files(uri);
      const last = kept.get(uri);
      if (last !== undefined && isUpToDate(last, analysis, names)) return last.sets;
      const now = setsIn(analysis, uri, names);
      kept.set(uri, now);
      return now.sets;
    }),
  );
}

interface Kept {
  readonly state: Analysis["state"];
  /** The files whose texts it points to, with what they were called. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly sets: SetsResult;
}

function keptOf(manifests: Manifests): Map<string, Kept> {
  const kept = keptOfServers.get(manifests) ?? new Map<string, Kept>();
  keptOfServers.set(manifests, kept);
  return kept;
}

const keptOfServers = new WeakMap<Manifests, Map<string, Kept>>();

function isUpToDate({ state, spellings }: Kept, analysis: Analysis, names: Files): boolean {
  if (!analysis.isSameSince(state, spellings.keys())) return false;
  for (const [uri, spelling] of spellings) if (names.spelling(uri) !== spelling) return false;
  return true;
}

function setsIn(analysis: Analysis, uri: string, names: Files): Kept {
  const spellings = new Map([[uri, names.spelling(uri)]]);
  const place = (other: string, at: Span): TreePlace => {
    const spelling = names.spelling(other);
    spellings.set(other, spelling);
    const lines = names.lines(other);
    const range =
      lines === undefined ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } : toRange(at, lines);
    return { uri: spelling, range };
  };
  const findings = analysis.findings(uri);
  const found = setNodes(analysis, uri).map(({ index, name, span, whole, parts }) => ({
    name: printable(name),
    index,
    place: place(uri, span),
    parts: parts.map((part) => ({
      sort: part.sort,
      text: printable(part.text),
      place: place(part.uri, part.span),
    })),
    findings: findings
      .filter((one) => one.span.start >= whole.start && one.span.start < whole.end)
      .map((one) => ({ severity: one.severity, text: inMenu(one.text), place: place(uri, one.span) })),
  }));
  return { state: analysis.state, spellings, sets: found };
}

/** Whether the workspace has a StatefulSet: no document is looked into. */
export function hasSets({ manifests }: Server): boolean {
  const analyses = new Set([...manifests.uris()].map((uri) => manifests.analysisOf(uri)));
  return [...analyses].some((analysis) => setUris(analysis).size > 0);
}
