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
import {
  createLooks,
  pauseMilliseconds,
  prepared,
  preparing,
  type Diagnostics,
  type Looks,
  type Surroundings,
} from "./diagnostics.js";
import type { Call } from "./call.js";
import { createPublisher, type Publisher } from "./publisher.js";
import type { Report } from "./reports.js";
import { coalesce, runInSlices } from "./scheduler.js";
import { canonicalUri } from "./uri.js";

/**
 * The answers to an editor that asks. Where an answer that it has is no longer right although it did not touch that
 * file, it gets a request to ask again. The files that are not open are sent to an editor that never asks about the workspace:
 * whether it will is nowhere declared, so this shows when the folders have been read.
 */
export class PullDiagnostics implements Diagnostics {
  readonly #surroundings: Surroundings;
  readonly #client: Client;
  readonly #publisher: Publisher;
  readonly #looksForNews: Looks;
  readonly #looksToPublish: Looks;
  /** The last answer about each file. */
  readonly #given = new Map<
    string,
    { readonly id: string; readonly version: number | null; readonly isEmpty: boolean }
  >();
  /** Whether the editor has asked about the workspace, and has been told that what it knows is outdated. */
  #workspace: "never asked" | "asked" | "told" = "never asked";
  readonly update: () => void;

  constructor(surroundings: Surroundings, client: Client) {
    const { guard, ready, runtime } = surroundings;
    this.#surroundings = surroundings;
    this.#client = client;
    this.#publisher = createPublisher(surroundings);
    this.#looksForNews = createLooks(surroundings);
    this.#looksToPublish = createLooks(surroundings);
    this.update = coalesce(
      pauseMilliseconds,
      runtime,
      guard.answer("workspace/diagnostic/refresh", undefined, async (isStale) => {
        await ready;
        await runInSlices(this.#lookForOutdated(), runtime, isStale);
      }),
    );
  }

  /** What is found in a file and, for an editor that takes it, in open files of which it knows something outdated. */
  async document({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentReport> {
    const { disk, documents, ready, reports } = this.#surroundings;
    const uri = canonicalUri(textDocument.uri);
    await Promise.all([ready, disk.settled(uri)]);
    const asked = this.#client.diagnostics.relatedDocuments ? [...documents.uris(), uri] : [uri];
    for (const one of asked) await prepared(one, this.#surroundings);
    const report = reports.of(uri);
    this.#give(uri, report);
    const others = this.#client.diagnostics.relatedDocuments
      ? [...documents.uris()].filter((other) => this.#isOutdated(other))
      : [];
    const relatedDocuments = Object.fromEntries(
      others.map((other) => {
        this.#give(other, reports.of(other));
        return [documents.spelling(other), full(reports.of(other))];
      }),
    );
    return {
      ...(report.id === previousResultId && mayBeUnchanged(relatedDocuments) ? unchanged(report) : full(report)),
      ...(others.length > 0 ? { relatedDocuments } : {}),
    };
  }

  /** What is found in all files, in parts for an editor that takes them; rejects where it asks no longer. */
  async workspace(
    { previousResultIds }: WorkspaceDiagnosticParams,
    { token, partial }: Call,
  ): Promise<WorkspaceDiagnosticReport> {
    const { ready, runtime, scanned } = this.#surroundings;
    this.#workspace = "asked";
    this.#publisher.retract(() => false);
    await Promise.race([Promise.all([ready, scanned]), cancelled(token)]);
    const previous = new Map(previousResultIds.map(({ uri, value }) => [canonicalUri(uri), value]));
    let items: WorkspaceDocumentDiagnosticReport[] = [];
    const add = (item: WorkspaceDocumentDiagnosticReport) => {
      items.push(item);
      if (partial === undefined || items.length < itemsInPart) return;
      const part: WorkspaceDiagnosticReportPartialResult = { items };
      partial(part);
      items = [];
    };
    const work = this.#addAll(previous, add);
    if ((await runInSlices(work, runtime, () => token.isCancellationRequested)) === "done") return { items };
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
  }

  /** Adds a report for each file of which the editor knows something, or is to know. */
  *#addAll(
    previous: ReadonlyMap<string, string>,
    add: (item: WorkspaceDocumentDiagnosticReport) => void,
  ): Generator<unknown, void> {
    const { documents, manifests, reports } = this.#surroundings;
    for (const uri of new Set([...manifests.uris(), ...previous.keys(), ...this.#given.keys()])) {
      yield* preparing(uri, this.#surroundings);
      const report = reports.of(uri);
      // Of most files there is nothing to say, and there never was.
      if (report.diagnostics.length > 0 || previous.has(uri) || this.#given.get(uri)?.isEmpty === false) {
        const place = { uri: documents.spelling(uri), version: documents.version(uri) };
        add({ ...place, ...(report.id === previous.get(uri) ? unchanged(report) : full(report)) });
        // An editor that asks for an open document by itself drops what is said of it here (vscode-languageclient 11).
        if (!documents.isOpen(uri)) this.#give(uri, report);
      }
      yield;
    }
  }

  /** Has the editor ask again where it should, or sends it all files that are not open. */
  *#lookForOutdated(): Generator<unknown, void> {
    const { connection, documents, guard, manifests } = this.#surroundings;
    this.#publisher.retract((uri) => !documents.isOpen(uri) && manifests.isKnown(uri));
    let isAnyOutdated = false;
    for (const uri of documents.uris()) {
      yield* preparing(uri, this.#surroundings);
      if (this.#isOutdated(uri)) {
        isAnyOutdated = true;
        this.#given.delete(uri); // saying so once is enough, even if the editor no longer cares about this one
      }
      yield;
    }
    if (this.#workspace === "asked" && manifests.isComplete) {
      for (const uri of this.#looksForNews.due(() => new Set([...manifests.uris(), ...this.#given.keys()]))) {
        yield* preparing(uri, this.#surroundings);
        if (!documents.isOpen(uri) && this.#isNews(uri)) {
          isAnyOutdated = true;
          this.#workspace = "told";
          break;
        }
        yield;
      }
    }
    if (isAnyOutdated && this.#client.diagnostics.refresh) {
      guard.background("workspace/diagnostic/refresh", connection.languages.diagnostics.refresh());
    }
    if (this.#workspace === "never asked" && manifests.isComplete) {
      for (const uri of this.#looksToPublish.due(() => manifests.uris())) {
        yield* preparing(uri, this.#surroundings);
        if (!documents.isOpen(uri)) this.#publisher.publish(uri);
        yield;
      }
    }
  }

  #give(uri: string, { id, diagnostics }: Report): void {
    const version = this.#surroundings.documents.version(uri);
    this.#given.set(uri, { id, version, isEmpty: diagnostics.length === 0 });
  }

  /** The editor asks by itself about what it has changed itself. */
  #isOutdated(uri: string): boolean {
    const { documents, reports } = this.#surroundings;
    const last = this.#given.get(uri);
    return last !== undefined && last.version === documents.version(uri) && last.id !== reports.of(uri).id;
  }

  /** Whether the editor does not know what is found in a file. */
  #isNews(uri: string): boolean {
    const report = this.#surroundings.reports.of(uri);
    const last = this.#given.get(uri);
    return last === undefined ? report.diagnostics.length > 0 : last.id !== report.id;
  }
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
