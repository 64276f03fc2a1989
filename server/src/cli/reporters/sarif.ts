import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  allRules,
  escapeProse,
  issuesUrl,
  printableJson,
  rulePage,
  rulePageUrl,
  version,
  type Severity,
} from "../../engine/api.js";
import { isWithin } from "../context.js";
import { fingerprints } from "../fingerprints.js";
import { stdinName } from "../sources.js";
import type { Place, ReportedEdit, ReportedFinding, ReportedFix } from "../report.js";
import { nameInRepository, type Presentation, type Reporter } from "./reporter.js";

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which GitHub's code scanning, Azure DevOps and editors
 * read. Files are named from the root of the repository, as code scanning wants it.
 */
export const sarifReport: Reporter = ({ findings }, presentation) => {
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  const names = fingerprints(findings, (file) => nameInRepository(file, presentation));
  const failures = findings.filter(({ failure }) => failure !== undefined);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Ordinal",
            semanticVersion: version,
            informationUri: issuesUrl.replace(/\/issues$/, ""),
            rules: rules.map((id) => ({ id, ...descriptor(id) })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [baseId]: { uri: `${pathToFileURL(presentation.root).href}/` } },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ message }) => ({ level: "error", message: { text: message } })),
          },
        ],
        results: findings.map((finding) => result(finding, rules, names.get(finding) ?? "", presentation)),
      },
    ],
  };
  return `${printableJson(JSON.stringify(log, undefined, 2))}\n`;
};

/** What a URI is relative to. GitHub and Microsoft use this name for the root of the repository. */
const baseId = "%SRCROOT%";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

/** What is known of a rule; what an upgrade changes is no rule's. */
function descriptor(id: string): object {
  const rule = allRules.find((one) => one.id === id);
  if (rule === undefined) return {};
  return {
    shortDescription: { text: `Flags ${plainText(rule.flags)}` },
    fullDescription: { text: plainText(rule.why), markdown: rule.why },
    helpUri: rulePageUrl(id),
    help: { text: plainText(rule.why), markdown: rulePage(rule) },
  };
}

/** Markdown without its code marks, for readers that show text alone. */
function plainText(markdown: string): string {
  return markdown.replaceAll("`", "");
}

function result(
  finding: ReportedFinding,
  rules: readonly string[],
  fingerprint: string,
  presentation: Presentation,
): object {
  const { rule, severity, message, resource, path: field, related, builds } = finding;
  const logicalLocations =
    resource === undefined
      ? undefined
      : [
          {
            fullyQualifiedName: [resource.kind, resource.namespace, resource.name, field].filter(Boolean).join("/"),
            kind: "object",
          },
        ];
  const fixes = finding.fixes().map((fix) => toFix(fix, presentation));
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: levels[severity],
    message: { text: message, markdown: escapeProse(message) },
    locations: [{ physicalLocation: toLocation(finding, presentation), logicalLocations }],
    ...(presentation.isBeyondBaseline ? { baselineState: "new" } : {}),
    partialFingerprints: { "ordinalFinding/v1": fingerprint },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            message: { text: other.message },
            physicalLocation: toLocation(other.place, presentation),
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(builds.length === 0 ? {} : { properties: { builds } }),
  };
}

function toLocation(place: Place | ReportedFinding, presentation: Presentation): object {
  return { artifactLocation: toArtifact(place.file, presentation), region: toRegion(place) };
}

function toRegion({ line, column, ...end }: Place | ReportedEdit | ReportedFinding): object {
  return {
    startLine: line,
    startColumn: column,
    ...("endLine" in end ? { endLine: end.endLine, endColumn: end.endColumn } : {}),
  };
}

function toArtifact(file: string, presentation: Presentation): object {
  const { directory, root } = presentation;
  const absolute = path.resolve(directory, file);
  if (file !== stdinName && !isWithin(absolute, root)) return { uri: pathToFileURL(absolute).href };
  const segments = nameInRepository(file, presentation).split("/");
  return { uri: segments.map(escaped).join("/"), uriBaseId: baseId };
}

/** `encodeURIComponent` throws on half of a surrogate pair, which names of files may hold on Windows. */
function escaped(segment: string): string {
  return encodeURIComponent(Buffer.from(segment).toString());
}

/** Whether it may be applied unseen stands in its words: SARIF has no field for it. */
function toFix({ title, applicability, edits }: ReportedFix, presentation: Presentation): object {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: applicability === "safe" ? title : `${title} (please review)` },
    artifactChanges: files.map((file) => ({
      artifactLocation: toArtifact(file, presentation),
      replacements: edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({ deletedRegion: toRegion(edit), insertedContent: { text: edit.newText } })),
    })),
  };
}
