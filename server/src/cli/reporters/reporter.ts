import { existsSync } from "node:fs";
import path from "node:path";
import type { Severity } from "../../engine/api.js";
import { isWithin } from "../context.js";
import type { Report, ReportedFinding } from "../report.js";
import { stdinName } from "../sources.js";
import type { Paint } from "./paint.js";

/** What a reporter of `lint` knows beside the report. */
export interface Presentation {
  readonly paint: Paint;
  /** Characters in a line; `undefined` where lines may have any length. */
  readonly columns: number | undefined;
  /** Whether hints are written out or only counted, in formats for people and for annotations. */
  readonly hints: "shown" | "counted";
  /** Whether each finding is written out, or only how many there are of each rule. */
  readonly findings: "shown" | "counted";
  /** Whether the findings are those that a baseline does not hold. */
  readonly isBeyondBaseline: boolean;
  /** How many findings were fixed, where that was asked for. */
  readonly fixed: number | undefined;
  /** The current directory: files of the report are named from it. */
  readonly directory: string;
  /** The root of the repository that the current directory is in, or else the current directory. */
  readonly root: string;
}

/** Makes the text of a report in one format. */
export type Reporter = (report: Report, presentation: Presentation) => string;

/** The nearest directory above with a `.git`; the directory itself where there is none. */
export function repositoryRoot(directory: string): string {
  for (let above = directory; ; above = path.dirname(above)) {
    if (existsSync(path.join(above, ".git"))) return above;
    if (path.dirname(above) === above) return directory;
  }
}

/** How a file is named from the root of its repository, with `/`; one that lies elsewhere in full. */
export function nameInRepository(file: string, { directory, root }: Pick<Presentation, "directory" | "root">): string {
  if (file === stdinName) return file;
  const absolute = path.resolve(directory, file);
  return (isWithin(absolute, root) ? path.relative(root, absolute) : absolute).replaceAll(path.sep, "/");
}

/** The findings that are written out: hints only where they are wanted. */
export function shownFindings(
  { findings }: Report,
  { hints }: Pick<Presentation, "hints">,
): readonly ReportedFinding[] {
  return findings.filter(({ severity }) => severity !== "hint" || hints === "shown");
}

export function isProblem(severity: Severity): boolean {
  return severity === "error" || severity === "warning";
}
