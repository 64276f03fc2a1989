import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refusalRules } from "../../../../server/src/engine/lint/refusal-rules.js";
import { readResource } from "../../../../server/src/engine/kubernetes/resources/resource.js";
import { newestFields } from "../../../../server/src/engine/kubernetes/schema/data/releases.js";
import { rootType, typeSchema } from "../../../../server/src/engine/kubernetes/schema/schema.js";
import { refusalsOf } from "../../../../server/src/engine/kubernetes/resources/refusals.js";
import {
  featureGates,
  gateDefault,
  gateOf,
  isEnabled,
  newestRelease,
  parseRelease,
  type FeatureGate,
  type GateOverrides,
} from "../../../../server/src/engine/kubernetes/versions.js";
import { parse } from "../../../../server/src/engine/yaml/parse.js";
import { formatPath } from "../../../../server/src/engine/yaml/path.js";

/** From which release on a gate is known, and whether it is on there, as `stage on|off`. */
const stages: Readonly<Record<FeatureGate, Readonly<Record<string, string>>>> = {
  AtomicWriteVolumeUserFields: { "1.36": "unknown off", "1.37": "alpha off" },
  ClusterTrustBundleProjection: { "1.32": "alpha off", "1.36": "beta off", "1.37": "stable on" },
  ContainerRestartRules: { "1.33": "unknown off", "1.34": "alpha off", "1.35": "beta on", "1.37": "beta on" },
  ContainerStopSignals: { "1.32": "unknown off", "1.33": "alpha off", "1.37": "alpha off" },
  CrossNamespaceVolumeDataSource: { "1.29": "alpha off", "1.37": "alpha off" },
  DynamicResourceAllocation: { "1.31": "alpha off", "1.33": "beta off", "1.34": "stable on" },
  EmptyDirVolumeMode: { "1.36": "unknown off", "1.37": "alpha off" },
  EnvFiles: { "1.34": "alpha off", "1.35": "beta on", "1.37": "beta on" },
  EvictionRequestAPI: { "1.36": "unknown off", "1.37": "alpha off" },
  GRPCContainerProbeTLS: { "1.36": "unknown off", "1.37": "alpha off" },
  GenericWorkload: { "1.34": "unknown off", "1.36": "alpha off", "1.37": "beta off" },
  H2CContainerProbe: { "1.36": "unknown off", "1.37": "alpha off" },
  HPAConfigurableTolerance: { "1.34": "alpha off", "1.35": "beta on", "1.37": "stable on" },
  HPAScaleToZero: { "1.29": "alpha off", "1.36": "alpha off", "1.37": "beta on" },
  HostnameOverride: { "1.34": "alpha off", "1.35": "beta on", "1.37": "stable on" },
  ImageVolume: {
    "1.30": "unknown off",
    "1.32": "alpha off",
    "1.34": "beta off",
    "1.35": "beta on",
    "1.36": "stable on",
  },
  InPlacePodVerticalScaling: { "1.32": "alpha off", "1.33": "beta on", "1.35": "stable on" },
  MatchLabelKeysInPodAffinity: { "1.30": "alpha off", "1.31": "beta on", "1.33": "stable on" },
  MaxUnavailableStatefulSet: {
    "1.34": "alpha off",
    "1.35.0": "beta on",
    "1.35.3": "beta on",
    "1.35.4": "beta off",
    "1.35": "beta off",
    "1.36": "beta off",
    "1.37": "beta on",
  },
  PodCertificateRequest: { "1.34": "alpha off", "1.36": "beta off", "1.37": "stable on" },
  PodIndexLabel: { "1.27": "unknown off", "1.28": "beta on", "1.32": "stable on" },
  PodLevelResources: { "1.33": "alpha off", "1.34": "beta on", "1.37": "beta on" },
  PodLifecycleSleepAction: { "1.29": "alpha off", "1.30": "beta on", "1.34": "stable on" },
  PreferSameTrafficDistribution: { "1.33": "alpha off", "1.34": "beta on", "1.35": "stable on" },
  ProcMountType: { "1.30": "alpha off", "1.32": "beta off", "1.33": "beta on", "1.36": "stable on" },
  RecoverVolumeExpansionFailure: { "1.23": "alpha off", "1.32": "beta on", "1.34": "stable on" },
  RecursiveReadOnlyMounts: { "1.30": "alpha off", "1.31": "beta on", "1.33": "stable on" },
  RelaxedServiceNameValidation: { "1.35": "alpha off", "1.36": "beta on", "1.37": "stable on" },
  SELinuxChangePolicy: { "1.32": "alpha off", "1.33": "beta on", "1.36": "stable on" },
  SELinuxMount: { "1.32": "alpha off", "1.36": "beta off", "1.37": "stable on" },
  ServiceTrafficDistribution: { "1.30": "alpha off", "1.31": "beta on", "1.33": "stable on" },
  StatefulSetAutoDeletePVC: { "1.26": "alpha off", "1.27": "beta on", "1.32": "stable on" },
  StatefulSetMinReadySeconds: { "1.22": "alpha off", "1.23": "beta on", "1.25": "stable on" },
  StatefulSetRecreateStrategy: { "1.36": "unknown off", "1.37": "alpha off" },
  StatefulSetStartOrdinal: { "1.26": "alpha off", "1.27": "beta on", "1.31": "stable on" },
  StrictIPCIDRValidation: { "1.32": "unknown off", "1.35": "alpha off", "1.36": "beta on", "1.37": "beta on" },
  SupplementalGroupsPolicy: { "1.32": "alpha off", "1.33": "beta on", "1.37": "beta on" },
  TaintTolerationComparisonOperators: { "1.34": "unknown off", "1.35": "alpha off", "1.37": "alpha off" },
  UserNamespacesHostNetworkSupport: { "1.34": "unknown off", "1.35": "alpha off", "1.37": "alpha off" },
  UserNamespacesSupport: { "1.32": "beta off", "1.33": "beta on", "1.36": "stable on" },
  VolumeAttributesClass: { "1.30": "alpha off", "1.33": "beta off", "1.34": "stable on" },
  VolumeBindMountOptions: { "1.36": "unknown off", "1.37": "alpha off" },
};

describe("stages of feature gates by release", () => {
  for (const gate of featureGates) {
    test(gate, () => {
      const found = Object.keys(stages[gate]).map((text) => {
        const release = parseRelease(text);
        assert.ok(release);
        const { stage, enabled } = gateDefault(gate, release);
        return [text, `${stage} ${enabled ? "on" : "off"}`];
      });
      assert.deepEqual(Object.fromEntries(found), stages[gate]);
    });
  }
});

test("a stable gate is locked, but for those that are locked a release later", () => {
  const off = { VolumeAttributesClass: false, ImageVolume: false };
  const minor = (number: number) => ({ minor: number, patch: undefined });
  assert.equal(isEnabled("VolumeAttributesClass", minor(35), off), false);
  assert.equal(isEnabled("VolumeAttributesClass", minor(36), off), true);
  assert.equal(isEnabled("ImageVolume", minor(36), off), true);
});

describe("the table of gates", () => {
  test("names fields and values that the data have", () => {
    for (const gate of featureGates) {
      const { fields = [], values = {} } = gateOf(gate);
      for (const field of fields) {
        const [owner = "", name = ""] = field.split("#");
        assert.ok(typeSchema(owner).has(name), `${gate}: ${field}`);
      }
      for (const [field, gated] of Object.entries(values)) {
        const [owner = "", name = ""] = field.split("#");
        const known =
          typeSchema(owner)
            .get(name)
            ?.values?.map(({ value }) => value) ?? [];
        for (const value of gated) assert.ok(known.includes(value), `${gate}: ${field} ${value}`);
      }
    }
  });

  test("has every field of the newest release that a manifest may write", () => {
    const gated = new Set(featureGates.flatMap((gate) => gateOf(gate).fields ?? []));
    const others = newestFields.filter((field) => !gated.has(field));
    // Parts of a status, which nobody writes.
    assert.deepEqual(others, [
      "PersistentVolumeClaimStatus#healthStatus",
      "autoscaling.v2.HorizontalPodAutoscalerCondition#observedGeneration",
    ]);
    assert.equal(newestFields.length - others.length, 14);
  });

  test("says nothing of releases that are not known", () => {
    for (const gate of featureGates) {
      for (const { minor } of gateOf(gate).periods) assert.ok(minor <= newestRelease.minor, gate);
    }
  });
});

/** What is said of a manifest, as `rule path`; those of rules about what is refused, and `field-gated`. */
function found(yaml: string, version: string, gates: GateOverrides = {}): readonly string[] {
  const kubernetesVersion = parseRelease(version);
  const resource = readResource(parse(yaml).root);
  assert.ok(kubernetesVersion && resource);
  assert.ok(rootType(resource.key.apiVersion, resource.key.kind));
  return [...refusalsOf(resource, { kubernetesVersion, featureGates: gates, newerRelease: undefined })].map(
    ({ reason, at }) =>
      `${refusalRules[reason]} ${formatPath(at.place.path.slice(resource.kind === "StatefulSet" ? 3 : 1))}`,
  );
}

const pod = (spec: string, container = "") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec:
  selector: { matchLabels: { app: store } }
  serviceName: store
  template:
    metadata: { labels: { app: store } }
    spec:
      containers: [{ name: store, image: "store:1"${container === "" ? "" : `, ${container}`} }]
${spec === "" ? "" : `      ${spec}\n`}`;

const hook = (spec: string) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: store }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: store }, maxReplicas: 4, ${spec} }
`;

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata: { name: store }
spec: { ports: [{ port: 80 }], ${spec} }
`;

/** A field behind a gate, with a value that is refused while the gate is on. */
interface Gated {
  readonly gate: FeatureGate;
  readonly manifest: string;
  /** A release in which the gate is off by default. */
  readonly off: string;
  readonly dropped: string;
  readonly refused: readonly string[];
}

const projected = (source: string) => pod(`volumes: [{ name: v, projected: { sources: [${source}] } }]`);
const source = "volumes[0].projected.sources[0]";
const probe = (handler: string) => pod("", `readinessProbe: { ${handler} }`);

const gatedFields: readonly Gated[] = [
  {
    gate: "EmptyDirVolumeMode",
    manifest: pod("volumes: [{ name: v, emptyDir: { mode: 1777 } }]"),
    off: "1.37",
    dropped: "volumes[0].emptyDir.mode",
    refused: ["value-out-of-range volumes[0].emptyDir.mode"],
  },
  ...["secret: { secretName: s, ", "configMap: { name: c, ", "downwardAPI: { "].map((kind): Gated => {
    const path = `volumes[0].${kind.slice(0, kind.indexOf(":"))}.defaultUser`;
    return {
      gate: "AtomicWriteVolumeUserFields",
      manifest: pod(`volumes: [{ name: v, ${kind}defaultUser: -1 } }]`),
      off: "1.37",
      dropped: path,
      refused: [`value-out-of-range ${path}`],
    };
  }),
  {
    gate: "AtomicWriteVolumeUserFields",
    manifest: pod("volumes: [{ name: v, projected: { defaultUser: -1, sources: [] } }]"),
    off: "1.37",
    dropped: "volumes[0].projected.defaultUser",
    refused: ["value-out-of-range volumes[0].projected.defaultUser"],
  },
  {
    gate: "AtomicWriteVolumeUserFields",
    manifest: pod("volumes: [{ name: v, configMap: { name: c, items: [{ key: a, path: a, user: -1 }] } }]"),
    off: "1.37",
    dropped: "volumes[0].configMap.items[0].user",
    refused: ["value-out-of-range volumes[0].configMap.items[0].user"],
  },
  ...[
    "serviceAccountToken: { path: token, user: -1 }",
    "clusterTrustBundle: { name: b, path: ca, user: -1 }",
    "podCertificate: { signerName: a.example/b, keyType: RSA3072, credentialBundlePath: p, user: -1 }",
  ].map((text): Gated => {
    const path = `${source}.${text.slice(0, text.indexOf(":"))}.user`;
    return {
      gate: "AtomicWriteVolumeUserFields",
      manifest: projected(`{ ${text} }`),
      off: "1.37",
      dropped: path,
      refused: [`value-out-of-range ${path}`],
    };
  }),
  {
    gate: "AtomicWriteVolumeUserFields",
    manifest: projected("{ downwardAPI: { items: [{ path: a, fieldRef: { fieldPath: metadata.name }, user: -1 }] } }"),
    off: "1.37",
    dropped: `${source}.downwardAPI.items[0].user`,
    refused: [`value-out-of-range ${source}.downwardAPI.items[0].user`],
  },
  {
    gate: "VolumeBindMountOptions",
    manifest: pod(
      "volumes: [{ name: v, emptyDir: {} }]",
      "volumeMounts: [{ name: v, mountPath: /v, bindMountOptions: [noexec, noexec, exec] }]",
    ),
    off: "1.37",
    dropped: "containers[0].volumeMounts[0].bindMountOptions",
    refused: [
      "schema-enum containers[0].volumeMounts[0].bindMountOptions[2]",
      "duplicate-value containers[0].volumeMounts[0].bindMountOptions[1]",
    ],
  },
  {
    gate: "H2CContainerProbe",
    manifest: probe("httpGet: { port: 80, protocol: http2 }"),
    off: "1.37",
    dropped: "containers[0].readinessProbe.httpGet.protocol",
    refused: ["schema-enum containers[0].readinessProbe.httpGet.protocol"],
  },
  {
    gate: "H2CContainerProbe",
    manifest: probe("httpGet: { port: 80, protocol: HTTP2, scheme: HTTPS, host: elsewhere }"),
    off: "1.37",
    dropped: "containers[0].readinessProbe.httpGet.protocol",
    refused: [
      "fields-conflict containers[0].readinessProbe.httpGet.protocol",
      "fields-conflict containers[0].readinessProbe.httpGet.protocol",
    ],
  },
  {
    gate: "GRPCContainerProbeTLS",
    manifest: probe("grpc: { port: 80, mode: tls }"),
    off: "1.37",
    dropped: "containers[0].readinessProbe.grpc.mode",
    refused: ["schema-enum containers[0].readinessProbe.grpc.mode"],
  },
  {
    gate: "EvictionRequestAPI",
    manifest: pod("evictionResponders: [{ name: drain, priority: 100001 }, { name: drain, priority: 1000 }]"),
    off: "1.37",
    dropped: "evictionResponders",
    refused: [
      "duplicate-value evictionResponders[1].name",
      "name-invalid evictionResponders[0].name",
      "name-invalid evictionResponders[1].name",
      "value-out-of-range evictionResponders[0].priority",
    ],
  },
  {
    gate: "EvictionRequestAPI",
    manifest: pod("evictionResponders: [{ name: drain.k8s.io/a, priority: 1000 }, { name: acme.io/a, priority: 999 }]"),
    off: "1.37",
    dropped: "evictionResponders",
    refused: ["name-invalid evictionResponders[0].name", "value-out-of-range evictionResponders[1].priority"],
  },
  {
    gate: "ContainerStopSignals",
    manifest: pod("", "lifecycle: { stopSignal: TERM }"),
    off: "1.36",
    dropped: "containers[0].lifecycle.stopSignal",
    refused: ["schema-enum containers[0].lifecycle.stopSignal", "fields-conflict containers[0].lifecycle.stopSignal"],
  },
  {
    gate: "HostnameOverride",
    manifest: pod("hostnameOverride: Not_A_Name"),
    off: "1.34",
    dropped: "hostnameOverride",
    refused: ["name-invalid hostnameOverride"],
  },
  {
    gate: "HPAConfigurableTolerance",
    manifest: hook("behavior: { scaleUp: { tolerance: -1 } }"),
    off: "1.34",
    dropped: "behavior.scaleUp.tolerance",
    refused: ["value-out-of-range behavior.scaleUp.tolerance"],
  },
  {
    gate: "ServiceTrafficDistribution",
    manifest: service("trafficDistribution: Near"),
    off: "1.30",
    dropped: "trafficDistribution",
    refused: ["schema-enum trafficDistribution"],
  },
];

describe("a field behind a gate", () => {
  for (const { gate, manifest, off, dropped, refused } of gatedFields) {
    test(`${gate}: ${dropped}`, () => {
      assert.deepEqual(found(manifest, off), [`field-gated ${dropped}`]);
      assert.deepEqual(found(manifest, off, { [gate]: true }), refused);
    });
  }

  test("is a field of its release only", () => {
    for (const { gate, manifest, dropped } of gatedFields) {
      const [first] = gateOf(gate).periods;
      if (first === undefined || first.minor < 31) continue;
      assert.ok(found(manifest, `1.${first.minor - 1}`).includes(`field-since ${dropped}`), dropped);
    }
  });

  test("has to be of its type all the same", () => {
    assert.deepEqual(found(pod("volumes: [{ name: v, emptyDir: { mode: yes } }]"), "1.37"), [
      "field-gated volumes[0].emptyDir.mode",
      "schema-type volumes[0].emptyDir.mode",
    ]);
  });
});

/** A value that is refused while its gate is off. */
const gatedValues: readonly (readonly [FeatureGate, string, string, string])[] = [
  ["SELinuxMount", pod("securityContext: { seLinuxChangePolicy: MountOption }"), "1.36", "schema-enum"],
  ["SELinuxMount", pod("securityContext: { seLinuxChangePolicy: MountOption }"), "1.34", "schema-enum"],
  [
    "TaintTolerationComparisonOperators",
    pod("tolerations: [{ key: a, operator: Gt, value: '5' }]"),
    "1.37",
    "schema-enum",
  ],
  ["PreferSameTrafficDistribution", service("trafficDistribution: PreferSameZone"), "1.33", "schema-enum"],
  [
    "HPAScaleToZero",
    hook(
      "minReplicas: 0, metrics: [{ type: External, external: { metric: { name: q }, target: { type: Value, value: 1 } } }]",
    ),
    "1.36",
    "value-out-of-range",
  ],
];

describe("a value behind a gate", () => {
  for (const [gate, manifest, off, rule] of gatedValues) {
    test(gate, () => {
      assert.deepEqual(
        found(manifest, off).map((one) => one.split(" ")[0]),
        [rule],
      );
      assert.deepEqual(found(manifest, off, { [gate]: true }), []);
      assert.deepEqual(found(manifest, "1.37", { [gate]: true }), []);
    });
  }
});

describe("addresses have one reading since 1.36", () => {
  const wrong: readonly (readonly [string, string])[] = [
    [pod("hostAliases: [{ ip: 010.0.0.1, hostnames: [a] }]"), "value-invalid hostAliases[0].ip"],
    [pod("hostAliases: [{ ip: '::ffff:10.0.0.1', hostnames: [a] }]"), "value-invalid hostAliases[0].ip"],
    [pod("dnsConfig: { nameservers: [10.00.0.1] }"), "value-invalid dnsConfig.nameservers[0]"],
    [service("clusterIP: 10.096.0.10"), "value-invalid clusterIP"],
    [
      service("type: LoadBalancer, loadBalancerSourceRanges: [192.168.1.5/24]"),
      "value-invalid loadBalancerSourceRanges[0]",
    ],
    [
      service("type: LoadBalancer, loadBalancerSourceRanges: ['2001:db8::1/32']"),
      "value-invalid loadBalancerSourceRanges[0]",
    ],
    [
      service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/08]"),
      "value-invalid loadBalancerSourceRanges[0]",
    ],
  ];
  for (const [manifest, expected] of wrong) {
    test(expected, () => {
      assert.deepEqual(found(manifest, "1.35"), []);
      assert.deepEqual(found(manifest, "1.36"), [expected]);
      assert.deepEqual(found(manifest, "1.36", { StrictIPCIDRValidation: false }), []);
    });
  }

  test("and ordinary ones are fine", () => {
    const ranges = "[10.0.0.0/8, 192.168.1.5/32, 0.0.0.0/0, '::/0', '2001:db8::/32', '::1/128', ' 10.1.0.0/16']";
    assert.deepEqual(found(service(`type: LoadBalancer, loadBalancerSourceRanges: ${ranges}`), "1.37"), []);
    assert.deepEqual(found(pod("hostAliases: [{ ip: '::ffff', hostnames: [a] }, { ip: 10.0.0.10 }]"), "1.37"), []);
  });
});

describe("an autoscaler that scales to zero", () => {
  test("needs a metric that is there without pods", () => {
    assert.deepEqual(found(hook("minReplicas: 0"), "1.37"), ["value-out-of-range minReplicas"]);
    const cpu =
      "metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 7 } } }]";
    assert.deepEqual(found(hook(`minReplicas: 0, ${cpu}`), "1.37"), ["value-out-of-range minReplicas"]);
  });
});

test("an image volume needs a reference since 1.37", () => {
  const manifest = pod("volumes: [{ name: v, image: { pullPolicy: Always } }]");
  assert.deepEqual(found(manifest, "1.36"), []);
  assert.deepEqual(found(manifest, "1.37"), ["schema-required volumes[0].image.reference"]);
});

describe("a release that is newer than the data", () => {
  const newer = (yaml: string) => {
    const resource = readResource(parse(yaml).root);
    assert.ok(resource);
    const cluster = {
      kubernetesVersion: newestRelease,
      featureGates: {},
      newerRelease: { minor: 99, patch: undefined },
    };
    return [...refusalsOf(resource, cluster)].map(({ reason, message }) => `${refusalRules[reason]} ${message}`);
  };

  test("may have fields and values that nobody knows", () => {
    assert.deepEqual(newer(pod("podColour: red")), ["schema-unknown-field unknownYet"]);
    assert.deepEqual(newer(pod("dnsPolicy: Quantum")), ["schema-enum unknownYet"]);
  });

  test("and misspellings are what they are", () => {
    assert.deepEqual(newer(pod("hostNetwrok: true")), ["schema-unknown-field misspelt"]);
    assert.deepEqual(newer(pod("dnsPolicy: clusterFirst")), ["schema-enum unsupported"]);
  });

  test("may have what is proposed for 1.38", () => {
    const container = (yaml: string) => pod("", yaml);
    assert.deepEqual(newer(container("resources: { limits: { swap: 1Gi } }")), ["resources-invalid unknownYet"]);
    assert.deepEqual(newer(container("resources: { limits: { memroy: 1Gi } }")), ["resources-invalid name"]);
    assert.deepEqual(newer(container("securityContext: { ulimits: [{ name: nofile, soft: 1, hard: 2 }] }")), [
      "schema-unknown-field unknownYet",
    ]);
    assert.deepEqual(newer(container("securityContext: { seccompProfile: { type: OCI } }")), [
      "schema-enum unknownYet",
    ]);
  });

  test("may have any default of a gate", () => {
    assert.deepEqual(newer(pod("volumes: [{ name: v, emptyDir: { mode: 9999 } }]")), []);
    assert.deepEqual(newer(pod("tolerations: [{ key: a, operator: Gt, value: '5' }]")), []);
    assert.deepEqual(newer(pod("").replace("serviceName: store", "updateStrategy: { type: Recreate }")), []);
  });
});
