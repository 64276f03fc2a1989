import { configKeys } from "../../config/config-file.js";
import { loadRestrictors, profiles } from "../../config/config.js";
import { settableSeverities } from "../../config/resolve.js";
import { profileMeanings } from "../../config/setting-meanings.js";
import type { FieldType } from "../../kubernetes/schema/schema.js";
import { describedReleases, featureGates, formatRelease } from "../../kubernetes/versions.js";
import type { Style } from "../../yaml/style.js";
import { configPage, type DescribedRule } from "../config-page.js";
import type { Cursor } from "./cursor.js";
import { keyInsertion, wordInsertion } from "./insertion.js";
import type { CompletionItem } from "./item.js";

/**
 * What may be written in a configuration file: settings, rules and options that are not there yet, and values of each.
 */
export function configItems(
  cursor: Cursor,
  rules: readonly DescribedRule[],
  style: () => Style,
): readonly CompletionItem[] {
  const { path, writes, root } = cursor;
  if (writes === "value") return values(cursor, rules).map((value) => valueItem(value, cursor));
  const present = new Set(
    root
      .at(...path)
      .entries()
      .map(([key]) => key),
  );
  return keys(path, rules)
    .filter(({ key }) => !present.has(key))
    .map(({ key, type, detail, choiceFollows }) => ({
      label: key,
      kind: "field",
      detail,
      documentation: configPage([...path, key], rules),
      insert: keyInsertion(key, type, cursor, style),
      choiceFollows: choiceFollows && !cursor.colonFollows,
      deprecated: false,
    }));
}

interface Key {
  readonly key: string;
  readonly type: FieldType;
  readonly detail: string;
  readonly choiceFollows: boolean;
}

const word: FieldType = { kind: "scalar", scalar: "string" };
const words: FieldType = { kind: "list", item: word };

/** What a map of the file may hold. */
function keys(path: Cursor["path"], rules: readonly DescribedRule[]): readonly Key[] {
  const [setting, id, ...further] = path;
  if (setting === undefined) return configKeys.map((key) => ({ key, detail: "", ...settingKinds[key] }));
  if (setting === "featureGates" && id === undefined)
    return featureGates.map((gate) => ({ key: gate, type: word, detail: "", choiceFollows: true }));
  if (setting !== "rules" || further.length > 0) return [];
  if (id === undefined) return rules.map((rule) => ({ key: rule.id, type: word, detail: "", choiceFollows: true }));
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) return [];
  return [
    ...Object.entries(rule.options ?? {}).map(([key, { type }]) => ({
      key,
      type: type === "strings" ? words : word,
      detail: type,
      choiceFollows: type === "integer",
    })),
    { key: "severity", type: word, detail: "", choiceFollows: true },
  ];
}

const settingKinds: Readonly<Record<(typeof configKeys)[number], Pick<Key, "type" | "choiceFollows">>> = {
  kubernetesVersion: { type: word, choiceFollows: true },
  featureGates: { type: { kind: "map", value: word }, choiceFollows: true },
  profile: { type: word, choiceFollows: true },
  loadRestrictor: { type: word, choiceFollows: true },
  externalServices: { type: words, choiceFollows: false },
  rules: { type: { kind: "map", value: word }, choiceFollows: true },
};

interface Value {
  readonly word: string;
  readonly detail: string;
}

function values({ path }: Cursor, rules: readonly DescribedRule[]): readonly Value[] {
  const [setting, id, name, ...further] = path;
  if (further.length > 0) return [];
  if (id === undefined) {
    if (setting === "profile") return profiles.map((profile) => ({ word: profile, detail: profileMeanings[profile] }));
    if (setting === "loadRestrictor") return loadRestrictors.map((value) => ({ word: value, detail: "" }));
    if (setting !== "kubernetesVersion") return [];
    const releases = describedReleases.map((release) => ({ word: formatRelease(release), detail: "" }));
    return [...releases, { word: "auto", detail: "what the repository says" }];
  }
  if (setting === "featureGates" && name === undefined)
    return ["true", "false"].map((value) => ({ word: value, detail: "" }));
  const rule = rules.find((one) => one.id === id);
  if (setting !== "rules" || rule === undefined) return [];
  if (name === undefined || name === "severity")
    return settableSeverities.map((severity) => ({ word: severity, detail: "" }));
  const option = Object.hasOwn(rule.options ?? {}, name) ? rule.options?.[name] : undefined;
  return option?.type === "integer" ? [{ word: String(option.default), detail: "default" }] : [];
}

/** Words are written as they are: a configuration file has no other kind of value, and `off` is the word. */
function valueItem({ word: label, detail }: Value, cursor: Cursor): CompletionItem {
  return {
    label,
    kind: "value",
    detail,
    documentation: undefined,
    insert: wordInsertion(label, cursor),
    choiceFollows: false,
    deprecated: false,
  };
}
