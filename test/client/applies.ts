import type { Manifest } from "../../client/src/webview/choices.js";
import {
  behaviourOf,
  defaultConfig,
  manifestText,
  planEdit,
  playedApplyOf,
  readPlayable,
  setFromText,
  simulate,
} from "../../server/src/engine/api.js";
import type { StatefulSet } from "../../server/src/engine/kubernetes/kinds/statefulset.js";
import { readResourceAs } from "../../server/src/engine/kubernetes/resources/resource.js";
import type { PlayedApply } from "../../server/src/engine/rollout/played-apply.js";
import type { Simulation } from "../../server/src/engine/rollout/simulate.js";
import { parse } from "../../server/src/engine/yaml/parse.js";
import { manifestOf } from "./specs.js";

const config = { ...defaultConfig, kubernetesVersion: { minor: 36, patch: undefined } };

/** A small set; `spec` are lines of its spec, besides what every set needs. */
export function setWith(...spec: readonly string[]): StatefulSet {
  return setNamed("db", spec);
}

export function setNamed(name: string, spec: readonly string[] = []): StatefulSet {
  const own = (key: string, line: string) => (spec.some((one) => one.startsWith(`${key}:`)) ? [] : [line]);
  const lines = [
    ...own("replicas", "replicas: 3"),
    ...own("serviceName", "serviceName: db"),
    "selector: { matchLabels: { app: db } }",
    ...own("template", templateOf("postgres:17")),
    ...spec,
  ];
  const text = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: ${name} }\nspec:\n  ${lines.join("\n  ")}\n`;
  const resource = readResourceAs(parse(text).root, "apps/v1", "StatefulSet");
  if (resource.kind !== "StatefulSet") throw new Error(text);
  return resource;
}

export function templateOf(image: string): string {
  return `template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "${image}" }] } }`;
}

export function claimOf(storage: string): string {
  const spec = `{ accessModes: [ReadWriteOnce], resources: { requests: { storage: ${storage} } } }`;
  return `volumeClaimTemplates: [{ metadata: { name: data }, spec: ${spec} }]`;
}

/** What the host tells the page of a set that was edited, as the language server answers it. */
export function editedManifest(before: StatefulSet, after: StatefulSet): Manifest {
  const opened = playedOf(before, after);
  const applies = { create: playedOf(undefined, after), opened, saved: opened, former: undefined };
  const [was, is] = [before, after].map((set) => readPlayable(set).written);
  if (was === undefined || is === undefined) throw new Error("not readable");
  return { ...manifestOf(is, was), openedManifest: manifestText(before), applies };
}

function playedOf(before: StatefulSet | undefined, after: StatefulSet): PlayedApply | undefined {
  const sent = manifestText(after);
  const text = before && manifestText(before);
  const set = sent === undefined ? undefined : setFromText(sent);
  const former = text === undefined ? undefined : setFromText(text, set?.key);
  const planned = set && planEdit(former, set, "client", config);
  const played = planned && playedApplyOf(planned);
  // As it comes from another process.
  return played && JSON.parse(JSON.stringify(played));
}

/** The same edit as the command line plays it. */
export function plannedBy(before: StatefulSet | undefined, after: StatefulSet): Simulation {
  const planned = planEdit(before, after, "client", config);
  if (planned === undefined) throw new Error("not known");
  const { scenario, refusedPods } = planned;
  return simulate({ scenario, refusedPods, behaviour: behaviourOf(config.kubernetesVersion, {}) });
}
