import { pictureOf } from "./picture.js";
import { asMermaid } from "./share.js";
import type { Simulation } from "./simulate.js";
import { verdictOf } from "./verdict.js";

/** The picture of the preview panel as a Gantt chart of Mermaid; `name` is the StatefulSet's. Ends with a line break. */
export function planMermaid(name: string, simulation: Simulation): string {
  return asMermaid({ name, verdict: verdictOf(simulation), picture: pictureOf(simulation) });
}
