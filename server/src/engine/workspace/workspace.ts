import type { Config } from "../config/config.js";
import type { ConfigLayers } from "./config-layers.js";
import { emptyDirectory, fileAt, segments, withFile, type Directory } from "./directory.js";
import type { SummaryIndex } from "./scope.js";
import { readChunk, readSourceFile, type ReadChunk, type SourceFile } from "./source-file.js";
import { sameSummaries } from "./summary.js";

/** All that is known at one moment. Immutable: analyses made from it stay right while the workspace moves on. */
export interface Snapshot {
  readonly files: Directory<SourceFile>;
  readonly index: SummaryIndex;
  readonly layers: ConfigLayers;
  /** Whether every file of the workspace has been read, so that what is not there is missing. */
  readonly complete: boolean;
  /**
   * Each file was opened by itself and what lies around it is not read: what it holds is judged as if that were all, and
   * nothing is said to be nowhere.
   */
  readonly lone: boolean;
  /** The files with a document that Ordinal failed to read: as long as there is one, nothing is surely missing. */
  readonly unread: ReadonlySet<string>;
  /** How documents are read. */
  readonly read: ReadChunk;
}

/** The files as they are now; the only thing in the engine that changes. */
export class WorkspaceFiles {
  #snapshot: Snapshot;

  constructor(layers: ConfigLayers, read: ReadChunk = readChunk) {
    this.#snapshot = {
      files: emptyDirectory(),
      index: emptyDirectory(),
      layers,
      complete: false,
      lone: false,
      unread: new Set(),
      read,
    };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** A file was opened, edited or found on the disk. `text` is decoded; equal text changes nothing. */
  setFile(uri: string, text: string): void {
    this.#snapshot = withText(this.#snapshot, uri, text);
  }

  removeFile(uri: string): void {
    const way = segments(uri);
    if (fileAt(this.#snapshot.files, way) === undefined) return;
    this.#snapshot = {
      ...this.#snapshot,
      files: withFile(this.#snapshot.files, way, undefined),
      index: withFile(this.#snapshot.index, way, undefined),
      unread: withUnread(this.#snapshot.unread, uri, false),
    };
  }

  setConfig(config: Config): void {
    this.#snapshot = { ...this.#snapshot, layers: { ...this.#snapshot.layers, settings: config } };
  }

  setLone(lone: boolean): void {
    this.#snapshot = { ...this.#snapshot, lone };
  }

  setComplete(complete: boolean): void {
    this.#snapshot = { ...this.#snapshot, complete };
  }
}

/** Whether what is not among the files is missing: all are there, and Ordinal could read each of them. */
export function isComplete({ complete, unread }: Snapshot): boolean {
  return complete && unread.size === 0;
}

/** The same, with this text in the file; what is equal is taken over. */
export function withText(snapshot: Snapshot, uri: string, text: string): Snapshot {
  const way = segments(uri);
  const previous = fileAt(snapshot.files, way);
  if (previous?.text === text) return snapshot;
  const file = readSourceFile(uri, text, previous, snapshot.read);
  const isUnseen = previous !== undefined && sameSummaries(previous.summaries, file.summaries);
  return {
    ...snapshot,
    files: withFile(snapshot.files, way, file),
    index: isUnseen ? snapshot.index : withFile(snapshot.index, way, file.summaries),
    unread: withUnread(
      snapshot.unread,
      uri,
      file.documents.some(({ chunk }) => chunk.failure !== undefined),
    ),
  };
}

/** The same set as long as nothing changes. */
function withUnread(unread: ReadonlySet<string>, uri: string, isUnread: boolean): ReadonlySet<string> {
  if (unread.has(uri) === isUnread) return unread;
  return new Set(isUnread ? [...unread, uri] : [...unread].filter((one) => one !== uri));
}
