import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { configNotes, configObjectsOf, type ConfigUser } from "../../../server/src/engine/rollout/config-changes.js";

interface Wish {
  /** YAML of `spec.template.spec`. */
  readonly pod: string;
  /** The same before, if it was another. */
  readonly podBefore?: string;
  /** YAML of the objects, in flow style. */
  readonly before: string;
  readonly after: string;
  readonly user?: Partial<ConfigUser>;
  /** What is said, one part of each sentence after the other; none says nothing. */
  readonly said: readonly RegExp[];
  readonly unsaid?: RegExp;
}

function check(title: string, { pod, podBefore = pod, before, after, user, said, unsaid }: Wish): void {
  test(`changed configuration: ${title}`, () => {
    const full: ConfigUser = {
      name: "queue",
      namespace: undefined,
      podSpec: parse(pod),
      podSpecBefore: parse(podBefore),
      strategy: { type: "RollingUpdate", block: undefined },
      firstPod: "queue-0",
      restarts: false,
      ...user,
    };
    const objects = (text: string): ReturnType<typeof configObjectsOf> => configObjectsOf([parse(text)].flat());
    const notes = configNotes(full, objects(before), objects(after));
    assert.equal(notes.length, said.length, notes.join("\n"));
    for (const [index, part] of said.entries()) assert.match(notes[index] ?? "", part);
    if (unsaid !== undefined) assert.doesNotMatch(notes.join("\n"), unsaid);
  });
}

const map = (data: string, more = ""): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: ${data}${more}}`;
const old = map("{LEVEL: info, app.conf: a}");
const changed = map("{LEVEL: debug, app.conf: a}");
const fromAll = "containers: [{name: main, envFrom: [{configMapRef: {name: settings}}]}]";
const mounted = (mount: string): string =>
  `{containers: [{name: main, volumeMounts: [{name: conf, mountPath: /etc/app${mount}}]}], volumes: [{name: conf, configMap: {name: settings}}]}`;
const restart =
  /keep the old values of the environment of container `main` until they restart: kubectl rollout restart statefulset\/queue$/;

check("envFrom", { pod: fromAll, before: old, after: changed, said: [restart] });
check("envFrom of an init container, in a namespace", {
  pod: `{initContainers: [{name: main, envFrom: [{configMapRef: {name: settings}}]}], containers: [{name: b}]}`,
  before: old,
  after: changed,
  user: { namespace: "shop" },
  said: [/kubectl rollout restart statefulset\/queue --namespace shop$/],
});
check("env of the key that changes", {
  pod: "containers: [{name: main, env: [{name: L, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}]}]",
  before: old,
  after: changed,
  said: [restart],
});
check("env of another key", {
  pod: "containers: [{name: main, env: [{name: L, valueFrom: {configMapKeyRef: {name: settings, key: app.conf}}}]}]",
  before: old,
  after: changed,
  said: [/changes \(LEVEL\): queue uses none of these keys$/],
});
check("a key that goes and is not optional", {
  pod: "containers: [{name: main, env: [{name: L, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}]}]",
  before: old,
  after: map("{app.conf: a}"),
  said: [restart, /no longer has LEVEL, which is not optional/],
});
check("a key that goes and is optional", {
  pod: "containers: [{name: main, env: [{name: L, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL, optional: true}}}]}]",
  before: old,
  after: map("{app.conf: a}"),
  said: [restart],
});
check("mounted files change by themselves", {
  pod: mounted(""),
  before: old,
  after: changed,
  said: [/the files of volume `conf` of queue change by themselves within about a minute/],
  unsaid: /rollout restart/,
});
check("files under subPath never do", {
  pod: mounted("/app.conf, subPath: app.conf"),
  before: old,
  after: changed,
  said: [/keep the old values of the files of volume `conf` that are mounted with subPath until they restart: kubectl/],
  unsaid: /by themselves/,
});
check("a volume that nothing mounts", {
  pod: "{containers: [{name: main}], volumes: [{name: conf, configMap: {name: settings}}]}",
  before: old,
  after: changed,
  said: [],
});
check("items of a volume", {
  pod: "{containers: [{name: main, volumeMounts: [{name: conf, mountPath: /a}]}], volumes: [{name: conf, configMap: {name: settings, items: [{key: app.conf, path: b}]}}]}",
  before: old,
  after: changed,
  said: [/uses none of these keys/],
});
check("a projected Secret", {
  pod: "{containers: [{name: main, volumeMounts: [{name: all, mountPath: /a}]}], volumes: [{name: all, projected: {sources: [{secret: {name: login}}]}}]}",
  before: "{apiVersion: v1, kind: Secret, metadata: {name: login}, data: {word: YQ==}}",
  after: "{apiVersion: v1, kind: Secret, metadata: {name: login}, stringData: {word: b}}",
  said: [/^Secret `login` changes \(word\): the files of volume `all` of queue/],
});
check("a Secret written in another way is the same", {
  pod: "{containers: [{name: main, envFrom: [{secretRef: {name: login}}]}]}",
  before: "{apiVersion: v1, kind: Secret, metadata: {name: login}, data: {word: w6Q=}}",
  after: "{apiVersion: v1, kind: Secret, metadata: {name: login}, stringData: {word: ä}}",
  said: [],
});
check("an immutable one", {
  pod: fromAll,
  before: map("{LEVEL: info}", ", immutable: true"),
  after: map("{LEVEL: debug}", ", immutable: true"),
  said: [/is immutable: the API server refuses the change/],
});
check("the pods are replaced anyway", {
  pod: fromAll,
  before: old,
  after: changed,
  user: { restarts: true },
  said: [/pods of queue that are replaced read it when they start$/],
});
check("OnDelete", {
  pod: fromAll,
  before: old,
  after: changed,
  user: { strategy: { type: "OnDelete" } },
  said: [/until they restart: kubectl delete pod queue-0, and so on for each pod$/],
});
check("a name with a hash", {
  pod: "containers: [{name: main, envFrom: [{configMapRef: {name: settings-b2}}]}]",
  podBefore: "containers: [{name: main, envFrom: [{configMapRef: {name: settings-a1}}]}]",
  before: old.replace("settings", "settings-a1"),
  after: changed.replace("settings", "settings-b2"),
  user: { restarts: true },
  said: [/`settings-b2` takes the place of `settings-a1`: the template names it, so this is a new revision/],
});
check("nothing changes", { pod: fromAll, before: old, after: old, said: [] });
check("a set that does not use it", { pod: "containers: [{name: main}]", before: old, after: changed, said: [] });
check("one of another namespace", {
  pod: fromAll,
  before: old,
  after: changed.replace("name: settings", "name: settings, namespace: other"),
  user: { namespace: "shop" },
  said: [],
});
check("items of a List", {
  pod: fromAll,
  before: `{apiVersion: v1, kind: List, items: [${old}]}`,
  after: `{apiVersion: v1, kind: List, items: [${changed}]}`,
  said: [restart],
});
