import type { Base, Workspace } from "../engine/api.js";
import { readHistory, type History } from "./former-files.js";
import type { Io } from "./io.js";
import { withFindings, type CheckedFile, type Report, type ReportedFinding } from "./report.js";
import type { Reading } from "./sources.js";

/** What has changed since a revision, and what was found then. */
export interface Change {
  readonly now: History["now"];
  /** The URIs of the files that are new or hold another text now. */
  readonly changed: ReadonlySet<string>;
  /** What was found before, as `keyOf` has it. */
  readonly before: ReadonlySet<string>;
  /** The files as they were, for the rules about edits. */
  readonly base: Base;
}

/**
 * Judges the files as they were where the history of a revision and that of what is checked out part, and leaves in the
 * workspace nothing but them: what is the same now is judged once.
 */
export async function readChange(
  revision: string,
  paths: readonly string[],
  workspace: Workspace,
  reportOn: (files: readonly CheckedFile[]) => Report,
  io: Io,
  reading: Reading,
): Promise<Change> {
  const { now, before, title } = await readHistory(revision, paths, true, io, { ...reading, option: "--changed" });
  const former = [...before.context, ...before.checked];
  workspace.setBase(undefined);
  for (const { uri, text } of former) workspace.setFile(uri, text);
  workspace.setComplete(true);
  const texts = new Map(former.map(({ uri, text }) => [uri, text]));
  return {
    now,
    changed: new Set(now.checked.filter(({ uri, text }) => texts.get(uri) !== text).map(({ uri }) => uri)),
    before: new Set(reportOn(before.checked).findings.map(keyOf)),
    base: {
      title,
      files: new Map([...now.checked, ...now.context, ...former].map(({ uri }) => [uri, texts.get(uri)])),
    },
  };
}

/** What is found in files that changed, and what the change has brought to others. */
export function ofChange(report: Report, { before }: Change, isChanged: (file: string) => boolean): Report {
  return withFindings(
    report,
    report.findings.filter((finding) => isChanged(finding.file) || !before.has(keyOf(finding))),
  );
}

/** Wherever it stands in the file now. */
function keyOf({ file, rule, severity, message, path, resource }: ReportedFinding): string {
  return JSON.stringify([file, rule, severity, message, path, resource]);
}
