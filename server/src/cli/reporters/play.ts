import { printable } from "../../engine/api.js";
import type { Paint } from "./paint.js";

/** A play for people: the engine's text, its verdict in colour where a terminal shows it. */
export function prettyPlay(text: string, tone: "good" | "bad", paint: Paint): string {
  const [title = "", verdict = "", ...lines] = text.split("\n").map(printable);
  const rest = lines.map((line) => (/^ +\d+:\d\d {2}!/.test(line) ? paint("red", line) : line));
  return [paint("dim", title), paint(tone === "good" ? "green" : "red", verdict), ...rest].join("\n");
}
