import assert from "node:assert/strict";
import { test } from "node:test";
import { podDnsNames } from "../../../server/src/engine/workspace/pod-dns.js";

const cases: readonly (readonly [text: string, names: readonly string[]])[] = [
  ["value: db-0.db", ["db-0.db"]],
  ["value: postgres://user:secret@db-0.db.prod.svc.cluster.local:5432/app", ["db-0.db"]],
  ["routes: [nats://nats-0.nats:6222, nats://nats-1.nats:6222]", ["nats-0.nats"]],
  ["args: [--peers=$(POD_NAME).peers]", ["?.peers"]],
  ["echo ${HOSTNAME}.peers $HOSTNAME.other", ["?.peers", "?.other"]],
  ['for i in 0 1 2; do ping "db-${i}.db"; ping db-$i.db; done', ["db-0.db"]],
  ["value: $FILE.db", []],
  ["image: registry.example/vault-1.x", []],
  ["containers: [{ name: web, image: web-0.web }]", []],
  ["path: /opt/activemq-5.conf", []],
  ["version: loki-3.0", []],
  ["# db-0.db", []],
  ["value: my.db-0.db", []],
  ["file: web-0.web-data_old", []],
];

for (const [text, names] of cases) {
  test(text, () => {
    const found = podDnsNames(text).map(({ set, service }) =>
      set === undefined ? `?.${service}` : `${set}-0.${service}`,
    );
    assert.deepEqual(found, names);
  });
}
