/** What differs in `exampleSet`. */
export interface ExampleSet {
  /** Lines of `spec` after `serviceName`, with their indentation and last line breaks. */
  readonly spec?: string;
  readonly image?: string;
  /** Lines of the container after its `image`. */
  readonly container?: string;
}

/** A StatefulSet with a volume for each pod, and its Service: what the examples of rules about edits change. */
export function exampleSet({ spec = "", image = "postgres:17", container = "" }: ExampleSet): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
${spec}  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: ${image}
${container}          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`;
}
