import { isPartial } from "../../kubernetes/resources/resource.js";
import { touches, type Span } from "../../text/span.js";
import type { Document } from "../document.js";
import type { Files } from "../navigation/named.js";
import { additions } from "./additions.js";
import { newFiles } from "./new-files.js";
import type { Refactoring } from "./refactoring.js";
import { toDeployment } from "./to-deployment.js";
import { toStatefulSet } from "./to-stateful-set.js";

/**
 * What may be done with the object at a stretch of a file: everything where that is asked for, or else what is about
 * the very place.
 */
export function refactorings(
  files: Files,
  document: Document,
  span: Span,
  { isAsked }: { readonly isAsked: boolean },
): readonly Refactoring[] {
  const all = [...ofObject(files, document, span), ...newFiles(files, document)];
  return isAsked ? all : all.filter(({ spans }) => spans.some((one) => touches(one, span)));
}

function ofObject(files: Files, document: Document, span: Span): readonly Refactoring[] {
  const { chunk, start } = document;
  if (chunk.state !== "checked") return [];
  const resource = chunk.resources.find(
    ({ place }) =>
      place.path.length === 0 || touches({ start: place.span.start + start, end: place.span.end + start }, span),
  );
  if (resource === undefined || isPartial(resource)) return [];
  switch (resource.kind) {
    case "StatefulSet":
      return [...additions(document, resource), ...toDeployment(files, document, resource)];
    case "Workload":
      return toStatefulSet(files, document, resource);
    default:
      return [];
  }
}
