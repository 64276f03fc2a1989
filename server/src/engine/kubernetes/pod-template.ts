import { unsetIfEmpty, valueOr, type Field, type Present } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Labels } from "./selectors.js";

/** `spec.template`: what each pod is made from. */
export interface PodTemplate {
  readonly place: Place;
  readonly labels: Field<Labels>;
  readonly containers: Place;
  readonly hostname: Field<string>;
  readonly subdomain: Field<string>;
  readonly volumes: Field<readonly Volume[]>;
}

/** One of `spec.volumes`. */
export interface Volume {
  readonly place: Place;
  readonly name: Field<string>;
  /** `persistentVolumeClaim.claimName`: a claim that all pods share. */
  readonly claimName: Field<string>;
}

/** The containers and init containers, in that order. */
export function allContainers({ place, containers }: PodTemplate): readonly Place[] {
  return [...containers.items(), ...place.at("spec", "initContainers").items()];
}

/**
 * The names of the volumes that any container mounts or uses as a device; `undefined` where a name cannot be read, or a
 * tool may add a container.
 */
export function mountedVolumes(template: PodTemplate): ReadonlySet<string> | undefined {
  const lists = ["containers", "initContainers"].map((key) => template.place.at("spec", key).list());
  if (lists.some(({ state }) => state === "opaque")) return undefined;
  const names = new Set<string>();
  for (const container of allContainers(template)) {
    for (const key of ["volumeMounts", "volumeDevices"]) {
      const mounts = container.at(key).list();
      if (mounts.state === "opaque" || mounts.state === "invalid") return undefined;
      for (const mount of mounts.state === "present" ? mounts.value : []) {
        const name = mount.at("name").string();
        if (name.state !== "present") return undefined;
        names.add(name.value);
      }
    }
  }
  return names;
}

/** What the containers get literally: the values of `env`, and each part of `command` and `args`. */
export function containerTexts(template: PodTemplate): readonly Present<string>[] {
  return allContainers(template)
    .flatMap((container) => [
      ...container
        .at("env")
        .items()
        .map((variable) => variable.at("value")),
      ...container.at("command").items(),
      ...container.at("args").items(),
    ])
    .map((place) => place.string())
    .filter((text) => text.state === "present");
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

/**
 * The names of the ports of all containers, by which a Service may refer to them; `undefined` where one cannot be read.
 */
export function portNames(template: PodTemplate): readonly string[] | undefined {
  return ofAllPorts(template, (port) => port.at("name").string());
}

/** The numbers that all containers declare; `undefined` where one cannot be read. */
export function portNumbers(template: PodTemplate): readonly number[] | undefined {
  return ofAllPorts(template, (port) => port.at("containerPort").integer());
}

function ofAllPorts<T>(template: PodTemplate, read: (port: Place) => Field<T>): readonly T[] | undefined {
  const found: T[] = [];
  for (const container of allContainers(template)) {
    const ports = container.at("ports").list();
    if (ports.state === "opaque" || ports.state === "invalid") return undefined;
    for (const port of ports.state === "present" ? ports.value : []) {
      const field = read(port);
      if (field.state === "opaque" || field.state === "invalid") return undefined;
      if (field.state === "present") found.push(field.value);
    }
  }
  return found;
}

export function readPodTemplate(place: Place): PodTemplate {
  const volumes = place.at("spec", "volumes").list();
  return {
    place,
    labels: place.at("metadata", "labels").stringMap(),
    containers: place.at("spec", "containers"),
    hostname: unsetIfEmpty(place.at("spec", "hostname").string()),
    subdomain: unsetIfEmpty(place.at("spec", "subdomain").string()),
    volumes: volumes.state === "present" ? { ...volumes, value: volumes.value.map(readVolume) } : volumes,
  };
}

function readVolume(place: Place): Volume {
  return {
    place,
    name: place.at("name").string(),
    claimName: place.at("persistentVolumeClaim", "claimName").string(),
  };
}
