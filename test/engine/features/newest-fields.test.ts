import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { completionsIn, hoverIn } from "../../harness/features.js";
import { createWorkspace } from "../../harness/workspace.js";

const uri = "file:///repo/store.yaml";
const manifest = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec:
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      evictionResponders:
        - name: acme.io/drain
          priority: 2000
      volumes:
        - name: work
          emptyDir:
            mode: 0700
        - name: settings
          configMap:
            name: settings
            defaultUser: 1000
            items:
              - key: a
                path: a
                user: 1001
      containers:
        - name: store
          image: store:1
          volumeMounts:
            - name: work
              mountPath: /work
              bindMountOptions: [noexec]
          readinessProbe:
            httpGet:
              port: 80
              protocol: HTTP2
          livenessProbe:
            grpc:
              port: 81
              mode: TLS
`;

const fields: readonly (readonly [line: string, gate: string])[] = [
  ["      evictionResponders:", "EvictionRequestAPI"],
  ["            mode: 0700", "EmptyDirVolumeMode"],
  ["            defaultUser: 1000", "AtomicWriteVolumeUserFields"],
  ["                user: 1001", "AtomicWriteVolumeUserFields"],
  ["              bindMountOptions: [noexec]", "VolumeBindMountOptions"],
  ["              protocol: HTTP2", "H2CContainerProbe"],
  ["              mode: TLS", "GRPCContainerProbeTLS"],
];

function analysis(text: string, minor: number) {
  const workspace = createWorkspace({ ...defaultConfig, kubernetesVersion: { minor, patch: undefined } });
  workspace.setFile(uri, text);
  workspace.setComplete(true);
  return workspace.snapshot();
}

describe("fields of Kubernetes 1.37", () => {
  for (const [line, gate] of fields) {
    const name = line.trim().replace(/:.*/, "");
    test(`${name} (${gate})`, () => {
      const at = manifest.indexOf(line) + line.length - line.trimStart().length;
      const hover = hoverIn(analysis(manifest, 37), uri, at + 1)?.markdown ?? "";
      assert.ok(hover.includes(gate), hover);
      assert.match(hover, /Silently dropped|ignores this field/);

      // The field is offered where it stands, by the release that has it alone.
      const rest = manifest.slice(manifest.indexOf(line) + line.length);
      const block = name === "evictionResponders" ? rest.slice(rest.indexOf("      volumes:")) : rest.slice(1);
      const indent = line.slice(0, line.length - line.trimStart().length);
      const typed = `${manifest.slice(0, manifest.indexOf(line))}${indent}\n${block}`;
      const offset = manifest.indexOf(line) + indent.length;
      const offered = (minor: number) =>
        completionsIn(analysis(typed, minor), uri, offset, "user")?.items.map(({ label }) => label) ?? [];
      assert.ok(offered(37).includes(name), offered(37).join(" "));
      assert.ok(offered(36).length > 0 && !offered(36).includes(name), offered(36).join(" "));
    });
  }

  for (const [line, values] of [
    ["              protocol: ", ["HTTP1", "HTTP2"]],
    ["              mode: ", ["Plaintext", "TLS"]],
  ] as const) {
    test(`the values of ${line.trim()}`, () => {
      const start = manifest.indexOf(line) + line.length;
      const end = manifest.indexOf("\n", start);
      const typed = manifest.slice(0, start) + manifest.slice(end);
      const items = completionsIn(analysis(typed, 37), uri, start, "user")?.items ?? [];
      assert.deepEqual(items.map(({ label }) => label).toSorted(), [...values]);
    });
  }
});
