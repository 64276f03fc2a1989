import { nearest } from "../k8s/schema/nearest.js";
import { parseRelease } from "../k8s/versions.js";
import { severities, type Severity } from "../lint/severity.js";
import type { Path } from "../yaml/path.js";
import { isMapping } from "../yaml/plain.js";
import { defaultConfig, profiles, type Config } from "./config.js";
import { readOption, readStrings, show, type GivenOptions, type Options } from "./options.js";

/** A setting that cannot be used as it is, in a sentence for the user. */
export type ConfigProblem = {
  /** Leads to it in the settings: `rules`, a rule's id, an option's name. */
  readonly path: Path;
  readonly text: string;
} & (UnknownKey | { readonly on: "value" });

/** There is no such key; `near` is the one that was probably meant. */
interface UnknownKey {
  readonly on: "key";
  readonly near: string | undefined;
}

/** A rule that may be set. */
export interface ConfigurableRule {
  readonly id: string;
  readonly options?: Options;
}

/**
 * The configuration from what an editor or a command line gives, which may be anything. What cannot be used is named
 * and its default is taken.
 */
export function resolveConfig(
  settings: unknown,
  rules: readonly ConfigurableRule[],
): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const { given, problems } = readSettings(settings, rules);
  return { config: withSettings(defaultConfig, given), problems };
}

/** A configuration with what is given in place of its own; single rules and options in place of single ones. */
export function withSettings(config: Config, given: Partial<Config>): Config {
  const options = Object.entries(given.options ?? {}).map(([rule, values]) => [
    rule,
    { ...config.options[rule], ...values },
  ]);
  return {
    ...config,
    ...given,
    rules: { ...config.rules, ...given.rules },
    options: { ...config.options, ...Object.fromEntries(options) },
  };
}

/** What of some settings is given and can be used. Keys that are not ours are passed over. */
export function readSettings(
  settings: unknown,
  rules: readonly ConfigurableRule[],
): { readonly given: Partial<Config>; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const found = isMapping(settings) ? settings : {};
  let given: Partial<Config> = {};
  const version = found["kubernetesVersion"];
  if (isGiven(version)) {
    const parsed = typeof version === "string" ? parseRelease(version) : undefined;
    if (parsed !== undefined) given = { ...given, kubernetesVersion: parsed };
    else problems.push(wrong(["kubernetesVersion"], version, "is not a Kubernetes version such as 1.36 or 1.35.2"));
  }
  const chosenProfile = found["profile"];
  if (isGiven(chosenProfile)) {
    const known = profiles.find((name) => name === chosenProfile);
    if (known !== undefined) given = { ...given, profile: known };
    else problems.push(wrong(["profile"], chosenProfile, `is none of ${profiles.join(", ")}`));
  }
  const validation = found["schemaValidation"];
  if (validation === "on" || validation === "off") given = { ...given, schemaValidation: validation };
  else if (isGiven(validation) && validation !== "auto") {
    problems.push(wrong(["schemaValidation"], validation, "is none of auto, on, off"));
  }
  const external = found["externalServices"];
  if (isGiven(external)) {
    const { value, problems: wrongs } = readStrings(external);
    if (value !== undefined) given = { ...given, externalServices: value };
    for (const { path, text } of wrongs) problems.push({ path: ["externalServices", ...path], on: "value", text });
  }
  const settingOf = found["rules"];
  if (isMapping(settingOf)) {
    const read = readRules(settingOf, rules);
    problems.push(...read.problems);
    if (Object.keys(read.severities).length > 0) given = { ...given, rules: read.severities };
    if (Object.keys(read.options).length > 0) given = { ...given, options: read.options };
  } else if (settingOf !== undefined && settingOf !== null) {
    problems.push(wrong(["rules"], settingOf, "is not a map from rule to severity"));
  }
  return { given, problems };
}

interface ReadRules {
  readonly severities: Config["rules"];
  readonly options: Config["options"];
  readonly problems: readonly ConfigProblem[];
}

/** `rules`: for each a severity, or a map of its options with or without a severity among them. */
function readRules(settingOf: Readonly<Record<string, unknown>>, rules: readonly ConfigurableRule[]): ReadRules {
  const chosen: Record<string, Severity | "off"> = {};
  const options: Record<string, GivenOptions> = {};
  const problems: ConfigProblem[] = [];
  const readSeverity = (rule: string, path: Path, value: unknown) => {
    if (isSeverity(value)) chosen[rule] = value;
    else problems.push(wrong(path, value, `is none of ${severityWords}`));
  };
  for (const [id, setting] of Object.entries(settingOf)) {
    const path = ["rules", id];
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) {
      const ids = rules.map((one) => one.id);
      problems.push(unknownKey(path, `there is no rule ${id}`, ids, ""));
    } else if (!isMapping(setting)) readSeverity(id, path, setting);
    else {
      const { severity, ...rest } = setting;
      if (isGiven(severity)) readSeverity(id, [...path, "severity"], severity);
      const read = readOptions(rest, rule.options ?? {}, path);
      problems.push(...read.problems);
      if (Object.keys(read.values).length > 0) options[id] = read.values;
    }
  }
  return { severities: chosen, options, problems };
}

function readOptions(
  given: Readonly<Record<string, unknown>>,
  options: Options,
  path: Path,
): { readonly values: GivenOptions; readonly problems: readonly ConfigProblem[] } {
  const values: Record<string, GivenOptions[string]> = {};
  const problems: ConfigProblem[] = [];
  const known = ["severity", ...Object.keys(options)];
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    const at = [...path, name];
    if (option === undefined) {
      const others = `; there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
      problems.push(unknownKey(at, `there is no option ${name}`, known, others));
    } else if (isGiven(value)) {
      const read = readOption(option, value);
      if (read.value !== undefined) values[name] = read.value;
      problems.push(
        ...read.problems.map(({ path: below, text }) => ({ path: [...at, ...below], on: "value" as const, text })),
      );
    }
  }
  return { values, problems };
}

/**
 * The problem of a key that is none of those known; the sentence ends with the one that was meant, or else `otherwise`.
 */
export function unknownKey(path: Path, sentence: string, known: readonly string[], otherwise: string): ConfigProblem {
  const near = nearest(String(path.at(-1)), known);
  return { path, on: "key", near, text: `${sentence}${near === undefined ? otherwise : `; did you mean ${near}?`}` };
}

/** What a rule may be set to. */
export const settableSeverities: readonly (Severity | "off")[] = [...severities, "off"];

const severityWords = settableSeverities.join(", ");

function isSeverity(value: unknown): value is Severity | "off" {
  return settableSeverities.some((severity) => severity === value);
}

/** Editors send `null` and "" for what is not set. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function wrong(path: Path, value: unknown, why: string): ConfigProblem {
  return { path, on: "value", text: `${show(value)} ${why}` };
}
