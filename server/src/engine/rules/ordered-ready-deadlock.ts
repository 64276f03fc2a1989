import { lookIn } from "../kubernetes/look.js";
import { selectorFor, selectsAny } from "../kubernetes/selection.js";
import { podNames, type PodNames, type StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { waitsOf, waitsOfExec, type Wait } from "../kubernetes/waits.js";
import { defineRule, type RuleContext } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podReferences } from "../workspace/pod-dns.js";
import type { Scope } from "../workspace/scope.js";
import { podsIn, podsOfSet, selectable, selectedByService } from "../workspace/selected-pods.js";
import type { ServiceSummary } from "../workspace/summary.js";
import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "ordered-ready-deadlock",
  flags: "pods that wait for a later pod under OrderedReady, or for themselves",
  why: `With \`podManagementPolicy: OrderedReady\`, the default, the controller creates a pod only when all pods before it are
Running and Ready. If a pod waits for a later one, neither can start: the first waits for the second, and the second
is not created. You see it at the first apply, or only when all pods were down together.

It is reported if the wait is clear: an init container, a \`postStart\` hook or a container with a probe on its port
loops until a later pod answers, or a readiness or startup probe asks such a pod. Scripts with a condition, a time
limit or \`||\` are not reported.

A pod can also wait for itself, whatever the policy is: an init container looks up the pod's own name, which the
headless Service publishes only when the pod is Ready, unless \`publishNotReadyAddresses\` is set; or it asks for a port
of the pod, or of a Service for this set alone, although the containers that listen start only after it; or it runs
\`kubectl wait\` until the pod itself is Ready. (A sidecar, an init container with \`restartPolicy: Always\`, can listen
before.)

With \`podManagementPolicy: Parallel\` the pods are created together. The field cannot be changed on a live set: delete
it with \`kubectl delete statefulset NAME --cascade=orphan\` and create it again.`,
  whenNotToUse: "If the set never starts from nothing.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies (Kubernetes 1.36)",
    "processReplica in pkg/controller/statefulset/stateful_set_control.go (Kubernetes 1.36): stops at the first pod that is not Running and Ready",
    "https://github.com/cockroachdb/cockroach-operator/issues/470",
    "https://github.com/nats-io/k8s/issues/622",
    "https://github.com/SiriDB/siridb-server/issues/153",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    ownName: {
      severity: "warning",
      text: "`{pod}` waits here for its own DNS name, which Service `{service}` publishes only when the pod is Ready",
    },
    ownPort: {
      severity: "warning",
      text: "`{pod}` waits here for its own port, but its containers start only when this one is done",
    },
    ownService: {
      severity: "warning",
      text: "`{pod}` waits here for Service `{service}`, which has no endpoints until a pod of this set is Ready",
    },
    ownReady: {
      severity: "warning",
      text: "`{pod}` waits here until it is Ready itself, but its containers start only when this one is done",
    },
    wait: { severity: "warning", text: "`{pod}` waits here for `{peer}`, which is created only when `{pod}` is Ready" },
    probe: {
      severity: "warning",
      text: "`{pod}` is Ready only if `{peer}` answers, but `{peer}` is created only when `{pod}` is Ready",
    },
  },
  check(statefulSet, { scope, report }) {
    const { template, key, serviceName, podManagementPolicy } = statefulSet;
    const pods = podNames(statefulSet);
    if (pods === undefined || serviceName.state !== "present") return;
    reportOwn(statefulSet, pods, serviceName.value, scope, report);
    if (valueOr(podManagementPolicy, "OrderedReady") !== "OrderedReady") return;

    /** The only pod that a text names, if it is one of this set that the first comes before. */
    const laterPod = ({ condition: text, command }: Wait): string | undefined => {
      const look = lookIn(command);
      if (look?.asks === "ready" && text.includes(look.host)) {
        const ordinal = look.host.startsWith(`${key.name}-`) ? look.host.slice(key.name.length + 1) : "";
        const isLater =
          /^\d+$/.test(ordinal) && Number(ordinal) > pods.first && Number(ordinal) < pods.first + pods.count;
        return isLater ? look.host : undefined;
      }
      // Of a list any may do.
      if (text.includes(",")) return undefined;
      const [only, ...others] = podReferences(text);
      if (only === undefined || others.length > 0) return undefined;
      const { set, service, namespace, ordinal } = only;
      if (set !== key.name || service !== serviceName.value) return undefined;
      if (namespace !== undefined && key.namespace !== undefined && namespace !== key.namespace) return undefined;
      return ordinal > pods.first && ordinal < pods.first + pods.count ? `${set}-${ordinal}` : undefined;
    };
    const reportFirst = (message: "wait" | "probe", waits: readonly Wait[]) => {
      for (const wait of waits) {
        const { at } = wait;
        const peer = laterPod(wait);
        if (peer === undefined) continue;
        report({
          message,
          data: { pod: pods.name(0), peer },
          at,
          fixes: [
            {
              title: "Set `podManagementPolicy` to `Parallel` (only before the set is created)",
              applicability: "review",
              edits: [{ op: "set", at: podManagementPolicy, value: "Parallel" }],
            },
          ],
        });
        return;
      }
    };

    for (const container of template.place.at("spec", "initContainers").items()) {
      // A sidecar (restartPolicy: Always) is not waited for.
      if (!container.at("restartPolicy").exists) reportFirst("wait", waitsOf(container));
    }
    for (const container of template.containers.items()) {
      if (gates.some((gate) => asksOwnPort(container.at(gate)))) reportFirst("wait", waitsOf(container));
      reportFirst("wait", waitsOfExec(container.at("lifecycle", "postStart", "exec"), container));
      for (const gate of gates) {
        const probe = container.at(gate);
        reportFirst("probe", [...waitsOfExec(probe.at("exec"), container), ...otherHosts(probe)]);
      }
    }
  },
  examples: [
    {
      title: "All pods wait for all pods",
      bad: manifest({ policy: "OrderedReady" }),
      good: manifest({ policy: "Parallel" }),
    },
  ],
});

/** Tells of init containers that wait for what is there only after them. */
function reportOwn(
  statefulSet: StatefulSet,
  pods: PodNames,
  serviceName: string,
  scope: () => Scope,
  report: RuleContext<"ownName" | "ownPort" | "ownReady" | "ownService">["report"],
): void {
  const { template, key } = statefulSet;
  if (pods.count < 1 || template.place.at("spec", "hostNetwork").exists) return;
  const services = lazily(() => ownServices(statefulSet, scope()));
  const sidecars: Place[] = [];
  for (const container of template.place.at("spec", "initContainers").items()) {
    if (container.at("restartPolicy").exists) {
      sidecars.push(container);
      continue;
    }
    const waits = waitsOf(container);
    // A pod that also waits for the others is reported here or by peer-dns-not-published.
    const isForOthers = waits.some(({ condition }) =>
      podReferences(condition).some(({ set, ordinal }) => set === key.name && ordinal !== pods.first),
    );
    for (const { condition, command, at } of isForOthers ? [] : waits) {
      const look = lookIn(command);
      if (look !== undefined && !condition.includes(look.host.replace(/["']/g, ""))) continue;
      if (look?.asks === "ready") {
        const isOwn = look.host === pods.name(0) || isOwnName(look.host, container);
        if (!isOwn) continue;
        report({ message: "ownReady", data: { pod: pods.name(0) }, at });
        break;
      }
      const target = look && targetIn(look.host, { container, set: key.name, service: serviceName, pods });
      if (look === undefined) continue;
      if (target === undefined) {
        const other = look.asks === "port" ? ownServiceAt(look.host, statefulSet, scope) : undefined;
        if (other === undefined || sidecars.some((sidecar) => mayListen(sidecar, undefined))) continue;
        report({ message: "ownService", data: { pod: pods.name(0), service: other }, at });
        break;
      }
      if (target.of === "service" && services().length === 0) continue;
      const data = { pod: target.pod ?? pods.name(0), service: serviceName };
      if (look.asks === "port") {
        if (sidecars.some((sidecar) => mayListen(sidecar, look.port))) continue;
        report({ message: target.of === "service" ? "ownService" : "ownPort", data, at });
        break;
      }
      const service = `Service ${inCode(serviceName)}`;
      const hidden = services().find(
        ({ headless, publishNotReadyAddresses }) => headless === true && publishNotReadyAddresses === false,
      );
      // The kubelet writes the pod's whole name into /etc/hosts, and localhost is there too.
      const isInHosts = look.asks === "hosts" && (target.of === "host" || /\.svc\.|-f\b|--fqdn/.test(look.host));
      if (hidden === undefined || services().length > 1 || isInHosts || target.of === "host") continue;
      report({
        message: target.of === "service" ? "ownService" : "ownName",
        data,
        at,
        related: [{ text: service, document: hidden.document, path: [...hidden.root, "metadata", "name"] }],
        fixes: [
          {
            title: `Set \`publishNotReadyAddresses\` of ${service} to \`true\``,
            applicability: "review",
            edits: [
              {
                op: "set",
                path: [...hidden.root, "spec", "publishNotReadyAddresses"],
                value: true,
                document: hidden.document,
              },
            ],
          },
        ],
      });
      break;
    }
  }
}

/** The governing Services that may be meant, if each selects all of these pods and no others. */
function ownServices(statefulSet: StatefulSet, scope: Scope): readonly ServiceSummary[] {
  const candidates = governingService(statefulSet, scope)?.candidates ?? [];
  return areOwn(candidates, statefulSet, scope) ? candidates : [];
}

/** The Service that a host is, `db-client` or `db-client.shop.svc`, if it leads to these pods alone. */
function ownServiceAt(host: string, statefulSet: StatefulSet, scope: () => Scope): string | undefined {
  const { namespace } = statefulSet.key;
  const [name = "", inNamespace = namespace, svc = "svc"] = host.split(".");
  if (inNamespace !== namespace || svc !== "svc") return undefined;
  const around = scope();
  if (!around.complete || around.isExternal(name)) return undefined;
  const services = around.services(name, namespace);
  return services.length > 0 && areOwn(services, statefulSet, around) ? name : undefined;
}

/** Whether each of these Services selects all pods of the set and no others. */
function areOwn(services: readonly ServiceSummary[], statefulSet: StatefulSet, scope: Scope): boolean {
  const pods = podsOfSet(statefulSet, scope);
  const isOwn = (service: ServiceSummary) => {
    if (service.selector === undefined || selectedByService(service, pods)?.pods !== "all") return false;
    const asked = selectorFor(service.selector);
    return selectable(asked, scope).every(
      (one) =>
        (one.kind === "StatefulSet" && one.key.name === statefulSet.key.name) ||
        !sameNamespace(one.key, statefulSet.key.namespace) ||
        selectsAny(asked, podsIn(one, scope)) === false,
    );
  };
  return services.every(isOwn);
}

interface Own {
  readonly container: Place;
  readonly set: string;
  readonly service: string;
  readonly pods: PodNames;
}

/** Whether a host is the pod itself, by its name or as `localhost`, or the Service of its set. */
function targetIn(
  host: string,
  { container, set, service, pods }: Own,
): { readonly of: "host" | "pod" | "service"; readonly pod?: string } | undefined {
  if (host === "localhost" || host === "127.0.0.1") return { of: "host" };
  const [first = "", second, , svc] = host
    .replace(/^(?:\$\([^)]*\)|`[^`]*`)/, (whole) => whole.replaceAll(".", " "))
    .split(".");
  if (svc !== undefined && svc !== "svc") return undefined;
  if (isOwnFullName(first) && second === undefined) return { of: "pod" };
  // The pod's own name is in its /etc/hosts alone.
  if (isOwnName(first, container) && second === undefined) return { of: "host" };
  if (second === service) {
    if (isOwnName(first, container)) return { of: "pod" };
    const ordinal = first.startsWith(`${set}-`) ? first.slice(set.length + 1) : "";
    const isFirst = ordinal === String(pods.first);
    return isFirst ? { of: "pod", pod: first } : undefined;
  }
  return first === service && !/^\d+$/.test(second ?? "") ? { of: "service" } : undefined;
}

/** `$(hostname -f)` */
function isOwnFullName(text: string): boolean {
  return /^(?:\$\(|`)hostname (?:-f|--fqdn)(?:\)|`)$/.test(text);
}

/** `$(hostname)`, `$HOSTNAME`, or a variable that the downward API fills in with the pod's name. */
function isOwnName(text: string, container: Place): boolean {
  if (/^(?:\$\(hostname(?: -s)?\)|`hostname(?: -s)?`)$/.test(text)) return true;
  const variable = /^\$(?:(\w+)|\{(\w+)\}|\((\w+)\))$/
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
  if (variable === undefined) return false;
  const written = container
    .at("env")
    .items()
    .find((one) => one.at("name").value() === variable);
  if (written === undefined) return variable === "HOSTNAME";
  return written.at("valueFrom", "fieldRef", "fieldPath").value() === "metadata.name";
}

/** Whether a sidecar may answer at a port: it declares it, or declares none. */
function mayListen(sidecar: Place, port: number | undefined): boolean {
  const ports = sidecar.at("ports").list();
  if (ports.state !== "present") return true;
  return ports.value.some((one) => [port, undefined].includes(valueOr(one.at("containerPort").integer(), undefined)));
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The probes without which a pod is not Ready. */
const gates = ["readinessProbe", "startupProbe"] as const;

/** A probe that fails as long as the container has not begun to listen. */
function asksOwnPort(probe: Place): boolean {
  return ["httpGet", "tcpSocket", "grpc"].some((kind) => probe.at(kind).exists && !probe.at(kind, "host").exists);
}

function otherHosts(probe: Place): readonly Wait[] {
  return ["httpGet", "tcpSocket"]
    .map((kind) => probe.at(kind, "host").string())
    .filter((host) => host.state === "present")
    .map((at) => ({ condition: at.value, command: at.value, at }));
}

function manifest({ policy }: { readonly policy: string }): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: ${policy}
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      initContainers:
        - name: wait-for-peers
          image: busybox:1.37
          command:
            - sh
            - -c
            - for peer in db-0.db db-1.db db-2.db; do until nslookup $peer; do sleep 2; done; done
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    app: db
`;
}
