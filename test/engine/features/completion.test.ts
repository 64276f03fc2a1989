import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { defaultConfig, type Analysis, type Config } from "../../../server/src/engine/api.js";
import type { CompletionItem, Completions } from "../../../server/src/engine/features/completion/item.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { repo } from "../../harness/repo.js";
import { createWorkspace, analyse, filesOf, root } from "../../harness/workspace.js";
import { completionsIn } from "../../harness/features.js";
import { many, sampled } from "../../harness/fast.js";

/** The cursor is `|`, of which a fixture has one; `# file:` begins another file. */
interface Case {
  readonly text: string;
  readonly config?: Config;
  /** The labels of all that is offered, or of the first where the last one here is `...`. */
  readonly offers?: readonly string[];
  /** What is chosen: the first, unless it is named. */
  readonly choose?: string;
  /** The text afterwards, the cursor as `|`. */
  readonly becomes?: string;
}

function check({ text, config, offers, choose, becomes }: Case): void {
  const found = completionsAt(text, config);
  const labels = found?.items.map(({ label }) => label) ?? [];
  if (offers !== undefined) {
    const isOpen = offers.at(-1) === "...";
    const expected = isOpen ? offers.slice(0, -1) : offers;
    assert.deepEqual(isOpen ? labels.slice(0, expected.length) : labels, expected);
  }
  if (becomes !== undefined) {
    assert.ok(found);
    const item = choose === undefined ? found.items[0] : found.items.find(({ label }) => label === choose);
    assert.ok(item, `${choose} is among ${labels.join(", ")}`);
    assert.equal(chosen(text, found, item), becomes);
  }
}

function completionsAt(marked: string, config: Config = defaultConfig): Completions | undefined {
  for (const [name, text] of filesOf(marked)) {
    const offset = text.indexOf("|");
    if (offset < 0) continue;
    const analysis = marked === "|" ? emptyFile(config) : analyse(marked.replace("|", ""), config);
    return completionsIn(analysis, root + name, offset, "user");
  }
  return undefined;
}

/** Fixtures have no files without text. */
function emptyFile(config: Config): Analysis {
  const workspace = createWorkspace(config);
  workspace.setFile(`${root}main.yaml`, "");
  return workspace.snapshot();
}

/** The text with an item in place of what was typed of it, and a `|` where the user goes on. */
function chosen(marked: string, { word }: Completions, { insert }: CompletionItem): string {
  const offset = marked.indexOf("|");
  const parts = [...insert.parts, ...insert.below];
  const stop = parts.findIndex((part) => typeof part === "object" && part.stop === 0);
  const text = (from: number, to?: number) =>
    parts
      .slice(from, to)
      .map((part) => (typeof part === "string" ? part : part.text))
      .join("");
  const inserted = stop < 0 ? `${text(0)}|` : `${text(0, stop)}|${text(stop + 1)}`;
  return marked.slice(0, word.start) + inserted + marked.slice(offset + 1);
}

const head = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n";
const set = (spec: string) => `${head}spec:\n${spec}`;
const template =
  "  selector:\n    matchLabels:\n      app: db\n  template:\n    metadata:\n      labels:\n        app: db\n    spec:\n";
const pods = (spec: string) => set(template + spec);
const container = (fields: string) =>
  pods(`      containers:\n        - name: db\n          image: postgres:17\n${fields}`);

const fields: Readonly<Record<string, Case>> = {
  "fields that are not there yet, as an author writes them": {
    text: set("  replicas: 3\n  |\n"),
    offers: ["serviceName", "selector", "template", "volumeClaimTemplates", "..."],
  },
  "a key that is being typed, before others": {
    text: set("  serv|\n  replicas: 3\n"),
    choose: "serviceName",
    becomes: set("  serviceName: |\n  replicas: 3\n"),
  },
  "a key that is being typed, as the only one": {
    text: set("  repl|"),
    choose: "replicas",
    becomes: set("  replicas: |"),
  },
  "at the outermost level": { text: `${head}spe|`, offers: ["spec"], becomes: `${head}spec:\n  |` },
  "a map goes on below": {
    text: set("  |\n  replicas: 3\n"),
    choose: "updateStrategy",
    becomes: set("  updateStrategy:\n    |\n  replicas: 3\n"),
  },
  "a list goes on with its first item, where the document indents lists": {
    text: container("      vol|\n"),
    choose: "volumes",
    becomes: container("      volumes:\n        - |\n"),
  },
  "a list goes on with its first item, flush with its key otherwise": {
    text: set("  volumeC|\n"),
    choose: "volumeClaimTemplates",
    becomes: set("  volumeClaimTemplates:\n  - |\n"),
  },
  "indented by four": {
    text: "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n    name: db\nspec:\n    upd|\n",
    choose: "updateStrategy",
    becomes: "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n    name: db\nspec:\n    updateStrategy:\n        |\n",
  },
  "what is below already stays": {
    text: set("  templ|\n    metadata: {}\n"),
    choose: "template",
    becomes: set("  template: |\n    metadata: {}\n"),
  },
  "another name for a key": {
    text: set("  repli|cas: 3\n"),
    choose: "minReadySeconds",
    becomes: set("  minReadySeconds|cas: 3\n"),
  },
  "a new item": { text: pods("      containers:\n        - |\n"), offers: ["name", "image", "imagePullPolicy", "..."] },
  "a new item before keys of its own": {
    text: pods("      containers:\n        - |\n          image: postgres:17\n"),
    offers: ["name", "imagePullPolicy", "..."],
  },
  "a new item that is being typed": {
    text: pods("      containers:\n      - na|\n"),
    becomes: pods("      containers:\n      - name: |\n"),
  },
  "a map in an item": {
    text: pods("      containers:\n      - secu|\n"),
    choose: "securityContext",
    becomes: pods("      containers:\n      - securityContext:\n          |\n"),
  },
  "in an item, below": { text: container("          |\n"), offers: ["imagePullPolicy", "command", "..."] },
  "in braces": { text: `${head}spec: {|}\n`, choose: "replicas", becomes: `${head}spec: {replicas: |}\n` },
  "in braces, behind others": {
    text: `${head}spec: {replicas: 3, |}\n`,
    choose: "template",
    becomes: `${head}spec: {replicas: 3, template: {|}}\n`,
  },
  "in braces over several lines": {
    text: `${head}spec: {\n  replicas: 3,\n  volume|\n}\n`,
    choose: "volumeClaimTemplates",
    becomes: `${head}spec: {\n  replicas: 3,\n  volumeClaimTemplates: [|]\n}\n`,
  },
  "in JSON": {
    text: '{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"|"}}',
    choose: "replicas",
    becomes: '{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"replicas|"}}',
  },
  "in an item of a List": {
    text: `apiVersion: v1\nkind: List\nitems:\n- ${set("  |\n").replaceAll("\n", "\n  ").trimEnd()}\n`,
    offers: ["serviceName", "replicas", "..."],
  },
  "in an item of a typed list": {
    text: "apiVersion: apps/v1\nkind: StatefulSetList\nitems:\n- spec:\n    |\n",
    offers: ["serviceName", "replicas", "..."],
  },
  "in an OpenShift template": {
    text: `apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- ${set("  replicas: ${{REPLICAS}}\n  |\n").replaceAll("\n", "\n  ").trimEnd()}\n`,
    offers: ["serviceName", "selector", "..."],
  },
  "in the second document": {
    text: `apiVersion: v1\nkind: Service\nspec:\n  selector: {}\n---\n${set("  |\n")}---\napiVersion: v1\nkind: Secret\n`,
    offers: ["serviceName", "replicas", "..."],
  },
  "with Windows line ends": {
    text: set("  replicas: 3\n  upd|\n").replaceAll("\n", "\r\n"),
    choose: "updateStrategy",
    becomes: set("  replicas: 3\n  updateStrategy:\n    |\n").replaceAll("\n", "\r\n"),
  },
  "behind a byte order mark": { text: `\uFEFF${set("  |\n")}`, offers: ["serviceName", "replicas", "..."] },
  "between empty lines": { text: set("\n\n  |\n\n  replicas: 3\n"), offers: ["serviceName", "selector", "..."] },
  "beside another line that is broken": {
    text: set("  |\n  template:\n    spec:\n      containers: [\n"),
    offers: ["serviceName", "replicas", "..."],
  },
  "only what the release knows": {
    text: pods("      containers: []\n      hostnameO|\n"),
    config: { ...defaultConfig, kubernetesVersion: { minor: 30, patch: undefined } },
    choose: "hostUsers",
    becomes: pods("      containers: []\n      hostUsers: |\n"),
  },
  "a serviceName is required until 1.32": {
    text: set("  |\n"),
    config: { ...defaultConfig, kubernetesVersion: { minor: 32, patch: undefined } },
    offers: ["serviceName", "replicas", "selector", "template", "..."],
  },
  "nothing that only the cluster writes": {
    text: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  |\n",
    offers: ["name", "namespace", "labels", "annotations", "finalizers", "generateName", "ownerReferences"],
  },
  "amounts for a container": {
    text: container("          resources:\n            requests:\n              cpu: 1\n              |\n"),
    offers: ["memory", "ephemeral-storage"],
  },
  "the amount for a claim": {
    text: set("  volumeClaimTemplates:\n    - spec:\n        resources: {requests: {|}}\n"),
    offers: ["storage"],
    becomes: set("  volumeClaimTemplates:\n    - spec:\n        resources: {requests: {storage: |}}\n"),
  },
  "a claim's metadata before its spec": {
    text: set("  volumeClaimTemplates:\n    - |\n"),
    offers: ["metadata", "spec", "..."],
  },
  "before a comment": {
    text: set("  podManagementPolicy: | # why\n"),
    becomes: set("  podManagementPolicy: OrderedReady| # why\n"),
  },
  "beside a merge key": {
    text: `${head}x-more: &more {replicas: 3}\nspec:\n  <<: *more\n  |\n`,
    offers: [
      "serviceName",
      "selector",
      "template",
      "volumeClaimTemplates",
      "persistentVolumeClaimRetentionPolicy",
      "podManagementPolicy",
      "updateStrategy",
      "...",
    ],
  },
  "kinds for an apiVersion": {
    text: "apiVersion: apps/v1\nkind: |\n",
    offers: ["StatefulSet"],
    becomes: "apiVersion: apps/v1\nkind: StatefulSet|\n",
  },
  "an apiVersion for a kind": {
    text: "apiVersion: |\nkind: HorizontalPodAutoscaler\n",
    offers: ["autoscaling/v1", "autoscaling/v2"],
  },
  "what is missing of apiVersion and kind": { text: "kind: StatefulSet\n|", offers: ["apiVersion"] },
};

const values: Readonly<Record<string, Case>> = {
  "an enumeration": {
    text: set("  podManagementPolicy: |\n"),
    offers: ["OrderedReady", "Parallel"],
    becomes: set("  podManagementPolicy: OrderedReady|\n"),
  },
  "a value that is being typed": {
    text: set("  podManagementPolicy: Pa|\n"),
    choose: "Parallel",
    becomes: set("  podManagementPolicy: Parallel|\n"),
  },
  "right behind the colon": {
    text: set("  podManagementPolicy:|\n  replicas: 3\n"),
    becomes: set("  podManagementPolicy: OrderedReady|\n  replicas: 3\n"),
  },
  "in quotes": {
    text: set('  podManagementPolicy: "|"\n'),
    becomes: set('  podManagementPolicy: "OrderedReady|"\n'),
  },
  "behind a quote that is not closed": {
    text: set("  podManagementPolicy: 'Or|\n  replicas: 3\n"),
    becomes: set("  podManagementPolicy: 'OrderedReady|\n  replicas: 3\n"),
  },
  "only values of the release": {
    text: set("  updateStrategy:\n    type: |\n"),
    offers: ["OnDelete", "RollingUpdate"],
  },
  "in braces": {
    text: `${head}spec: {updateStrategy: {type: |}}\n`,
    becomes: `${head}spec: {updateStrategy: {type: OnDelete|}}\n`,
  },
  "in braces that are not closed": {
    text: `${head}spec: {updateStrategy: {type: |\n`,
    offers: ["OnDelete", "RollingUpdate"],
  },
  "true and false": { text: pods("      hostNetwork: |\n"), offers: ["true", "false"] },
  "an item of a list": {
    text: set("  volumeClaimTemplates:\n  - spec:\n      accessModes:\n      - ReadWriteMany\n      - |\n"),
    offers: ["ReadOnlyMany", "ReadWriteOnce", "ReadWriteOncePod"],
  },
  "an item in brackets": {
    text: set("  volumeClaimTemplates:\n  - spec:\n      accessModes: [|]\n"),
    choose: "ReadWriteOnce",
    becomes: set("  volumeClaimTemplates:\n  - spec:\n      accessModes: [ReadWriteOnce|]\n"),
  },
  "a list on its key's line": {
    text: set("  volumeClaimTemplates:\n  - spec:\n      accessModes: |\n"),
    choose: "ReadWriteOnce",
    becomes: set("  volumeClaimTemplates:\n  - spec:\n      accessModes: [ReadWriteOnce]|\n"),
  },
  "a set's pods always restart": { text: pods("      restartPolicy: |\n"), offers: ["Always"] },
};

const service = (name: string, spec: string) =>
  `---\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;
const services =
  service("web", "{selector: {app: web}}") +
  service("db-lb", "{type: LoadBalancer, selector: {app: db}}") +
  service("db", "{clusterIP: None, selector: {app: db}}") +
  service("web-peers", "{clusterIP: None, selector: {app: web}}");
const mounts = (rest: string) =>
  container(
    `          volumeMounts:\n            - name: data\n              mountPath: /data\n            - name: |\n      volumes:\n        - name: config\n          configMap: {name: db}\n${rest}`,
  );
const claims = "  volumeClaimTemplates:\n    - metadata:\n        name: data\n    - metadata:\n        name: logs\n";

const antiAffinity = (expression: string) =>
  pods(
    `      affinity:\n        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            - labelSelector: {matchExpressions: [${expression}]}\n`,
  );
const env = (from: string) => container(`          env:\n            - name: X\n              valueFrom: {${from}}\n`);
const object = (apiVersion: string, kind: string, rest: string) =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\n${rest}\n`;
const data =
  object("v1", "ConfigMap", "metadata: {name: settings}\ndata: {db.conf: x, level: y}\nbinaryData: {logo: eA==}") +
  object("v1", "Secret", "metadata: {name: login}\ndata: {user: eA==}\nstringData: {password: x, user: x}") +
  object("v1", "ServiceAccount", "metadata: {name: runner}");

const references: Readonly<Record<string, Case>> = {
  "Services for a set, those that it needs first": {
    text: pods("      containers: []\n") + "  serviceName: |\n# file: services.yaml\n" + services,
    offers: ["db", "db-lb", "web-peers", "web"],
    becomes: pods("      containers: []\n") + "  serviceName: db|\n# file: services.yaml\n" + services,
  },
  "a Service of another namespace is none": {
    text:
      set("  serviceName: |\n").replace("name: db", "name: db\n  namespace: a") +
      service("db", "{}").replace("name: db", "name: db\n  namespace: b"),
    offers: [],
  },
  "volumes and claim templates, those that are not mounted yet first": {
    text: mounts(claims),
    offers: ["logs", "config", "data"],
  },
  "a claim by its name": {
    text:
      pods("      volumes:\n        - name: data\n          persistentVolumeClaim: {claimName: |}\n") +
      "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: shared\n",
    offers: ["shared"],
  },
  "a StorageClass": {
    text:
      set("  volumeClaimTemplates:\n  - spec:\n      storageClassName: |\n") +
      "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: fast\nprovisioner: x\n",
    offers: ["fast"],
  },
  "labels of the template for the selector": {
    text: pods("      containers: []\n")
      .replace("      app: db\n", "      |\n")
      .replace("labels:", "labels:\n        tier: a"),
    offers: ["tier: a", "app: db"],
    choose: "app: db",
    becomes: pods("      containers: []\n")
      .replace("      app: db\n", "      app: db|\n")
      .replace("labels:", "labels:\n        tier: a"),
  },
  "the value of a label": {
    text: pods("      containers: []\n").replace("      app: db\n", "      app: |\n"),
    offers: ["db"],
  },
  "labels of the selector for the template": {
    text: pods("      containers: []\n").replace("        app: db\n", "        |\n"),
    offers: ["app: db"],
  },
  "labels for a spread constraint, in braces": {
    text: pods("      topologySpreadConstraints:\n        - labelSelector: {matchLabels: {|}}\n"),
    offers: ["app: db"],
    becomes: pods("      topologySpreadConstraints:\n        - labelSelector: {matchLabels: {app: db|}}\n"),
  },
  "labels for an expression of an anti-affinity term": {
    text: antiAffinity("{key: |}"),
    offers: ["app"],
    becomes: antiAffinity("{key: app|}"),
  },
  "values for an expression of an anti-affinity term": {
    text: antiAffinity("{key: app, operator: In, values: [|]}"),
    offers: ["db"],
    becomes: antiAffinity("{key: app, operator: In, values: [db|]}"),
  },
  "labels for an expression of a budget": {
    text: `apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec:\n  selector:\n    matchExpressions:\n      - key: |\n---\n${pods("      containers: []\n")}`,
    offers: ["app"],
  },
  "labels for a Service": {
    text: `apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  selector:\n    |\n---\n${pods("      containers: []\n")}`,
    offers: ["app: db"],
  },
  "labels for a Service, those of the set that names it first": {
    text: `apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  selector:\n    |\n---\n${pods("      containers: []\n").replaceAll(": db", ": web")}---\n${pods("      containers: []\n")}  serviceName: db\n`,
    offers: ["app: db", "app: web"],
  },
  "a label that YAML would read as something else": {
    text: pods("      containers: []\n").replace("      app: db\n", "      |\n").replace("app: db", 'app: "on"'),
    offers: ["app: on"],
    becomes: pods("      containers: []\n")
      .replace("      app: db\n", '      app: "on"|\n')
      .replace("        app: db", '        app: "on"'),
  },
  "a headless Service": {
    text: "apiVersion: v1\nkind: Service\nspec: {clusterIP: |}\n",
    offers: ["None"],
  },
  "topology keys": {
    text: pods("      topologySpreadConstraints:\n        - topologyKey: |\n"),
    offers: ["kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region"],
  },
  "the name that a set gives its Service": {
    text: `apiVersion: v1\nkind: Service\nmetadata:\n  name: |\n---\n${set("  serviceName: db\n")}`,
    offers: ["db"],
  },
  "the target of an autoscaler": {
    text: `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef: {kind: StatefulSet, name: |}\n---\n${set("  replicas: 1\n")}`,
    offers: ["db"],
  },
  "ports of the container for a probe": {
    text: container(
      "          ports:\n            - name: sql\n              containerPort: 5432\n          readinessProbe:\n            tcpSocket:\n              port: |\n",
    ),
    offers: ["sql", "5432"],
  },
  "ports of the pods for a Service": {
    text: `${container("          ports:\n            - name: sql\n              containerPort: 5432\n")}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  selector:\n    app: db\n  ports:\n    - port: 5432\n      targetPort: |\n`,
    offers: ["sql", "5432"],
  },
  "what a variable may read of its pod": {
    text: env("fieldRef: {fieldPath: |}"),
    choose: "metadata.labels['apps.kubernetes.io/pod-index']",
    becomes: env(`fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']|"}`).replace(`']|"`, `']"|`),
  },
  "containers to read the amounts of": { text: env("resourceFieldRef: {containerName: |}"), offers: ["db"] },
  ConfigMaps: { text: env("configMapKeyRef: {name: |}") + data, offers: ["settings"] },
  "keys of a ConfigMap": {
    text: env("configMapKeyRef: {name: settings, key: |}") + data,
    offers: ["db.conf", "level", "logo"],
    becomes: env("configMapKeyRef: {name: settings, key: db.conf|}") + data,
  },
  "keys of a ConfigMap as files": {
    text: pods("      volumes:\n        - configMap: {name: settings, items: [{key: |}]}\n") + data,
    offers: ["db.conf", "level", "logo"],
  },
  Secrets: {
    text: container("          envFrom:\n            - secretRef:\n                name: |\n") + data,
    offers: ["login"],
  },
  "keys of a Secret": { text: env("secretKeyRef: {name: login, key: |}") + data, offers: ["user", "password"] },
  "keys of a Secret as files": {
    text: pods("      volumes:\n        - secret: {secretName: login, items: [{key: |}]}\n") + data,
    offers: ["user", "password"],
  },
  "a Secret for a volume of a Deployment": {
    text: pods("      volumes:\n        - secret: {secretName: |}\n").replace("StatefulSet", "Deployment") + data,
    offers: ["login"],
  },
  "Secrets to pull images with": {
    text: pods("      imagePullSecrets:\n        - name: |\n") + data,
    offers: ["login"],
  },
  "no Secret of another namespace": {
    text: (container("          envFrom: [{secretRef: {name: |}}]\n") + data)
      .replace("name: db\n", "name: db\n  namespace: a\n")
      .replace("name: login", "name: login, namespace: b"),
    offers: [],
  },
  "a service account": { text: pods("      serviceAccountName: |\n") + data, offers: ["runner"] },
  "names of volumes that are mounted and missing": {
    text: mounts("        - name: |\n").replace("- name: |\n      volumes", "- name: db\n      volumes"),
    offers: ["data", "db"],
  },
  "a name for a claim template, that of a volume that is mounted and missing": {
    text: container(
      "          volumeMounts: [{name: data, mountPath: /data}]\n  volumeClaimTemplates:\n  - metadata: {name: |}\n",
    ),
    offers: ["data"],
  },
  "no numbers in quotes": {
    text: container(
      '          ports:\n            - name: sql\n              containerPort: 5432\n          readinessProbe:\n            tcpSocket:\n              port: "|"\n',
    ),
    offers: ["sql"],
  },
  "labels of the pods for the set itself": {
    text: pods("      containers: []\n").replace("name: db\n", "name: db\n  labels:\n    |\n"),
    offers: ["app: db"],
  },
  "every partition of a set that is not finished": {
    text: set("  replicas: 1\n  updateStrategy: {rollingUpdate: {partition: |}}\n"),
    offers: ["0", "1"],
  },
  "every partition": {
    text: container("") + "  replicas: 2\n  updateStrategy:\n    rollingUpdate:\n      partition: |\n",
    offers: ["0", "1", "2"],
  },
  "what becomes of the claims": {
    text: set("  persistentVolumeClaimRetentionPolicy:\n    whenScaled: |\n"),
    offers: ["Retain", "Delete"],
  },
};

const mountsOf = (lines: string) => container(`          volumeMounts:\n${lines}`);

/** Enter leaves the cursor in the column of the line above: below the dash. */
const belowDash: Readonly<Record<string, Case>> = {
  "the second line of an item": {
    text: mountsOf("            - name: data\n            |\n"),
    offers: ["mountPath", "subPath", "readOnly", "..."],
    becomes: mountsOf("            - name: data\n              mountPath: |\n"),
  },
  "a word of it": {
    text: mountsOf("            - name: data\n            mountP|\n"),
    choose: "mountPath",
    becomes: mountsOf("            - name: data\n              mountPath: |\n"),
  },
  "between line breaks of Windows": {
    text: mountsOf("            - name: data\n            |\n").replaceAll("\n", "\r\n"),
    choose: "mountPath",
    becomes: mountsOf("            - name: data\n              mountPath: |\n").replaceAll("\n", "\r\n"),
  },
  "a list that is no further in than its key": {
    text: mountsOf("          - name: data\n          |\n"),
    choose: "mountPath",
    becomes: mountsOf("          - name: data\n            mountPath: |\n"),
  },
  "what holds such a list": {
    text: mountsOf("          - name: data\n          |\n"),
    choose: "readinessProbe, tcpSocket",
    becomes: mountsOf(
      "          - name: data\n          readinessProbe:\n            tcpSocket:\n              port: 8080\n            periodSeconds: 10|\n",
    ),
  },
  "a dash with several spaces": {
    text: mountsOf("            -   name: data\n            |\n"),
    choose: "mountPath",
    becomes: mountsOf("            -   name: data\n                mountPath: |\n"),
  },
  "between the dash and the key": {
    text: mountsOf("            - name: data\n             |\n"),
    choose: "mountPath",
    becomes: mountsOf("            - name: data\n              mountPath: |\n"),
  },
  "before another item": {
    text: mountsOf(
      "            - name: data\n            |\n            - name: logs\n              mountPath: /logs\n",
    ),
    choose: "mountPath",
    becomes: mountsOf(
      "            - name: data\n              mountPath: |\n            - name: logs\n              mountPath: /logs\n",
    ),
  },
  "nothing below a text of several lines": { text: mountsOf("            - name: >\n            |\n"), offers: [] },
  "nothing below an item of one word": {
    text: container("          command:\n            - sh\n            |\n"),
    offers: [],
  },
};

describe("completion below a dash", () => {
  for (const [name, one] of Object.entries(belowDash)) test(name, () => check(one));
});

test("a probe is offered whole, on the container's first port", () => {
  const text = container("          ports:\n            - name: sql\n              containerPort: 5432\n          |\n");
  check({
    text,
    choose: "livenessProbe, httpGet",
    becomes: text.replace(
      "|",
      "livenessProbe:\n            httpGet:\n              path: /healthz\n              port: sql\n            periodSeconds: 10|",
    ),
  });
});

const nowhere: Readonly<Record<string, string>> = {
  "between the columns of two maps": `${pods("      containers: []\n")}   |\n  serviceName: db\n`,
  "further in than a value allows": set("  replicas: 3\n    |\n"),
  "behind a tab": set("\t|\n"),
  "in an alias": `x: &a {b: 1}\n${head}spec: *|a\n`,
  "in a comment": set("  # repl|\n"),
  "behind a value": set("  replicas: 3 |\n"),
  "in a block of text": container("          command: [sh, -c]\n          args:\n            - >\n              se|\n"),
  "before a map that is there": `${head}spec: |\n  replicas: 3\n`,
  "before a list that is there": pods("      containers: |\n      - name: db\n"),
  "in a value that may be anything": container("          image: |\n").replace("          image: postgres:17\n", ""),
  "in a field that is not known": set("  unknown:\n    |\n"),
  "in an object of another kind": "apiVersion: example.com/v1\nkind: Backup\nspec:\n  |\n",
  "in a file that is no manifest": "version: '3'\nservices:\n  |\n",
  "in a file that is no manifest, outermost": "on: push\n|\n",
  "in a template": set("  replicas: {{ .Values.replicas }}\n  |\n"),
  "in an empty text of quotes": set("  replicas: 3\n").replace("db", '"|'),
  "behind a dash without a space": set("  volumeClaimTemplates:\n  -|\n"),
  "on a document marker": `${head}--|\n`,
};

const chart = "# file: chart/Chart.yaml\nname: db\n# file: chart/templates/db.yaml\n";
const tagged = `${chart}apiVersion: {{ include "db.apiVersion" . }}
kind: StatefulSet
metadata:
  name: {{ include "db.fullname" . }}
  labels: {{- include "db.labels" . }}
spec:
  replicas: {{ .Values.replicas }}
  {{- if .Values.update }}
  updateStrategy:
    |
  {{- end }}
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
        tier: db
`;
/** The same with the cursor in a line behind another one. */
const behind = (line: string, typed: string) =>
  tagged.replace("    |\n", "    type: OnDelete\n").replace(`${line}\n`, `${line}\n${typed}\n`);

const charts: Readonly<Record<string, Case>> = {
  "fields between tags": { text: tagged, offers: ["rollingUpdate", "type"] },
  "a field that is being typed, although an expression gives the apiVersion": {
    text: behind("  replicas: {{ .Values.replicas }}", "  podM|"),
    offers: [
      "serviceName",
      "volumeClaimTemplates",
      "persistentVolumeClaimRetentionPolicy",
      "podManagementPolicy",
      "...",
    ],
  },
  "labels that are written, and none that an expression makes": {
    text: behind("    matchLabels:", "      |"),
    offers: ["tier: db"],
  },
  "nothing in a tag": { text: tagged.replace("    |\n", "").replace(".Values.replicas", ".Values.re|"), offers: [] },
};

const starts: Readonly<Record<string, Case>> = {
  "an empty file": {
    text: "|",
    offers: [
      "StatefulSet",
      "Service, headless",
      "ConfigMap",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
      "apiVersion",
      "kind",
    ],
  },
  "a word in an empty file": { text: "# a set\n---\nstate|\n", offers: ["StatefulSet", "..."] },
  "a new document": { text: `${head}---\n|`, offers: ["StatefulSet", "..."] },
};

for (const [group, cases] of Object.entries({ fields, values, references, charts, starts })) {
  describe(`completion of ${group}`, () => {
    for (const [name, one] of Object.entries(cases)) test(name, () => check(one));
  });
}

describe("nothing is offered", () => {
  for (const [name, text] of Object.entries(nowhere)) test(name, () => check({ text, offers: [] }));

  test("for an offset of a file that is not known", () => {
    assert.equal(completionsIn(analyse(""), `${root}other.yaml`, 0, "user"), undefined);
  });
});

describe("a space asks only where a value or an item begins", () => {
  const asked = (text: string) => {
    const offset = text.indexOf("|");
    return completionsIn(analyse(text.replace("|", "")), `${root}main.yaml`, offset, "space") !== undefined;
  };
  for (const [text, expected] of [
    [set("  podManagementPolicy: |\n"), true],
    [pods("      containers:\n      - |\n"), true],
    [set("  |\n"), false],
    [set("  podManagementPolicy:  |\n"), false],
    [" |", false],
  ] as const) {
    test(`${JSON.stringify(text.slice(-40))}: ${expected}`, () => assert.equal(asked(text), expected));
  }
});

describe("beside another extension with the schemas", () => {
  const config: Config = { ...defaultConfig, schemaValidation: "off" };
  test("no fields", () => check({ text: set("  |\n"), config, offers: [] }));
  test("no enumerations", () => check({ text: set("  podManagementPolicy: |\n"), config, offers: [] }));
  test("names all the same", () =>
    check({ text: set("  serviceName: |\n") + service("db", "{}"), config, offers: ["db"] }));
  test("skeletons all the same", () =>
    check({
      text: "|",
      config,
      offers: ["StatefulSet", "Service, headless", "ConfigMap", "HorizontalPodAutoscaler", "PodDisruptionBudget"],
    }));
});

test("a skeleton is a manifest that nothing is wrong with", () => {
  const found = completionsAt("|");
  const [item] = found?.items ?? [];
  assert.ok(found && item);
  const text = chosen("|", found, item).replace("|", "");
  assert.deepEqual(analyse(text).findings(`${root}main.yaml`), []);
  assert.equal(analyse(text).statefulSets(`${root}main.yaml`).length, 1);
});

test("values say what they mean with these pods and claims", () => {
  const retention = completionsAt(
    container("") + claims + "  persistentVolumeClaimRetentionPolicy:\n    whenDeleted: |\n",
  );
  assert.deepEqual(
    retention?.items.map(({ documentation }) => documentation),
    [
      "`data-db-0`, `logs-db-0`: kept when the set is deleted.",
      "`data-db-0`, `logs-db-0`: **deleted** with the set. Claims that scaling down kept under this policy are deleted too.",
    ],
  );
  const partitions = completionsAt(
    container("") + "  replicas: 2\n  updateStrategy:\n    rollingUpdate:\n      partition: |\n",
  );
  const meaning = partitions?.items[1]?.documentation;
  assert.ok(typeof meaning === "string");
  assert.match(meaning, /`db-1` gets the new one; `db-0` keeps the old one/);
});

/**
 * Every field that may be chosen at the end of a line of the examples is where it belongs afterwards, and no text is
 * lost.
 */
test("what is chosen is there, and everything else stays", () => {
  let choices = 0;
  const lines = readdirSync(repo("examples"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => readFileSync(repo("examples", file), "utf8"))
    .flatMap((text) => [...text.matchAll(/\n(?= *(?:- )?\w+:)/g)].map(({ index }) => ({ text, index })));
  for (const { text, index } of sampled(lines)) {
    const indentation = /^[ -]*/.exec(text.slice(index + 1))?.[0].length ?? 0;
    const marked = `${text.slice(0, index)}\n${" ".repeat(indentation)}|${text.slice(index)}`;
    const found = completionsAt(marked);
    for (const item of found?.items ?? []) {
      if (item.kind !== "field" || found === undefined) continue;
      const after = chosen(marked, found, item).replace("|", "null");
      assert.ok(after.startsWith(text.slice(0, index)) && after.endsWith(text.slice(index)));
      const start = after.lastIndexOf("\n---\n", index) + 1;
      const end = after.indexOf("\n---\n", index + 1);
      const document = parse(after.slice(start, end < 0 ? undefined : end));
      assert.deepEqual(document.problems, [], after);
      assert.ok(typeof item.documentation === "object");
      assert.ok(document.root.at(...item.documentation.path).exists, `${item.label} in\n${after}`);
      choices++;
    }
  }
  assert.ok(choices > many(500), String(choices));
});

const recordings = readFileSync(repo("test", "truth", "validation.jsonl"), "utf8")
  .trim()
  .split("\n")
  .filter((_, number) => number % 20 === 0)
  .map((line) => JSON.parse(line) as { readonly id: string; readonly yaml: string });

test("whatever the manifest and wherever the cursor, even in the middle of typing it", () => {
  let offered = 0;
  for (const { id, yaml } of sampled(recordings)) {
    for (let offset = 3; offset < yaml.length; offset += 23) {
      for (const text of [yaml, yaml.slice(0, offset)]) {
        const found = completionsIn(analyse(text), `${root}main.yaml`, offset, "user");
        if (found === undefined) continue;
        offered++;
        assert.ok(found.word.start <= offset && offset <= found.word.end, `${id} at ${offset}`);
        assert.doesNotMatch(text.slice(found.word.start, found.word.end), /[\s:]/);
      }
    }
  }
  assert.ok(offered > many(100), String(offered));
});
