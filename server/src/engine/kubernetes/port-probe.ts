import { inCode } from "../text/code.js";
import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

/** A probe that only opens a port of its container. */
export interface PortProbe {
  readonly tcpSocket: { readonly port: number | string };
  readonly [key: string]: { readonly port: number | string };
}

/**
 * Asks whether the first port that the container declares can be reached: less than to ask the program itself, and
 * better than nothing. By name where it has one, so that a changed number needs no second change. `undefined` where
 * there is no port, or it is not TCP.
 */
export function portProbe(container: Place): PortProbe | undefined {
  const [first] = container.at("ports").items();
  const port = first?.at("containerPort").integer();
  if (first === undefined || port?.state !== "present") return undefined;
  if (valueOr(first.at("protocol").string(), "TCP") !== "TCP") return undefined;
  return { tcpSocket: { port: valueOr(first.at("name").string(), undefined) ?? port.value } };
}

/** What adding it is called. */
export function probeTitle(container: Place, { tcpSocket: { port } }: PortProbe): string {
  return `Add a \`readinessProbe\` on port ${inCode(port)} of container ${inCode(valueOr(container.at("name").string(), "") ?? "")}`;
}
