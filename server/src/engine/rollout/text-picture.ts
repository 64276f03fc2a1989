import type { Bar, Lane, Look, Picture } from "./picture.js";
import { axisMarks, formatDuration } from "./time.js";

/**
 * The lanes of a picture as lines of text, for a terminal or a chat: an axis, a row for each pod, and what the signs
 * mean. Neighbours that look the same share a row. Nothing at all if there is no pod.
 */
export function textPicture({ lanes, drawnUntil, revisions }: Picture): readonly string[] {
  if (lanes.length === 0) return [];
  const rows = rowsOf(lanes, drawnUntil / columns);
  const width = rows.reduce((most, { label }) => Math.max(most, label.length), 0);
  const used = rows.map(({ drawing }) => drawing).join("");
  return [
    `${" ".repeat(width)}  ${axis(drawnUntil)}`,
    ...rows.map(({ label, drawing }) => `${label.padEnd(width)}  ${drawing}`.trimEnd()),
    `${" ".repeat(width)}  ${legend(used, revisions.length)}`,
  ];
}

/** Of the drawing, without the names: with short names a line is no longer than 80. */
const columns = 64;

interface Row {
  readonly label: string;
  readonly drawing: string;
}

function rowsOf(lanes: readonly Lane[], secondsPerColumn: number): readonly Row[] {
  const rows: { readonly first: Lane; last: Lane; readonly drawing: string }[] = [];
  for (const lane of lanes) {
    const drawing = drawingOf(lane.bars, secondsPerColumn);
    const above = rows.at(-1);
    if (above?.drawing === drawing) above.last = lane;
    else rows.push({ first: lane, last: lane, drawing });
  }
  return rows.map(({ first, last, drawing }) => ({
    label: first === last ? first.pod : `${first.pod}..${last.ordinal}`,
    drawing,
  }));
}

function drawingOf(bars: readonly Bar[], secondsPerColumn: number): string {
  return Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column * secondsPerColumn, (column + 1) * secondsPerColumn];
    // What is short must not vanish: of what happens within a column, the worst is shown.
    const within = bars.filter((bar) => bar.from < to && bar.to > from);
    const worst = within.toSorted((a, b) => badness(b) - badness(a))[0];
    return worst === undefined ? " " : signOf(worst);
  }).join("");
}

function badness({ look, stuck }: Bar): number {
  return stuck ? worstFirst.length : worstFirst.length - worstFirst.indexOf(look);
}

const worstFirst: readonly Look[] = ["failing", "terminating", "running", "pending", "settling", "succeeded", "up"];

/** A pod that is up is shown by the number of its revision. */
function signOf({ look, revision, stuck }: Bar): string {
  if (stuck) return "!";
  return look === "up" ? upSign(revision) : signs[look];
}

function upSign(revision: number): string {
  return String((revision + 1) % 10);
}

const signs: Record<Exclude<Look, "up">, string> = {
  failing: "!",
  terminating: "x",
  running: "-",
  pending: ".",
  settling: "+",
  succeeded: "_",
};

function legend(used: string, revisions: number): string {
  const meanings: readonly (readonly [sign: string, words: string])[] = [
    ...Array.from({ length: revisions }, (_, index) => [upSign(index), `ready on v${index + 1}`] as const),
    [signs.pending, "pending"],
    [signs.running, "running"],
    [signs.settling, "ready, not available"],
    [signs.terminating, "terminating"],
    [signs.failing, "failing or stuck"],
    [signs.succeeded, "ended"],
  ];
  return meanings
    .filter(([sign]) => used.includes(sign))
    .map(([sign, words]) => `${sign} ${words}`)
    .join("   ");
}

/** The times over the columns in which they are, as far as there is room. */
function axis(drawnUntil: number): string {
  let line = "";
  for (const at of axisMarks(drawnUntil, columns / 12)) {
    const column = Math.floor((at / drawnUntil) * columns);
    const words = formatDuration(at);
    if (column + words.length <= columns && (line === "" || column > line.length)) line = line.padEnd(column) + words;
  }
  return line;
}
