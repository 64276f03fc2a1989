import { containerPorts, podLabels } from "../kubernetes/pod-template.js";
import { changesWithUpgrades, type Labels } from "../kubernetes/selectors.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { textOrSymbol, valueOr } from "../yaml/field.js";
import type { Plain } from "../yaml/edit.js";
import type { Scope } from "./scope.js";
import { podsOfSet, selectedByService } from "./selected-pods.js";
import type { ServiceSummary } from "./summary.js";

/** The Service that gives the pods of a StatefulSet their DNS names, as far as the manifests tell. */
export interface GoverningService {
  readonly name: string;
  /**
   * Those that may be meant, from the nearest place that has one. Where a folder holds variants of the same Service,
   * those that select the pods, if any does; so whatever is wrong with all of them is wrong whichever is meant.
   */
  readonly candidates: readonly ServiceSummary[];
}

/** `undefined` where `serviceName` is unset or unreadable, or names a Service that others make. */
export function governingService(statefulSet: StatefulSet, scope: Scope): GoverningService | undefined {
  const name = textOrSymbol(statefulSet.serviceName);
  if (name === undefined || scope.isExternal(name)) return undefined;
  const named = scope.services(name, statefulSet.key.namespace);
  const pods = podsOfSet(statefulSet, scope);
  const best = ["all", "only", "allBut"].map((which) =>
    named.filter(
      (service) => which === (service.selector?.size === 0 ? "all" : selectedByService(service, pods)?.pods),
    ),
  );
  return { name, candidates: best.find((candidates) => candidates.length > 0) ?? named };
}

/**
 * Services in scope that have a name and select all of the set's pods, the nearest of each name, headless ones first:
 * what `serviceName` was probably meant to say.
 */
export function servicesSelectingPods(statefulSet: StatefulSet, scope: Scope): readonly ServiceSummary[] {
  const pods = podsOfSet(statefulSet, scope);
  if (pods === undefined) return [];
  const nearest = new Map<string, ServiceSummary>();
  for (const service of scope.servicesSelecting(pods.labels, statefulSet.key.namespace)) {
    const { name } = service.key;
    if (name !== "" && !nearest.has(name) && selectedByService(service, pods)?.pods === "all") {
      nearest.set(name, service);
    }
  }
  return [...nearest.values()].toSorted((a, b) => Number(b.headless === true) - Number(a.headless === true));
}

/**
 * A headless Service for the pods of a set, as a new document: its labels are those that the set selects by, its ports
 * those that the containers declare. (A headless Service needs no ports: ValidateService, Kubernetes 1.36.)
 * `undefined` where the labels cannot be read or there are none.
 */
export function headlessServiceFor(workload: Selecting, name: string): Plain | undefined {
  const labels = labelsToSelect(workload);
  if (labels === undefined) return undefined;
  const namespace = workload.key.namespace;
  const ports = containerPorts(workload.template);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      clusterIP: "None",
      selector: Object.fromEntries(labels),
      ...(ports.length === 0
        ? {}
        : {
            ports: ports.map(({ name: portName, port, protocol }) => ({
              // Several ports must each have a name.
              ...(portName !== undefined || ports.length > 1 ? { name: portName ?? `port-${port}` } : {}),
              port,
              ...(protocol === undefined ? {} : { protocol }),
            })),
          }),
    },
  };
}

/** What makes pods from a template and selects them: a StatefulSet, or another workload. */
type Selecting = Pick<StatefulSet, "key" | "selector" | "template">;

/**
 * What selects all pods of a set: the labels that it selects them by, or, where the template lacks one of these, the
 * template's own, without those that change with upgrades if others are left.
 */
export function labelsToSelect({ selector, template }: Pick<Selecting, "selector" | "template">): Labels | undefined {
  const selected = valueOr(selector.matchLabels, undefined);
  const labels = podLabels(template);
  const fits = [...(selected ?? [])].every(([key, value]) => labels === undefined || labels.get(key) === value);
  if (selected !== undefined && selected.size > 0 && fits) return selected;
  const stable = new Map([...(labels ?? [])].filter(([key, value]) => !changesWithUpgrades(key, value)));
  const own = stable.size > 0 ? stable : labels;
  return own !== undefined && own.size > 0 ? own : undefined;
}

/** A name for a new headless Service of a workload that no Service in scope has; `undefined` where none is free. */
export function freeServiceName({ key, name }: Pick<StatefulSet, "key" | "name">, scope: Scope): string | undefined {
  if (name.state !== "present") return undefined;
  return [name.value, `${name.value}-headless`].find((one) => scope.services(one, key.namespace).length === 0);
}

/**
 * Whether a Service of that name, anywhere in the workspace, may be the one that a set means. One that plainly selects
 * other pods is not, nor one that only other sets, beside it, name.
 */
export function mayBeElsewhere(statefulSet: StatefulSet, name: string, scope: Scope): boolean {
  const pods = podsOfSet(statefulSet, scope);
  return scope.servicesAnywhere(name).some((service) => {
    if (service.selector?.size !== 0 && selectedByService(service, pods)?.pods === "none") return false;
    const governed = scope.setsBeside(service).filter(({ serviceName }) => serviceName === name);
    return governed.length === 0 || governed.some(({ key }) => key.name === statefulSet.key.name);
  });
}
