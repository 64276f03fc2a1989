import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules, defaultConfig, resolveConfig, type Config } from "../../../server/src/engine/api.js";
import { analyse } from "../../harness/workspace.js";

// A complete set of which nothing is said by default; `retention-unset` is strict only.
const manifest = (comment: string) => `${comment}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db }
    spec:
      containers:
        - { name: db, image: db, volumeMounts: [{ name: data, mountPath: /data }] }
  volumeClaimTemplates:
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db } }
`;

describe("rules that only the strict profile runs", () => {
  const cases: readonly { title: string; settings: unknown; comment?: string; severities: readonly string[] }[] = [
    { title: "are off by default", settings: {}, severities: [] },
    { title: "run in the strict profile", settings: { profile: "strict" }, severities: ["hint"] },
    {
      title: "run where their severity is set",
      settings: { rules: { "retention-unset": "warning" } },
      severities: ["warning"],
    },
    {
      title: "can be off in the strict profile",
      settings: { profile: "strict", rules: { "retention-unset": "off" } },
      severities: [],
    },
    {
      title: "may be silenced in the text although they are off",
      settings: {},
      comment: "# ordinal-disable retention-unset",
      severities: [],
    },
  ];
  for (const { title, settings, comment = "#", severities } of cases) {
    test(title, () => {
      const { config, problems } = resolve(settings);
      assert.deepEqual(problems, []);
      const found = analyse(manifest(comment), config)
        .findings("file:///work/main.yaml")
        .filter(({ rule }) => rule === "retention-unset" || rule === "unused-suppression");
      assert.deepEqual(
        found.map(({ severity }) => severity),
        severities,
      );
    });
  }
});

test("a profile that there is not is named, and the default one is taken", () => {
  const { config, problems } = resolve({ profile: "lax" });
  assert.equal(config.profile, defaultConfig.profile);
  assert.deepEqual(problems, [
    { path: ["profile"], on: "value", text: '`"lax"` is not valid. Use `recommended` or `strict`' },
  ]);
});

function resolve(settings: unknown): { readonly config: Config; readonly problems: readonly unknown[] } {
  return resolveConfig(settings, allRules);
}
