import { readObjects } from "../../../server/src/engine/maintenance/objects.js";
import { startOfManifests, type ManifestOptions } from "../../../server/src/engine/maintenance/manifests.js";
import { alikeNodes } from "../../../server/src/engine/maintenance/nodes.js";
import { playMaintenance, type PlayInput, type PlayResult } from "../../../server/src/engine/maintenance/plays.js";
import { behaviourOf, newestRelease } from "../../../server/src/engine/kubernetes/versions.js";

/** A set `db` of three, with fields of its spec and of its pods' spec, and a budget. */
export function setWith({ spec = "", pod = "", name = "db", replicas = 3 }: SetFields): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  replicas: ${replicas}
  ${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${pod === "" ? "" : `${pod}, `}containers: [{ name: app, image: "example:1" }] }
---
`;
}

interface SetFields {
  readonly spec?: string;
  readonly pod?: string;
  readonly name?: string;
  readonly replicas?: number;
}

export function budgetFor(limit: string, name = "db"): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { ${limit}, selector: { matchLabels: { app: ${name} } } }
---
`;
}

export const apart =
  "affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: db } } }] } }";

/** Plays on so many alike nodes; throws where it cannot begin. */
export function playOn(
  text: string,
  nodes: number,
  play: PlayInput["play"],
  options: Partial<ManifestOptions & Pick<PlayInput, "volumeBinding">> & { readonly zones?: readonly string[] } = {},
): PlayResult {
  const read = readObjects(text);
  if (read.type === "unreadable") throw new Error(read.problem);
  const start = startOfManifests(
    read.objects.flatMap(({ resource }) =>
      resource.kind === "StatefulSet" ? [{ running: resource, next: undefined }] : [],
    ),
    {
      behaviour: behaviourOf(newestRelease, {}),
      nodes: alikeNodes(nodes, options.zones ?? []),
      budgets: read.objects.filter(({ resource }) => resource.kind === "PodDisruptionBudget").map(({ value }) => value),
      rollout: false,
      faults: [],
      timing: {},
      ...options,
    },
  );
  if (start.type === "invalid") throw new Error(start.problems.join("; "));
  return playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: options.volumeBinding ?? "zone" });
}
