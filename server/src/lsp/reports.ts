import type { Diagnostic } from "vscode-languageserver";
import { attempt, type Analysis, type Failure } from "../engine/api.js";

/** The diagnostics of one file. Two reports of a file with the same id say the same. */
export interface Report {
  readonly id: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is to be said of a file, and the other files in whose texts that points to something. */
export interface Told {
  readonly diagnostics: readonly Diagnostic[];
  readonly others: readonly string[];
}

/** The reports on files as they are now. */
export interface Reports {
  of(uri: string): Report;
  /** Whether the report on a file can be had without a look at the file. */
  isKnown(uri: string): boolean;
  /** These files, and those whose reports point to something in their texts. */
  concernedBy(uris: Iterable<string>): ReadonlySet<string>;
}

/**
 * As long as nothing changes for a file, its report stays the same and costs nothing. `session` differs from one start
 * of the server to the next, so that no id comes back with another meaning. Where `diagnose` throws, `diagnoseFailed`
 * says so.
 */
export function createReports(
  session: string,
  analysisOf: (uri: string) => Analysis,
  diagnose: (uri: string, analysis: Analysis) => Told,
  diagnoseFailed: (uri: string, failure: Failure) => readonly Diagnostic[],
): Reports {
  const known = new Map<string, Known>();
  /** The files whose reports have pointed to something in a file. */
  const pointingTo = new Map<string, Set<string>>();
  let count = 0;
  const knownOf = (uri: string) => {
    const last = known.get(uri);
    return last !== undefined && analysisOf(uri).isSameSince(last.state, last.uris) ? last.report : undefined;
  };
  const look = (uri: string): Report => {
    const analysis = analysisOf(uri);
    const previous = known.get(uri);
    const done = attempt("Checking this file", () => diagnose(uri, analysis));
    const { diagnostics, others } =
      done.type === "done" ? done.value : { diagnostics: diagnoseFailed(uri, done.failure), others: [] };
    const text = JSON.stringify(diagnostics);
    let report = previous?.report;
    if (report === undefined || previous?.text !== text) {
      count += 1;
      report = { id: `${session}.${count}`, diagnostics };
    }
    for (const other of others) {
      const pointing = pointingTo.get(other) ?? new Set();
      pointingTo.set(other, pointing.add(uri));
    }
    known.set(uri, { state: analysis.state, uris: [uri, ...others], text, report });
    return report;
  };
  return {
    of: (uri) => knownOf(uri) ?? look(uri),
    isKnown: (uri) => knownOf(uri) !== undefined,
    concernedBy: (uris) => new Set([...uris].flatMap((uri) => [uri, ...(pointingTo.get(uri) ?? [])])),
  };
}

interface Known {
  readonly state: Analysis["state"];
  /** The file itself, and those in whose texts its diagnostics point to something. */
  readonly uris: readonly string[];
  readonly text: string;
  readonly report: Report;
}
