import type { Span } from "../../text/span.js";
import { uriAtPath } from "./paths.js";
import { spanInFile, type Files } from "./named.js";
import { namesOf } from "./document-names.js";
import type { Document } from "../document.js";

/** A path in a file that leads to another one. */
export interface Link {
  /** In offsets of the file. */
  readonly span: Span;
  readonly target: string;
}

/**
 * The paths that the documents of a file write: what a kustomization reads. A path to a manifest that is nowhere is no
 * link; whether other files are there is not known.
 */
export function links(files: Files, documents: readonly Document[]): readonly Link[] {
  return documents.flatMap((document) =>
    namesOf(document).flatMap((occurrence) => {
      if (occurrence.holder.type !== "path") return [];
      const target = uriAtPath(files, document.id.uri, occurrence.holder.path);
      return target === undefined ? [] : [{ span: spanInFile({ document, occurrence }), target }];
    }),
  );
}
