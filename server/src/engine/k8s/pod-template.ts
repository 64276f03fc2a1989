import { valueOr, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Labels } from "./selectors.js";

/** `spec.template`: what each pod is made from. */
export interface PodTemplate {
  readonly place: Place;
  readonly labels: Field<Labels>;
  readonly containers: Place;
}

/** The labels of every pod, none where they are left out; `undefined` where they cannot be read. */
export function podLabels(template: PodTemplate): Labels | undefined {
  return valueOr(template.labels, new Map<string, string>());
}

/** A port that a container declares; the name is what Services may refer to it by. */
export interface ContainerPort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: string | undefined;
}

/** The ports of all containers that can be read, in their order; a number and protocol met twice counts once. */
export function containerPorts(template: PodTemplate): readonly ContainerPort[] {
  const ports = new Map<string, ContainerPort>();
  for (const container of template.containers.items()) {
    for (const place of container.at("ports").items()) {
      const port = place.at("containerPort").integer();
      if (port.state !== "present") continue;
      const name = valueOr(place.at("name").string(), undefined);
      const protocol = valueOr(place.at("protocol").string(), undefined);
      const key = `${port.value}/${protocol ?? "TCP"}`;
      if (!ports.has(key)) ports.set(key, { name, port: port.value, protocol });
    }
  }
  return [...ports.values()];
}

export function readPodTemplate(place: Place): PodTemplate {
  return {
    place,
    labels: place.at("metadata", "labels").stringMap(),
    containers: place.at("spec", "containers"),
  };
}
