import { printableJson } from "../../engine/api.js";
import type { ReportedFinding } from "../report.js";
import type { Reporter } from "./reporter.js";

/**
 * The report for other programs, with the number of fixes where they were asked for; `version` moves when a field
 * changes its meaning or goes, not when one is added.
 */
export const jsonReport: Reporter = ({ findings, summary }, { fixed }) => {
  const counts = fixed === undefined ? summary : { ...summary, fixed };
  const json = { version: 1, findings: findings.map(toJson), summary: counts };
  return `${printableJson(JSON.stringify(json, undefined, 2))}\n`;
};

function toJson({
  file,
  line,
  column,
  endLine,
  endColumn,
  rule,
  severity,
  message,
  ...rest
}: ReportedFinding): unknown {
  const { resource, path, fixable, builds, exact } = rest;
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    rule,
    severity,
    message,
    resource: resource === undefined ? null : toJsonResource(resource),
    path,
    fixable,
    ...(builds.length === 0 ? {} : { builds, exact }),
  };
}

function toJsonResource({ apiVersion, kind, namespace, name }: NonNullable<ReportedFinding["resource"]>): unknown {
  return { apiVersion, kind, namespace: namespace ?? null, name };
}
