import { attempt, failedFile, type Analysis, type FileFinding, type Severity } from "../engine/api.js";

/**
 * What `ordinal lint` found, ready to be written in any format. Lines and columns are 1-based; columns count UTF-16
 * units.
 */
export interface Report {
  /** In the order of the files' names, and of the text within a file. */
  readonly findings: readonly ReportedFinding[];
  readonly summary: Summary;
}

export interface ReportedFinding extends Place {
  readonly endLine: number;
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly resource: FileFinding["resource"];
  readonly path: string;
  readonly fixable: boolean;
  readonly related: readonly { readonly place: Place; readonly message: string }[];
  /** The line that it begins in, without the line break. */
  readonly sourceLine: string;
  /** The builds that have it, by their directories; none where the file itself has it. */
  readonly builds: readonly string[];
  /** Whether the field is here; otherwise a build has it, and here is only the object or file that it comes from. */
  readonly exact: boolean;
  /** Of `internal-error`: what failed. */
  readonly failure?: FileFinding["failure"];
}

/** A place as a reader finds it. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Summary {
  readonly files: number;
  readonly documents: number;
  readonly statefulSets: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
}

/** A file to report on. */
export interface CheckedFile {
  readonly uri: string;
  readonly text: string;
}

/** Reports on `files`, all of which the analysis knows; `nameOf` says what a reader calls a file. */
export function report(analysis: Analysis, files: readonly CheckedFile[], nameOf: (uri: string) => string): Report {
  const findings = files
    .map((file) => ({ ...file, name: nameOf(file.uri) }))
    .toSorted((a, b) => compare(a.name, b.name))
    .flatMap(({ uri, text }) => {
      const textLines = text.split(/\r\n|\r|\n/);
      const found = attempt("Checking this file", () =>
        analysis.findings(uri).map((finding) => reported(finding, uri, textLines)),
      );
      return found.type === "done" ? found.value : [reported(failedFile(found.failure), uri, textLines)];
    });

  function reported(finding: FileFinding, uri: string, textLines: readonly string[]): ReportedFinding {
    const { rule, severity, text: message, span, resource, path, fixable, related, failure } = finding;
    const start = place(uri, span.start);
    const end = place(uri, span.end);
    return {
      ...start,
      endLine: end.line,
      endColumn: end.column,
      rule,
      severity,
      message,
      resource,
      path,
      fixable,
      related: related.map((other) => ({ place: place(other.uri, other.span.start), message: other.text })),
      sourceLine: textLines[start.line - 1] ?? "",
      builds: [],
      exact: true,
      failure,
    };
  }

  function place(uri: string, offset: number): Place {
    const position = analysis.lines(uri)?.position(offset) ?? { line: 0, character: 0 };
    return { file: nameOf(uri), line: position.line + 1, column: position.character + 1 };
  }

  const counts = files.map(({ uri }) => analysis.count(uri));
  return withCounts(findings, {
    files: files.length,
    documents: sum(counts.map(({ documents }) => documents)),
    statefulSets: sum(counts.map(({ statefulSets }) => statefulSets)),
  });
}

/** A report with these findings, in the order of their places, about as much as another one. */
export function withFindings({ summary }: Report, findings: readonly ReportedFinding[]): Report {
  return withCounts(
    findings.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column),
    summary,
  );
}

function withCounts(
  findings: readonly ReportedFinding[],
  { files, documents, statefulSets }: Pick<Summary, "files" | "documents" | "statefulSets">,
): Report {
  const countOf = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    findings,
    summary: {
      files,
      documents,
      statefulSets,
      errors: countOf("error"),
      warnings: countOf("warning"),
      infos: countOf("info"),
      hints: countOf("hint"),
    },
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
