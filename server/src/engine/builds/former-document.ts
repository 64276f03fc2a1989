import type { ResourceKey } from "../kubernetes/object.js";
import { fileAt, segments } from "../workspace/directory.js";
import type { ParsedChunk, SourceDocument } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Snapshot } from "../workspace/workspace.js";

/**
 * The document at the base that holds the same object: of its own file or, where that was not there, of another one.
 * What has no object (values of a chart) is known again by its number. `undefined` where the base has no text of it.
 */
export function formerDocument(id: DocumentId, { base, files }: Snapshot): SourceDocument | undefined {
  if (base === undefined) return undefined;
  const now = fileAt(files, segments(id.uri))?.documents ?? [];
  const chunk = now[id.document]?.chunk;
  if (chunk === undefined) return undefined;
  const applied = base.applied.get(id.uri);
  if (applied !== undefined) return applied.source === undefined ? undefined : sameObject(chunk, applied.documents);
  const then = fileAt(base.snapshot.files, segments(id.uri))?.documents;
  if (then === undefined)
    return sameObject(
      chunk,
      [...base.changed].flatMap((uri) => documentsAt(uri, base.snapshot)),
    );
  return sameObject(chunk, then) ?? (then.length === now.length ? then[id.document] : undefined);
}

function documentsAt(uri: string, { files }: Snapshot): readonly SourceDocument[] {
  return fileAt(files, segments(uri))?.documents ?? [];
}

function sameObject({ resources }: ParsedChunk, documents: readonly SourceDocument[]): SourceDocument | undefined {
  const names = new Set(resources.map(({ key }) => nameOf(key)));
  return documents.find((one) => one.chunk.resources.some(({ key }) => names.has(nameOf(key))));
}

function nameOf({ kind, namespace, name }: ResourceKey): string {
  return JSON.stringify([kind, namespace, name]);
}
