import { dark, light, mixed, type Colours, type Scheme } from "./colours.js";

/*
 * The style sheet of a picture that stands alone: plain colours and simple selectors, because many programs that show SVG
 * know neither variables nor mixed colours. All of it holds within `.rollout`, wherever the picture is put.
 */

export function pictureStyles(scheme: Scheme): string {
  switch (scheme) {
    case "light":
      return [...shapes, ...coloured(light)].join("\n");
    case "dark":
      return [...shapes, ...coloured(dark)].join("\n");
    case "both":
      return [...shapes, ...coloured(light), "@media (prefers-color-scheme: dark) {", ...coloured(dark), "}"].join(
        "\n",
      );
  }
}

export const fonts = 'system-ui, -apple-system, "Segoe UI", "Open Sans", sans-serif';

const shapes: readonly string[] = [
  rule("text", `font: 11px ${fonts}`),
  rule(".title", "font-size: 18px; font-weight: 600"),
  rule(".note", "font-size: 12px"),
  rule(".pod", "font-size: 13px; font-weight: 600"),
  rule(".small", "font-size: 10px"),
  rule(".grid, .row, .claim, .link, .curve, .partition, .budget, .refused path", "fill: none"),
  rule(".pattern path", "fill: none; stroke-width: 1.5"),
  rule(".pattern.look-pending path", "stroke-width: 2; stroke-linecap: round"),
  rule(".look-pending .tint", "stroke-dasharray: 3 2"),
  rule(".claim, .curve", "stroke-width: 2"),
  rule(".claim-ending", "stroke-dasharray: 4 3"),
  rule(".claim-removed", "fill: none; stroke-width: 2"),
  rule(".link", "stroke-width: 1.2"),
  rule(".partition, .budget", "stroke-dasharray: 6 4"),
  rule(".refused circle, .refused path", "stroke-width: 1.8"),
  rule(".over", "paint-order: stroke; stroke-width: 4; stroke-linejoin: round"),
];

function coloured(colours: Colours): readonly string[] {
  const { surface, foreground, muted, link, good, goodWords, bad, amber, red, hues } = colours;
  const soft = mixed(foreground, 0.09, surface);
  return [
    rule(".surface", `fill: ${surface}`),
    rule("text", `fill: ${foreground}`),
    rule(".quiet", `fill: ${muted}`),
    rule(".good", `fill: ${goodWords}`),
    rule(".bad", `fill: ${bad}`),
    rule(".over", `stroke: ${surface}`),
    rule(".grid, .row", `stroke: ${soft}`),
    ...hues.flatMap((hue, index) => hued(`.hue-${index}`, hue, colours)),
    ...["pending", "succeeded"].flatMap((look) => hued(`.look-${look}`, muted, colours)),
    ...hued(".look-terminating", amber, colours),
    ...hued(".look-failing", red, colours),
    ...hued(".stuck", red, colours),
    rule(".claim", `stroke: ${mixed(good, 0.8, surface)}`),
    rule(".claim-ending, .claim-removed", `stroke: ${red}`),
    rule(".link", `stroke: ${muted}`),
    rule(".arrow", `fill: ${muted}`),
    rule(".refused circle", `fill: ${surface}; stroke: ${red}`),
    rule(".refused path, .budget", `stroke: ${red}`),
    rule(".budget-words", `fill: ${bad}`),
    rule(".phase-draining", `fill: ${mixed(amber, 0.14, surface)}`),
    rule(".phase-away", `fill: ${mixed(foreground, 0.07, surface)}`),
    rule(".phase-hangs, .phase-lost", `fill: ${mixed(red, 0.14, surface)}`),
    rule(".partition", `stroke: ${link}`),
    rule(".partition-words", `fill: ${link}`),
    rule(".curve", `stroke: ${good}`),
    rule(".area", `fill: ${mixed(good, 0.16, surface)}`),
    rule(".stuck .curve", `stroke: ${red}`),
    rule(".stuck .area", `fill: ${mixed(red, 0.16, surface)}`),
  ];
}

function hued(selector: string, hue: string, { surface, tint }: Colours): readonly string[] {
  return [
    rule(`${selector} .tint`, `fill: ${mixed(hue, 0.09, surface)}; stroke: ${mixed(hue, 0.75, surface)}`),
    rule(`${selector}.look-up .tint`, `fill: ${mixed(hue, tint, surface)}`),
    rule(`${selector}.pattern path`, `stroke: ${mixed(hue, 0.7, surface)}`),
  ];
}

function rule(selectors: string, declarations: string): string {
  const within = selectors.split(", ").map((selector) => `.rollout ${selector}`);
  return `${within.join(", ")} { ${declarations} }`;
}
