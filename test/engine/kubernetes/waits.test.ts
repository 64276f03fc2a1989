import { test } from "node:test";
import { analyse } from "../../harness/workspace.js";
import { assertLinear } from "../../harness/linear.js";

const set = (env: string, script: string) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: peers
  replicas: 3
  template:
    spec:
      initContainers:
        - { name: wait, image: busybox, env: [${env}], command: [sh, -c, ${JSON.stringify(script)}] }
`;

/** A script that is so many times as long, and the environment that it uses. */
const scripts: Readonly<Record<string, (count: number) => readonly [env: string, script: string]>> = {
  "loops that wait": (count) => ["", "until nslookup db-2.peers; do sleep 1; done\n".repeat(count)],
  "loops without an end": (count) => ["", "while true; do nslookup db-2.peers\n".repeat(count)],
  "conditions of a loop": (count) => ["", `until ${"nslookup db-2.peers && ".repeat(count)} a; do sleep 1; done`],
  "lists, each for a loop": (count) => [
    "",
    "for i in {0..99}; do until nslookup db-$i.peers; do sleep 1; done; done\n".repeat(count),
  ],
  "lists within lists": (count) => [
    "",
    "abcdefghij".replace(/./g, "for $& in {0..99}; do ") + "until nslookup $a$b$c$d$e$f$g$h$i$j; do ".repeat(count),
  ],
  blanks: (count) => ["", `until ${" ".repeat(30 * count)}x`],
  "a long value, used often": (count) => [`{ name: A, value: ${"x".repeat(count)} }`, "$A ".repeat(10 * count)],
};
for (const [name, of] of Object.entries(scripts)) {
  test(`scripts of init containers take time linear in their length: ${name}`, () => {
    assertLinear((count) => analyse(set(...of(count))).findings("file:///work/main.yaml"), 300);
  });
}
