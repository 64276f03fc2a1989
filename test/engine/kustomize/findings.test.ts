import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { createWorkspace, analyse, root } from "../../harness/workspace.js";

/** Each finding as `file:line rule: text`. */
function found(fixture: string): readonly string[] {
  const analysis = analyse(fixture);
  return [...analysis.uris()].toSorted().flatMap((uri) =>
    analysis.findings(uri).map(({ rule, text, span }) => {
      const line = analysis.lines(uri)?.position(span.start).line ?? 0;
      return `${uri.slice(root.length)}:${line} ${rule}: ${text}`;
    }),
  );
}

const statefulSet = (
  options: { serviceName?: string; labels?: string; selector?: string; rest?: string } = {},
) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: ${options.serviceName ?? "db"}
  selector:
    matchLabels: ${options.selector ?? "{ app: db }"}
  template:
    metadata:
      labels: ${options.labels ?? "{ app: db }"}
    spec:
      containers:
        - name: db
          image: example/db
${options.rest ?? ""}`;

const service = (name = "db", selector = "{ app: db }") => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: None
  selector: ${selector}
`;

const autoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }, maxReplicas: 5 }
`;

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly findings: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: "what an overlay merges into a generated ConfigMap or Secret adds no field that its kind does not have",
    files: {
      "base/kustomization.yaml": `resources: [set.yaml, service.yaml]
configMapGenerator: [{ name: settings, literals: [mode=base] }]
secretGenerator: [{ name: keys, literals: [token=base] }]
`,
      "base/set.yaml": statefulSet(),
      "base/service.yaml": service(),
      "overlay/kustomization.yaml": `resources: [../base]
configMapGenerator: [{ name: settings, behavior: merge, literals: [mode=prod] }]
secretGenerator: [{ name: keys, behavior: replace, literals: [token=prod] }]
`,
    },
    findings: [],
  },
  {
    title: "labels that only the overlay adds are those of the pods",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "base/set.yaml": statefulSet({ labels: "{ app: db, part: db }", selector: "{ app: db, team: blue }" }),
      "base/service.yaml": service("db", "{ team: blue }"),
      "overlay/kustomization.yaml": "resources: [../base]\ncommonLabels: { team: blue }\n",
    },
    findings: [],
  },
  {
    title: "an autoscaler beside the kustomization, of which no build has anything, is applied too",
    files: {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "set.yaml": statefulSet({ rest: "  replicas: 3\n" }),
      "service.yaml": service(),
      "autoscaler.yaml": autoscaler,
    },
    findings: [
      "set.yaml:16 replicas-with-hpa: HorizontalPodAutoscaler `db` scales this set, and each apply sets `replicas` back to 3",
    ],
  },
  {
    title: "an autoscaler that only another kustomization builds is not",
    files: {
      "one/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "one/set.yaml": statefulSet({ rest: "  replicas: 3\n" }),
      "one/service.yaml": service(),
      "two/kustomization.yaml": "resources: [autoscaler.yaml]\n",
      "two/autoscaler.yaml": autoscaler,
    },
    findings: [],
  },
  {
    title: "a Service that only the overlay has counts, with the prefix of both",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml]\n",
      "base/set.yaml": statefulSet(),
      "overlays/prod/kustomization.yaml": "resources: [../../base, service.yaml]\nnamePrefix: prod-\n",
      "overlays/prod/service.yaml": service(),
    },
    findings: [],
  },
  {
    title: "what a transformer of its own and a configuration change is known",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml, service.yaml]\nconfigurations: [fields.yaml]\n",
      "base/fields.yaml": "varReference: [{ path: metadata/annotations }]\n",
      "base/set.yaml": statefulSet({ serviceName: "bd" }),
      "base/service.yaml": service(),
      "overlay/kustomization.yaml": "resources: [../base]\ntransformers: [prefix.yaml]\n",
      "overlay/prefix.yaml":
        "apiVersion: builtin\nkind: PrefixTransformer\nmetadata: { name: p }\nprefix: my-\n" +
        "fieldSpecs: [{ path: metadata/name }]\n",
    },
    findings: [
      "base/set.yaml:6 service-missing: Service `bd` does not exist. Did you mean `my-db`, which selects these pods?",
    ],
  },
  {
    title: "yes is a text to kustomize",
    files: {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "set.yaml": statefulSet({ rest: "          env: [{ name: A, value: yes }]\n" }),
      "service.yaml": service(),
    },
    findings: [],
  },
  {
    title: "a tag in a comment changes nothing",
    files: {
      "kustomization.yaml": "# as in {{ .ProjectName }}\nresources: [set.yaml]\n",
      "set.yaml": `# for {{ .ProjectName }}\n${statefulSet({ labels: "{ app: other }" })}`,
    },
    findings: [
      "set.yaml:7 service-missing: Service `db` does not exist in these manifests, which have no Service at all",
      "set.yaml:12 selector-labels-mismatch: The selector needs `app=db`, but the template has `app=other`",
    ],
  },
  {
    title: "what is wrong in one of several builds says in which",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml]\n",
      "base/set.yaml": statefulSet(),
      "overlays/prod/kustomization.yaml": "resources: [../../base, service.yaml]\n",
      "overlays/prod/service.yaml": service(),
      "overlays/test/kustomization.yaml": "resources: [../../base, service.yaml]\n",
      "overlays/test/service.yaml": service("db", "{ app: database }"),
    },
    findings: [
      "base/set.yaml:6 service-selector-mismatch: Service `db` selects `app=database`, but these pods have `app=db` (in overlays/test)",
    ],
  },
  {
    title: "what a patch brings is told in the patch",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "base/set.yaml": statefulSet(),
      "base/service.yaml": service(),
      "overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{ path: set.yaml }]\n",
      "overlays/prod/set.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: dbx
`,
      "overlays/test/kustomization.yaml": `resources: [../../base]
patches:
  - target: { kind: StatefulSet }
    patch: |-
      - op: add
        path: /spec/podManagementPolicy
        value: parallel
      - op: add
        path: /spec/template/spec/containers/0/volumeMounts
        value:
          - name: data
            mountPath: /data
`,
    },
    findings: [
      "overlays/prod/set.yaml:6 service-missing: Service `dbx` does not exist. Did you mean `db`, which selects these pods?",
      "overlays/test/kustomization.yaml:7 schema-enum: `podManagementPolicy: parallel` is not valid. Use `Parallel` or `OrderedReady`",
      "overlays/test/kustomization.yaml:11 mount-unknown-volume: Volume `data` does not exist, and no claim template has this name",
    ],
  },
  {
    title: "nothing is missing from a build that is not fully known",
    files: {
      "kustomization.yaml": "resources: [set.yaml, https://example.com/service.yaml]\n",
      "set.yaml": statefulSet(),
    },
    findings: [],
  },
  {
    title: "a plugin may change everything",
    files: {
      "kustomization.yaml": "resources: [set.yaml]\ntransformers: [plugin.yaml]\n",
      "set.yaml": statefulSet({ serviceName: "dbx", selector: "{ app: other }", rest: "  volumeClaimTemplates: []\n" }),
    },
    findings: [],
  },
  {
    title: "a component is judged as those that include it have it",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml]\n",
      "base/set.yaml": statefulSet(),
      "component/kustomization.yaml": "kind: Component\nresources: [service.yaml]\n",
      "component/service.yaml": service("db", "{ app: db }"),
      "overlay/kustomization.yaml": "resources: [../base]\ncomponents: [../component]\n",
    },
    findings: [],
  },
  {
    title: "kustomizations that include each other, or themselves, or what is not there, end",
    files: {
      "a/kustomization.yaml": "resources: [../b, set.yaml]\n",
      "a/set.yaml": statefulSet(),
      "b/kustomization.yaml": "resources: [../a, ., ../../../../../../etc, '']\ncomponents: [../b]\n",
      "c/kustomization.yaml": "resources: [../c, ../a]\n",
    },
    findings: [
      "b/kustomization.yaml:1 kustomization-fails: `../a` contains this kustomization: Kustomize refuses the cycle",
      "b/kustomization.yaml:1 kustomization-fails: `.` contains this kustomization: Kustomize refuses the cycle",
      "b/kustomization.yaml:2 kustomization-fails: `../b` is not a Component: list it in `resources`, or set its `kind` to `Component`",
      "c/kustomization.yaml:1 kustomization-fails: `../c` contains this kustomization: Kustomize refuses the cycle",
    ],
  },
  {
    title: "a kustomization that cannot be read is told, and nothing of its resources",
    files: {
      "kustomization.yaml": "resources:\n  - set.yaml\npatches:\n  - target: {\n",
      "set.yaml": statefulSet({ serviceName: "dbx" }),
    },
    findings: ["kustomization.yaml:4 kustomization-fails: Kustomize cannot read this file: This `{` is never closed"],
  },
  {
    title: "an object of Flux that is named like a kustomization is none",
    files: {
      "kustomization.yaml":
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: db }\nspec: { path: ./db }\n",
      "set.yaml": statefulSet(),
      "service.yaml": service("database"),
    },
    findings: [
      "set.yaml:6 service-missing: Service `db` does not exist. Did you mean `database`, which selects these pods?",
    ],
  },
  {
    title: "a kustomization may do without a suffix",
    files: {
      Kustomization: "resources: [set.yaml, other.yaml]\n",
      "set.yaml": statefulSet(),
      "other.yaml": service("db", "{ app: other }"),
      "loose.yaml": service("db"),
    },
    findings: ["set.yaml:6 service-selector-mismatch: Service `db` selects `app=other`, but these pods have `app=db`"],
  },
  {
    title: "variants of one set with the same names do not meet",
    files: {
      "one/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "one/set.yaml": statefulSet(),
      "one/service.yaml": service(),
      "two/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "two/set.yaml": statefulSet({ serviceName: "db2" }),
      "two/service.yaml": service("db2"),
    },
    findings: [],
  },
  {
    title: "names that a URI escapes are the names in a kustomization",
    files: {
      "my%20base%2B/kustomization.yaml": "resources: ['a b.yaml']\n",
      "my%20base%2B/a%20b.yaml": statefulSet({ serviceName: "dbx" }),
      "top/kustomization.yaml": "resources: ['../my base+', 'ä.yaml']\nnamePrefix: x-\n",
      "top/%C3%A4.yaml": service("db"),
    },
    findings: [
      "my%20base%2B/a%20b.yaml:6 service-missing: Service `dbx` does not exist. Did you mean `x-db`, which selects these pods?",
    ],
  },
  {
    title: "keys that are written win over merged ones in what kustomize reads, wherever they stand",
    files: {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "service.yaml": service(),
      "set.yaml": statefulSet({ labels: "{ app: web, <<: { app: db } }" }),
    },
    findings: [
      "set.yaml:6 service-selector-mismatch: Service `db` selects `app=db`, but these pods have `app=web`",
      "set.yaml:11 selector-labels-mismatch: The selector needs `app=db`, but the template has `app=web`",
    ],
  },
  {
    title: "and the later one wins in what kubectl reads",
    files: { "set.yaml": statefulSet({ labels: "{ app: web, <<: { app: db } }" }), "service.yaml": service() },
    findings: [],
  },
  {
    title: "items of a patch without their key are told, with what they cost",
    files: {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\npatches: [{ path: patch.yaml }]\n",
      "service.yaml": service(),
      "set.yaml": statefulSet({ rest: "          ports: [{ containerPort: 1 }]\n" }),
      "patch.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  template:
    spec:
      tolerations: [{ operator: Exists }]
      containers:
        - name: db
          ports: [{ name: main }]
        - image: example/other
`,
    },
    findings: [
      "patch.yaml:11 patch-item-without-key: This item of `containers` has no `name`: Kustomize drops every item of `containers` that the patch does not name",
    ],
  },
  {
    title: "what a patch takes away is told where it does",
    files: {
      "kustomization.yaml":
        "resources: [set.yaml, service.yaml]\npatches: [{ path: patch.yaml }, { path: json.yaml, target: { kind: StatefulSet } }]\n",
      "service.yaml": service(),
      "set.yaml": statefulSet(),
      "patch.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  serviceName: null\n",
      "json.yaml": "- op: remove\n  path: /spec/template/metadata/labels/app\n",
    },
    findings: [
      "json.yaml:2 selector-labels-mismatch: The selector needs `app=db`, but the template has no label `app`",
      "patch.yaml:5 service-name-unset: Without `serviceName` the pods have no DNS names of their own",
    ],
  },
  {
    title: "what an overlay brings that the base does not fit is reported in the overlay",
    files: {
      "base/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "base/service.yaml": service(),
      "base/set.yaml": statefulSet({
        rest: `          volumeMounts: [{ name: data, mountPath: /data }]
          ports: [{ name: main, containerPort: 80 }]
          readinessProbe: { tcpSocket: { port: main } }
  updateStrategy: { rollingUpdate: { partition: 0 } }
  volumeClaimTemplates:
    - { metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }
`,
      }),
      "claims/kustomization.yaml": "resources: [../base]\npatches: [{ path: patch.yaml }]\n",
      "claims/patch.yaml":
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  volumeClaimTemplates: null\n",
      "ports/kustomization.yaml":
        "resources: [../base]\npatches:\n- target: { kind: StatefulSet }\n  patch: |\n    - { op: remove, path: /spec/template/spec/containers/0/ports }\n",
      "selector/kustomization.yaml": "resources: [../base]\npatches: [{ path: patch.yaml }]\n",
      "selector/patch.yaml":
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  selector: { matchLabels: { app: other } }\n",
      "strategy/kustomization.yaml":
        "resources: [../base]\npatches:\n- target: { kind: StatefulSet }\n  patch: |\n    - { op: add, path: /spec/updateStrategy/type, value: OnDelete }\n",
    },
    findings: [
      "claims/patch.yaml:5 mount-unknown-volume: Volume `data` does not exist, and no claim template has this name",
      "ports/kustomization.yaml:5 probe-port-unknown: Container `db` has no port named `main`, so the readinessProbe cannot work",
      "selector/patch.yaml:5 selector-labels-mismatch: The selector needs `app=other`, but the template has `app=db`",
      "strategy/kustomization.yaml:5 rolling-config-with-ondelete: `rollingUpdate` is not allowed with `type: OnDelete`",
    ],
  },
  {
    title: "a patch is not judged by what its directives take away",
    files: {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\npatches: [{ path: patch.yaml }]\n",
      "service.yaml": service(),
      "set.yaml": statefulSet({ rest: "  updateStrategy: { rollingUpdate: { partition: 1 } }\n" }),
      "patch.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  updateStrategy: { type: OnDelete, rollingUpdate: { $patch: delete } }
`,
    },
    findings: [],
  },
  {
    title: "a label of a claim template says which kustomize writes it",
    files: {
      "kustomization.yaml":
        "resources: [set.yaml, service.yaml]\nlabels: [{ pairs: { app.kubernetes.io/version: '1' }, includeTemplates: true }]\n",
      "service.yaml": service(),
      "set.yaml": statefulSet({
        rest: "  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]\n",
      }),
    },
    findings: [
      "kustomization.yaml:2 vct-volatile-label: The label `app.kubernetes.io/version` changes with an upgrade, but claim templates cannot be changed (kubectl 1.37 has kustomize 5.8.1, which labels claim templates too)",
      "set.yaml:16 vct-not-mounted: No container mounts `data`: each pod's PVC stays empty",
    ],
  },
  {
    title: "a patch that looks complete is a patch all the same",
    files: {
      "kustomization.yaml": "resources: [base.yaml, service.yaml]\npatchesStrategicMerge: [set.yaml]\n",
      "base.yaml": statefulSet({ labels: "{ app: db, tier: back }" }),
      "service.yaml": service("db", "{ app: db, tier: back }"),
      "set.yaml": statefulSet(),
    },
    findings: [],
  },
];

function fixtureOf(files: Case["files"]): string {
  return Object.entries(files)
    .map(([name, text]) => `# file: ${name}\n${text}`)
    .join("");
}

describe("documents are judged as kustomize builds them", () => {
  for (const { title, files, findings } of cases) {
    test(title, () => {
      assert.deepEqual(
        found(fixtureOf(files)).filter((one) => !/ (?:pdb|antiaffinity)-missing/.test(one)),
        findings,
      );
    });
  }

  test("fixes edit what stands in the document as it is built, and nothing that a patch has changed", () => {
    const files = {
      "kustomization.yaml": "resources: [set.yaml, service.yaml]\npatches: [{ path: patch.yaml }]\n",
      "set.yaml": statefulSet({ serviceName: "dbx" }),
      "service.yaml": service(),
    };
    const patch = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: ";
    const titles = (spec: string, file: string) => {
      const analysis = analyse(fixtureOf({ ...files, "patch.yaml": patch + spec }));
      return analysis.fixes(root + file, { start: 0, end: 1000 }).map(({ title, changes }) => ({
        title,
        files: changes.map(({ uri }) => uri.slice(root.length)),
      }));
    };
    assert.deepEqual(titles("{ replicas: 1 }\n", "set.yaml").slice(0, 1), [
      { title: "Use Service `db`", files: ["set.yaml"] },
    ]);
    assert.deepEqual(titles("{ serviceName: dby }\n", "set.yaml"), []);
    assert.deepEqual(titles("{ serviceName: dby }\n", "patch.yaml").slice(0, 1), [
      { title: "Use Service `db`", files: ["patch.yaml"] },
    ]);
  });
});

test("a fix in a base is for a person to look at where not all builds need it", () => {
  const set = statefulSet({ serviceName: "dbx" });
  const applicability = (more: Readonly<Record<string, string>>) => {
    const files = { "base/kustomization.yaml": "resources: [set.yaml]\n", "base/set.yaml": set, ...more };
    const fixes = analyse(fixtureOf(files)).fixes(`${root}base/set.yaml`, { start: 0, end: 1000 });
    return fixes.map((fix) => `${fix.title}: ${fix.applicability}`);
  };
  const one = { "one/kustomization.yaml": "resources: [../base, s.yaml]\n", "one/s.yaml": service() };
  const two = {
    "two/kustomization.yaml": "resources: [../base, s.yaml]\n",
    "two/s.yaml": service("dbx", "{ app: other }"),
  };
  assert.equal(applicability(one).includes("Use Service `db`: review"), true);
  assert.equal(
    applicability({ ...one, ...two }).some((fix) => fix.includes("safe")),
    false,
  );
});

test("a comment that silences what a build may have is not called needless while the build is not known", () => {
  const set = `# ordinal-disable service-missing -- a chart makes it\n${statefulSet()}`;
  const kustomization = (rest: string) =>
    fixtureOf({ "kustomization.yaml": `resources: [set.yaml]\n${rest}`, "set.yaml": set });
  assert.deepEqual(found(kustomization("helmCharts: [{ name: db }]\n")), []);
  assert.deepEqual(found(kustomization("")), []);
  const withService = fixtureOf({
    "kustomization.yaml": "resources: [set.yaml, s.yaml]\n",
    "set.yaml": set,
    "s.yaml": service(),
  });
  assert.deepEqual(found(withService), [
    "set.yaml:1 unused-suppression: `service-missing` finds nothing here. Remove this comment",
  ]);
});

test("what a kustomization or a JSON patch brings has no fix that would edit it as a manifest", () => {
  const files = {
    "kustomization.yaml":
      "resources: [set.yaml]\ncommonLabels: { helm.sh/chart: db-1.2.3 }\npatches: [{ path: p.yaml, target: { kind: StatefulSet } }]\n",
    "set.yaml": statefulSet(),
    "p.yaml": "- op: add\n  path: /spec/podManagementPolicy\n  value: parallel\n",
  };
  const analysis = analyse(fixtureOf(files));
  for (const name of ["kustomization.yaml", "p.yaml"]) {
    const uri = root + name;
    assert.equal(analysis.findings(uri).length > 0, true, name);
    assert.deepEqual(analysis.fixes(uri, { start: 0, end: 1000 }), []);
  }
});

describe("a kustomization costs what it must", () => {
  test("a keystroke in one document leaves the findings of the others as they are", () => {
    const workspace = createWorkspace(defaultConfig);
    const set = root + "set.yaml";
    workspace.setFile(root + "kustomization.yaml", "resources: [set.yaml, service.yaml]\nnamePrefix: a-\n");
    workspace.setFile(set, statefulSet());
    workspace.setFile(root + "service.yaml", service());
    workspace.setComplete(true);
    const rules = () =>
      workspace
        .snapshot()
        .findings(set)
        .map(({ rule }) => rule);
    assert.deepEqual(rules(), []);
    workspace.setFile(root + "service.yaml", service("database"));
    assert.deepEqual(rules(), ["service-missing"]);
    workspace.setFile(root + "kustomization.yaml", "resources: [set.yaml]\nhelmCharts: [{ name: db }]\n");
    assert.deepEqual(rules(), []);
    workspace.removeFile(root + "kustomization.yaml");
    assert.deepEqual(rules(), ["service-missing"]);
  });
});
