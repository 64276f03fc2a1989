import { readTags, type Tag } from "./tags.js";

/** The named templates of a text, each with what stands between its `define` and its `end`, without what these trim. */
export function definesIn(text: string): ReadonlyMap<string, string> {
  const defines = new Map<string, string>();
  const open: { readonly name: string | undefined; readonly tag: Tag }[] = [];
  for (const tag of readTags(text)) {
    if (tag.kind === "open") open.push({ name: /^define\s+"([^"]+)"$/.exec(tag.body)?.[1], tag });
    if (tag.kind !== "end") continue;
    const block = open.pop();
    if (block?.name === undefined) continue;
    const body = text.slice(block.tag.span.end, tag.span.start);
    const begun = block.tag.trimsRight ? body.trimStart() : body;
    defines.set(block.name, tag.trimsLeft ? begun.trimEnd() : begun);
  }
  return defines;
}

/**
 * A template with blanks, every offset the same, for what is no part of its documents: `define`s, which are written
 * where they are included, and tags (comments, mostly) that hold what looks like the marker of a document.
 */
export function visibleText(text: string): string {
  if (!/\bdefine\b|\n(?:---|\.\.\.)/.test(text)) return text;
  let visible = "";
  let from = 0;
  /** How many blocks are open since a `define` began. */
  let depth = 0;
  const showUntil = (end: number) => {
    visible += text.slice(from, end);
    from = end;
  };
  const hideUntil = (end: number) => {
    visible += text.slice(from, end).replace(/[^\r\n]/g, " ");
    from = end;
  };
  for (const { kind, body, span } of readTags(text)) {
    if (depth > 0) {
      if (kind === "open") depth++;
      if (kind === "end" && --depth === 0) hideUntil(span.end);
    } else if (/^define\b/.test(body)) {
      showUntil(span.start);
      depth = 1;
    } else if (/\n(?:---|\.\.\.)/.test(body)) {
      showUntil(span.start);
      hideUntil(span.end);
    }
  }
  if (depth > 0) hideUntil(text.length);
  return visible + text.slice(from);
}
