import type { CancellationToken } from "vscode-languageserver";

/** What a question comes with. */
export interface Call {
  readonly token: CancellationToken;
  /** Sends a part of the answer ahead; `undefined` for a client that wants none. */
  readonly partial: ((part: object) => void) | undefined;
}
