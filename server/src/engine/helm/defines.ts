import { readTags } from "./tags.js";

/** The named templates of a text, each with what stands between its `define` and its `end`. */
export function definesIn(text: string): ReadonlyMap<string, string> {
  const defines = new Map<string, string>();
  const open: { readonly name: string | undefined; readonly start: number }[] = [];
  for (const { kind, body, span } of readTags(text)) {
    if (kind === "open") open.push({ name: /^define\s+"([^"]+)"$/.exec(body)?.[1], start: span.end });
    if (kind !== "end") continue;
    const block = open.pop();
    if (block?.name !== undefined) defines.set(block.name, text.slice(block.start, span.start));
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

/**
 * Whether a named template is the `fullname` that `helm create` writes (pkg/chart/v2/util/create.go, Helm 4.1): the
 * release's name and the chart's, unless `fullnameOverride` or `nameOverride` is set.
 */
export function isStandardFullname(body: string): boolean {
  return compact(body) === compact(standardFullname);
}

function compact(body: string): string {
  return body
    .replace(/\{\{-?|-?\}\}/g, "|")
    .replace(/\s/g, "")
    .replace(/\|+/g, "|")
    .replace(/^\||\|$/g, "");
}

const standardFullname = `{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}`;
