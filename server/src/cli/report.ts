import {
  attempt,
  failedFile,
  type Analysis,
  type FileFinding,
  type LineIndex,
  type Severity,
  type Span,
} from "../engine/api.js";

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
        analysis.findings(uri).map((finding) => inFile(finding, uri, textLines)),
      );
      return found.type === "done" ? found.value : [inFile(failedFile(found.failure), uri, textLines)];
    });

  function inFile(finding: FileFinding, uri: string, textLines: readonly string[]): ReportedFinding {
    const related = finding.related.map((other) => ({
      place: placeOf({ ...other, lines: analysis.lines(other.uri) }, nameOf),
      message: other.text,
    }));
    const stretch = { uri, span: finding.span, lines: analysis.lines(uri) };
    return { ...reported(finding, stretch, textLines, nameOf), fixable: finding.fixable, related };
  }

  const counts = files.map(({ uri }) => analysis.count(uri));
  return withCounts(findings, {
    files: files.length,
    documents: sum(counts.map(({ documents }) => documents)),
    statefulSets: sum(counts.map(({ statefulSets }) => statefulSets)),
  });
}

/** A stretch of a file; nothing is known of the lines of a file that is not known. */
interface Stretch {
  readonly uri: string;
  readonly span: Span;
  readonly lines: LineIndex | undefined;
}

/** A finding of a stretch of a file that has these lines, beside which nothing is to be seen. */
export function reported(
  finding: Pick<FileFinding, "rule" | "severity" | "text" | "resource" | "path" | "failure">,
  stretch: Stretch,
  textLines: readonly string[],
  nameOf: (uri: string) => string,
): ReportedFinding {
  const { rule, severity, text: message, resource, path, failure } = finding;
  const start = placeOf(stretch, nameOf);
  const end = placeOf({ ...stretch, span: { ...stretch.span, start: stretch.span.end } }, nameOf);
  return {
    ...start,
    endLine: end.line,
    endColumn: end.column,
    rule,
    severity,
    message,
    resource,
    path,
    fixable: false,
    related: [],
    sourceLine: textLines[start.line - 1] ?? "",
    builds: [],
    exact: true,
    failure,
  };
}

/** Where a stretch begins. */
export function placeOf({ uri, span, lines }: Stretch, nameOf: (uri: string) => string): Place {
  const { line, character } = lines?.position(span.start) ?? { line: 0, character: 0 };
  return { file: nameOf(uri), line: line + 1, column: character + 1 };
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
