import { printable, type Severity } from "../../engine/api.js";
import { nameInRepository, shownFindings, type Reporter } from "./reporter.js";

/**
 * Commands that GitHub Actions turns into annotations of the files, as
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands describes them.
 */
export const githubReport: Reporter = (report, presentation) =>
  shownFindings(report, presentation)
    .map(({ file, line, column, endLine, endColumn, severity, rule, message }) => {
      // Columns are for one line: GitHub refuses an end column with another end line.
      const columns = line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
      const properties = { file: nameInRepository(file, presentation), line, endLine, ...columns, title: rule };
      const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
      return `::${commands[severity]} ${list.join(",")}::${data(printable(message))}\n`;
    })
    .join("");

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

/** As `escapeData` of actions/toolkit 1.11 (packages/core/src/command.ts) does it. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As `escapeProperty` there. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
