import type { Surroundings } from "./diagnostics.js";
import type { Report } from "./reports.js";

/** Sends reports to the editor, and nothing twice. */
export interface Publisher {
  /** Sends the report of a file, unless the editor has that very report of that very version. */
  publish(uri: string): void;
  /** Takes back what was sent about the files that `keep` does not want. */
  retract(keep: (uri: string) => boolean): void;
}

export function createPublisher({ connection, documents, guard, reports, trace }: Surroundings): Publisher {
  /** What the editor shows by file: the report's id, and the version that it is about. */
  const shown = new Map<string, string>();

  const send = (uri: string, diagnostics: Report["diagnostics"]) => {
    const version = documents.version(uri);
    const params = { uri: documents.spelling(uri), ...(version === null ? {} : { version }) };
    trace(`textDocument/publishDiagnostics: ${diagnostics.length} for ${params.uri}`, () => diagnostics);
    const sent = connection.sendDiagnostics({ ...params, diagnostics: [...diagnostics] });
    guard.background("textDocument/publishDiagnostics", sent);
  };
  return {
    publish(uri) {
      const { id, diagnostics } = reports.of(uri);
      const now = `${id} ${documents.version(uri)}`;
      if (shown.get(uri) === now) return;
      const isNews = diagnostics.length > 0 || documents.isOpen(uri) || shown.has(uri);
      if (diagnostics.length > 0 || documents.isOpen(uri)) shown.set(uri, now);
      else shown.delete(uri);
      if (isNews) send(uri, diagnostics);
    },
    retract(keep) {
      for (const uri of shown.keys()) {
        if (keep(uri)) continue;
        shown.delete(uri);
        send(uri, []);
      }
    },
  };
}
