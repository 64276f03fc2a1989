import type { Diagnostic } from "vscode-languageserver";
import { attempt, type Analysis, type Failure } from "../engine/api.js";

/** The diagnostics of one file. Two reports of a file with the same id say the same. */
export interface Report {
  readonly id: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the function that reports on a file as it is now. As long as nothing changes it costs nothing, and as long as
 * nothing changes for that file its report stays the same. `session` differs from one start of the server to the next,
 * so that no id comes back with another meaning. Where `diagnose` throws, `diagnoseFailed` says so.
 */
export function createReports(
  session: string,
  analysisOf: (uri: string) => Analysis,
  diagnose: (uri: string, analysis: Analysis) => readonly Diagnostic[],
  diagnoseFailed: (uri: string, failure: Failure) => readonly Diagnostic[],
): (uri: string) => Report {
  const known = new Map<string, { readonly analysis: Analysis; readonly text: string; readonly report: Report }>();
  let count = 0;
  return (uri) => {
    const analysis = analysisOf(uri);
    const previous = known.get(uri);
    if (previous?.analysis === analysis) return previous.report;
    const done = attempt("Checking this file", () => diagnose(uri, analysis));
    const diagnostics = done.type === "done" ? done.value : diagnoseFailed(uri, done.failure);
    const text = JSON.stringify(diagnostics);
    let report = previous?.report;
    if (report === undefined || previous?.text !== text) {
      count += 1;
      report = { id: `${session}.${count}`, diagnostics };
    }
    known.set(uri, { analysis, text, report });
    return report;
  };
}
