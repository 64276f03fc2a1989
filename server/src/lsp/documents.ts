import { TextDocuments, type Connection, type TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Guard } from "./guard.js";
import { largestFile, mayHoldManifests } from "./manifest-names.js";
import { spanFrom } from "./from-lsp.js";
import type { Manifests } from "./manifests.js";
import type { Positions } from "./positions.js";
import { canonicalUri } from "./uri.js";

/** What is open in the editor, whatever the disk says, by canonical URI. */
export interface Documents {
  isOpen(uri: string): boolean;
  uris(): Iterable<string>;
  /** As the editor counts; `null` for a file that is not open. */
  version(uri: string): number | null;
  /** The URI as the editor spells it. */
  spelling(uri: string): string;
  /** Tells the manifests again what every open document says: they may belong elsewhere now. */
  setAll(): void;
}

/** What happens to documents, after the manifests have been told. `uri` is canonical. */
export interface DocumentListener {
  readonly closed: (uri: string) => void;
  readonly saved: (uri: string) => void;
}

/**
 * Tells the manifests what the editor's documents say. Whatever language the editor takes a document for is no matter:
 * where there is no manifest in it, there is nothing to say about it.
 */
export function followDocuments(
  connection: Connection,
  guard: Guard,
  manifests: Manifests,
  positions: Positions,
  warn: (text: string) => void,
  listener: DocumentListener,
): Documents {
  const open = new Map<string, TextDocument>();
  const set = (uri: string, document: TextDocument) => {
    const text = document.getText();
    if (!mayHoldManifests(uri, text)) {
      manifests.remove(uri);
      return;
    }
    const problem = problemOf(text);
    if (problem === undefined) manifests.set(uri, text);
    else {
      manifests.remove(uri);
      warn(`${document.uri} ${problem}`);
    }
  };

  const documents = new TextDocuments({
    create: TextDocument.create,
    update: (document, changes, version) =>
      positions.encoding === "utf-16"
        ? TextDocument.update(document, changes, version)
        : changes.reduce(
            (changed, change) => TextDocument.update(changed, [inUtf16(change, changed, positions)], version),
            document,
          ),
  });
  documents.onDidChangeContent(
    guard.listen("textDocument/didChange", ({ document }) => {
      const uri = canonicalUri(document.uri);
      open.set(uri, document);
      set(uri, document);
    }),
  );
  documents.onDidClose(
    guard.listen("textDocument/didClose", ({ document }) => {
      const uri = canonicalUri(document.uri);
      open.delete(uri);
      listener.closed(uri);
    }),
  );
  documents.onDidSave(
    guard.listen("textDocument/didSave", ({ document }) => listener.saved(canonicalUri(document.uri))),
  );
  documents.listen(connection);

  return {
    isOpen: (uri) => open.has(uri),
    uris: () => open.keys(),
    version: (uri) => open.get(uri)?.version ?? null,
    spelling: (uri) => open.get(uri)?.uri ?? uri,
    setAll() {
      for (const [uri, document] of open) set(uri, document);
    },
  };
}

/** The library counts in UTF-16. */
function inUtf16(
  change: TextDocumentContentChangeEvent,
  document: TextDocument,
  positions: Positions,
): TextDocumentContentChangeEvent {
  if (!("range" in change)) return change;
  const { start, end } = spanFrom(change.range, positions.ofText(document.getText()));
  return { text: change.text, range: { start: document.positionAt(start), end: document.positionAt(end) } };
}

function problemOf(text: string): string | undefined {
  if (text.length > largestFile) return "is larger than 10 MiB";
  return text.includes("\0") ? "is not text: it holds NUL characters" : undefined;
}
