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
}

/** What a file says or, in words that follow its name, why that cannot be had. */
export type FileText =
  { readonly type: "text"; readonly text: string } | { readonly type: "problem"; readonly problem: string };

/** A file that may hold manifests, or something on the way that cannot be followed. */
export type FoundFile =
  | { readonly type: "file"; readonly uri: string }
  | { readonly type: "problem"; readonly uri: string; readonly problem: string };
