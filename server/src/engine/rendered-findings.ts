import { createAnalyses } from "./analysis.js";
import type { RenderedBuild } from "./builds/rendered.js";
import { toldOnce } from "./builds/told-once.js";
import type { FileFinding } from "./file-findings.js";
import { duplicateKey, unusedSuppression } from "./lint/core-rules.js";
import { suppressions, type Suppression } from "./lint/suppress.js";
import type { SourcePlace } from "./render/source.js";
import { rules } from "./rules/registry.js";
import { lineIndex } from "./text/lines.js";
import { parse } from "./yaml/parse.js";
import { split, type Chunk } from "./yaml/split.js";

/** A finding about what tools built, at the place in the sources that is to be changed. */
export interface BuiltFinding extends Pick<
  FileFinding,
  "rule" | "severity" | "text" | "resource" | "path" | "failure"
> {
  readonly place: SourcePlace;
  readonly related: readonly { readonly place: SourcePlace; readonly text: string }[];
  /** The labels of the builds that have it. */
  readonly builds: readonly string[];
}

/** What is wrong with a build. Comments in the sources that silence a rule count, although the output has none. */
export function renderedFindings(build: RenderedBuild): readonly BuiltFinding[] {
  const found = createAnalyses(rules)(build.snapshot).findings(build.uri);
  return found.flatMap(({ rule, severity, text, resource, path, span, related, failure }) => {
    const place = build.originAt(span.start, { isRepeated: rule === duplicateKey.id });
    if (rule === unusedSuppression.id || isSilenced(rule, place, build.homeAt(span.start))) return [];
    const others = related.map((other) => ({
      text: other.text,
      place: build.originAt(other.span.start, { isRepeated: false }),
    }));
    if (place.filledFrom !== undefined) others.unshift({ text: "the value is set here", place: place.filledFrom });
    const failed = failure === undefined ? {} : { failure };
    return [{ rule, severity, text, resource, path, place, related: others, builds: [build.label], ...failed }];
  });
}

/** A finding for who asked about one file alone: in a file of values stands what a template only fills in. */
export function seenFrom(finding: BuiltFinding, uri: string): BuiltFinding | undefined {
  const { place, related } = finding;
  const { filledFrom } = place;
  if (filledFrom?.source.uri !== uri) return place.source.uri === uri ? finding : undefined;
  const others = related.filter((one) => one.place !== filledFrom);
  return { ...finding, place: filledFrom, related: [{ place, text: "the value is filled in here" }, ...others] };
}

/** What several builds have, once. */
export function acrossBuilds(findings: readonly BuiltFinding[]): readonly BuiltFinding[] {
  const found = findings.flatMap((finding) => finding.builds.map((build) => ({ build, finding })));
  return toldOnce(found, placeKey).map(({ finding, builds }) => ({ ...finding, builds }));
}

/** Equal for what is one finding to a reader, though several builds have it and name things differently. */
function placeKey({ rule, path, place: { source, span, exact } }: BuiltFinding): string {
  return JSON.stringify([rule, source.uri, span, exact ? "" : path]);
}
/** Whether a comment beside the field, or one for all of its own document or of the object's, silences the rule. */
function isSilenced(rule: string, place: SourcePlace, home: SourcePlace): boolean {
  const names = ({ rules }: Suppression) => rules.includes(rule);
  return (
    suppressionsAt(place).some((one) => names(one) && (one.line === undefined || one.line === lineInDocument(place))) ||
    suppressionsAt(home).some((one) => names(one) && one.line === undefined)
  );
}

function suppressionsAt(place: SourcePlace): readonly Suppression[] {
  // The parser is asked only where there may be such a comment.
  return place.source.text.includes("ordinal-disable") ? suppressions(parse(chunkAt(place).text)) : [];
}

function lineInDocument(place: SourcePlace): number {
  const { text, start } = chunkAt(place);
  return lineIndex(text).position(place.span.start - start).line;
}

function chunkAt({ source, span }: SourcePlace): Chunk {
  return (
    split(source.text).findLast(({ start }) => start <= span.start) ?? { text: source.text, start: 0, readBy: "both" }
  );
}
