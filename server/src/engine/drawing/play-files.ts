import { drainRunbook } from "../maintenance/drain-runbook.js";
import { playPicture } from "../maintenance/play-picture.js";
import { describePlay, playVerdict, stepText, stepTone } from "../maintenance/play-report.js";
import type { PlayResult } from "../maintenance/plays.js";
import { runbookLines } from "../rollout/runbook.js";
import { formatMoment } from "../rollout/time.js";
import type { Scheme } from "./colours.js";
import { standalonePage } from "./html.js";
import { markup, type Markup } from "./markup.js";
import { drawingWidth, margin } from "./picture-drawing.js";
import { drawPlay, playDefinitions, type PlayDrawingOptions } from "./play-drawing.js";
import { pictureStyles } from "./styles.js";

/* A play of nodes as files: a picture of its own, and a page that needs nothing else. */

/** The verdict over the lanes of the nodes. Ends with a line break. */
export function playSvg(result: PlayResult, scheme: Scheme): string {
  const { tone, title, reasons } = playVerdict(result);
  const notes = [...reasons, ...result.notes];
  const headHeight = 44 + notes.length * 18;
  const { height, markup: drawing } = drawPlay(playPicture(result), { by: "node", width: drawingWidth });
  const total = headHeight + height + margin;
  const svg = framed(
    result,
    { height: total, width: drawingWidth, id: "play" },
    markup`<style>
${{ markup: pictureStyles(scheme) }}
</style>
${playDefinitions()}
<rect class="surface" width="${drawingWidth}" height="${total}"/>
<text class="title ${tone}" x="${margin}" y="30">${title}</text>${notes.map((note, index) => markup`<text class="note quiet" x="${margin}" y="${52 + index * 18}">${note}</text>`)}
<g transform="translate(0 ${headHeight})">
${drawing}
</g>`,
  );
  return `${svg.markup}\n`;
}

/** A drawing within a page that has its styles and `playDefinitions`; `id` is its own on the page. */
export function inlinePlay(result: PlayResult, options: PlayDrawingOptions, id: string): Markup {
  const { height, markup: drawing } = drawPlay(playPicture(result), options);
  return framed(result, { height, width: options.width, id }, drawing);
}

/** One page with both drawings and every step. Ends with a line break. */
export function playHtml(result: PlayResult): string {
  const { tone, title, reasons } = playVerdict(result);
  const name = describePlay(result.play);
  const rows = result.steps.map(
    (step) =>
      markup`<tr class="tone-${stepTone(step)}"><td class="time">${formatMoment(step.at)}</td><td class="step">${stepText(step)}</td></tr>\n`,
  );
  const picture = (by: "node" | "pod", words: string): Markup => markup`<h2 id="by-${by}">${words}</h2>
<div class="picture" role="region" aria-labelledby="by-${by}" tabindex="0">
${inlinePlay(result, { by, width: drawingWidth }, `play-by-${by}`)}
</div>`;
  const main = markup`<h1>${name}</h1>
<p class="verdict ${tone}">${title}</p>
${[...reasons, ...result.notes].map((reason) => markup`<p>${reason}</p>\n`)}
${recovery(result)}
${picture("node", "By node")}
${picture("pod", "By pod")}
<h2 id="steps">What happens</h2>
<div class="scroll" role="region" aria-labelledby="steps" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">What</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
  const definitions = markup`<svg xmlns="http://www.w3.org/2000/svg" class="rollout definitions" width="0" height="0" aria-hidden="true">${playDefinitions()}</svg>`;
  return standalonePage(`${name}: ${title}`, definitions, main);
}

function recovery(result: PlayResult): Markup | undefined {
  const runbook = drainRunbook(result);
  if (runbook === undefined) return undefined;
  return markup`<h2>${runbook.title}</h2>
<pre tabindex="0">${runbookLines(runbook).join("\n")}</pre>`;
}

interface Frame {
  readonly height: number;
  readonly width: number;
  readonly id: string;
}

function framed(result: PlayResult, { height, width, id }: Frame, content: Markup): Markup {
  const { title, reasons } = playVerdict(result);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="rollout" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${describePlay(result.play)}: ${title}</title>
<desc id="${id}-description">${[`A timeline of ${result.allNodes.length} nodes and their pods`, ...reasons].join(". ")}</desc>
${content}
</svg>`;
}
