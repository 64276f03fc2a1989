import { bytesOfBase64 } from "../kubernetes/base64.js";
import { listAt } from "../kubernetes/plain-object.js";
import { utf8 } from "../text/utf8.js";
import { isMapping } from "../yaml/plain.js";
import { kubectl, type Subject } from "./kubectl.js";
import type { UpdateStrategy } from "./spec.js";

/** A ConfigMap or Secret, as far as pods see it. */
export interface ConfigObject {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string | undefined;
  /** Texts by key; those of `binaryData` and of a Secret's `data` decoded. */
  readonly data: ReadonlyMap<string, string>;
  readonly immutable: boolean;
}

/** The ConfigMaps and Secrets among plain values of documents; the items of a List count too. */
export function configObjectsOf(documents: readonly unknown[]): readonly ConfigObject[] {
  return documents.flatMap((document): readonly ConfigObject[] => {
    if (!isMapping(document) || document["apiVersion"] !== "v1") return [];
    const { kind, metadata } = document;
    if (kind === "List" || kind === "ConfigMapList" || kind === "SecretList")
      return configObjectsOf(listAt(document["items"]));
    if ((kind !== "ConfigMap" && kind !== "Secret") || !isMapping(metadata)) return [];
    const { name, namespace } = metadata;
    if (typeof name !== "string") return [];
    return [
      {
        kind,
        name,
        namespace: typeof namespace === "string" ? namespace : undefined,
        data: kind === "ConfigMap" ? configMapData(document) : secretData(document),
        immutable: document["immutable"] === true,
      },
    ];
  });
}

function configMapData({ data, binaryData }: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map([...textsOf(data), ...textsOf(binaryData).map(decoded)]);
}

/** `stringData` is written into `data`, over what is there (pkg/apis/core/v1/conversion.go, 1.36). */
function secretData({ data, stringData }: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map([...textsOf(data).map(decoded), ...textsOf(stringData).map(encoded)]);
}

function textsOf(value: unknown): readonly (readonly [string, string])[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([key, text]) => [key, typeof text === "string" ? text : JSON.stringify(text)]);
}

function decoded([key, text]: readonly [string, string]): readonly [string, string] {
  return [key, bytesOfBase64(text)];
}

/** The bytes of a text, each as the character of its number, like those of base64. */
function encoded([key, text]: readonly [string, string]): readonly [string, string] {
  const wellFormed = text.replaceAll(/[\uD800-\uDFFF]/gu, "\uFFFD");
  return [key, Array.from(utf8(wellFormed), (byte) => String.fromCharCode(byte)).join("")];
}

/** What is known of the set that may use them. */
export interface ConfigUser extends Subject {
  /** Plain values of `spec.template.spec`, before the edit and after it. */
  readonly podSpec: unknown;
  readonly podSpecBefore: unknown;
  readonly strategy: UpdateStrategy;
  /** The name of its first pod. */
  readonly firstPod: string;
  /** Whether the edit replaces pods because their template changed. */
  readonly restarts: boolean;
}

/**
 * What a change of ConfigMaps and Secrets means for a set that uses them: a sentence each, without its full stop.
 * Environment variables and files mounted with `subPath` are read once; other files follow within about a minute
 * (kubernetes.io/docs/concepts/configuration/configmap, "Mounted ConfigMaps are updated automatically", and the same of
 * Secrets).
 */
export function configNotes(
  user: ConfigUser,
  before: readonly ConfigObject[],
  after: readonly ConfigObject[],
): readonly string[] {
  const uses = usesOf(user.podSpec);
  const usesBefore = usesOf(user.podSpecBefore);
  return after.flatMap((object) => {
    const old = before.find((other) => isSame(other, object));
    const own = uses.filter((use) => isUseOf(use, object, user));
    if (old === undefined) return renamed(object, own, usesBefore, uses, before);
    return own.length === 0 ? [] : noteOf(user, old, object, own);
  });
}

function noteOf(user: ConfigUser, old: ConfigObject, object: ConfigObject, uses: readonly Use[]): readonly string[] {
  const keys = changedKeys(old, object);
  if (keys.length === 0) return [];
  const subject = `${object.kind} \`${object.name}\` changes (${listed(keys)})`;
  if (old.immutable) {
    return [
      `${subject}, but it is immutable: the API server refuses the change. Give the new one another name, or delete it, create it again and restart the pods`,
    ];
  }
  const touched = uses.filter(({ key }) => key === undefined || keys.includes(key));
  if (touched.length === 0) return [`${subject}: ${user.name} uses none of these keys`];
  const gone = touched.filter((use) => use.key !== undefined && !object.data.has(use.key) && !use.isOptional);
  const missing =
    gone.length === 0
      ? []
      : [
          `${object.kind} \`${object.name}\` no longer has ${listed(gone.map(({ key }) => key ?? ""))}, which is not optional: pods of ${user.name} that start from now on do not run (CreateContainerConfigError or a failed mount)`,
        ];
  if (user.restarts) {
    return [`${subject}: the pods of ${user.name} that are replaced read it when they start`, ...missing];
  }
  const live = touched.filter(({ as }) => as === "files");
  const frozen = touched.filter(({ as }) => as !== "files");
  const sentences = [
    ...(frozen.length === 0
      ? []
      : [
          `nothing restarts, and running pods of ${user.name} keep the old values of ${listed(frozen.map(whereOf))} until they restart: ${restartCommand(user)}`,
        ]),
    ...(live.length === 0
      ? []
      : [
          `${listed(live.map(whereOf))} of ${user.name} change by themselves within about a minute, without a restart; the application has to read them again`,
        ]),
  ];
  return [`${subject}: ${sentences.join(". And ")}`, ...missing];
}

/** `kubectl rollout restart` changes the template, which is not enough where nothing replaces pods by itself. */
function restartCommand(user: ConfigUser): string {
  if (user.strategy.type === "OnDelete")
    return `${kubectl(user, "delete", "pod", user.firstPod)}, and so on for each pod`;
  return kubectl(user, "rollout", "restart", `statefulset/${user.name}`);
}

/** Another name, such as one with kustomize's hash, is another template. */
function renamed(
  object: ConfigObject,
  own: readonly Use[],
  usesBefore: readonly Use[],
  uses: readonly Use[],
  before: readonly ConfigObject[],
): readonly string[] {
  if (own.length === 0 || usesBefore.length === 0) return [];
  const names = (some: readonly Use[]): ReadonlySet<string> =>
    new Set(some.filter(({ kind }) => kind === object.kind).map(({ name }) => name));
  const left = [...names(usesBefore)].filter((name) => !names(uses).has(name));
  const come = [...names(uses)].filter((name) => !names(usesBefore).has(name));
  const [former] = left;
  if (left.length !== 1 || come.length !== 1 || former === undefined) return [];
  if (!before.some(({ kind, name }) => kind === object.kind && name === former)) return [];
  return [
    `${object.kind} \`${object.name}\` takes the place of \`${former}\`: the template names it, so this is a new revision, and each pod reads it when it is replaced`,
  ];
}

interface Use {
  readonly kind: ConfigObject["kind"];
  readonly name: string;
  /** One key; all of them if `undefined`. */
  readonly key: string | undefined;
  readonly isOptional: boolean;
  readonly as: "environment" | "files" | "subPath";
  /** The container or volume. */
  readonly place: string;
}

function whereOf({ as, place }: Use): string {
  switch (as) {
    case "environment":
      return `the environment of container \`${place}\``;
    case "files":
      return `the files of volume \`${place}\``;
    case "subPath":
      return `the files of volume \`${place}\` that are mounted with subPath`;
  }
}

function usesOf(podSpec: unknown): readonly Use[] {
  if (!isMapping(podSpec)) return [];
  const containers = [...listAt(podSpec["initContainers"]), ...listAt(podSpec["containers"])].filter(isMapping);
  return [
    ...containers.flatMap(environmentUses),
    ...listAt(podSpec["volumes"])
      .filter(isMapping)
      .flatMap((volume) => volumeUses(volume, containers)),
  ];
}

type Mapping = Readonly<Record<string, unknown>>;

function environmentUses(container: Mapping): readonly Use[] {
  const place = nameOf(container);
  const shared = { as: "environment" as const, place };
  const all = listAt(container["envFrom"]).flatMap((source) =>
    references(source, "configMapRef", "secretRef", "name").map((use) => ({ ...use, ...shared, key: undefined })),
  );
  const single = listAt(container["env"]).flatMap((variable) => {
    const from = isMapping(variable) ? variable["valueFrom"] : undefined;
    return references(from, "configMapKeyRef", "secretKeyRef", "name").map((use) => ({ ...use, ...shared }));
  });
  return [...all, ...single];
}

function nameOf({ name }: Mapping): string {
  return typeof name === "string" ? name : "";
}

interface Reference {
  readonly kind: ConfigObject["kind"];
  readonly name: string;
  readonly key: string | undefined;
  readonly isOptional: boolean;
  readonly items: readonly string[] | undefined;
}

/** What a source names, under one of two fields. */
function references(
  source: unknown,
  configMap: string,
  secret: string,
  secretName: "name" | "secretName",
): readonly Reference[] {
  if (!isMapping(source)) return [];
  const kinds = [
    ["ConfigMap", source[configMap], "name"],
    ["Secret", source[secret], secretName],
  ] as const;
  return kinds.flatMap(([kind, reference, field]) => {
    if (!isMapping(reference) || typeof reference[field] !== "string") return [];
    const items = listAt(reference["items"]).filter(isMapping);
    return [
      {
        kind,
        name: reference[field],
        key: typeof reference["key"] === "string" ? reference["key"] : undefined,
        isOptional: reference["optional"] === true,
        items: items.length === 0 ? undefined : items.map(({ key }) => String(key)),
      },
    ];
  });
}

function volumeUses(volume: Mapping, containers: readonly Mapping[]): readonly Use[] {
  const place = nameOf(volume);
  const mounts = containers
    .flatMap((container) => listAt(container["volumeMounts"]))
    .filter(isMapping)
    .filter(({ name }) => name === place);
  const projected = isMapping(volume["projected"]) ? listAt(volume["projected"]["sources"]) : [];
  const found = [
    ...references(volume, "configMap", "secret", "secretName"),
    ...projected.flatMap((source) => references(source, "configMap", "secret", "name")),
  ];
  const ways = new Set(mounts.map(({ subPath, subPathExpr }) => (subPath || subPathExpr ? "subPath" : "files")));
  return found.flatMap(({ items, ...reference }) =>
    [...ways].flatMap((as) => (items ?? [undefined]).map((key): Use => ({ ...reference, key, as, place }))),
  );
}

function isSame(a: ConfigObject, b: ConfigObject): boolean {
  return a.kind === b.kind && a.name === b.name && isOneNamespace(a.namespace, b.namespace);
}

function isUseOf({ kind, name }: Use, object: ConfigObject, user: ConfigUser): boolean {
  return kind === object.kind && name === object.name && isOneNamespace(object.namespace, user.namespace);
}

/** Where one leaves its namespace out, whoever applies it chooses. */
function isOneNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function changedKeys(old: ConfigObject, object: ConfigObject): readonly string[] {
  const keys = new Set([...old.data.keys(), ...object.data.keys()]);
  return [...keys].filter((key) => old.data.get(key) !== object.data.get(key));
}

function listed(texts: readonly string[]): string {
  return [...new Set(texts)].join(", ");
}
