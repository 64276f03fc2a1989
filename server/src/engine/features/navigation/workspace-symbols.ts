import type { DocumentSummary, ResourceSummary } from "../../workspace/summary.js";
import type { Span } from "../../text/span.js";
import { shift } from "../../text/span.js";
import { formatPath } from "../../yaml/path.js";
import { objectsOf } from "./document-names.js";
import type { Files } from "./named.js";

/** An object or a claim template somewhere in the workspace. Spans are in offsets of the file. */
export interface WorkspaceSymbol {
  /** `StatefulSet db`; of a claim template `data`. */
  readonly name: string;
  readonly kind: "resource" | "claim";
  /** What it is in: its namespace, or the set of a claim template; may be empty. */
  readonly container: string;
  readonly uri: string;
  readonly span: Span;
}

/** How many answers an editor can show. */
const most = 500;

/**
 * The objects whose kind and name, and the claim templates whose names, hold the letters of a query in their order, the
 * best first. `summaries`: what is known of all files, so that only those of the answer are looked into.
 */
export function workspaceSymbols(
  files: Pick<Files, "documents">,
  summaries: Iterable<DocumentSummary>,
  query: string,
): readonly WorkspaceSymbol[] {
  const letters = query.toLowerCase().replace(/\s+/g, "");
  const found: {
    readonly symbol: Omit<WorkspaceSymbol, "span">;
    readonly rank: number;
    readonly at: ResourceSummary;
  }[] = [];
  for (const { resources, templated, id } of summaries) {
    for (const at of [...resources, ...templated]) {
      const { kind, name, namespace } = at.key;
      const title = `${kind} ${name}`;
      const rank = rankOf(title, name, letters);
      const { uri } = id;
      if (name !== "" && rank !== undefined)
        found.push({ symbol: { name: title, kind: "resource", container: namespace ?? "", uri }, rank, at });
      for (const claim of at.kind === "StatefulSet" && letters !== "" ? (at.claimTemplates ?? []) : []) {
        const ofClaim = rankOf(claim, claim, letters);
        if (ofClaim !== undefined)
          found.push({ symbol: { name: claim, kind: "claim", container: title, uri }, rank: ofClaim + 0.5, at });
      }
    }
  }
  return found
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, most)
    .flatMap(({ symbol, at }) => {
      const span = spanOf(files, at, symbol);
      return span === undefined ? [] : [{ ...symbol, span }];
    });
}

/** 0 for the whole name; then where it begins, is within the name or the title, or has the letters at all. */
function rankOf(title: string, name: string, letters: string): number | undefined {
  const [text, own] = [title.toLowerCase().replace(/\s+/g, ""), name.toLowerCase()];
  if (own === letters) return 0;
  if (own.startsWith(letters)) return 1;
  if (own.includes(letters)) return 2;
  if (text.includes(letters)) return 3;
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return undefined;
  }
  return 4;
}

function spanOf(
  files: Pick<Files, "documents">,
  { document: { uri, document: number }, root, key, kind }: ResourceSummary,
  symbol: Omit<WorkspaceSymbol, "span">,
): Span | undefined {
  const document = files.documents(uri)[number];
  if (document === undefined || document.chunk.state === "ignored") return undefined;
  const resource = objectsOf(document.chunk)
    .flatMap(({ resources }) => resources)
    .find((one) => one.key.kind === key.kind && formatPath(one.place.path) === formatPath(root));
  if (resource === undefined) return undefined;
  if (symbol.kind === "resource") return shift(resource.place.at("metadata", "name").span, document.start);
  const template = resource.place
    .at("spec", "volumeClaimTemplates")
    .items()
    .map((one) => one.at("metadata", "name"))
    .find((name) => name.value() === symbol.name);
  return kind === "StatefulSet" && template !== undefined ? shift(template.span, document.start) : undefined;
}
