import { grouped, printable } from "../../engine/api.js";
import type { ReportedFinding } from "../report.js";
import { isProblem, nameInRepository, type Reporter } from "./reporter.js";

/**
 * JUnit's XML as Jenkins, GitLab and others read it: a test suite for each file, with a failed test for each error and
 * warning, or one that passes where there are none.
 */
export const junitReport: Reporter = ({ findings, files }, presentation) => {
  const problems = findings.filter(({ severity }) => isProblem(severity));
  const byFile = grouped(problems, ({ file }) => file);
  // A finding may be in a file that was not asked about, such as a configuration file.
  const names = [...new Set([...files, ...byFile.keys()])];
  const suites = names.map((file) => suite(nameInRepository(file, presentation), byFile.get(file) ?? []));
  const tests = names.reduce((sum, file) => sum + Math.max(1, byFile.get(file)?.length ?? 0), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ordinal lint" tests="${tests}" failures="${problems.length}" errors="0">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
};

function suite(file: string, findings: readonly ReportedFinding[]): string {
  const name = attribute(file);
  const count = Math.max(1, findings.length);
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${name}" name="no problems"/>`]
      : findings.map((finding) => failedCase(name, finding));
  return [
    `  <testsuite name="${name}" tests="${count}" failures="${findings.length}" errors="0">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
}

function failedCase(file: string, { line, column, rule, severity, message, sourceLine }: ReportedFinding): string {
  const place = `${line}:${column}`;
  return [
    `    <testcase classname="${file}" name="${attribute(`${place} ${rule}`)}">`,
    `      <failure type="${severity}" message="${attribute(message)}">${file}:${place}`,
    `${attribute(sourceLine.trim())}</failure>`,
    "    </testcase>",
  ].join("\n");
}

/** Text of an attribute or an element. XML knows no other way to write control characters than none. */
function attribute(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
