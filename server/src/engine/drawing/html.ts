import type { ClaimGroup } from "../rollout/claim-groups.js";
import type { Shared } from "../rollout/share.js";
import type { StoryEntry } from "../rollout/story.js";
import { formatMoment } from "../rollout/time.js";
import type { Verdict } from "../rollout/verdict.js";
import { dark, light, type Colours } from "./colours.js";
import { markup, type Markup } from "./markup.js";
import { fonts, pictureStyles } from "./styles.js";
import { inlineSvg, sharedDefinitions, titleOf } from "./svg.js";

/**
 * Previews as one page that needs nothing else: verdict, picture, story and data of each. No script, nothing remote;
 * light or dark as its reader likes it. Ends with a line break.
 */
export function asHtml(sets: readonly [Shared, ...Shared[]]): string {
  const [first, ...others] = sets;
  const title = others.length === 0 ? titleOf(first) : sets.map(({ name }) => name).join(", ");
  const main = others.length === 0 ? previewOf(first, { id: "set", level: 1 }) : previewsOf(sets);
  return standalonePage(title, markup`${sharedDefinitions(sets)}`, main);
}

/** What has changed, as a page like `asHtml`, which may have no previews; `left` is what is in none of them. */
export function changesAsHtml(title: string, sets: readonly Shared[], left: NamedList): string {
  const items = left.items.map((item) => markup`<li>${withCode(item)}</li>\n`);
  const main = markup`<h1>${title}</h1>
${sets.length > 1 ? linksTo(sets) : undefined}
${sectionsOf(sets)}
${items.length === 0 ? undefined : markup`<h2>${left.title}</h2>\n<ul>\n${items}</ul>`}`;
  return standalonePage(title, markup`${sharedDefinitions(sets)}`, main);
}

interface NamedList {
  readonly title: string;
  readonly items: readonly string[];
}

/** A page of its own: with the styles of pictures, and what they refer to. */
export function standalonePage(title: string, definitions: Markup, main: Markup): string {
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
${{ markup: `${pictureStyles("both")}\n${pageStyles}` }}
</style>
</head>
<body>
${definitions}
<main>
${main}
</main>
<footer>What the StatefulSet controller will do, simulated by Ordinal. Times are estimates.</footer>
</body>
</html>
`;
  return page.markup;
}

/** How it goes for each, at a glance, and then each. */
function previewsOf(sets: readonly Shared[]): Markup {
  return markup`<h1>${sets.length} StatefulSets</h1>
${linksTo(sets)}
${sectionsOf(sets)}`;
}

function linksTo(sets: readonly Shared[]): Markup {
  const links = sets.map(({ name, verdict, claims }, index) => {
    const loss = lossOf(claims);
    const lost = loss === undefined ? undefined : markup` <strong class="bad">${loss}</strong>`;
    return markup`<li><a href="#set-${index}">${name}</a> <strong class="${verdict.tone}">${verdict.title}</strong>${lost}</li>\n`;
  });
  return markup`<ul class="sets">
${links}</ul>`;
}

function sectionsOf(sets: readonly Shared[]): readonly Markup[] {
  return sets.map(
    (shared, index) => markup`<section id="set-${index}" aria-labelledby="set-${index}-name">
${previewOf(shared, { id: `set-${index}`, level: 2 })}
</section>\n`,
  );
}

/** Where a preview stands on the page. */
interface Place {
  /** What the ids in it begin with. */
  readonly id: string;
  /** Of its heading; its parts are one below. */
  readonly level: 1 | 2;
}

function previewOf(shared: Shared, place: Place): Markup {
  const { name, verdict, story, claims, picture, notes } = shared;
  return markup`<h${place.level} id="${place.id}-name">${name}</h${place.level}>
${verdictOf(verdict)}
${dataLoss(claims)}
${recovery(verdict, place)}
${notes.map((note) => markup`<p class="note">${withCode(note)}.</p>\n`)}
${picture.lanes.length === 0 ? undefined : pictureOf(shared, place)}
${story.length === 0 ? undefined : storyTable(story, place)}
${claims.length === 0 ? undefined : claimsTable(claims, place)}`;
}

/** A sentence in which a text between backquotes is code. */
function withCode(sentence: string): readonly Markup[] {
  return sentence.split("`").map((part, index) => (index % 2 === 0 ? markup`${part}` : markup`<code>${part}</code>`));
}

function partHeading({ id, level }: Place, part: string, words: string): Markup {
  return markup`<h${level + 1} id="${id}-${part}">${words}</h${level + 1}>`;
}

/** What is too wide or too high is scrolled in a place of its own. */
function region({ id }: Place, part: string, style: string): Markup {
  return markup`<div class="${style}" role="region" aria-labelledby="${id}-name ${id}-${part}" tabindex="0">`;
}

function verdictOf({ tone, title, reason, facts }: Verdict): Markup {
  const why = reason === undefined ? undefined : markup`\n<p>${reason}</p>`;
  const list = facts.map(
    ({ label, value, isLoss }) =>
      markup`<li>${label} <strong${isLoss === true ? badClass : undefined}>${value}</strong></li>`,
  );
  return markup`<p class="verdict ${tone}">${title}</p>${why}${list.length === 0 ? undefined : markup`\n<ul class="facts">${list}</ul>`}`;
}

const badClass = markup` class="bad"`;

function dataLoss(claims: readonly ClaimGroup[]): Markup | undefined {
  const loss = lossOf(claims);
  if (loss === undefined) return undefined;
  const why = claims.filter(({ fate }) => fate === "deleted").map((group) => `${group.why}.`);
  return markup`<div class="lost"><strong>${loss}.</strong> ${why.join(" ")}</div>`;
}

/** A sentence without its full stop; `undefined` if no data is lost. */
function lossOf(claims: readonly ClaimGroup[]): string | undefined {
  const names = claims.filter(({ fate }) => fate === "deleted").flatMap((group) => group.names);
  if (names.length === 0) return undefined;
  return names.length === 1 ? "Data of one claim is lost" : `Data of ${names.length} claims is lost`;
}

function recovery({ runbook, recovery: commands }: Verdict, place: Place): Markup | undefined {
  if (runbook === undefined) return undefined;
  return markup`${partHeading(place, "recovery", `Runbook: ${runbook.title}`)}
<pre tabindex="0">${commands
    .join("\n")
    .split("\n")
    .map((line) => markup`${line}\n`)}</pre>`;
}

function pictureOf(shared: Shared, place: Place): Markup {
  return markup`${partHeading(place, "picture", "Who does what, and when")}
${region(place, "picture", "picture")}
${inlineSvg(shared, `${place.id}-rollout`)}
</div>`;
}

function storyTable(story: readonly StoryEntry[], place: Place): Markup {
  const rows = story.map(
    ({ at, tone, title, why, field }) =>
      markup`<tr class="tone-${tone}"><td class="time">${formatMoment(at)}</td><td class="step">${title}</td><td>${why}</td><td><code>${breakable(field)}</code></td></tr>\n`,
  );
  return markup`${partHeading(place, "story", "What happens, and why")}
${region(place, "story", "scroll")}<table>
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Field</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** A path that may be broken at its dots. */
function breakable(field: string): readonly Markup[] {
  return field.split(/(?<=\.)/).map((part) => markup`${part}<wbr>`);
}

function claimsTable(claims: readonly ClaimGroup[], place: Place): Markup {
  const rows = claims.map(
    ({ fate, why, names }) =>
      markup`<tr><td class="fate fate-${fate}">${names.length === 1 ? fate : `${names.length} ${fate}`}</td><td>${names.join(", ")}</td><td>${why}</td></tr>\n`,
  );
  return markup`${partHeading(place, "data", "What happens to the data")}
${region(place, "data", "scroll")}<table>
<thead><tr><th scope="col">Fate</th><th scope="col">Claims</th><th scope="col">Why</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

const pageStyles = `* { box-sizing: border-box; }
body { max-width: 1264px; margin: 0 auto; padding: 24px 16px; font: 14px/1.45 ${fonts}; }
h1, h2 { margin: 0; font-size: 1.2em; overflow-wrap: anywhere; }
h1 ~ h2, h3 { margin: 28px 0 8px; font-size: 1em; }
section { margin-top: 40px; padding-top: 32px; border-top: 1px solid; }
.sets { margin: 8px 0 0; padding: 0; list-style: none; }
.sets li { display: flex; flex-wrap: wrap; gap: 2px 12px; padding: 3px 0; overflow-wrap: anywhere; }
.definitions { position: absolute; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.verdict { font-size: 1.7em; font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 4px 0; padding: 0; list-style: none; }
.lost { margin: 12px 0 0; padding: 8px 12px; border: 1px solid; border-left-width: 5px; border-radius: 3px; overflow-wrap: anywhere; }
pre { margin: 0; padding: 8px 12px; border-radius: 3px; font-size: 0.92em; white-space: pre-wrap; overflow-wrap: anywhere; }
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

function coloured({ surface, side, foreground, muted, line, link, goodWords, bad }: Colours): string {
  return `body { background: ${surface}; color: ${foreground}; }
.facts, th, td, .time, .note, footer { color: ${muted}; }
.facts strong, .step, td.fate { color: ${foreground}; }
.good { color: ${goodWords}; }
.bad, .facts .bad, .lost strong, td.fate-deleted, .tone-trouble .step { color: ${bad}; }
.lost { border-color: ${bad}; }
.picture, section, th, td { border-color: ${line}; }
a { color: ${link}; }
pre { background: ${side}; }`;
}
