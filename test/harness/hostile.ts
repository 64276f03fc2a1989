/** What a name must not do to who reads it: command a terminal, reverse or hide text, begin another line. */
// oxlint-disable-next-line no-control-regex
export const unprintable = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Names of all kinds with such characters, written as YAML escapes and as they are. */
export const hostileManifest = `apiVersion: v1
kind: Service
metadata: {name: "sv\\e[31mc\\u202e", namespace: "n\\u009b1m"}
spec: {clusterIP: None, selector: {app: "db\\u202e"}, ports: [{name: "p\\e]0;x\\a", port: 1}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: "db\\e[31m\u202egnp", namespace: "n\\u009b1m"}
spec:
  serviceName: "d\u202eb\\e[1m"
  "unknown\\e[5m\u2066": 1
  podManagementPolicy: "Par\\eallel"
  replicas: 2
  selector: {matchLabels: {app: "db\\u202e"}}
  template:
    metadata: {labels: {app: "db\\u202e"}}
    spec:
      containers:
        - name: "c\\e[31m\u202e"
          image: "i\\e[31m:1"
          ports: [{name: "p\\e\\a", containerPort: 1}]
          volumeMounts: [{name: "v\\e\u202e", mountPath: "/\\edata"}]
  volumeClaimTemplates:
    - metadata: {name: "w\\e[31m\u202e"}
      spec: {accessModes: ["Read\\eWrite"], resources: {requests: {storage: "1\\eGi"}}}
`;
