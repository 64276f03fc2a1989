import type { Resource } from "../../kubernetes/resources/resource.js";
import type { DocumentEdit } from "../../lint/finding.js";
import { code } from "../../words/markdown.js";
import { fileName } from "../../workspace/directory.js";
import type { Document } from "../document.js";
import { keyOf, type Files } from "../navigation/named.js";
import { occurrencesOf, symbolAt } from "../navigation/symbol.js";
import { unavailable, type Unavailable } from "./refactoring.js";

/**
 * What else must say the new kind of a workload: the autoscalers that scale it. Not available where a patch, or what
 * else names it by its kind, would lose it.
 */
export function followKind(
  files: Files,
  document: Document,
  resource: Resource,
  kind: string,
): readonly DocumentEdit[] | Unavailable {
  const symbol = symbolAt(files, { document, offset: resource.place.at("metadata", "name").span.start });
  if (symbol === undefined) return [];
  const edits = new Map<string, DocumentEdit>();
  for (const named of occurrencesOf(files, symbol, files.uris())) {
    const { inside, holder } = named.occurrence;
    const own = named.document.id;
    if (keyOf(named) === keyOf(symbol.at)) continue;
    if (inside?.kind === "Autoscaler") {
      const path = [...inside.place.path, "spec", "scaleTargetRef", "kind"];
      edits.set(keyOf(named), { op: "set", path, value: kind, document: own });
      continue;
    }
    // A count of a kustomization is for all workloads of the name.
    if (holder.type === "named" && holder.object.kinds.length > 1) continue;
    const where = own.uri === document.id.uri ? "Another document of this file" : `The file ${code(fileName(own.uri))}`;
    return unavailable(`${where} names this ${resource.key.kind} by its kind, and would no longer find it.`);
  }
  return [...edits.values()];
}
