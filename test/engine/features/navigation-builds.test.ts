import assert from "node:assert/strict";
import { test } from "node:test";
import { links } from "../../../server/src/engine/features/navigation/links.js";
import { definitions, references } from "../../../server/src/engine/features/navigation/navigation.js";
import { checkNames, markedNames, type MarkedName } from "../../harness/names.js";
import { analyse, root } from "../../harness/workspace.js";

test("kustomize: a patch leads to its base, and what an overlay writes to what the base defines", () => {
  const analysis = checkNames(
    `# file: base/kustomization.yaml
resources:
  - set.yaml
  - service.yaml
# file: base/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: <set!db>
spec:
  serviceName: <svc:db-hosts>
  selector: { matchLabels: { app: <app:db> } }
  template:
    metadata: { labels: { app: <app!db> } }
    spec:
      containers:
        - name: <container!postgres>
          image: postgres:17
          envFrom: [{ configMapRef: { name: <config:settings> } }]
          env:
            - name: LEVEL
              valueFrom: { configMapKeyRef: { name: <config:settings>, key: <level:LEVEL> } }
          volumeMounts:
            - { name: <data:data>, mountPath: /data }
            - { name: <cache:cache>, mountPath: /cache }
      volumes:
        - name: <cache!cache>
          emptyDir: {}
  volumeClaimTemplates:
    - metadata: { name: <data!data> }
# file: base/service.yaml
apiVersion: v1
kind: Service
metadata: { name: <svc!db-hosts> }
spec: { clusterIP: None, selector: { app: <app:db> } }
# file: prod/kustomization.yaml
namePrefix: prod-
namespace: prod
resources: [../base]
components: [../components/backup]
patches:
  - path: more.yaml
  - target: { kind: StatefulSet, name: <set:db> }
    patch: |-
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: any
      spec:
        template:
          spec:
            containers:
              - name: <container:postgres>
                volumeMounts:
                  - name: <cache:cache>
                    mountPath: /tmp
replicas:
  - name: <set:db>
    count: 5
configMapGenerator:
  - name: <config!settings>
    literals:
      - <level!LEVEL>=debug
      - HOSTS=x
    files: [conf/db.conf]
# file: prod/more.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: <set:db>
spec:
  template:
    spec:
      containers:
        - name: <container:postgres>
          args: [--primary=prod-<set:db>-0.prod-<svc:db-hosts>]
          volumeMounts:
            - { name: <data:data>, mountPath: /more }
# file: components/backup/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [budget.yaml]
# file: components/backup/budget.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec:
  selector: { matchLabels: { app: <app:db> } }
`.replaceAll("prod-<set:db>-0.prod-<svc:db-hosts>", "<set:prod-db>-0.<svc:prod-db-hosts>"),
  );
  const uri = `${root}prod/kustomization.yaml`;
  assert.deepEqual(
    links(analysis, analysis.documents(uri)).map(({ span, target }) => [
      analysis.text(uri)!.slice(span.start, span.end),
      target.slice(root.length),
    ]),
    [
      ["../base", "base/kustomization.yaml"],
      ["../components/backup", "components/backup/kustomization.yaml"],
      ["more.yaml", "prod/more.yaml"],
      ["conf/db.conf", "prod/conf/db.conf"],
    ],
  );
});

test("kustomize: each overlay has its own ConfigMap", () => {
  const { text, names } = markedNames(`# file: base/kustomization.yaml
resources: [set.yaml]
# file: base/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  template:
    spec:
      containers:
        - name: db
          envFrom: [{ configMapRef: { name: <config:settings> } }]
# file: dev/kustomization.yaml
resources: [../base]
configMapGenerator: [{ name: <config!settings>, literals: [A=1] }]
# file: prod/kustomization.yaml
resources: [../base]
configMapGenerator: [{ name: <config!settings>, literals: [A=2] }]
`);
  const analysis = analyse(text);
  const [inBase, inDev, inProd] = names;
  assert.ok(inBase && inDev && inProd);
  const found = ({ uri, start }: MarkedName) => {
    const at = analysis.documentAt(uri, start)!;
    return [definitions(analysis, at), references(analysis, at, { includeDeclaration: true })].map((places) =>
      places.map((one) => one.uri.slice(root.length)),
    );
  };
  const [base, dev, prod] = ["base/set.yaml", "dev/kustomization.yaml", "prod/kustomization.yaml"];
  assert.deepEqual(found(inBase), [
    [dev, prod],
    [dev, prod, base],
  ]);
  assert.deepEqual(found(inDev), [[dev], [dev, base]]);
  assert.deepEqual(found(inProd), [[prod], [prod, base]]);
});

test("a chart: values, named templates, and names by their expressions", () => {
  checkNames(`# file: chart/Chart.yaml
name: db
version: 1.0.0
# file: chart/values.yaml
<image!image>:
  <repository!repository>: postgres
  <tag!tag>: "17"
<config!config>:
  <loglevel!logLevel>: info
  "dotted.key": x
<unused!unused>: 1
# file: chart/templates/_helpers.tpl
{{- define "<full!db.fullname>" -}}
{{ .Release.Name }}-{{ .Chart.Name }}
{{- end }}
# file: chart/templates/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "<full:db.fullname>" . }}
spec:
  serviceName: {{ include "<full:db.fullname>" . }}
  selector:
    matchLabels: { app: <app:db> }
  template:
    metadata:
      labels: { app: <app!db> }
    spec:
      containers:
        - name: db
          image: "{{ .Values.<image:image>.<repository:repository> }}:{{ $.Values.<image:image>.<tag:tag> | default "latest" }}"
          {{- with .Values.<config:config> }}
          args: [--log={{ .<loglevel:logLevel> }}]
          {{- end }}
          {{- if index .Values "<config:config>" "<loglevel:logLevel>" }}
          volumeMounts:
            - { name: <data:data>, mountPath: /data }
          {{- end }}
          {{- range .Values.<config:config> }}
          # {{ .logLevel }}
          {{- end }}
  volumeClaimTemplates:
    - metadata: { name: <data!data> }
# file: chart/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ template "<full:db.fullname>" . }}
spec:
  clusterIP: None
  selector:
    app: <app:db>
# file: elsewhere/templates/set.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ include "<none:db.fullname>" . }}-{{ .Values.<none:image> }}
`);
});

test("a chart's Service by its expression", () => {
  checkNames(`# file: chart/Chart.yaml
name: db
version: 1.0.0
# file: chart/templates/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: <svc:{{ .Release.Name }}>
# file: chart/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: <svc!{{ .Release.Name }}>
spec:
  clusterIP: None
`);
});
