import type { Paint } from "./paint.js";
import { printable } from "../../engine/api.js";

/**
 * A page of Markdown for the terminal. It stays Markdown, which reads well as it is: only colours are added, to
 * headings, code and links.
 */
export function terminalMarkdown(markdown: string, paint: Paint): string {
  let inCode = false;
  return markdown
    .split("\n")
    .map((line) => {
      const text = printable(line);
      if (text.startsWith("```")) {
        inCode = !inCode;
        return paint("dim", text);
      }
      if (inCode) return text;
      if (text.startsWith("#")) return paint("bold", text);
      return paintedCode(text, paint).replace(/https:\/\/\S+/g, (link) => paint("underline", link));
    })
    .join("\n");
}

/** A sentence with colour for what stands between backticks. */
export function paintedCode(text: string, paint: Paint): string {
  return text.replace(/`[^`]+`/g, (code) => paint("cyan", code));
}
