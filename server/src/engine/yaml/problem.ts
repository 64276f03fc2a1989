import type { Span } from "../text/span.js";
import type { Path } from "./path.js";

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  /** Of a key that is set twice. */
  readonly path?: Path;
  /** Kubernetes cannot read the document at all; what was read here is a guess about the part before the problem. */
  readonly fatal: boolean;
}
