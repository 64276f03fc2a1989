/** A StatefulSet with nothing to report, but for what a test puts in; it begins with its `apiVersion`. */
export function statefulSet(name: string, spec: readonly string[] = [], image = "postgres:17"): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
spec:
  serviceName: ${name}
${spec.map((line) => `  ${line}\n`).join("")}  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: ${image}
`;
}

/** The headless Service of a StatefulSet. */
export function service(name: string, app = name): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: None
  selector:
    app: ${app}
`;
}
