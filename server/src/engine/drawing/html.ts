import type { ClaimGroup } from "../rollout/claim-groups.js";
import type { Shared } from "../rollout/share.js";
import type { StoryEntry } from "../rollout/story.js";
import { formatMoment } from "../rollout/time.js";
import type { Verdict } from "../rollout/verdict.js";
import { dark, light, type Colours } from "./colours.js";
import { markup, type Markup } from "./markup.js";
import { fonts, pictureStyles } from "./styles.js";
import { inlineSvg, titleOf } from "./svg.js";

/**
 * The whole preview as one page that needs nothing else: verdict, picture, story, data. No script, nothing remote; light
 * or dark as its reader likes it. Ends with a line break.
 */
export function asHtml(shared: Shared): string {
  const { name, verdict, story, claims, picture } = shared;
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(shared)}</title>
<style>
${{ markup: `${pictureStyles("both")}\n${pageStyles}` }}
</style>
</head>
<body>
<main>
<h1>${name}</h1>
${verdictOf(verdict)}
${dataLoss(claims)}
${recovery(verdict)}
${picture.lanes.length === 0 ? undefined : pictureOf(shared)}
${story.length === 0 ? undefined : storyTable(story)}
${claims.length === 0 ? undefined : claimsTable(claims)}
</main>
<footer>What the StatefulSet controller will do, simulated by Ordinal. Times are estimates.</footer>
</body>
</html>
`;
  return page.markup;
}

function verdictOf({ tone, title, reason, facts }: Verdict): Markup {
  const why = reason === undefined ? undefined : markup`\n<p>${reason}</p>`;
  const list = facts.map(({ label, value }) => markup`<li>${label} <strong>${value}</strong></li>`);
  return markup`<p class="verdict ${tone}">${title}</p>${why}${list.length === 0 ? undefined : markup`\n<ul class="facts">${list}</ul>`}`;
}

function dataLoss(claims: readonly ClaimGroup[]): Markup | undefined {
  const lost = claims.filter(({ fate }) => fate === "deleted");
  if (lost.length === 0) return undefined;
  const count = lost.reduce((sum, { names }) => sum + names.length, 0);
  const title = count === 1 ? "Data of one claim is lost." : `Data of ${count} claims is lost.`;
  return markup`<div class="lost"><strong>${title}</strong> ${lost.map(({ why }) => `${why}.`).join(" ")}</div>`;
}

function recovery({ recovery: commands }: Verdict): Markup | undefined {
  if (commands.length === 0) return undefined;
  return markup`<h2 id="recovery">To recover</h2>
<pre tabindex="0">${commands
    .join("\n")
    .split("\n")
    .map((line) => markup`${line}\n`)}</pre>`;
}

function pictureOf(shared: Shared): Markup {
  return markup`<h2 id="picture">Who does what, and when</h2>
<div class="picture" role="region" aria-labelledby="picture" tabindex="0">
${inlineSvg(shared)}
</div>`;
}

function storyTable(story: readonly StoryEntry[]): Markup {
  const rows = story.map(
    ({ at, tone, title, why, field }) =>
      markup`<tr class="tone-${tone}"><td class="time">${formatMoment(at)}</td><td class="step">${title}</td><td>${why}</td><td><code>${breakable(field)}</code></td></tr>\n`,
  );
  return markup`<h2 id="story">What happens, and why</h2>
<div class="scroll" role="region" aria-labelledby="story" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Field</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** A path that may be broken at its dots. */
function breakable(field: string): readonly Markup[] {
  return field.split(/(?<=\.)/).map((part) => markup`${part}<wbr>`);
}

function claimsTable(claims: readonly ClaimGroup[]): Markup {
  const rows = claims.map(
    ({ fate, why, names }) =>
      markup`<tr><td class="fate fate-${fate}">${names.length === 1 ? fate : `${names.length} ${fate}`}</td><td>${names.join(", ")}</td><td>${why}</td></tr>\n`,
  );
  return markup`<h2 id="data">What happens to the data</h2>
<div class="scroll" role="region" aria-labelledby="data" tabindex="0"><table>
<thead><tr><th scope="col">Fate</th><th scope="col">Claims</th><th scope="col">Why</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

const pageStyles = `* { box-sizing: border-box; }
body { max-width: 1264px; margin: 0 auto; padding: 24px 16px; font: 14px/1.45 ${fonts}; }
h1 { margin: 0; font-size: 1.2em; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 1em; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.verdict { font-size: 1.7em; font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 4px 0; padding: 0; list-style: none; }
.lost { margin: 12px 0 0; padding: 8px 12px; border: 1px solid; border-left-width: 5px; border-radius: 3px; overflow-wrap: anywhere; }
pre { margin: 0; padding: 8px 12px; border-radius: 3px; overflow-x: auto; font-size: 0.92em; }
code { font-size: 0.92em; overflow-wrap: normal; }
.picture { max-height: 85vh; overflow: auto; border: 1px solid; border-radius: 4px; }
.picture svg { display: block; width: 100%; min-width: 760px; height: auto; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 5px 16px 5px 0; border-bottom: 1px solid; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { font-size: 0.86em; font-weight: 400; }
.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.step, .fate { font-weight: 600; }
.fate { white-space: nowrap; }
footer { margin-top: 32px; font-size: 0.86em; }
@media print { .picture { max-height: none; overflow: visible; border: 0; } .picture svg { min-width: 0; } }
${coloured(light)}
@media (prefers-color-scheme: dark) {
${coloured(dark)}
}`;

function coloured({ surface, side, foreground, muted, line, goodWords, bad }: Colours): string {
  return `body { background: ${surface}; color: ${foreground}; }
.facts, th, td, .time, footer { color: ${muted}; }
.facts strong, .step, td.fate { color: ${foreground}; }
.verdict.good { color: ${goodWords}; }
.verdict.bad, .lost strong, td.fate-deleted, .tone-trouble .step { color: ${bad}; }
.lost { border-color: ${bad}; }
.picture, th, td { border-color: ${line}; }
pre { background: ${side}; }`;
}
