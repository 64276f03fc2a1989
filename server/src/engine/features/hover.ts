import type { Config } from "../config/config.js";
import type { Span } from "../text/span.js";
import type { Scope } from "../workspace/scope.js";
import type { ParsedChunk } from "../workspace/source-file.js";

/** What a reader is told about the field under the cursor. */
export interface Hover {
  /** The key or the value that it is about, relative to the chunk. */
  readonly span: Span;
  readonly markdown: string;
}

/** The hover at an offset of the chunk; none where nothing of ours is. */
export function hover(_chunk: ParsedChunk, _offset: number, _scope: Scope, _config: Config): Hover | undefined {
  return undefined;
}
