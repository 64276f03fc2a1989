import { buildNames, counted, grouped, printable, type Severity } from "../../engine/api.js";
import type { ReportedFinding, Summary } from "../report.js";
import { paintedCode } from "./markdown.js";
import type { Paint } from "./paint.js";
import { shownFindings, type Presentation, type Reporter } from "./reporter.js";
import { wrap } from "./wrap.js";

/**
 * The report for people: by file, each finding with the line it is about; of many, how many of each rule there are; and
 * one line that sums up.
 */
export const prettyReport: Reporter = (report, presentation) => {
  const shown = shownFindings(report, presentation);
  const byFile = grouped(shown, ({ file }) => file);
  const blocks =
    presentation.findings === "shown"
      ? [...byFile].map(([file, findings]) => fileBlock(file, findings, presentation))
      : [];
  const isLong = shown.length > fewFindings || presentation.findings === "counted";
  return [
    ...(presentation.fixed === undefined || presentation.fixed === 0 ? [] : [fixedLine(presentation.fixed)]),
    [
      ...blocks,
      ...(isLong && shown.length > 0 ? [overview(shown, byFile, presentation)] : []),
      closing(shown, report.summary, presentation),
    ].join("\n"),
  ].join("");
};

function fixedLine(count: number): string {
  return `${counted(count, "finding")} fixed.\n`;
}

/** So many findings can be taken in without an overview. */
const fewFindings = 20;
/** Rules and files in an overview: with the lines around them they fit a screen of 24 lines. */
const mostRules = 8;
const mostFiles = 5;

/** Which rules find the most, and in which files. */
function overview(
  shown: readonly ReportedFinding[],
  byFile: ReadonlyMap<string, readonly ReportedFinding[]>,
  { paint, columns = Infinity }: Presentation,
): string {
  const byRule = grouped(shown, ({ rule, severity }) => `${severity} ${rule}`);
  const width = String(shown.length).length;
  const line = (count: number, mark: string, name: string) =>
    `  ${String(count).padStart(width)}  ${mark}${cut(printable(name), columns - width - severityWidth - 6)}\n`;
  const rules = [...byRule.values()].toSorted((a, b) => b.length - a.length);
  const ruleLines = rules.slice(0, mostRules).flatMap((findings) => {
    const [first] = findings;
    if (first === undefined) return [];
    const { rule, severity } = first;
    return line(findings.length, `${paint(severityStyle[severity], severity.padEnd(severityWidth))}  `, rule);
  });
  const files = [...byFile].toSorted(([, a], [, b]) => b.length - a.length);
  const fileLines = files.slice(0, mostFiles).map(([file, findings]) => line(findings.length, "", file));
  return [
    `${paint("underline", "By rule")}\n`,
    ...ruleLines,
    ...andMore(rules.length - mostRules, "rule"),
    `${paint("underline", "By file")}\n`,
    ...fileLines,
    ...andMore(files.length - mostFiles, "file"),
  ].join("");
}

function andMore(count: number, noun: string): readonly string[] {
  return count <= 0 ? [] : [`  and ${counted(count, `more ${noun}`)}\n`];
}

function fileBlock(file: string, findings: readonly ReportedFinding[], options: Presentation): string {
  const width = Math.max(...findings.map((finding) => position(finding).length));
  const entries = findings.map((finding) => entry(finding, width, options));
  return `${options.paint("underline", printable(file))}\n${entries.join("")}`;
}

function position({ line, column }: ReportedFinding): string {
  return `${line}:${column}`;
}

/** The longest name of a severity. */
const severityWidth = "warning".length;

const severityStyle = { error: "red", warning: "yellow", info: "blue", hint: "gray" } as const satisfies Record<
  Severity,
  Parameters<Paint>[0]
>;

/**
 *     12:16  warning  no Service named bd  service-missing
 *                     serviceName: bd
 *                                  ^^
 */
function entry(finding: ReportedFinding, positionWidth: number, { paint, columns = Infinity }: Presentation): string {
  const { rule, severity, message, related } = finding;
  const place = paint("dim", position(finding).padStart(positionWidth));
  const mark = paint(severityStyle[severity], severity.padEnd(severityWidth));
  const margin = " ".repeat(positionWidth + severityWidth + 6);
  const room = columns - margin.length;
  const lines = [
    ...sentence(printable(message), rule, room, paint),
    ...(room < narrowestFrame ? [] : frame(finding, room, paint)),
    ...builtBy(finding).flatMap((text) => wrap(printable(text), room)),
    ...relatedPlaces(related).flatMap((text) => wrap(printable(text), room)),
  ];
  return `  ${place}  ${mark}  ${lines.join(`\n${margin}`)}\n`;
}

/** What the sentence is about, where it is not the text of the file: names may differ there, and values too. */
function builtBy({ builds, exact, path, resource }: ReportedFinding): readonly string[] {
  if (builds.length === 0) return [];
  const what = [...(exact || path === "" ? [] : [path]), ...(resource ? [`${resource.kind} ${resource.name}`] : [])];
  return [`${what.join(" of ")}, as ${buildNames(builds)} ${builds.length === 1 ? "builds" : "build"} it`];
}

/** Variants of one manifest can be many; a few show what is meant. */
function relatedPlaces(related: ReportedFinding["related"]): readonly string[] {
  const shown = related.slice(0, 3).map(({ place: { file, line, column }, message }) => {
    return `see ${file}:${line}:${column}: ${message}`;
  });
  const more = related.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

/** The message, and after it, or where there is no room below it, the rule. */
function sentence(message: string, rule: string, room: number, paint: Paint): readonly string[] {
  const lines = wrap(message, room);
  const last = lines.at(-1) ?? "";
  const name = paint("dim", rule);
  // Code may go on in the next line.
  const painted = paintedCode(lines.join("\n"), paint).split("\n");
  const isRoom = last.length + 2 + rule.length <= room;
  return isRoom ? [...painted.slice(0, -1), `${painted.at(-1) ?? ""}  ${name}`] : [...painted, name];
}

/** In less room than this there is no frame. */
const narrowestFrame = 40;

/** The line of the manifest and, below, carets under what the finding is about; shortened where it is too long. */
function frame(finding: ReportedFinding, room: number, paint: Paint): readonly string[] {
  const { sourceLine, line, column, endLine, endColumn } = finding;
  const end = endLine === line ? endColumn - 1 : sourceLine.length;
  const before = printable(sourceLine.slice(0, column - 1)).trimStart();
  const marked = printable(sourceLine.slice(column - 1, end)).trimEnd();
  const after = printable(sourceLine.slice(end)).trimEnd();
  if (`${before}${marked}${after}` === "") return [];
  const start = before.length + marked.length <= room ? before : shortened(before);
  const text = cut(`${start}${marked}${after}`, room);
  const carets = "^".repeat(Math.max(1, Math.min(marked.length, room - start.length)));
  return [text, `${" ".repeat(start.length)}${paint(severityStyle[finding.severity], carets)}`];
}

/** The end of what stands before the marked text. */
function shortened(before: string): string {
  return before.length <= 16 ? before : `...${before.slice(-13)}`;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 3)}...`;
}

function closing(shown: readonly ReportedFinding[], summary: Summary, { paint, hints }: Presentation): string {
  const { errors, warnings, infos } = summary;
  const hidden = hints === "counted" ? summary.hints : 0;
  const counts = [
    ...(errors > 0 ? [paint(severityStyle.error, counted(errors, "error"))] : []),
    ...(warnings > 0 ? [paint(severityStyle.warning, counted(warnings, "warning"))] : []),
    ...(infos > 0 ? [paint(severityStyle.info, `${infos} info`)] : []),
    ...(summary.hints - hidden > 0 ? [paint(severityStyle.hint, counted(summary.hints, "hint"))] : []),
  ];
  const verdict = counts.length === 0 ? paint("green", "Nothing to report") : counts.join(", ");
  const checked = `${counted(summary.files, "file")} with ${counted(summary.statefulSets, "StatefulSet")}`;
  // What an upgrade changes is no rule's.
  const first = shown.find(({ rule }) => rule !== "upgrade");
  if (summary.files === 0) return "No YAML file found.\n";
  return [
    `${verdict} in ${checked}.`,
    ...(hidden > 0 ? [`${counted(hidden, "hint")} not shown; see ${hidden === 1 ? "it" : "them"} with --hints.`] : []),
    ...(first === undefined ? [] : [`More about a rule: ${paint("bold", `ordinal explain ${first.rule}`)}`]),
    "",
  ].join("\n");
}
