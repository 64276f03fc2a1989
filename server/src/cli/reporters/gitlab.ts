import { printableJson, type Severity } from "../../engine/api.js";
import { fingerprints } from "../fingerprints.js";
import { nameInRepository, shownFindings, type Reporter } from "./reporter.js";

/** A code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const gitlabReport: Reporter = (report, presentation) => {
  const nameOf = (file: string) => nameInRepository(file, presentation);
  const names = fingerprints(report.findings, nameOf);
  const issues = shownFindings(report, presentation).map((finding) => ({
    description: finding.message,
    check_name: finding.rule,
    fingerprint: names.get(finding),
    severity: severities[finding.severity],
    location: { path: nameOf(finding.file), lines: { begin: finding.line, end: finding.endLine } },
  }));
  return `${printableJson(JSON.stringify(issues, undefined, 2))}\n`;
};

const severities: Readonly<Record<Severity, string>> = {
  error: "critical",
  warning: "major",
  info: "minor",
  hint: "info",
};
