import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refusalRules } from "../../../../server/src/engine/lint/refusal-rules.js";
import { readResource } from "../../../../server/src/engine/kubernetes/resources/resource.js";
import { refusalsOf } from "../../../../server/src/engine/kubernetes/resources/refusals.js";
import { parseRelease, type GateOverrides } from "../../../../server/src/engine/kubernetes/versions.js";
import { parse } from "../../../../server/src/engine/yaml/parse.js";
import { formatPath } from "../../../../server/src/engine/yaml/path.js";

/**
 * What no recording has: read in the validation of Kubernetes 1.33 to 1.36. `expected` as `duplicate-value spec.ports`.
 */
type Case = readonly [yaml: string, expected?: string];

function check(cases: readonly Case[], version = "1.36", featureGates: GateOverrides = {}) {
  for (const [yaml, expected = ""] of cases) {
    test(`${version}: ${yaml.replaceAll(/\s+/g, " ").slice(-100)}`, () => {
      const kubernetesVersion = parseRelease(version);
      const resource = readResource(parse(yaml).root);
      assert.ok(kubernetesVersion && resource);
      const cluster = { kubernetesVersion, featureGates, newerRelease: undefined };
      // What is dropped is no refusal: gates.test.ts.
      const found = [...refusalsOf(resource, cluster)]
        .filter(({ reason }) => reason !== "gatedField")
        .map(({ reason, at }) => `${refusalRules[reason]} ${formatPath(at.place.path)}`);
      assert.equal(found.join(", "), expected);
    });
  }
}

/** A set with these lines in the pod's spec, in its container's, and in the template's annotations. */
const set = (pod: string, container = "", annotations = "{}") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db }, annotations: ${annotations} }
    spec:
      ${pod.replaceAll("\n", "\n      ")}
      containers:
        - name: db
          image: db
          ${container}
`;
const ofPod = (rule: string, path: string) => `${rule} spec.template.spec.${path}`;
const ofContainer = (rule: string, path: string) => ofPod(rule, `containers[0].${path}`);

describe("what a pod shares with its host", () => {
  const sysctl = (name: string) => `securityContext: { sysctls: [{ name: ${name}, value: "1" }] }`;
  const port = "ports: [{ containerPort: 80, hostPort: 81 }]";
  check([
    [
      set(`hostNetwork: true\n${sysctl("net.core.somaxconn")}`),
      ofPod("fields-conflict", "securityContext.sysctls[0].name"),
    ],
    [set(`hostIPC: true\n${sysctl("kernel.shmmax")}`), ofPod("fields-conflict", "securityContext.sysctls[0].name")],
    [set(`hostNetwork: true\n${sysctl("kernel.shmmax")}`)],
    [set("hostNetwork: true", port), ofContainer("fields-conflict", "ports[0].hostPort")],
    [set(`hostNetwork: true\ninitContainers: [{ name: i, image: i, ${port} }]`)],
  ]);
});

describe("Windows", () => {
  const options = (text: string) => `securityContext: { windowsOptions: { ${text} } }`;
  check([
    [set(options("hostProcess: true")), ofPod("fields-conflict", "hostNetwork")],
    [set(`hostNetwork: true\n${options("hostProcess: true")}`)],
    [
      set(`hostNetwork: true\ninitContainers: [{ name: i, image: i }]`, options("hostProcess: true")),
      ofPod("fields-conflict", "initContainers[0].securityContext.windowsOptions.hostProcess"),
    ],
    [
      set("", options(`runAsUserName: ""`)),
      ofContainer("value-invalid", "securityContext.windowsOptions.runAsUserName"),
    ],
    [
      set("", options("runAsUserName: a/b")),
      ofContainer("value-invalid", "securityContext.windowsOptions.runAsUserName"),
    ],
    [set("", options("runAsUserName: NT AUTHORITY\\SYSTEM"))],
    [
      set(`os: { name: linux }\n${options("runAsUserName: x")}`),
      ofPod("fields-conflict", "securityContext.windowsOptions"),
    ],
    [set(`os: { name: windows }\n${options("runAsUserName: x")}`)],
    [set("os: { name: windows }\nhostPID: true"), ofPod("fields-conflict", "hostPID")],
    [set("os: { name: windows }\nhostPID: false")],
    [
      set("os: { name: windows }", "securityContext: { privileged: false }"),
      ofContainer("fields-conflict", "securityContext.privileged"),
    ],
  ]);
});

describe("resources of pods", () => {
  const claims = "resourceClaims: [{ name: a, resourceClaimName: b }]";
  const cpu = (list: string, amount: number) => `resources: { ${list}: { cpu: ${amount} } }`;
  check([
    [
      set(claims, "resources: { claims: [{ name: a }, { name: a }] }"),
      ofContainer("duplicate-value", "resources.claims[1].name"),
    ],
    [set(claims, "resources: { claims: [{ name: a, request: p }, { name: a, request: q }] }")],
    [set("overhead: { foo: 1 }"), ofPod("resources-invalid", "overhead.foo")],
    [set("overhead: { cpu: 1 }")],
    [
      set("resources: { requests: { ephemeral-storage: 1Gi } }"),
      ofPod("resources-invalid", "resources.requests.ephemeral-storage"),
    ],
    [set(cpu("requests", 1), cpu("requests", 2)), ofPod("resources-invalid", "resources.requests.cpu")],
    [set(cpu("requests", 2), cpu("limits", 2))],
    [
      set(
        `${cpu("requests", 2)}\ninitContainers: [{ name: i, image: i, restartPolicy: Always, ${cpu("requests", 1)} }]`,
        cpu("requests", 2),
      ),
      ofPod("resources-invalid", "resources.requests.cpu"),
    ],
    [set(`${cpu("requests", 2)}\ninitContainers: [{ name: i, image: i, ${cpu("requests", 2)} }]`, cpu("requests", 2))],
    [set(cpu("limits", 1), cpu("limits", 2)), ofContainer("resources-invalid", "resources.limits.cpu")],
  ]);
  // Without the gate PodLevelResources the server drops what is asked for the whole pod.
  check([[set(cpu("requests", 1), cpu("requests", 2))]], "1.33");
});

describe("other parts of a pod", () => {
  const ephemeral = (metadata: string) =>
    `volumes: [{ name: v, ephemeral: { volumeClaimTemplate: { metadata: ${metadata}, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } } } }]`;
  const long = Array.from({ length: 32 }, (_, index) => `${"a".repeat(60)}.b${index}`).join(", ");
  const node = (kind: string, term: string) => `affinity: { nodeAffinity: { ${kind}: ${term} } }`;
  const term = "{ matchExpressions: [{ key: a, operator: In, values: [b c] }] }";
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const rules = (action: string) =>
    `restartPolicyRules: [{ action: ${action}, exitCodes: { operator: In, values: [1] } }]`;
  check([
    [set(`dnsConfig: { searches: [${long}] }`), ofPod("value-invalid", "dnsConfig.searches")],
    [set("tolerations: [{ key: a, operator: Gt, value: '1' }]"), ofPod("schema-enum", "tolerations[0].operator")],
    [set("hostnameOverride: A_"), ofPod("name-invalid", "hostnameOverride")],
    [set("hostnameOverride: db.example.com")],
    [set("hostnameOverride: a\nhostNetwork: true"), ofPod("fields-conflict", "hostnameOverride")],
    [
      set("resourceClaims: [{ name: a, resourceClaimName: A_ }]"),
      ofPod("name-invalid", "resourceClaims[0].resourceClaimName"),
    ],
    [
      set("volumes: [{ name: v, azureDisk: { diskName: a, diskURI: https://a, kind: Managed } }]"),
      ofPod("value-invalid", "volumes[0].azureDisk.diskURI"),
    ],
    [set("volumes: [{ name: v, azureDisk: { diskName: a, diskURI: https://a } }]")],
    [set("", rules("Restart")), ofContainer("schema-required", "restartPolicy")],
    [set("", `restartPolicy: Never\n          ${rules("Restart")}`)],
    [
      set("", `restartPolicy: Never\n          ${rules("Stop")}`),
      ofContainer("value-invalid", "restartPolicyRules[0].action"),
    ],
    [set("volumes: [{ name: v, csi: { driver: a_b } }]"), ofPod("name-invalid", "volumes[0].csi.driver")],
    [
      set("volumes: [{ name: v, csi: { driver: a, nodePublishSecretRef: {} } }]"),
      ofPod("schema-required", "volumes[0].csi.nodePublishSecretRef.name"),
    ],
    [set(ephemeral("{ name: x }")), ofPod("fields-conflict", "volumes[0].ephemeral.volumeClaimTemplate.metadata.name")],
    [set(ephemeral("{ labels: { a: b }, creationTimestamp: null }"))],
    [
      set(node(required, `{ nodeSelectorTerms: [${term}] }`)),
      ofPod("label-invalid", `affinity.nodeAffinity.${required}.nodeSelectorTerms[0].matchExpressions[0].values[0]`),
    ],
    [set(node("preferredDuringSchedulingIgnoredDuringExecution", `[{ weight: 1, preference: ${term} }]`))],
    [
      set("", "", "{ container.apparmor.security.beta.kubernetes.io/web: runtime/default }"),
      "value-invalid spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/web]",
    ],
    [set("", "", "{ container.apparmor.security.beta.kubernetes.io/db: localhost/profile }")],
  ]);
});

describe("items of lists, where null is an empty text", () => {
  const alias = (names: string) => `hostAliases: [{ ip: 1.2.3.4, hostnames: ${names} }]`;
  const spread = (keys: string) =>
    `topologySpreadConstraints: [{ maxSkew: 1, topologyKey: t, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, matchLabelKeys: ${keys} }]`;
  const near = (namespaces: string) =>
    `affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: t, labelSelector: {}, namespaces: ${namespaces} }] } }`;
  const term = "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]";
  check([
    [set(alias("[null]")), ofPod("name-invalid", "hostAliases[0].hostnames[0]")],
    [set(alias("['']")), ofPod("name-invalid", "hostAliases[0].hostnames[0]")],
    [set("dnsConfig: { nameservers: [null] }"), ofPod("value-invalid", "dnsConfig.nameservers[0]")],
    [set("dnsConfig: { searches: [''] }"), ofPod("name-invalid", "dnsConfig.searches[0]")],
    [set(spread("['']")), ofPod("label-invalid", "topologySpreadConstraints[0].matchLabelKeys[0]")],
    [set(near("[null]")), ofPod("name-invalid", `${term}.namespaces[0]`)],
    [claim("{}", "[null]"), "schema-enum spec.accessModes[0]"],
    [claim("{}", "['']"), "schema-enum spec.accessModes[0]"],
    [
      "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a, finalizers: [null] }",
      "name-invalid metadata.finalizers[0]",
    ],
  ]);
});

describe("an empty text that is given", () => {
  const windows = "securityContext: { windowsOptions: { gmsaCredentialSpecName: '' } }";
  check([
    [set("runtimeClassName: ''"), ofPod("name-invalid", "runtimeClassName")],
    [set("priorityClassName: ''")],
    [set("hostnameOverride: ''"), ofPod("name-invalid", "hostnameOverride")],
    [set(windows), ofPod("name-invalid", "securityContext.windowsOptions.gmsaCredentialSpecName")],
    [
      set("resourceClaims: [{ name: a, resourceClaimName: '' }]"),
      ofPod("name-invalid", "resourceClaims[0].resourceClaimName"),
    ],
  ]);
});

describe("what the API server decodes and does not look at", () => {
  const owner = "metadata: { labels: { app: db }, ownerReferences: [{}] }";
  const projected = (source: string) => set(`volumes: [{ name: v, projected: { sources: [${source}] } }]`);
  const bundle = projected("{ clusterTrustBundle: {}, secret: { name: a } }");
  const source = "volumes[0].projected.sources[0]";
  const signal = set("", "lifecycle: { stopSignal: SIGNOPE }");
  check([
    [set("").replace(/metadata: \{ labels.*/, owner)],
    [projected("{ podCertificate: { keyType: RSA } }")],
    [bundle],
  ]);
  check([[signal]], "1.36");
  const windowsSignal = set("os: { name: windows }", "lifecycle: { stopSignal: SIGUSR1 }");
  check(
    [
      [
        signal,
        `${ofContainer("schema-enum", "lifecycle.stopSignal")}, ${ofContainer("fields-conflict", "lifecycle.stopSignal")}`,
      ],
      [windowsSignal, ofContainer("value-invalid", "lifecycle.stopSignal")],
    ],
    "1.36",
    { ContainerStopSignals: true },
  );
  check(
    [
      [
        bundle,
        `${ofPod("schema-required", `${source}.clusterTrustBundle.path`)}, ${ofPod("not-exactly-one", `${source}.clusterTrustBundle`)}, ${ofPod("not-exactly-one", `${source}.clusterTrustBundle`)}`,
      ],
    ],
    "1.37",
  );
});

describe("a container's environment from a file", () => {
  const from = (volume: string) =>
    set(
      `volumes: [{ name: scratch, emptyDir: {} }, { name: a }, { name: config, configMap: { name: a } }]`,
      `env: [{ name: A, valueFrom: { fileKeyRef: { volumeName: ${volume}, path: a/b, key: A } } }]`,
    );
  const name = "env[0].valueFrom.fileKeyRef.volumeName";
  check([
    [from("scratch")],
    [from("a")],
    [from("config"), ofContainer("value-invalid", name)],
    [from("nowhere"), ofContainer("mount-unknown-volume", name)],
    [from("scratch").replace("a/b", "../b"), ofContainer("value-invalid", "env[0].valueFrom.fileKeyRef.path")],
  ]);
  check([[from("nowhere"), ofContainer("not-exactly-one", "env[0].valueFrom")]], "1.34");
});

describe("restart rules", () => {
  const rules = "restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [1] } }]";
  const init = (lines: string) => set(`initContainers: [{ name: i, image: i, ${lines} }]`);
  check([
    [init(rules), ofPod("schema-required", "initContainers[0].restartPolicy")],
    [init(`restartPolicy: Never, ${rules}`)],
    [init("resizePolicy: [{ resourceName: cpu, restartPolicy: NotRequired }]")],
  ]);
});

describe("volumes of old plugins", () => {
  const volume = (source: string) => set(`volumes: [{ name: v, ${source} }]`);
  const at = (rule: string, path: string) => ofPod(rule, `volumes[0].${path}`);
  const dead = (path: string) => `, ${at("dead-volume-plugin", path)}`;
  check([
    [volume("cinder: { volumeID: a, secretRef: {} }"), at("schema-required", "cinder.secretRef.name")],
    [volume("flocker: { datasetName: a/b }"), at("value-invalid", "flocker.datasetName") + dead("flocker")],
    [volume("flocker: { datasetName: '' }"), at("schema-required", "flocker.datasetName") + dead("flocker")],
    [volume("storageos: { volumeName: A }"), at("name-invalid", "storageos.volumeName") + dead("storageos")],
    [
      volume("quobyte: { registry: 'a:1,[::1]:2,b', volume: v }"),
      at("value-invalid", "quobyte.registry") + dead("quobyte"),
    ],
    [volume("quobyte: { registry: 'a:1,[::1]:2', volume: v }"), at("dead-volume-plugin", "quobyte")],
    [
      volume("csi: { driver: a.b, nodePublishSecretRef: { name: A } }"),
      at("name-invalid", "csi.nodePublishSecretRef.name"),
    ],
    [volume("image: {}")],
    [
      volume("ephemeral: { volumeClaimTemplate: { metadata: { name: '' }, spec: { accessModes: [ReadWriteOnce] } } }"),
      at("schema-required", "ephemeral.volumeClaimTemplate.spec.resources.requests.storage"),
    ],
  ]);
});

/** A claim that takes what it holds from `source`. */
function claim(source: string, modes = "[ReadWriteOnce]"): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: a }
spec: { accessModes: ${modes}, resources: { requests: { storage: 1Gi } }, ${source.replace(/^\{|\}$/g, "")} }
`;
}

describe("the source of a claim, which is forgotten if it is of another kind", () => {
  check([
    [claim("{ dataSource: { kind: VolumeSnapshot, name: a, apiGroup: snapshot.storage.k8s.io } }")],
    [claim("{ dataSource: { kind: Pod, name: a } }")],
    [claim("{ dataSourceRef: { kind: Pod, name: a } }"), "value-invalid spec.dataSourceRef.kind"],
    [claim("{ dataSourceRef: { kind: Pod, name: a, namespace: b } }")],
    [
      claim(
        "{ dataSource: { kind: PersistentVolumeClaim, name: a }, dataSourceRef: { kind: PersistentVolumeClaim, name: b } }",
      ),
      "fields-conflict spec.dataSource",
    ],
  ]);
});

describe("names of kinds that leave them to the API server", () => {
  const budget = (metadata: string) =>
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { ${metadata} }\nspec: { selector: {} }\n`;
  check([
    [budget("name: My_Budget, finalizers: [a]")],
    [budget("name: a/b"), "name-invalid metadata.name"],
    [budget("name: a, finalizers: ['a b']"), "name-invalid metadata.finalizers[0]"],
  ]);
});

describe("what a Service's type makes of its fields", () => {
  const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ${spec} }\n`;
  const port = "ports: [{ port: 1, nodePort: 8080 }]";
  check([
    [service(`type: ExternalName, externalName: a.b, ${port}`)],
    [service(`type: NodePort, ${port}`), "value-out-of-range spec.ports[0].nodePort"],
    [service("clusterIP: None, ipFamilyPolicy: RequireDualStack")],
    [
      service("clusterIP: None, ipFamilyPolicy: RequireDualStack, selector: { a: b }"),
      "cluster-policy spec.ipFamilyPolicy",
    ],
    [
      service("type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 443, ports: [{ port: 1 }]"),
      "value-out-of-range spec.healthCheckNodePort",
    ],
    [service("ports: [{ port: 1, appProtocol: '' }]"), "name-invalid spec.ports[0].appProtocol"],
    [
      service("externalIPs: [null], ports: [{ port: 1 }]"),
      "value-invalid spec.externalIPs[0], server-warning spec.externalIPs",
    ],
  ]);
});

describe("what excludes what in a pod", () => {
  const profile = "seccompProfile: { localhostProfile: a }";
  check([
    [set("overhead: { hugepages-2Mi: 2Mi }"), ofPod("resources-invalid", "overhead")],
    [
      set("volumes: [{ name: v }]", "volumeMounts: [{ name: v, mountPath: /v, subPath: a, subPathExpr: $(POD_NAME) }]"),
      ofContainer("fields-conflict", "volumeMounts[0].subPathExpr"),
    ],
    [set("overhead: { hugepages-2Mi: 2Mi, cpu: 1 }")],
    [set("os: { name: windows }\nresources: {}"), ofPod("fields-conflict", "resources")],
    [
      set(`securityContext: { ${profile} }`),
      `${ofPod("schema-required", "securityContext.seccompProfile.type")}, ${ofPod("fields-conflict", "securityContext.seccompProfile.localhostProfile")}`,
    ],
    [
      set(
        "hostUsers: false\nvolumes: [{ name: v, persistentVolumeClaim: { claimName: c } }]",
        "volumeDevices: [{ name: v, devicePath: /d }]",
      ),
      ofContainer("fields-conflict", "volumeDevices"),
    ],
    [set("terminationGracePeriodSeconds: 9223372036854775807")],
    [set("terminationGracePeriodSeconds: 1e19"), ofPod("schema-type", "terminationGracePeriodSeconds")],
    [
      set("topologySpreadConstraints: [{ maxSkew: 1, topologyKey: t, minDomains: 1, labelSelector: {} }]"),
      `${ofPod("schema-required", "topologySpreadConstraints[0].whenUnsatisfiable")}, ${ofPod("fields-conflict", "topologySpreadConstraints[0].minDomains")}`,
    ],
  ]);
});

describe("sessions of a Service", () => {
  const service = (affinity: string, seconds: number) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 1 }], sessionAffinity: ${affinity}, sessionAffinityConfig: { clientIP: { timeoutSeconds: ${seconds} } } }\n`;
  check([
    [service("None", 0)],
    [service("ClientIP", 1)],
    [service("ClientIP", 0), "value-out-of-range spec.sessionAffinityConfig.clientIP.timeoutSeconds"],
  ]);
});

describe("owners", () => {
  const owned = (owners: string) =>
    set("").replace("metadata: { name: db }", `metadata: { name: db, ownerReferences: [${owners}] }`);
  const owner = (name: string) => `{ apiVersion: v1, kind: Pod, name: ${name}, uid: ${name}, controller: true }`;
  check([
    [owned(owner("a"))],
    [owned(`${owner("a")}, ${owner("b")}`), "fields-conflict metadata.ownerReferences[1].controller"],
    [owned(owner("a").replace("Pod", "Event")), "value-invalid metadata.ownerReferences[0].kind"],
  ]);
});

describe("Services with ranges in the annotation of old", () => {
  const annotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
  const service = (type: string, ranges: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: db, annotations: { ${annotation}: "${ranges}" } }\nspec: { type: ${type}, ports: [{ port: 80 }] }\n`;
  check([
    [service("LoadBalancer", "10.0.0.0/8, 10.1.0.0/16")],
    [service("LoadBalancer", "everywhere"), `value-invalid metadata.annotations[${annotation}]`],
    [service("ClusterIP", "10.0.0.0/8"), `fields-conflict metadata.annotations[${annotation}]`],
  ]);
});

describe("HorizontalPodAutoscaler", () => {
  const scaler = (spec: string, target = "{ apiVersion: apps/v1, kind: StatefulSet, name: db }") =>
    `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: db }\nspec: { maxReplicas: 3, scaleTargetRef: ${target}, ${spec} }\n`;
  const metric = (type: string, source: string) => scaler(`metrics: [{ type: ${type}, ${source} }]`);
  const cpu = (target: string) =>
    metric("Resource", `resource: { name: cpu, target: { type: Utilization, ${target} } }`);
  const named = (type: string, target: string) =>
    metric(type, `${type.toLowerCase()}: { metric: { name: a }, target: { type: Value, ${target} } }`);
  const wake = (type: string) =>
    `metrics: [{ type: ${type}, ${type.toLowerCase()}: { metric: { name: a }, target: { type: AverageValue, averageValue: 1 } } }]`;
  const target = "spec.metrics[0].resource.target";
  check([
    [scaler("minReplicas: 1")],
    [scaler("minReplicas: 0"), "value-out-of-range spec.minReplicas"],
    [scaler(`minReplicas: 0, ${wake("Pods")}`), "value-out-of-range spec.minReplicas"],
    [scaler(`minReplicas: 0, ${wake("External")}`), "value-out-of-range spec.minReplicas"],
    [scaler(`minReplicas: -1, ${wake("External")}`), "value-out-of-range spec.minReplicas"],
    [scaler("minReplicas: 1", "{ apiVersion: a/v1, kind: a/b, name: db }"), "name-invalid spec.scaleTargetRef.kind"],
    [scaler("minReplicas: 1", "{ kind: Deployment, name: db }"), "schema-required spec.scaleTargetRef.apiVersion"],
    [
      scaler("minReplicas: 1", "{ apiVersion: v1, kind: Deployment, name: db }"),
      "value-invalid spec.scaleTargetRef.apiVersion",
    ],
    [scaler("minReplicas: 1", "{ kind: ReplicationController, name: db }")],
    [scaler("behavior: { scaleUp: { tolerance: -1 } }"), "value-out-of-range spec.behavior.scaleUp.tolerance"],
    [
      metric(
        "ContainerResource",
        "containerResource: { name: cpu, container: A, target: { type: Utilization, averageUtilization: 1 } }",
      ),
      "name-invalid spec.metrics[0].containerResource.container",
    ],
    [
      metric(
        "Pods",
        "pods: { metric: { name: a, selector: { matchExpressions: [{}] } }, target: { type: AverageValue, averageValue: 1 } }",
      ),
    ],
    [metric("Resource", "pods: null"), "schema-required spec.metrics[0].resource"],
    [
      metric("Nope", "pods: { metric: { name: a }, target: { type: Value, value: 1 } }"),
      "schema-enum spec.metrics[0].type, schema-required spec.metrics[0].pods.target.averageValue",
    ],
    [cpu("averageUtilization: 50")],
    [cpu("averageUtilization: 0"), `value-out-of-range ${target}.averageUtilization`],
    [cpu("averageUtilization: 50, averageValue: 1"), `fields-conflict ${target}.averageValue`],
    [cpu("value: 1"), `schema-required ${target}.averageUtilization`],
    [named("Pods", "averageValue: 100m")],
    [named("Pods", "averageValue: 0"), "value-out-of-range spec.metrics[0].pods.target.averageValue"],
    [named("Pods", "value: 1"), "schema-required spec.metrics[0].pods.target.averageValue"],
    [named("External", "value: 1, averageValue: 2"), "fields-conflict spec.metrics[0].external.target.value"],
    [named("External", "averageUtilization: 2"), "schema-required spec.metrics[0].external.target.averageValue"],
    [scaler("behavior: { scaleUp: { policies: [] } }"), "schema-required spec.behavior.scaleUp.policies"],
    [scaler("behavior: { scaleDown: { stabilizationWindowSeconds: 0 } }")],
    [
      scaler("targetCPUUtilizationPercentage: 0").replace("/v2", "/v1"),
      "value-out-of-range spec.targetCPUUtilizationPercentage",
    ],
  ]);
  check(
    [
      [scaler("minReplicas: 1", "{ kind: Deployment, name: db }")],
      [scaler("behavior: { scaleUp: { tolerance: -1 } }"), "value-out-of-range spec.behavior.scaleUp.tolerance"],
    ],
    "1.35",
  );
  check([[scaler("behavior: { scaleUp: { tolerance: -1 } }")]], "1.34");
});

describe("StorageClass", () => {
  const storageClass = (lines: string) =>
    `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: a }\n${lines}\n`;
  const topology = (expressions: string) =>
    storageClass(`provisioner: a\nallowedTopologies: [{ matchLabelExpressions: [${expressions}] }]`);
  check([
    [storageClass("provisioner: Example.com/Disk")],
    [storageClass("provisioner: $(PROVISIONER)")],
    [storageClass("provisioner: a b"), "name-invalid provisioner"],
    [storageClass("provisioner: a\nreclaimPolicy: Recycle"), "value-invalid reclaimPolicy"],
    [storageClass(`provisioner: a\nparameters: { "": x }`), "value-invalid parameters[]"],
    [
      topology("{ key: a, values: [b] }, { key: a, values: [c] }"),
      "duplicate-value allowedTopologies[0].matchLabelExpressions[1].key",
    ],
    [storageClass("provisioner: a\nreclaimPolicy: ''")],
    [
      storageClass(
        "provisioner: a\nallowedTopologies: [{ matchLabelExpressions: [{ key: a, values: [b, c] }] }, { matchLabelExpressions: [{ key: a, values: [c, b] }] }]",
      ),
      "duplicate-value allowedTopologies[1].matchLabelExpressions",
    ],
    [topology("{ key: a, values: [b, b] }"), "duplicate-value allowedTopologies[0].matchLabelExpressions[0].values[1]"],
  ]);
});

describe("ConfigMap and Secret", () => {
  const secret = (type: string, strings = "{}") =>
    `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ntype: kubernetes.io/${type}\nstringData: ${strings}\n`;
  const config = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: ${value} }\n`;
  check([
    [config("x".repeat(1024 * 1024))],
    [config("ä".repeat(512 * 1024 + 1)), "value-invalid data"],
    [secret("tls"), "schema-required data[tls.crt], schema-required data[tls.key]"],
    [secret("tls", "{ tls.crt: a, tls.key: b }")],
    [secret("basic-auth"), "schema-required data.username"],
    [secret("basic-auth", "{ password: a }")],
    [secret("ssh-auth"), "schema-required data.ssh-privatekey"],
    [secret("dockerconfigjson", "{ .dockerconfigjson: '{' }"), "value-invalid stringData[.dockerconfigjson]"],
    [secret("dockerconfigjson", "{ .dockerconfigjson: '{}' }")],
    [secret("dockerconfigjson", "{ .dockerconfigjson: '[]' }"), "value-invalid stringData[.dockerconfigjson]"],
    // {"a":"ä"}, and the same without its last brace.
    [secret("dockercfg").replace("stringData: {}", "data: { .dockercfg: eyJhIjoiw6QifQ== }")],
    [
      secret("dockercfg").replace("stringData: {}", "data: { .dockercfg: eyJhIjoiw6Qi }"),
      "value-invalid data[.dockercfg]",
    ],
    [secret("ssh-auth", "{ ssh-privatekey: '' }"), "schema-required stringData.ssh-privatekey"],
    [secret("service-account-token"), "schema-required metadata.annotations[kubernetes.io/service-account.name]"],
  ]);
});
