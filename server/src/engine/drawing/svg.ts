import type { Shared } from "../rollout/share.js";
import { formatDuration } from "../rollout/time.js";
import type { Verdict } from "../rollout/verdict.js";
import type { Scheme } from "./colours.js";
import { markup, type Markup } from "./markup.js";
import { definitionsOf, drawingWidth, drawPicture, margin, type Drawing } from "./picture-drawing.js";
import { pictureStyles } from "./styles.js";

/** The preview as a picture of its own: the verdict over the lanes. Ends with a line break. */
export function asSvg(shared: Shared, scheme: Scheme): string {
  const head = drawHead(shared);
  const drawing = drawPicture(shared.picture);
  const height = head.height + drawing.height + margin;
  const svg = framed(
    shared,
    "rollout",
    height,
    markup`<style>
${{ markup: pictureStyles(scheme) }}
</style>
${definitionsOf([shared.picture])}
<rect class="surface" width="${drawingWidth}" height="${height}"/>
${head.markup}
<g transform="translate(0 ${head.height})">
${drawing.markup}
</g>`,
  );
  return `${svg.markup}\n`;
}

/**
 * The picture within a page, which has its styles (`pictureStyles`) and what it refers to (`sharedDefinitions`), and
 * says the verdict itself. Nothing else on the page has an `id` that begins with this one.
 */
export function inlineSvg(shared: Shared, id: string): Markup {
  const { height, markup: drawing } = drawPicture(shared.picture);
  return framed(shared, id, height, drawing);
}

/** What is defined for all pictures of a page; not to be seen itself. */
export function sharedDefinitions(all: readonly Shared[]): Markup {
  const definitions = definitionsOf(all.map(({ picture }) => picture));
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="rollout definitions" width="0" height="0" aria-hidden="true">${definitions}</svg>`;
}

function framed(shared: Shared, id: string, height: number, content: Markup): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="rollout" width="${drawingWidth}" height="${height}" viewBox="0 0 ${drawingWidth} ${height}" role="img" aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${titleOf(shared)}</title>
<desc id="${id}-description">${descriptionOf(shared)}</desc>
${content}
</svg>`;
}

export function titleOf({ name, verdict }: Pick<Shared, "name" | "verdict">): string {
  return `${name}: ${verdict.title}`;
}

/** `at least 4 of 5 ready; replaces db-4 → 3`. */
function factsOf({ facts }: Verdict): string {
  return facts.map(({ label, value }) => `${label} ${value}`).join("; ");
}

/** A description for readers who do not see the picture. */
function descriptionOf({ verdict, picture }: Shared): string {
  const { lanes, end } = picture;
  const pods = lanes.length === 1 ? "one pod" : `${lanes.length} pods`;
  const timeline = lanes.length === 0 ? "" : `A timeline of ${pods} over ${formatDuration(end)}`;
  return [timeline, verdict.reason ?? "", factsOf(verdict)].filter((part) => part !== "").join(". ");
}

/** The verdict, why, in numbers, and whose data is lost. */
function drawHead(shared: Shared): Drawing {
  const { verdict, claims } = shared;
  const lost = claims.filter(({ fate }) => fate === "deleted");
  const notes: readonly (readonly [style: string, text: string])[] = [
    ["quiet", verdict.reason ?? ""],
    ["quiet", factsOf(verdict)],
    ...lost.map(({ names, why }) => ["bad", `Data lost: ${someOf(names)}. ${why}.`] as const),
  ];
  const lines = notes.flatMap(([style, text]) =>
    text === "" ? [] : linesOf(text, charactersInLine).map((line) => [style, line] as const),
  );
  return {
    height: 44 + lines.length * 18,
    markup: markup`<text class="title ${toneClass(verdict)}" x="${margin}" y="30">${cut(titleOf(shared), 100)}</text>${lines.map(
      ([style, line], index) => markup`<text class="note ${style}" x="${margin}" y="${52 + index * 18}">${line}</text>`,
    )}`,
  };
}

const charactersInLine = 165;

function toneClass({ tone }: Verdict): string {
  return tone === "neutral" ? "" : tone;
}

function someOf(names: readonly string[]): string {
  return names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} … ${names.at(-1)} (${names.length})`;
}

/** Broken between words; a word that is longer than a line is cut. */
function linesOf(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((one) => cut(one, width));
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
