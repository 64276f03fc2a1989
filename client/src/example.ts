import { window, workspace } from "vscode";

/** Opens a StatefulSet with a mistake to be found and a rollout to be played, as an unsaved file. */
export async function openExample(): Promise<void> {
  const document = await workspace.openTextDocument({ language: "yaml", content: example });
  await window.showTextDocument(document);
}

const example = `# An example. \`serviceName\` has a typo: press Ctrl+. on the underlined name to fix it.
# Then click "Preview rollout" above the StatefulSet.
apiVersion: v1
kind: Service
metadata:
  name: ledger
spec:
  clusterIP: None
  selector:
    app: ledger
  ports:
    - name: sql
      port: 5432
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  serviceName: leger
  replicas: 3
  selector:
    matchLabels:
      app: ledger
  template:
    metadata:
      labels:
        app: ledger
    spec:
      containers:
        - name: postgres
          image: postgres:17
          ports:
            - name: sql
              containerPort: 5432
          readinessProbe:
            tcpSocket:
              port: sql
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql/data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
`;
