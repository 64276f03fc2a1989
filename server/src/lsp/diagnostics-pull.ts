import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type DocumentDiagnosticParams,
  type FullDocumentDiagnosticReport,
  type RelatedFullDocumentDiagnosticReport,
  type RelatedUnchangedDocumentDiagnosticReport,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import type { Client } from "./client.js";
import { mayBeUnchanged } from "./deviations.js";
import { pauseMilliseconds, type Diagnostics, type Surroundings } from "./diagnostics.js";
import type { Call } from "./call.js";
import { createPublisher } from "./publisher.js";
import type { Report } from "./reports.js";
import { coalesce, runInSlices } from "./scheduler.js";
import { canonicalUri } from "./uri.js";

/** The answers to an editor that asks. */
export interface PullDiagnostics extends Diagnostics {
  document(params: DocumentDiagnosticParams): Promise<DocumentReport>;
  workspace(params: WorkspaceDiagnosticParams, call: Call): Promise<WorkspaceDiagnosticReport>;
}

/**
 * For an editor that asks. Where an answer that it has is no longer right although it did not touch that file, it is
 * told to ask again. The files that are not open are sent to an editor that never asks about the workspace: whether it
 * will is nowhere declared, so this shows when the folders have been read.
 */
export function answerDiagnostics(surroundings: Surroundings, client: Client): PullDiagnostics {
  const { connection, disk, documents, guard, manifests, ready, reports, runtime, scanned } = surroundings;
  const publisher = createPublisher(surroundings);
  /** The last answer about each file. */
  const given = new Map<string, { readonly id: string; readonly version: number | null; readonly isEmpty: boolean }>();
  /** Whether the editor has asked about the workspace, and has been told that what it knows is outdated. */
  let workspace: "never asked" | "asked" | "told" = "never asked";

  const give = (uri: string, { id, diagnostics }: Report) => {
    given.set(uri, { id, version: documents.version(uri), isEmpty: diagnostics.length === 0 });
  };
  /** The editor asks by itself about what it has changed itself. */
  const isOutdated = (uri: string) => {
    const last = given.get(uri);
    return last !== undefined && last.version === documents.version(uri) && last.id !== reports(uri).id;
  };
  const isNews = (uri: string) => {
    const last = given.get(uri);
    return last === undefined ? reports(uri).diagnostics.length > 0 : last.id !== reports(uri).id;
  };

  async function answerDocument({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentReport> {
    const uri = canonicalUri(textDocument.uri);
    await Promise.all([ready, disk.settled(uri)]);
    const report = reports(uri);
    give(uri, report);
    const others = client.diagnostics.relatedDocuments ? [...documents.uris()].filter(isOutdated) : [];
    const relatedDocuments = Object.fromEntries(
      others.map((other) => {
        give(other, reports(other));
        return [documents.spelling(other), full(reports(other))];
      }),
    );
    return {
      ...(report.id === previousResultId && mayBeUnchanged(relatedDocuments) ? unchanged(report) : full(report)),
      ...(others.length > 0 ? { relatedDocuments } : {}),
    };
  }

  async function answerWorkspace(
    { previousResultIds }: WorkspaceDiagnosticParams,
    { token, partial }: Call,
  ): Promise<WorkspaceDiagnosticReport> {
    workspace = "asked";
    publisher.retract(() => false);
    await Promise.race([Promise.all([ready, scanned]), cancelled(token)]);
    const previous = new Map(previousResultIds.map(({ uri, value }) => [canonicalUri(uri), value]));
    let items: WorkspaceDocumentDiagnosticReport[] = [];

    function* answerAll() {
      for (const uri of new Set([...manifests.uris(), ...previous.keys(), ...given.keys()])) {
        const report = reports(uri);
        // Of most files there is nothing to say, and there never was.
        if (report.diagnostics.length > 0 || previous.has(uri) || given.get(uri)?.isEmpty === false) {
          const place = { uri: documents.spelling(uri), version: documents.version(uri) };
          items.push({ ...place, ...(report.id === previous.get(uri) ? unchanged(report) : full(report)) });
          // An editor that asks for an open document by itself drops what is said of it here (vscode-languageclient
          // 11).
          if (!documents.isOpen(uri)) give(uri, report);
        }
        if (partial !== undefined && items.length >= itemsInPart) {
          const part: WorkspaceDiagnosticReportPartialResult = { items };
          partial(part);
          items = [];
        }
        yield;
      }
    }
    if ((await runInSlices(answerAll(), runtime, () => token.isCancellationRequested)) === "done") return { items };
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
  }

  function* lookForOutdated() {
    publisher.retract((uri) => !documents.isOpen(uri) && manifests.isKnown(uri));
    let isAnyOutdated = false;
    for (const uri of documents.uris()) {
      if (isOutdated(uri)) {
        isAnyOutdated = true;
        given.delete(uri); // saying so once is enough, even if the editor no longer cares about this one
      }
      yield;
    }
    if (workspace === "asked" && manifests.isComplete) {
      for (const uri of new Set([...manifests.uris(), ...given.keys()])) {
        if (!documents.isOpen(uri) && isNews(uri)) {
          isAnyOutdated = true;
          workspace = "told";
          break;
        }
        yield;
      }
    }
    if (isAnyOutdated && client.diagnostics.refresh) {
      guard.background("workspace/diagnostic/refresh", connection.languages.diagnostics.refresh());
    }
    if (workspace === "never asked" && manifests.isComplete) {
      for (const uri of manifests.uris()) {
        if (!documents.isOpen(uri)) publisher.publish(uri);
        yield;
      }
    }
  }

  return {
    document: answerDocument,
    workspace: answerWorkspace,
    update: coalesce(
      pauseMilliseconds,
      runtime,
      guard.answer("workspace/diagnostic/refresh", undefined, async (isStale) => {
        await ready;
        await runInSlices(lookForOutdated(), runtime, isStale);
      }),
    ),
  };
}

export type DocumentReport = RelatedFullDocumentDiagnosticReport | RelatedUnchangedDocumentDiagnosticReport;

function cancelled(token: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    if (token.isCancellationRequested) resolve();
    else token.onCancellationRequested(() => resolve());
  });
}

/** Enough for the editor to show something soon, few messages for many files. */
const itemsInPart = 100;

export function full({ id, diagnostics }: Report): FullDocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items: [...diagnostics] };
}

function unchanged({ id }: Report): UnchangedDocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
}
