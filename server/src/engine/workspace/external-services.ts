import { matchesWildcard } from "../text/wildcard.js";
import type { ParsedDocument } from "../yaml/parse.js";

const directive = /^#\s*ordinal-external-service(?=\s|$)(.*)$/s;

/**
 * The Services that a document's comments say others make, as names or patterns, in their order:
 * `# ordinal-external-service db, vault-* -- the operator makes them`. Whatever follows `--` is the reason, for people.
 */
export function externalServicesIn({ text, comments }: ParsedDocument): readonly string[] {
  return comments.flatMap(({ span }) => {
    const [, rest = ""] = directive.exec(text.slice(span.start, span.end)) ?? [];
    return (rest.split(/(?:^|\s)--/)[0] ?? "").split(/[\s,]+/).filter((word) => word !== "");
  });
}

/** Whether one of the patterns is for the name: `*` stands for any part of it, none too. */
export function isAmong(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, name, { least: 0 }));
}
