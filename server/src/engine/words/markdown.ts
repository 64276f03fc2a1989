import { printable } from "../text/printable.js";
import { fileName } from "../workspace/directory.js";

/**
 * A manifest's text as a code span: whatever it holds (HTML, links, backticks, line breaks), it is shown as it is and
 * does nothing. An empty text is shown as `""`, a very long one is cut.
 */
export function code(text: string): string {
  const shown = text === "" ? '""' : shortened(printable(text));
  // CommonMark 0.31.2, section 6.1: the fence is longer than any run of backticks inside, and one space at each end
  // is taken away again, unless there is nothing but spaces.
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^[ `]|[ `]$/.test(shown) && /[^ ]/.test(shown) ? " " : "";
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** The name of a file as a link to a line of it, 1 for the first. */
export function fileLink(uri: string, line: number): string {
  const encoded = (character: string) => `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
  const name = printable(fileName(uri)).replace(/[\\`*[\]<>]/g, "\\$&");
  return `[${name}](${uri.replace(/[()<>\s]/g, encoded)}#L${line})`;
}

/** Lines as a code block that nothing in them ends (CommonMark 0.31.2, section 4.5). */
export function codeBlock(language: string, lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** Markdown that is seen only when its title is chosen. `title` is text. */
export function folded(title: string, markdown: string): string {
  const text = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<details>\n<summary>${text}</summary>\n\n${markdown}\n\n</details>`;
}

/** A table of GitHub's Markdown. Cells are Markdown themselves; a `|` in them does not end them. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Longer than any name that Kubernetes takes (253, RFC 1123 subdomains), in UTF-16 units. */
const longest = 300;

function shortened(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}...`;
}
