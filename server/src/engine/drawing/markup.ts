import { printable } from "../text/printable.js";

/** Finished markup, as opposed to text that has yet to be escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/**
 * A piece of SVG or HTML: markup`<text x="${x}">${name}</text>`. What is put in is text, whatever it looks like, unless
 * it is markup itself; `undefined` leaves nothing. Attributes stand in double quotes.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: template.map((literal, index) => literal + written(parts[index])).join("") };
}

function written(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(rounded(part));
  if (typeof part === "string") return escaped(part);
  return "markup" in part ? part.markup : part.map((one) => one.markup).join("");
}

/** Without control characters and the like, which XML cannot hold (www.w3.org/TR/xml/#charsets). */
function escaped(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A hundredth of a pixel is finer than any screen. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
