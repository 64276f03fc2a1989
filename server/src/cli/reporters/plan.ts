import { planText, printable, type Simulation } from "../../engine/api.js";
import type { Paint } from "./paint.js";

/** The plan for people: the engine's text, in colours where a terminal shows them. */
export function prettyPlan(simulation: Simulation, title: string, notes: readonly string[], paint: Paint): string {
  const [verdict = "", ...lines] = planText(simulation, title, notes).split("\n").map(printable);
  return [paint(verdictStyle(simulation), verdict), ...lines.map((line) => paintLine(line, paint))].join("\n");
}

function verdictStyle({ outcome, measure }: Simulation): Parameters<Paint>[0] {
  if (outcome.type !== "converged") return "red";
  return measure.claimsDeleted.length > 0 ? "red" : "green";
}

/** A step's line: its time, its mark, and the rest. */
const stepLine = /^( {2} *(?:\d[\d.]* (?:h|min|s) ?)+) {2}([-+~=*!>]) {2}(.*)$/;

function paintLine(line: string, paint: Paint): string {
  const [, time, mark, rest] = stepLine.exec(line) ?? [];
  if (time !== undefined && mark !== undefined) {
    const style = markStyles[mark] ?? "reset";
    return `${paint("dim", time)}  ${paint(style, mark)}  ${mark === "*" ? paint("dim", rest ?? "") : rest}`;
  }
  return line === "" || line.startsWith(" ") ? line : paint("bold", line);
}

const markStyles: Readonly<Record<string, Parameters<Paint>[0]>> = {
  "+": "green",
  "-": "red",
  "~": "blue",
  "=": "green",
  "*": "dim",
  "!": "red",
  ">": "magenta",
};
