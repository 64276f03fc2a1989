/** A complete StatefulSet `db` whose `serviceName` is on the line 7 (counted from 1). */
export function statefulSet(serviceName: string, more = ""): string {
  return `# the database
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: ${serviceName}
  replicas: 3
${more}  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
`;
}

/** The headless Service for its pods. */
export function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: None
  selector:
    app: db
`;
}

/** What `retention-no-templates` flags in `statefulSet`, with the only safe fix. */
export const retention = `  persistentVolumeClaimRetentionPolicy:
    whenScaled: Delete
`;
