import type { Config } from "../config/config.js";
import type { Span } from "../text/span.js";
import type { Failure } from "../workspace/failure.js";
import { internalError } from "./core-rules.js";
import type { Finding, DocumentFinding, Message } from "./finding.js";
import { isOn, severityOf } from "./is-on.js";

/** Says that a part of Ordinal failed on a resource; nothing where the user has switched `internal-error` off. */
export function failureOn(
  failure: Failure,
  config: Config,
  place: Pick<Finding, "resource" | "place" | "span">,
): readonly Finding[] {
  return isOn(internalError, config) ? [{ ...sentence(failure, config), ...place }] : [];
}

/** The same for a whole document, at its first line. */
export function failureOnText(failure: Failure, config: Config, text: string): readonly DocumentFinding[] {
  return isOn(internalError, config)
    ? [{ ...sentence(failure, config), resource: undefined, path: [], span: firstLine(text) }]
    : [];
}

/** Leaves one of the findings about each part that failed: a rule may fail on every object of a list. */
export function onePerFailure<F extends Pick<Finding, "failure">>(findings: readonly F[]): readonly F[] {
  const parts = new Set<string>();
  return findings.filter(({ failure }) => {
    if (failure === undefined) return true;
    const isNew = !parts.has(failure.part);
    parts.add(failure.part);
    return isNew;
  });
}

export function failureMessage({ part, error }: Failure): Message {
  return { id: "failed", data: { part, reason: reasonOf(error) } };
}

/** What an error says, on one line. */
export function reasonOf(error: unknown): string {
  const [line = ""] = String(error)
    .trim()
    .split(/[\r\n]/);
  return line.length > longestReason ? `${line.slice(0, longestReason)}...` : line;
}

const longestReason = 200;

function sentence(failure: Failure, config: Config) {
  const { severity } = internalError.messages.failed;
  return {
    rule: internalError.id,
    severity: severityOf(internalError, severity, config),
    message: failureMessage(failure),
    related: [],
    fixes: [],
    failure,
  };
}

/** The first line that is neither blank nor a marker. */
function firstLine(text: string): Span {
  for (const { index, 0: line } of text.matchAll(/[^\r\n]+/g)) {
    const written = line.trimStart();
    if (written === "" || line.startsWith("---")) continue;
    const start = index + line.length - written.length;
    return { start, end: start + written.trimEnd().length };
  }
  return { start: 0, end: 0 };
}
