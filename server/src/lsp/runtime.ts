import type { Release, ToolOptions, ToolOutput, WhyNot } from "../engine/api.js";
import type { Build, ProgramName } from "../protocol/protocol.js";

/** What the language server needs of the machine it runs on. Wherever this can be given, the server runs. */
export interface Runtime {
  /** Whether this machine has the file system of a URI; absent where it has all. The client may read others. */
  hasFile?(uri: string): boolean;
  /** Never rejects. */
  readFile(uri: string): Promise<FileText>;
  /** Every file below a folder that may hold manifests. Never rejects. */
  findFiles(folder: string): AsyncIterable<FoundFile>;
  /** Milliseconds since 1970; it never goes back. */
  now(): number;
  /** Calls back once, after that many milliseconds, and never before what has arrived by now is dealt with. */
  after(milliseconds: number, callback: () => void): void;
  /** Absent where no programs can be run. */
  readonly builder?: Builder;
  /** Absent where no programs can be run. */
  readonly programs?: Programs;
  /** Asks the cluster that the user's kubectl talks to. Never rejects; absent where no programs can be run. */
  readonly askCluster?: () => Promise<ClusterAnswer>;
  /** Absent where no programs can be run. */
  readonly live?: Live;
  /** What version control has recorded of files. Absent where no programs can be run. */
  readonly history?: History;
}

/** Absolute paths, or paths that begin with `~/`, of programs that are not taken from the PATH. */
export type ProgramPaths = Readonly<Partial<Record<ProgramName, string>>>;

/** Where the programs are that Ordinal runs. */
export interface Programs {
  /** From now on these are used, and for the others what is on the PATH. */
  use(paths: ProgramPaths): void;
  /** The path of a program; `undefined` where it is not there. Never rejects. */
  find(program: ProgramName): Promise<string | undefined>;
}

/** What git knows of files and directories, by canonical URIs. It is only read. Nothing of this rejects or throws. */
export interface History {
  /** The work tree that a file is in, found without running git; `undefined` for none. */
  workTreeOf(uri: string): string | undefined;
  /** The files below a directory at a revision, or where that and the main branch part: `merge-base`. */
  filesAt(revision: string, directory: string): Promise<FormerAnswer>;
  /** Calls back when the revision may stand for another commit, until the returned function is called. Runs nothing. */
  watch(revision: string, directory: string, moved: () => void): () => void;
}

/** `reason`: why there are none, in words that follow a colon. */
export type FormerAnswer =
  { readonly type: "files"; readonly files: FormerFiles } | { readonly type: "none"; readonly reason: string };

/** The files of a commit. */
export interface FormerFiles {
  /** What a reader calls it: `HEAD (1a2b3c4)` */
  readonly title: string;
  uris(): Iterable<string>;
  /** The id of a file's contents; `undefined` where it was not there. */
  id(uri: string): string | undefined;
  /** Whether a file said this. */
  isSame(uri: string, text: string): boolean;
  /** Whether a file is on the disk no more. */
  isGone(uri: string): boolean;
  /** What files said; what is not text is left out. */
  texts(uris: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Those of some files that git ignores. */
  ignored(uris: readonly string[]): Promise<ReadonlySet<string>>;
}

/** The release that a cluster runs or, in a sentence without its full stop, why it is not known. */
export type ClusterAnswer =
  { readonly type: "release"; readonly release: Release } | { readonly type: "failed"; readonly reason: string };

/** What the user's kubectl reads of the cluster of its current context. Nothing of this rejects. */
export interface Live {
  /** The name of the current context: the cluster itself is not asked. */
  context(): Promise<ContextAnswer>;
  read(question: LiveQuestion): Promise<LiveAnswer>;
}

/** `reason` is a sentence without its full stop. */
export type ContextAnswer =
  { readonly type: "context"; readonly context: string } | { readonly type: "failed"; readonly reason: string };

export interface LiveQuestion {
  /** What kubectl is to `get`: `statefulset/db`, or kinds with commas between them. */
  readonly what: string;
  readonly namespace: string | undefined;
  /** Another current context than this is refused, if one is given. */
  readonly context?: string | undefined;
}

export type LiveAnswer =
  | {
      readonly type: "read";
      readonly context: string;
      /** `undefined` where it is that of the context. */
      readonly namespace: string | undefined;
      /** JSON, as kubectl prints it. */
      readonly text: string;
    }
  /** The cluster answers, and has no such object. */
  | { readonly type: "absent"; readonly context: string; readonly namespace: string | undefined }
  /** One sentence without its full stop. */
  | { readonly type: "failed"; readonly reason: string };

/** Runs kustomize and helm. Nothing of this rejects. */
export interface Builder {
  /** What a file is a part of, of all that can be built below the folders. */
  buildsWith(uri: string, folders: readonly string[]): Promise<readonly Build[]>;
  build(build: Build, options: ToolOptions): Promise<BuildResult>;
}

/** What a tool made or why it did not. */
export type BuildResult = { readonly type: "built"; readonly output: ToolOutput } | WhyNot;

/** What a file says or, in words that follow its name, why that cannot be had. */
export type FileText =
  { readonly type: "text"; readonly text: string } | { readonly type: "problem"; readonly problem: string };

/** A file that may hold manifests, or something on the way that cannot be followed. */
export type FoundFile =
  | { readonly type: "file"; readonly uri: string }
  | { readonly type: "problem"; readonly uri: string; readonly problem: string };
