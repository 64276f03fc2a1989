/** The colours of a picture that stands alone, as `#rrggbb`. */
export interface Colours {
  readonly surface: string;
  /** Beside the surface, for what is set apart. */
  readonly side: string;
  readonly foreground: string;
  readonly muted: string;
  readonly line: string;
  readonly link: string;
  readonly good: string;
  /** Words of a good verdict. */
  readonly goodWords: string;
  readonly bad: string;
  readonly amber: string;
  readonly red: string;
  /** Of the revisions, one after the other. */
  readonly hues: readonly string[];
  /** How much of its hue fills a bar that is up. */
  readonly tint: number;
}

/** A program that knows no schemes takes `both` for `light`. */
export type Scheme = "light" | "dark" | "both";

/* Those of VS Code's default themes, Light Modern and Dark Modern, as the preview page has them there. */

export const light: Colours = {
  surface: "#ffffff",
  side: "#f8f8f8",
  foreground: "#3b3b3b",
  muted: "#5f5f5f",
  line: "#d4d4d4",
  link: "#005fb8",
  good: "#388a34",
  goodWords: "#286325",
  bad: "#c72e0f",
  amber: "#bf8803",
  red: "#e51400",
  hues: ["#1a85ff", "#652d90", "#d18616", "#388a34", "#29889a"],
  tint: 0.24,
};

export const dark: Colours = {
  surface: "#1f1f1f",
  side: "#181818",
  foreground: "#cccccc",
  muted: "#9d9d9d",
  line: "#3c3c3c",
  link: "#4daafc",
  good: "#89d185",
  goodWords: "#73c991",
  bad: "#f85149",
  amber: "#cca700",
  red: "#f14c4c",
  hues: ["#3794ff", "#b180d7", "#d18616", "#89d185", "#60b3c2"],
  tint: 0.4,
};

/** So much of a colour over another. */
export function mixed(colour: string, share: number, over: string): string {
  const [above, below] = [channels(colour), channels(over)];
  const parts = above.map((part, index) => Math.round(part * share + (below[index] ?? 0) * (1 - share)));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
