import { readFileSync, writeFileSync } from "node:fs";
import assert from "node:assert/strict";
import type { Config } from "../../server/src/engine/api.js";
import { analyse, filesOf, root, splitBase } from "./workspace.js";

// `#   ^^^ warning service-missing: no Service named bd`: what is said of the stretch above the carets.
const mark = /^\s*#\s*\^+ (?:error|warning|info|hint) /;

/**
 * A fixture with the findings of its own text written beneath the lines they are about, as carets in comments. Marks
 * that are there already are taken out first, so a fixture that says what is found comes back as it is.
 */
export function marked(fixture: string, config?: Config): string {
  const { base, now } = splitBase(fixture);
  const lines = now.split("\n");
  const bare = lines.filter((line) => !mark.test(line)).join("\n");
  const analysis = analyse(bare, config, base);
  const head = base === undefined ? "" : `# base\n${base}# now\n`;
  const all = [...filesOf(bare)]
    .map(([name, text]) => {
      const uri = root + name;
      const marks = new Map<number, string[]>();
      for (const finding of analysis.findings(uri)) {
        const start = analysis.lines(uri)!.position(finding.span.start);
        const end = analysis.lines(uri)!.position(finding.span.end);
        const width = Math.max(1, end.line === start.line ? end.character - start.character : 1);
        // A mark is a comment, so it cannot stand at the very beginning of a line: there it begins after the "#".
        const line = `#${" ".repeat(Math.max(0, start.character - 1))}${"^".repeat(width)} ${finding.severity} ${finding.rule}: ${finding.text}`;
        marks.set(start.line, [...(marks.get(start.line) ?? []), line]);
      }
      return text
        .split("\n")
        .flatMap((line, number) => [line, ...(marks.get(number) ?? [])])
        .join("\n");
    })
    .join("");
  return `${head}${all}`;
}

/** Checks a fixture file against what is found in it; `UPDATE=1` writes the marks instead. */
export function checkMarks(file: string, config?: Config): void {
  const fixture = readFileSync(file, "utf8");
  const actual = marked(fixture, config);
  if (process.env["UPDATE"] === "1") writeFileSync(file, actual);
  else assert.equal(actual, fixture, "UPDATE=1 npm test -- marks rewrites the marks");
}
