import type { Config } from "../config/config.js";
import { afterChanges, changesAlone, firstState, type Changes } from "./changes.js";
import { chartDirectory } from "./chart-scope.js";
import type { ConfigLayers } from "./config-layers.js";
import { emptyDirectory, fileAt, segments, withFiles, type Directory } from "./directory.js";
import { keepTrees, type KeptTrees } from "./kept-trees.js";
import { readChunk, readSourceFile, type ReadChunk, type SourceDocument, type SourceFile } from "./source-file.js";
import { type SummaryIndex, sameSummaries } from "./summary.js";

/** What the files are compared with: another state of them. */
export interface Base {
  /** As a reader calls it: `HEAD (1a2b3c4)` */
  readonly title: string;
  /** What files are compared with that are compared with something else, by URI. */
  readonly titles?: ReadonlyMap<string, string>;
  /** The texts of the files that may be others, by URI; `undefined` for one that was not there. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** What single files are compared with instead: objects as they are applied, by the URI of the file. */
  readonly applied?: ReadonlyMap<string, AppliedBase>;
}

/** Objects as they are applied: those of another file, or what a cluster has. */
export interface AppliedBase {
  readonly title: string;
  /** Manifests. */
  readonly text: string;
  /** The file that the text is of; `undefined` for none. */
  readonly source?: string | undefined;
  /** Where there is one StatefulSet on each side, they are the same set whatever their names. */
  readonly anyName: boolean;
}

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
  /** What all this is compared with. */
  readonly base: BaseSnapshot | undefined;
  readonly changes: Changes;
}

/** The files as they were at the base: what did not change is the same object. */
export interface BaseSnapshot {
  readonly base: Base;
  readonly snapshot: Snapshot;
  /** The URIs of the files that may be others. */
  readonly changed: ReadonlySet<string>;
  /** What single files are compared with instead, by their URIs. */
  readonly applied: ReadonlyMap<string, AppliedObjects>;
}

export interface AppliedObjects extends Pick<AppliedBase, "title" | "anyName" | "source"> {
  readonly documents: readonly SourceDocument[];
}

/** The files as they are now; the only thing in the engine that changes. */
export class WorkspaceFiles {
  #snapshot: Snapshot;
  /** What changed since: a directory with thousands of files is copied when it is looked at, not for each of them. */
  readonly #pending = new Map<string, SourceFile | undefined>();
  #base: Base | undefined;
  /** The files of the base that may be others now, each read once. */
  #former = new Map<string, SourceFile | undefined>();
  /** The files of which the base may have another one than the last snapshot of it. */
  readonly #pendingBase = new Set<string>();
  readonly #trees: KeptTrees;
  #applied: BaseSnapshot["applied"] = new Map();
  /** Whether something else than a file is another one since the last snapshot. */
  #isOtherwise = false;

  constructor(layers: ConfigLayers, read: ReadChunk = readChunk, charactersOfTrees = enoughCharacters) {
    this.#trees = keepTrees(read, charactersOfTrees);
    this.#snapshot = {
      files: emptyDirectory(),
      index: emptyDirectory(),
      layers,
      complete: false,
      lone: false,
      unread: new Set(),
      read: this.#trees.read,
      base: undefined,
      changes: firstState(this),
    };
  }

  get snapshot(): Snapshot {
    const now = withSourceFiles(this.#snapshot, this.#pending);
    const base = this.#baseOf(now);
    const changes = this.#changesTo(now);
    const isSame = base === now.base && changes === now.changes;
    this.#snapshot = isSame ? now : { ...now, base, changes };
    this.#isOtherwise = false;
    this.#pending.clear();
    this.#pendingBase.clear();
    return this.#snapshot;
  }

  #changesTo(now: Snapshot): Changes {
    const before = this.#snapshot;
    if (this.#isOtherwise) return afterChanges(before.changes, "anywhere");
    if (now === before) return before.changes;
    const isSeen = now.index !== before.index || now.unread !== before.unread;
    const uris = [...this.#pending.keys()];
    const areAlone =
      !isSeen &&
      uris.every((uri) => {
        const way = segments(uri);
        const isOfChart = chartDirectory(way, now.index) !== undefined;
        return !isOfChart && changesAlone(fileAt(before.files, way), this.#pending.get(uri));
      });
    return afterChanges(before.changes, areAlone ? uris : "anywhere");
  }

  /** The same as before as long as no file of it is another one, whatever happens to those that are compared with it. */
  #baseOf(now: Snapshot): BaseSnapshot | undefined {
    if (this.#base === undefined) return undefined;
    const base = this.#base;
    const before = this.#snapshot.base;
    const from = before === undefined ? { ...now, base: undefined } : before.snapshot;
    const uris = before === undefined ? this.#former.keys() : [...this.#pending.keys(), ...this.#pendingBase];
    const changes = new Map(
      [...new Set(uris)].map((uri) => [
        uri,
        this.#former.has(uri) ? this.#former.get(uri) : fileAt(now.files, segments(uri)),
      ]),
    );
    const files = withSourceFiles(from, changes);
    const { layers, complete, lone } = now;
    const isSame = files.layers === layers && files.complete === complete && files.lone === lone;
    const snapshot = isSame ? files : { ...files, layers, complete, lone };
    if (before?.snapshot === snapshot && before.base === base && this.#pendingBase.size === 0) return before;
    return { base, snapshot, changed: new Set(this.#former.keys()), applied: this.#applied };
  }

  /** A file was opened, edited or found on the disk. `text` is decoded; equal text changes nothing. */
  setFile(uri: string, text: string): void {
    const previous = this.#pending.has(uri) ? this.#pending.get(uri) : fileAt(this.#snapshot.files, segments(uri));
    if (previous?.text === text) return;
    this.#trees.makeRoomFor(text.length);
    this.#pending.set(uri, readSourceFile(uri, text, previous, this.#snapshot.read));
  }

  removeFile(uri: string): void {
    this.#pending.set(uri, undefined);
  }

  /** With what all files are compared from now on; with nothing where there is none. Equal texts are read once. */
  setBase(base: Base | undefined): void {
    const files = base?.files ?? new Map<string, string | undefined>();
    const former = new Map(
      [...files].map(([uri, text]) => {
        const known = this.#former.get(uri);
        return [uri, known?.text === text ? known : this.#read(uri, text)];
      }),
    );
    for (const uri of new Set([...this.#former.keys(), ...former.keys()])) {
      if (!former.has(uri) || !this.#former.has(uri) || former.get(uri) !== this.#former.get(uri)) {
        this.#pendingBase.add(uri);
      }
    }
    this.#applied = new Map(
      [...(base?.applied ?? [])].map(([uri, one]) => {
        const known = this.#base?.applied?.get(uri) === one ? this.#applied.get(uri) : undefined;
        return [uri, known ?? this.#readApplied(one)];
      }),
    );
    this.#isOtherwise = true;
    this.#base = base;
    this.#former = former;
  }

  #readApplied({ title, text, source, anyName }: AppliedBase): AppliedObjects {
    const { documents } = readSourceFile(source ?? noFile, text, undefined, this.#snapshot.read);
    return { title, anyName, source, documents };
  }

  /** A document that cannot be read is not stood for by what the file says now. */
  #read(uri: string, text: string | undefined): SourceFile | undefined {
    if (text === undefined) return undefined;
    const now = this.#pending.has(uri) ? this.#pending.get(uri) : fileAt(this.#snapshot.files, segments(uri));
    return readSourceFile(uri, text, now && { ...now, readable: [] }, this.#snapshot.read);
  }

  setConfig(config: Config): void {
    this.#isOtherwise = true;
    this.#snapshot = { ...this.#snapshot, layers: { ...this.#snapshot.layers, settings: config } };
  }

  setLone(lone: boolean): void {
    this.#isOtherwise = true;
    this.#snapshot = { ...this.#snapshot, lone };
  }

  setComplete(complete: boolean): void {
    this.#isOtherwise = true;
    this.#snapshot = { ...this.#snapshot, complete };
  }
}

/** Trees of so much text take about 50 MB. */
const enoughCharacters = 1_000_000;

/** Manifests that are of no file. */
const noFile = "ordinal:applied.yaml";

/** Whether what is not among the files is missing: all are there, and Ordinal could read each of them. */
export function isComplete({ complete, unread }: Snapshot): boolean {
  return complete && unread.size === 0;
}

/** The same, with this text in the file; what is equal is taken over. */
export function withText(snapshot: Snapshot, uri: string, text: string): Snapshot {
  const previous = fileAt(snapshot.files, segments(uri));
  return previous?.text === text
    ? snapshot
    : withSourceFiles(snapshot, new Map([[uri, readSourceFile(uri, text, previous, snapshot.read)]]));
}

function withSourceFiles(snapshot: Snapshot, changed: ReadonlyMap<string, SourceFile | undefined>): Snapshot {
  const changes = [...changed]
    .map(([uri, file]) => ({ uri, way: segments(uri), file }))
    .map((change) => ({ ...change, previous: fileAt(snapshot.files, change.way) }))
    .filter(({ file, previous }) => file !== previous);
  if (changes.length === 0) return snapshot;
  const seen = changes
    .filter(({ file, previous }) => !(file && previous && sameSummaries(previous.summaries, file.summaries)))
    .map(({ way, file }) => ({ way, file: file?.summaries }));
  return {
    ...snapshot,
    files: withFiles(snapshot.files, changes),
    index: withFiles(snapshot.index, seen),
    unread: withUnread(snapshot.unread, changes),
  };
}

/** The same set as long as nothing changes. */
function withUnread(
  unread: ReadonlySet<string>,
  changes: readonly { readonly uri: string; readonly file: SourceFile | undefined }[],
): ReadonlySet<string> {
  const isUnread = (file: SourceFile | undefined) =>
    file?.documents.some(({ chunk }) => chunk.failure !== undefined) === true;
  const changed = changes.filter(({ uri, file }) => unread.has(uri) !== isUnread(file));
  if (changed.length === 0) return unread;
  const next = new Set(unread);
  for (const { uri, file } of changed) {
    if (isUnread(file)) next.add(uri);
    else next.delete(uri);
  }
  return next;
}
