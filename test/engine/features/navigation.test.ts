import { test } from "node:test";
import { checkNames } from "../../harness/names.js";

test("the name of a Service: serviceName, DNS names, Ingress", () => {
  checkNames(`# file: service.yaml
apiVersion: v1
kind: Service
metadata:
  name: <svc!db>
spec:
  clusterIP: None
  selector: { app: <app:postgres> }
  ports:
    - name: <port!sql>
      port: 5432
      targetPort: <target:postgres>
# file: set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: <set!ledger>
spec:
  serviceName: "<svc:db>"
  replicas: 3
  selector:
    matchLabels:
      app: <app:postgres>
  template:
    metadata:
      labels:
        app: <app!postgres>
    spec:
      containers:
        - name: postgres
          image: postgres:17.2
          args: ["--primary=<set:ledger>-0.<svc:db>.prod.svc.cluster.local:5432"]
          env:
            - name: PEERS
              value: <set:ledger>-0.<svc:db>,<set:ledger>-1.<svc:db>
            - name: SELF
              value: $(POD_NAME).<svc:db>
            - name: DB_HOST
              value: <svc:db>
            - name: DB_NAME
              value: db
          ports:
            - name: <target!postgres>
              containerPort: 5432
          readinessProbe:
            tcpSocket: { port: <target:postgres> }
# file: ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: '<svc:db>'
      port: { name: <port:sql> }
# file: config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: clients
data:
  url: postgres://me@<svc:db>:5432/x
  hosts.conf: |
    # the first
    host <set:ledger>-0.<svc:db>
    other db
    image: vault-1.x
`);
});

test("a claim template: mounts and devices of all containers, a volume that it replaces, its claims", () => {
  checkNames(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: <set!db>, namespace: prod }
spec:
  template:
    spec:
      initContainers:
        - name: init
          volumeMounts:
            - { name: <data:data>, mountPath: /data }
      containers:
        - name: data
          volumeMounts:
            - name: "<none:logs>"
              mountPath: /data
            - name: '<data:data>'
              mountPath: /data
        - name: raw
          volumeDevices:
            - name: <data:data>
              devicePath: /dev/xvda
      volumes:
        - name: <data:data>
          emptyDir: {}
        - name: other
          persistentVolumeClaim: { claimName: <data:data>-<set:db>-0 }
  volumeClaimTemplates:
    - metadata: { name: wal }
    - metadata:
        name: <data!data> # on the disk
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: <data:data>-<set:db>-12
spec:
  dataSource: { kind: PersistentVolumeClaim, name: <data:data>-<set:db>-1 }
---
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: { name: before }
spec:
  source:
    persistentVolumeClaimName: <data:data>-<set:db>-2
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: backup, namespace: prod }
spec:
  jobTemplate:
    spec:
      template:
        spec:
          volumes:
            - name: <other!data>
              persistentVolumeClaim:
                claimName: <data:data>-<set:db>-0
            - name: no-ordinal
              persistentVolumeClaim:
                claimName: <none:data-db-00>
          containers:
            - name: copy
              volumeMounts: [{ name: <other:data>, mountPath: /from }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: <pvc!data-web-0> }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: <elsewhere!data-db-0>, namespace: elsewhere }
`);
});

test("ConfigMaps, Secrets, accounts, classes and their keys, in the same namespace only", () => {
  checkNames(`# file: set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: prod }
spec:
  template:
    spec:
      serviceAccountName: <account:db-runner>
      priorityClassName: <priority:high>
      imagePullSecrets: [{ name: <secret:db> }]
      containers:
        - name: db
          envFrom:
            - configMapRef: { name: <config:db> }
          env:
            - name: LEVEL
              valueFrom: { configMapKeyRef: { name: <config:db>, key: <level:log-level> } }
            - name: PASSWORD
              valueFrom: { secretKeyRef: { name: <secret:db>, key: <password:password> } }
      volumes:
        - name: config
          configMap:
            name: <config:db>
            items:
              - { key: <conf:db.conf>, path: db.conf }
        - name: all
          projected:
            sources:
              - secret: { name: <secret:db>, items: [{ key: <password:password>, path: p }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { storageClassName: <class:fast> }
# file: other.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: <config!db>, namespace: prod }
data:
  <level!log-level>: debug
  "<conf!db.conf>": |
    fsync = on
---
apiVersion: v1
kind: Secret
metadata: { name: <secret!db>, namespace: prod }
stringData:
  <password!password>: x
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: <account!db-runner>, namespace: prod }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: <class!fast> }
provisioner: example.com/disk
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: <priority!high> }
value: 1000
---
apiVersion: v1
kind: ConfigMap
metadata: { name: <elsewhere!db>, namespace: dev }
data:
  log-level: info
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: db, namespace: prod }
subjects:
  - { kind: ServiceAccount, name: <account:db-runner>, namespace: prod }
`);
});

test("budgets and autoscalers; selectors only where they select the pods", () => {
  checkNames(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: <set!db> }
spec:
  selector:
    matchLabels: { app: <app:db>, role: <role:main> }
  template:
    metadata:
      labels:
        app: <app!db>
        role: "<role!main>"
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchExpressions:
                  - { key: app, operator: In, values: [<app:db>] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec:
  selector: { matchLabels: { app: <app:db> } }
---
apiVersion: v1
kind: Service
metadata: { name: others }
spec:
  selector: { app: <none:db>, role: <none:replica> }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: <set:db> }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: db }
spec:
  scaleTargetRef: { kind: StatefulSet, name: <set:db> }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: deployments }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: <none:db> }
`);
});

test("objects of another environment do not count", () => {
  checkNames(`# file: dev/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { serviceName: <dev:db> }
# file: dev/service.yaml
apiVersion: v1
kind: Service
metadata: { name: <dev!db> }
spec: { clusterIP: None }
# file: prod/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { serviceName: <prod:db> }
# file: prod/service.yaml
apiVersion: v1
kind: Service
metadata: { name: <prod!db> }
spec: { clusterIP: None }
`);
});

test("a name with an anchor, in flow style, and by its alias", () => {
  checkNames(`apiVersion: v1
kind: Service
metadata: { name: &name <svc!db> }
spec: { clusterIP: None }
---
{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: &n <set!ledger> }, spec: { serviceName: <svc:db> } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: &n ledger }
spec:
  scaleTargetRef: { kind: StatefulSet, name: <set:ledger> }
`);
});

test("what a tool will write has no name", () => {
  checkNames(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { serviceName: "<none:\${SERVICE}>" }
---
apiVersion: v1
kind: Service
metadata: { name: "\${SERVICE}" }
spec: { clusterIP: None }
`);
});
