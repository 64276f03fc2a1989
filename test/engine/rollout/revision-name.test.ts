import assert from "node:assert/strict";
import { test } from "node:test";
import { revisionName } from "../../../server/src/engine/rollout/revision-name.js";

// Of the set `web` of test/truth/dumps.jsonl, whose revisions the real controller named.
const template = {
  metadata: { labels: { app: "web" } },
  spec: {
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        image: "registry.example/app:1.0",
        imagePullPolicy: "IfNotPresent",
        name: "app",
        ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        volumeMounts: [{ mountPath: "/var/lib/app", name: "data" }],
      },
    ],
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
  },
};

test("a revision has the name that the controller gives it, whatever the order of the keys", () => {
  assert.equal(revisionName("web", template), "web-784859d7d7");
});

test("a name that is taken by another template gives way to the next", () => {
  assert.notEqual(revisionName("web", template, 1), "web-784859d7d7");
});
