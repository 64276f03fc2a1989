import {
  attempt,
  failedFile,
  grouped,
  type Analysis,
  type FileFinding,
  type FileFix,
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
  /** The names of all files that were checked, in order. */
  readonly files: readonly string[];
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
  /** How it can be mended: worked out only when asked, since most formats do not show it. */
  readonly fixes: () => readonly ReportedFix[];
}

/** A way to mend a finding, as edits of files. */
export interface ReportedFix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  readonly edits: readonly ReportedEdit[];
}

/** Replaces the text from a place to another one in the same file. */
export interface ReportedEdit extends Place {
  readonly endLine: number;
  readonly endColumn: number;
  readonly newText: string;
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

/**
 * Reports on `files`, all of which the analysis knows; `nameOf` says what a reader calls a file. `checkedOne` is called
 * after each file.
 */
export function report(
  analysis: Analysis,
  files: readonly CheckedFile[],
  nameOf: (uri: string) => string,
  checkedOne: () => void = () => undefined,
): Report {
  const named = files.map((file) => ({ ...file, name: nameOf(file.uri) })).toSorted((a, b) => compare(a.name, b.name));
  // The last ones were read last, so that what was read of them is still there.
  const checked = named.toReversed().map(({ uri, text }) => {
    const textLines = text.split(/\r\n|\r|\n/);
    const fixesOf = fixesIn(analysis, { uri, text }, nameOf);
    const inThisFile = (finding: FileFinding): ReportedFinding => ({
      ...inFile(finding, uri, textLines),
      fixes: () => fixesOf(finding),
    });
    const found = attempt("Checking this file", () => analysis.findings(uri).map(inThisFile));
    const findings = found.type === "done" ? found.value : [inThisFile(failedFile(found.failure))];
    const counts = analysis.count(uri);
    checkedOne();
    return { findings, counts };
  });

  function inFile(finding: FileFinding, uri: string, textLines: readonly string[]): ReportedFinding {
    const related = finding.related.map((other) => ({
      place: placeOf({ ...other, lines: analysis.lines(other.uri) }, nameOf),
      message: other.text,
    }));
    const stretch = { uri, span: finding.span, lines: analysis.lines(uri) };
    return { ...reported(finding, stretch, textLines, nameOf), fixable: finding.fixable, related };
  }

  return withCounts(
    checked.toReversed().flatMap(({ findings }) => findings),
    {
      files: files.length,
      documents: sum(checked.map(({ counts }) => counts.documents)),
      statefulSets: sum(checked.map(({ counts }) => counts.statefulSets)),
    },
    named.map(({ name }) => name),
  );
}

/** The fixes of a file's findings. The file is looked through once, whatever is asked. */
function fixesIn(analysis: Analysis, { uri, text }: CheckedFile, nameOf: (uri: string) => string) {
  let known: ReadonlyMap<string, readonly FileFix[]> | undefined;
  const keyOf = ({ rule, span, text: message }: FileFinding) => `${rule} ${span.start} ${span.end} ${message}`;
  return (finding: FileFinding): readonly ReportedFix[] => {
    if (!finding.fixable) return [];
    known ??= grouped(analysis.fixes(uri, { start: 0, end: text.length }), ({ finding: of }) => keyOf(of));
    return (known.get(keyOf(finding)) ?? []).map(fixAt);
  };

  function fixAt({ title, applicability, changes }: FileFix): ReportedFix {
    return {
      title,
      applicability,
      edits: changes.flatMap((change) =>
        change.edits.map(({ span, newText }) => ({
          ...stretchOf({ uri: change.uri, span, lines: analysis.lines(change.uri) }, nameOf),
          newText,
        })),
      ),
    };
  }
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
  const place = stretchOf(stretch, nameOf);
  return {
    ...place,
    rule,
    severity,
    message,
    resource,
    path,
    fixable: false,
    related: [],
    sourceLine: textLines[place.line - 1] ?? "",
    builds: [],
    exact: true,
    failure,
    fixes: () => [],
  };
}

/** Where a stretch begins and ends. */
function stretchOf(stretch: Stretch, nameOf: (uri: string) => string) {
  const end = placeOf({ ...stretch, span: { ...stretch.span, start: stretch.span.end } }, nameOf);
  return { ...placeOf(stretch, nameOf), endLine: end.line, endColumn: end.column };
}

/** Where a stretch begins. */
export function placeOf({ uri, span, lines }: Stretch, nameOf: (uri: string) => string): Place {
  const { line, character } = lines?.position(span.start) ?? { line: 0, character: 0 };
  return { file: nameOf(uri), line: line + 1, column: character + 1 };
}

/** A report with these findings, in the order of their places, about as much as another one. */
export function withFindings({ summary, files }: Report, findings: readonly ReportedFinding[]): Report {
  return withCounts(
    findings.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column),
    summary,
    files,
  );
}

function withCounts(
  findings: readonly ReportedFinding[],
  { files, documents, statefulSets }: Pick<Summary, "files" | "documents" | "statefulSets">,
  names: readonly string[],
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
    files: names,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
