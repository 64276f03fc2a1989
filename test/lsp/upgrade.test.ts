import assert from "node:assert/strict";
import { test } from "node:test";
import type { UpgradeResult, UpgradeTargets } from "../../server/src/protocol/protocol.js";
import { service, statefulSet } from "../cli/manifests.js";
import { connect, uriOf } from "./client.js";

const several = statefulSet("till", ["replicas: 4", "updateStrategy:", "  rollingUpdate:", "    maxUnavailable: 2"]);
const disk = new Map([
  ["till.yaml", `${several}---\n${service("till")}`],
  ["plain.yaml", `${statefulSet("plain")}---\n${service("plain")}`],
  ["old/.ordinal.yaml", "kubernetesVersion: 1.34\n"],
  ["old/hosts.yaml", `${statefulSet("hosts")}---\n${service("hosts")}`],
  ["notes.yaml", "- not a manifest\n"],
]);
const setup = { disk, folders: [""], initializationOptions: { kubernetesVersion: "1.36" } };

test("the releases to upgrade to are newer than what the manifests are for", async (context) => {
  const client = await connect(context, setup);
  assert.deepEqual(await client.request<UpgradeTargets>("ordinal/upgradeTargets", {}), {
    current: ["1.34", "1.36"],
    targets: [
      { release: "1.38", isKnown: false },
      { release: "1.37", isKnown: true },
      { release: "1.36", isKnown: true },
      { release: "1.35", isKnown: true },
    ],
  });
});

test("an upgrade is checked for all files, whether they are open or not", async (context) => {
  const client = await connect(context, setup);
  const upgrade = (to: string) => client.request<UpgradeResult>("ordinal/upgrade", { to });
  const to37 = await upgrade("1.37");
  assert.equal(to37.type, "changes");
  assert.deepEqual(to37.from, ["1.34", "1.36"]);
  assert.equal(to37.note, undefined);
  assert.deepEqual(
    to37.files.map(({ uri }) => uri),
    [uriOf("till.yaml")],
  );
  const [change] = to37.files[0]?.changes ?? [];
  assert.equal(change?.rule, "upgrade");
  assert.equal(change?.severity, "info");
  assert.match(change?.text ?? "", /^`maxUnavailable` takes effect: .* off in 1\.36 and on in 1\.37/);
  assert.match(change?.source ?? "", /^https:.*#MaxUnavailableStatefulSet$/);
  const line = (disk.get("till.yaml") ?? "").split("\n")[change?.start.line ?? 0];
  assert.equal(line?.slice(change?.start.character, change?.end.character), "maxUnavailable");

  const aliased = `${statefulSet("hosts")}---\n${service("hosts")}`.replace(
    "      containers:",
    "      hostAliases: [{ ip: 010.0.0.1, hostnames: [a] }]\n      containers:",
  );
  await client.open("old/hosts.yaml", aliased);
  const opened = await upgrade("1.36");
  assert.deepEqual(opened.type === "changes" && opened.from, ["1.34", "1.35"], "1.36 itself is left at 1.35");
  const hosts = opened.type === "changes" ? opened.files.find(({ uri }) => uri === uriOf("old/hosts.yaml")) : undefined;
  assert.deepEqual(
    hosts?.changes.map(({ rule, severity }) => `${severity} ${rule}`),
    ["error value-invalid"],
  );
});

test("what is not known of a release is said, and what is none is refused", async (context) => {
  const client = await connect(context, setup);
  const next = await client.request<UpgradeResult>("ordinal/upgrade", { to: "1.38" });
  assert.match((next.type === "changes" && next.note) || "", /1\.38 is newer than this version of Ordinal/);
  for (const to of ["soon", "", "2.0"]) {
    const refused = await client.request<UpgradeResult>("ordinal/upgrade", { to });
    assert.equal(refused.type, "refused", to);
  }
});
