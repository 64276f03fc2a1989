import type { Release, ToolOptions, ToolOutput, WhyNot } from "../engine/api.js";
import type { Build } from "../protocol/protocol.js";

/** What the language server needs of the machine it runs on. Wherever this can be given, the server runs. */
export interface Runtime {
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
  /** Asks the cluster that the user's kubectl talks to. Never rejects; absent where no programs can be run. */
  readonly askCluster?: () => Promise<ClusterAnswer>;
}

/** The release that a cluster runs or, in a sentence without its full stop, why it is not known. */
export type ClusterAnswer =
  { readonly type: "release"; readonly release: Release } | { readonly type: "failed"; readonly reason: string };

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
