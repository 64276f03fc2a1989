import { createHash } from "node:crypto";
import type { ReportedFinding } from "./report.js";

/**
 * A name for each finding by which it is known again when lines move: made of its rule, its file, and the object and
 * field that it is about or, where it is about the text, that line. Equal ones in a file are numbered. `fileOf` says by
 * which name a file is known wherever the command is called.
 */
export function fingerprints(
  findings: readonly ReportedFinding[],
  fileOf: (file: string) => string,
): ReadonlyMap<ReportedFinding, string> {
  const seen = new Map<string, number>();
  return new Map(
    findings.map((finding) => {
      const identity = identityOf(finding, fileOf(finding.file));
      const count = (seen.get(identity) ?? 0) + 1;
      seen.set(identity, count);
      return [finding, createHash("sha256").update(`${identity}\0${count}`).digest("hex").slice(0, 32)];
    }),
  );
}

function identityOf({ rule, resource, path, sourceLine }: ReportedFinding, file: string): string {
  const what =
    resource === undefined
      ? [sourceLine.trim()]
      : [resource.apiVersion, resource.kind, resource.namespace ?? "", resource.name];
  return [rule, file, ...what, path].join("\0");
}
