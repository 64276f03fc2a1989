import { printable } from "../text/printable.js";

/**
 * A plain text of the API documentation as Markdown that shows it as it is: lists stay lists, `code` stays code,
 * addresses become links, and nothing else means anything.
 */
export function prose(text: string): string {
  let markdown = "";
  let before: "none" | "text" | "item" | "blank" = "none";
  for (const line of text.split("\n")) {
    const [, bullet, item = ""] = /^(\\?\* |- )?([^]*)$/.exec(line.trimStart()) ?? [];
    const words = item.trim();
    const kind = words === "" ? "blank" : bullet === undefined ? "text" : "item";
    // An item ends at a text that begins in the first column; what is further in goes on with it.
    const goesOn = before === "text" || (before === "item" && /^\s/.test(line));
    if (kind === "text") markdown += (before === "none" ? "" : goesOn ? " " : "\n\n") + escapeProse(words);
    if (kind === "item")
      markdown += `${before === "item" ? "\n" : before === "none" ? "" : "\n\n"}- ${escapeProse(words)}`;
    if (kind !== "text" || !goesOn) before = kind === "blank" && before === "none" ? "none" : kind;
  }
  return markdown;
}

/** One line of text as Markdown that shows it as it is; `code` stays code and addresses become links. */
export function escapeProse(text: string): string {
  return printable(text.replace(/\\\*/g, "*")).replace(parts, (part, code?: string, address?: string) => {
    if (code !== undefined) return code;
    if (address !== undefined) return `<${address}>`;
    return `\\${part}`;
  });
}

/**
 * A code span, an address, or a character that Markdown gives a meaning (CommonMark 0.31.2; `~` and `|` are GitHub's).
 */
const parts = /(`[^`]+`)|(https?:\/\/[^\s<>"'`)\]]*[^\s<>"'`)\].,;:])|[\\`*_[\]<>~|#]/g;
