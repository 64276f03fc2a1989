import type { Analysis, Base, Config, Workspace, WorkspaceMaker } from "../engine/api.js";
import { isSkippedDirectory } from "./manifest-names.js";
import { isWithin } from "./uri.js";

/**
 * All manifests that the server knows, by canonical URI. Those in the workspace's folders are judged together once the
 * folders are read. Of any other file (a single one, an unsaved one, an old version from git) the surroundings are not
 * known: what it holds itself is judged, and nothing is ever said to be nowhere.
 */
export interface Manifests {
  /** Everything that can be asked about a file and what belongs to it. The same object until something changes. */
  analysisOf(uri: string): Analysis;
  /** Of all files. */
  uris(): Iterable<string>;
  isKnown(uri: string): boolean;
  /** What has changed by now: for `changedSince`. */
  mark(): Mark;
  /** The files that have changed since without another one being concerned; `undefined` where any may be. */
  changedSince(mark: Mark): ReadonlySet<string> | undefined;
  /** What a file says; `undefined` for one that is not known. */
  text(uri: string): string | undefined;
  /** Whether a file lies where the workspace's manifests are looked for. */
  isInFolders(uri: string): boolean;
  readonly isComplete: boolean;
  set(uri: string, text: string): void;
  remove(uri: string): void;
  setConfig(config: Config): void;
  /** With what the files are compared. */
  setBase(base: Base | undefined): void;
  /** Files that are in none of the folders any more are removed; those that are in one now must be set again. */
  setFolders(folders: readonly string[]): void;
  /** Whether all files of the folders have been read. */
  setComplete(complete: boolean): void;
}

type Mark = readonly Analysis["state"][];

/**
 * `changed` is called after everything that may make an answer another one, and gets whether the files themselves
 * have changed, and which one if it is one alone.
 */
export function createManifests(
  makeWorkspace: WorkspaceMaker,
  config: Config,
  changed: (what: "files" | "other", uri?: string) => void,
): Manifests {
  const inFolders = withAnalysis(makeWorkspace(config));
  const elsewhere = withAnalysis(makeWorkspace(config));
  elsewhere.change((workspace) => workspace.setLone(true));
  const both = [inFolders, elsewhere];
  let folders: readonly string[] = [];
  let isComplete = false;

  const isInFolders = (uri: string) => folders.some((folder) => isWithin(uri, folder) && isReadable(uri, folder));
  const workspaceOf = (uri: string) => (isInFolders(uri) ? inFolders : elsewhere);
  return {
    analysisOf: (uri) => workspaceOf(uri).analysis(),
    *uris() {
      for (const workspace of both) yield* workspace.analysis().uris();
    },
    isKnown: (uri) => workspaceOf(uri).analysis().lines(uri) !== undefined,
    mark: () => both.map((workspace) => workspace.analysis().state),
    changedSince(mark) {
      const changed = new Set<string>();
      for (const [place, workspace] of both.entries()) {
        const state = mark[place];
        const own = state && workspace.analysis().changedSince(state);
        if (own === undefined) return undefined;
        for (const uri of own) changed.add(uri);
      }
      return changed;
    },
    isInFolders,
    get isComplete() {
      return isComplete;
    },
    text: (uri) => workspaceOf(uri).analysis().text(uri),
    set(uri, text) {
      workspaceOf(uri).change((workspace) => workspace.setFile(uri, text));
      changed("files", uri);
    },
    remove(uri) {
      workspaceOf(uri).change((workspace) => workspace.removeFile(uri));
      changed("files");
    },
    setConfig(next) {
      for (const one of both) one.change((workspace) => workspace.setConfig(next));
      changed("other");
    },
    setBase(base) {
      for (const one of both) {
        const files = new Map([...(base?.files ?? [])].filter(([uri]) => workspaceOf(uri) === one));
        const applied = new Map([...(base?.applied ?? [])].filter(([uri]) => workspaceOf(uri) === one));
        const isEmpty = files.size === 0 && applied.size === 0;
        const own = base === undefined || isEmpty ? undefined : { ...base, files, applied };
        one.change((workspace) => workspace.setBase(own));
      }
      changed("other");
    },
    setFolders(next) {
      folders = next;
      for (const one of both) {
        const moved = [...one.analysis().uris()].filter((uri) => workspaceOf(uri) !== one);
        for (const uri of moved) {
          one.change((workspace) => workspace.removeFile(uri));
        }
      }
      changed("files");
    },
    setComplete(complete) {
      isComplete = complete;
      inFolders.change((workspace) => workspace.setComplete(complete));
      changed("files");
    },
  };
}

/** A workspace with its present analysis, so that who keeps results by an analysis' identity keeps them long. */
function withAnalysis(workspace: Workspace) {
  let analysis: Analysis | undefined;
  return {
    analysis: () => (analysis ??= workspace.snapshot()),
    change(how: (workspace: Workspace) => void) {
      analysis = undefined;
      how(workspace);
    },
  };
}

/** Whether no directory on the way from the folder to the file is one that is passed over. */
function isReadable(uri: string, folder: string): boolean {
  return !uri.slice(folder.length).split("/").slice(0, -1).some(isSkippedDirectory);
}
