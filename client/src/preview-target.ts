import type { PreviewTarget } from "../../server/src/protocol/protocol.js";

/** The StatefulSet whose YAML document has the line, 0-based. */
export function targetAt(targets: readonly PreviewTarget[], line: number): PreviewTarget | undefined {
  return targets.find(({ firstLine, lastLine }) => line >= firstLine && line <= lastLine);
}

/**
 * The StatefulSet that a panel goes on showing after an edit: the one of that name, of several the one that stands
 * where it stood; else the one that stands there, which was renamed.
 */
export function followTarget(
  targets: readonly PreviewTarget[],
  { index, name }: Pick<PreviewTarget, "index" | "name">,
): PreviewTarget | undefined {
  const inPlace = targets.find((target) => target.index === index);
  if (inPlace?.name === name) return inPlace;
  return targets.find((target) => target.name === name) ?? inPlace;
}
