import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { portProbe, probeTitle } from "../../kubernetes/port-probe.js";
import { behaviourOf } from "../../kubernetes/versions.js";
import { mayHaveBudget, newBudgetFor } from "../../workspace/budgets.js";
import {
  freeServiceName,
  governingService,
  headlessServiceFor,
  mayBeElsewhere,
} from "../../workspace/governing-service.js";
import { podsOfSet } from "../../workspace/selected-pods.js";
import type { Document } from "../document.js";
import { inCode } from "../../text/code.js";
import { changeOf, headOf, spansOf, type Refactoring } from "./refactoring.js";

/** What a StatefulSet may lack: its headless Service, a budget, a readiness probe, a retention policy. */
export function additions(document: Document, set: StatefulSet): readonly Refactoring[] {
  return [
    ...headlessService(document, set),
    ...budget(document, set),
    ...probes(document, set),
    ...retention(document, set),
  ];
}

function headlessService(document: Document, set: StatefulSet): readonly Refactoring[] {
  const { serviceName } = set;
  const scope = document.scope();
  if (!scope.complete || (serviceName.state !== "present" && serviceName.state !== "absent")) return [];
  const named = governingService(set, scope);
  if (serviceName.state === "present") {
    const isThere = named === undefined || named.candidates.length > 0 || mayBeElsewhere(set, named.name, scope);
    if (isThere) return [];
  }
  const name = named?.name ?? freeServiceName(set, scope);
  const service = name === undefined ? undefined : headlessServiceFor(set, name);
  if (name === undefined || service === undefined) return [];
  return [
    {
      title: `Create the headless Service ${inCode(name)}`,
      sort: "rewrite",
      spans: [...headOf(document, set), ...spansOf(document, [set.spec.at("serviceName")])],
      result: () =>
        changeOf(document, [
          ...(serviceName.state === "present"
            ? []
            : [{ op: "set", path: serviceName.place.path, value: name } as const]),
          { op: "addDocument", value: service },
        ]),
    },
  ];
}

function budget(document: Document, set: StatefulSet): readonly Refactoring[] {
  const scope = document.scope();
  const pods = podsOfSet(set, scope);
  // For a single pod a budget does nothing, or hangs every drain.
  if (!scope.complete || pods === undefined || (pods.count ?? 2) < 2 || mayHaveBudget(set, pods, scope)) return [];
  const value = newBudgetFor(set, pods, scope);
  if (value === undefined) return [];
  return [
    {
      title: "Add a PodDisruptionBudget with `maxUnavailable: 1`",
      sort: "rewrite",
      spans: [...headOf(document, set), ...spansOf(document, [set.spec.at("replicas")])],
      result: () => changeOf(document, [{ op: "addDocument", value }]),
    },
  ];
}

function probes(document: Document, { template }: StatefulSet): readonly Refactoring[] {
  return template.containers.items().flatMap((container): readonly Refactoring[] => {
    const probe = portProbe(container);
    const place = container.at("readinessProbe");
    if (probe === undefined || place.exists || container.isOpen) return [];
    return [
      {
        title: probeTitle(container, probe),
        sort: "rewrite",
        spans: spansOf(document, [container.at("name"), container.at("ports")]),
        result: () => changeOf(document, [{ op: "set", path: place.path, value: probe }]),
      },
    ];
  });
}

function retention(
  document: Document,
  { spec, claimTemplates, retention: { place } }: StatefulSet,
): readonly Refactoring[] {
  const { kubernetesVersion, featureGates } = document.config;
  if (claimTemplates.state !== "present" || claimTemplates.value.length === 0 || place.exists) return [];
  if (!behaviourOf(kubernetesVersion, featureGates).claimRetention) return [];
  return [
    {
      title: "Write the retention policy of the claims: Retain, the default",
      sort: "rewrite",
      spans: spansOf(document, [spec.at("volumeClaimTemplates")]),
      result: () =>
        changeOf(document, [{ op: "set", path: place.path, value: { whenDeleted: "Retain", whenScaled: "Retain" } }]),
    },
  ];
}
