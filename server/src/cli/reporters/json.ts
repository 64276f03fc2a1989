import type { Report, ReportedFinding } from "../report.js";
import { printableJson } from "../../engine/api.js";

/** The report for other programs; `version` moves when a field changes its meaning or goes, not when one is added. */
export function jsonReport({ findings, summary }: Report): string {
  return `${printableJson(JSON.stringify({ version: 1, findings: findings.map(toJson), summary }, undefined, 2))}\n`;
}

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
  const { resource, path, fixable } = rest;
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
  };
}

function toJsonResource({ apiVersion, kind, namespace, name }: NonNullable<ReportedFinding["resource"]>): unknown {
  return { apiVersion, kind, namespace: namespace ?? null, name };
}
