import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig, formatRelease, readSettings } from "../../../server/src/engine/api.js";
import { createWorkspace } from "../../harness/workspace.js";

const manifest = (spec: string, pod = "", container = "") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: till }
spec:
  serviceName: till
  replicas: 4
  ${spec}
  selector: { matchLabels: { app: till } }
  template:
    metadata: { labels: { app: till } }
    spec:
      ${pod}
      containers: [{ name: till, image: "till:1"${container} }]
---
apiVersion: v1
kind: Service
metadata: { name: till }
spec: { clusterIP: None, selector: { app: till } }
`;

const several = "updateStrategy: { rollingUpdate: { maxUnavailable: 2 } }";
const together = `podManagementPolicy: Parallel\n  ${several}`;
const uri = "file:///repo/deploy/till.yaml";

/** What is found in the manifest beside other files, under this setting. */
function found(text: string, kubernetesVersion: string, files: Readonly<Record<string, string>> = {}) {
  const { given, problems } = readSettings({ kubernetesVersion }, []);
  assert.deepEqual(problems, []);
  const workspace = createWorkspace({ ...defaultConfig, ...given });
  for (const [name, other] of Object.entries(files)) workspace.setFile(`file:///repo/${name}`, other);
  workspace.setFile(uri, text);
  workspace.setComplete(true);
  return workspace.snapshot();
}

describe("a range of releases", () => {
  const told = (text: string, range: string) =>
    found(text, range)
      .findings(uri)
      .map(({ rule, text: words }) => `${rule}: ${words.slice(words.lastIndexOf("("))}`);

  test("says for which releases each finding is", () => {
    assert.deepEqual(told(manifest(together), "1.34 - 1.37"), ["max-unavailable-gated: (Kubernetes 1.34 to 1.36)"]);
    assert.deepEqual(told(manifest(together), "1.36-1.37"), ["max-unavailable-gated: (Kubernetes 1.36)"]);
    assert.deepEqual(told(manifest(together), "1.37..1.37"), []);
  });

  test("tells what is wrong on all of them once", () => {
    assert.deepEqual(
      found(manifest("replcas: 3"), "1.34 - 1.37")
        .findings(uri)
        .map(({ text }) => text),
      ["Unknown field `replcas` in `spec`. Did you mean `replicas`?"],
    );
  });

  test("keeps a comment that is needed on one of them", () => {
    const silenced = manifest(together).replace(
      "  updateStrategy",
      "  # ordinal-disable-next-line max-unavailable-gated\n  updateStrategy",
    );
    assert.deepEqual(told(silenced, "1.34 - 1.37"), []);
    assert.equal(told(silenced, "1.37").length, 1, "which is not needed on 1.37 alone");
  });

  test("answers the same after an edit as a new workspace", () => {
    const workspace = createWorkspace({
      ...defaultConfig,
      ...readSettings({ kubernetesVersion: "1.34 - 1.37" }, []).given,
    });
    workspace.setFile(uri, manifest(""));
    workspace.setComplete(true);
    assert.deepEqual(workspace.snapshot().findings(uri), []);
    workspace.setFile(uri, manifest(together));
    const again = found(manifest(together), "1.34 - 1.37").findings(uri);
    assert.deepEqual(workspace.snapshot().findings(uri), again);
  });
});

describe("kubernetesVersion: auto", () => {
  const releases = (files: Readonly<Record<string, string>>) => {
    const { kubernetesVersion, range } = found(manifest(""), "auto", files).configOf(uri);
    const all = range.length === 0 ? [{ kubernetesVersion }] : range;
    return all.map((one) => formatRelease(one.kubernetesVersion)).join(" ");
  };
  const kind = (image: string) =>
    `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n    image: kindest/node:${image}\n`;
  const chart = (version: string) => `apiVersion: v2\nname: till\nversion: 1.0.0\nkubeVersion: "${version}"\n`;
  const cases: readonly (readonly [title: string, files: Readonly<Record<string, string>>, expected: string])[] = [
    ["nothing is said", {}, "1.37"],
    ["a kind configuration", { "hack/kind.yaml": kind("v1.35.2@sha256:0123") }, "1.35.2"],
    [
      "a matrix of GitHub",
      {
        ".github/workflows/e2e.yaml":
          "jobs:\n  e2e:\n    strategy:\n      matrix:\n        k8s-version: [v1.33.1, 1.35.0]\n",
      },
      "1.33.1 1.35.0",
    ],
    [
      "a list below its key",
      { ".github/workflows/e2e.yml": "matrix:\n  kubernetes_version:\n    - 1.34\n    - '1.36'\nother:\n  - 1.30\n" },
      "1.34 1.36",
    ],
    ["a variable of GitLab", { ".gitlab-ci.yml": "variables:\n  KUBERNETES_VERSION: 1.34.0\n" }, "1.34.0"],
    ["another version in CI", { ".gitlab-ci.yml": "variables:\n  GO_VERSION: 1.34.0\n# k8s-version: 1.30\n" }, "1.37"],
    ["what a chart allows", { "deploy/Chart.yaml": chart(">=1.35.0-0") }, "1.35 1.36 1.37"],
    ["bounds on both sides", { "deploy/Chart.yaml": chart(">= 1.33.0-0 < 1.35.0-0") }, "1.33 1.34"],
    ["bounds on both sides, as Helm reads them", { "deploy/Chart.yaml": chart(">=1.33.0-0 <1.35.0-0") }, "1.33 1.34"],
    ["bounds without a comma or a sign", { "deploy/Chart.yaml": chart("1.34 - 1.35") }, "1.34 1.35"],
    ["more than a minor", { "deploy/Chart.yaml": chart(">1.35") }, "1.36 1.37"],
    ["more than a patch", { "deploy/Chart.yaml": chart(">1.35.0") }, "1.35 1.36 1.37"],
    ["one or another", { "deploy/Chart.yaml": chart("~1.34.0 || 1.36.x") }, "1.34 1.36"],
    ["only what is too new", { "deploy/Chart.yaml": chart("<1.36.0-0") }, "1.35"],
    ["all but one patch", { "deploy/Chart.yaml": chart("!=1.36.1") }, "1.37"],
    ["what runs counts more", { "Chart.yaml": chart(">=1.30"), "kind.yaml": kind("v1.36.1") }, "1.36.1"],
    ["the nearest counts", { "deploy/kind.yaml": kind("v1.35.0"), "other/kind.yaml": kind("v1.33.0") }, "1.35.0"],
  ];
  for (const [title, files, expected] of cases) test(title, () => assert.equal(releases(files), expected));

  test("a chart for releases that are not known yet", () => {
    const { newerRelease } = found(manifest(""), "auto", { "Chart.yaml": chart(">=1.38.0-0") }).configOf(uri);
    assert.deepEqual(newerRelease, { minor: 38, patch: undefined });
  });

  test("the configuration file tells what it has come to", () => {
    const config = ".ordinal.yaml";
    const analysis = found(manifest(""), "1.37", {
      [config]: "kubernetesVersion: auto\n",
      "kind.yaml": kind("v1.35.0"),
    });
    const [note] = analysis.findings(`file:///repo/${config}`);
    assert.equal(note?.text, "kind.yaml names Kubernetes 1.35.0: manifests are checked for it");
    assert.equal(note?.severity, "info");
    assert.equal(formatRelease(analysis.configOf(uri).kubernetesVersion), "1.35.0");
  });
});

describe("an upgrade", () => {
  const changes = (text: string, from: string, to: number) =>
    found(text, from)
      .upgrade(uri, { minor: to, patch: undefined })
      .changes.map(
        ({ severity, rule, path, text: words, source }) => `${severity} ${rule} ${path}: ${words} (${source})`,
      );
  const check = (text: string, from: string, to: number, expected: readonly RegExp[]) => {
    const all = changes(text, from, to);
    assert.equal(all.length, expected.length, all.join("\n"));
    for (const [index, pattern] of expected.entries()) assert.match(all[index] ?? "", pattern);
  };

  test("changes nothing for most", () => check(manifest(""), "1.34", 37, []));

  test("fields take effect and lose it", () => {
    const on =
      /^info upgrade spec\.updateStrategy\.rollingUpdate\.maxUnavailable: `maxUnavailable` takes effect: .*gates\/#MaxUnavailableStatefulSet\)$/;
    check(manifest(several), "1.36", 37, [on, /^info max-unavailable-ordered-ready .*: From Kubernetes 1\.37: /]);
    check(manifest(several), "1.34", 35, []);
    check(manifest(several), "1.35.0", 36, [
      /`maxUnavailable` is silently dropped: .* is on in 1\.35\.0 and off in 1\.36/,
      /No longer: .*OrderedReady/,
    ]);
    check(manifest("", "hostnameOverride: a"), "1.34", 35, [/`hostnameOverride` takes effect/]);
    check(manifest("", "securityContext: { seLinuxChangePolicy: MountOption }"), "1.36", 37, [
      /^info upgrade .*`seLinuxChangePolicy: MountOption` is accepted/,
      /^info schema-enum .*: No longer: /,
    ]);
  });

  test("refuses what it took", () => {
    check(manifest("", "hostAliases: [{ ip: 010.0.0.1, hostnames: [a] }]"), "1.34", 37, [
      /^error value-invalid spec\.template\.spec\.hostAliases\[0\]\.ip: From Kubernetes 1\.36: .*pull\/137053\)$/,
    ]);
    check(manifest("", "volumes: [{ name: m, image: {} }]"), "1.36", 37, [
      /^error schema-required .*From Kubernetes 1\.37.*pull\/135989/,
    ]);
  });

  test("says nothing of what a release brings that is not known yet", () => {
    check(manifest("", "", ", securityContext: { ulimits: [], seccompProfile: { type: OCI } }"), "1.37", 38, []);
    check(manifest("", "", ", securityContext: { ulimits: [] }"), "1.36", 39, []);
  });

  test("what was refused already is no news", () => {
    check(manifest("", "tolerations: [{ key: a, operator: Gt, value: '5' }]"), "1.34", 35, []);
    const near = manifest("").replace("clusterIP: None", "clusterIP: None, trafficDistribution: PreferSameNode");
    check(near, "1.32", 33, []);
    check(near, "1.33", 34, [/`trafficDistribution: PreferSameNode` is accepted/, /^info schema-enum .*: No longer: /]);
  });

  test("a refusal that becomes less is no longer one", () => {
    check(manifest("").replace("serviceName: till", ""), "1.32", 33, [/^info service-name-unset .*: No longer: /]);
  });

  test("moves pods in another way", () => {
    check(manifest("podManagementPolicy: Parallel"), "1.36", 37, [/another order.*pull\/137666/]);
    check(manifest("updateStrategy: { type: OnDelete }"), "1.36", 37, [/currentRevision.*pull\/136833/]);
    check(manifest("minReadySeconds: 10"), "1.33", 34, [/Available/]);
    check(manifest("", "securityContext: { seLinuxOptions: { level: 's0:c1,c2' } }"), "1.36", 37, [/pull\/139956/]);
  });

  test("gates of the settings are in force on both sides", () => {
    const workspace = createWorkspace({
      ...defaultConfig,
      kubernetesVersion: { minor: 36, patch: undefined },
      featureGates: { MaxUnavailableStatefulSet: true },
    });
    workspace.setFile(uri, manifest(several));
    assert.deepEqual(workspace.snapshot().upgrade(uri, { minor: 37, patch: undefined }).changes, []);
  });

  test("leaves out an API that is gone", () => {
    const old =
      "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: till }\nspec: { selector: { matchLabels: { app: till } }, maxUnavailable: 1 }\n";
    const [change, ...others] = changes(`${manifest("")}---\n${old}`, "1.24", 25);
    assert.match(change ?? "", /^error api-deprecated .*From Kubernetes 1\.25: /);
    assert.deepEqual(others, []);
  });
});
