import { nearest } from "../kubernetes/schema/nearest.js";
import {
  featureGates,
  formatRelease,
  gateDefault,
  isFeatureGate,
  newestRelease,
  parseRange,
  parseRelease,
  type FeatureGate,
  type GateOverrides,
  type Release,
} from "../kubernetes/versions.js";
import { severities, type Severity } from "./severity.js";
import type { Path } from "../yaml/path.js";
import { isMapping } from "../yaml/plain.js";
import { defaultConfig, loadRestrictors, profiles, type Config, type TargetRelease } from "./config.js";
import { readOption, readStrings, show, type GivenOptions, type Options } from "./options.js";
import { alternatives, inCode } from "../text/code.js";

/** A setting that cannot be used as it is, in a sentence for the user. */
export type ConfigProblem = {
  /** Leads to it in the settings: `rules`, a rule's id, an option's name. */
  readonly path: Path;
  readonly text: string;
  /** `info` where the setting is used as it is; a warning where it is left out. */
  readonly severity?: "info";
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
    featureGates: { ...config.featureGates, ...given.featureGates },
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
    const releases = typeof version === "string" ? readReleases(version) : undefined;
    if (version === "auto") given = { ...given, detectsRelease: true };
    else if (releases !== undefined) {
      given = { ...given, ...targetOf(releases), detectsRelease: false };
      if (given.newerRelease !== undefined) {
        const text = newerText(given.newerRelease);
        problems.push({ path: ["kubernetesVersion"], on: "value", severity: "info", text });
      }
    } else
      problems.push(
        wrong(
          ["kubernetesVersion"],
          version,
          "is not a Kubernetes version. Use a release such as `1.37` or `1.35.2`, a range such as `1.34 - 1.37`, or `auto`",
        ),
      );
  }
  const switched = found["featureGates"];
  if (isMapping(switched)) {
    const read = readGates(switched, given.kubernetesVersion);
    problems.push(...read.problems);
    if (Object.keys(read.gates).length > 0) given = { ...given, featureGates: read.gates };
  } else if (isGiven(switched)) {
    problems.push(wrong(["featureGates"], switched, "is not a map of feature gates to `true` or `false`"));
  }
  const chosenProfile = found["profile"];
  if (isGiven(chosenProfile)) {
    const known = profiles.find((name) => name === chosenProfile);
    if (known !== undefined) given = { ...given, profile: known };
    else problems.push(wrong(["profile"], chosenProfile, `is not valid. Use ${alternatives(profiles)}`));
  }
  const validation = found["schemaValidation"];
  if (validation === "on" || validation === "off") given = { ...given, schemaValidation: validation };
  else if (isGiven(validation) && validation !== "auto") {
    problems.push(wrong(["schemaValidation"], validation, "is not valid. Use `auto`, `on` or `off`"));
  }
  const chosenRestrictor = found["loadRestrictor"];
  if (isGiven(chosenRestrictor)) {
    const known = loadRestrictors.find((name) => name === chosenRestrictor);
    if (known !== undefined) given = { ...given, loadRestrictor: known };
    else
      problems.push(wrong(["loadRestrictor"], chosenRestrictor, `is not valid. Use ${alternatives(loadRestrictors)}`));
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
    problems.push(wrong(["rules"], settingOf, "is not a map of rules to severities"));
  }
  return { given, problems };
}

function readReleases(text: string): readonly Release[] | undefined {
  const range = parseRange(text);
  if (range !== undefined) return range;
  const release = parseRelease(text);
  return release && [release];
}

/** What manifests are checked for that have to work on these releases, at least one. */
export function targetOf(releases: readonly Release[]): Pick<Config, "kubernetesVersion" | "newerRelease" | "range"> {
  const targets = releases.map((release): TargetRelease => {
    const isNewer = release.minor > newestRelease.minor;
    return { kubernetesVersion: isNewer ? newestRelease : release, newerRelease: isNewer ? release : undefined };
  });
  // Of those that are not known one is enough, and it is the last.
  const distinct = targets.filter(
    ({ newerRelease }, index) => newerRelease === undefined || index === targets.length - 1,
  );
  const newest = distinct.at(-1) ?? { kubernetesVersion: newestRelease, newerRelease: undefined };
  return { ...newest, range: distinct.length > 1 ? distinct : [] };
}

/** The message for a cluster that is newer than this program. */
export function newerText(release: Release): string {
  const [named, newest] = [formatRelease(release), formatRelease(newestRelease)];
  return `Kubernetes ${named} is newer than this version of Ordinal. Manifests are checked for ${newest}; fields and values that ${newest} does not have are only information`;
}

/** `featureGates`: for each gate true or false. A file has words where a program has values. */
function readGates(
  switched: Readonly<Record<string, unknown>>,
  release: Release | undefined,
): { readonly gates: GateOverrides; readonly problems: readonly ConfigProblem[] } {
  const gates: Partial<Record<FeatureGate, boolean>> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(switched)) {
    const path = ["featureGates", name];
    const isOn = value === true || value === "true";
    if (!isFeatureGate(name)) {
      problems.push(
        unknownKey(path, `Ordinal has no feature gate ${inCode(name)} that affects manifests`, featureGates, ""),
      );
    } else if (!isOn && value !== false && value !== "false") {
      if (isGiven(value)) problems.push(wrong(path, value, "is not valid. Use `true` or `false`"));
    } else {
      gates[name] = isOn;
      const text = release === undefined ? undefined : withoutEffect(name, isOn, release);
      if (text !== undefined) problems.push({ path, on: "value", severity: "info", text });
    }
  }
  return { gates, problems };
}

/** Why a gate cannot be switched in a release; `undefined` where it can. */
function withoutEffect(gate: FeatureGate, isOn: boolean, release: Release): string | undefined {
  const { stage, enabled, locked } = gateDefault(gate, release);
  if (stage === "unknown" && isOn) return `Kubernetes ${formatRelease(release)} has no feature gate \`${gate}\``;
  if (stage === "unknown" || !locked || isOn === enabled) return undefined;
  return `\`${gate}\` is stable in Kubernetes ${formatRelease(release)} and can no longer be turned off`;
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
    else problems.push(wrong(path, value, `is not valid. Use ${severityWords}`));
  };
  for (const [id, setting] of Object.entries(settingOf)) {
    const path = ["rules", id];
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) {
      const ids = rules.map((one) => one.id);
      problems.push(unknownKey(path, `Rule ${inCode(id)} does not exist`, ids, ""));
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
      const others = `. Use ${alternatives(known)}`;
      problems.push(unknownKey(at, `Option ${inCode(name)} does not exist`, known, others));
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
 * The problem of a key that is not known; the sentence ends with the nearest known key, or else `otherwise`.
 */
export function unknownKey(path: Path, sentence: string, known: readonly string[], otherwise: string): ConfigProblem {
  const near = nearest(String(path.at(-1)), known);
  return {
    path,
    on: "key",
    near,
    text: `${sentence}${near === undefined ? otherwise : `. Did you mean ${inCode(near)}?`}`,
  };
}

/** What a rule may be set to. */
export const settableSeverities: readonly (Severity | "off")[] = [...severities, "off"];

const severityWords = alternatives(settableSeverities);

function isSeverity(value: unknown): value is Severity | "off" {
  return settableSeverities.some((severity) => severity === value);
}

/** Editors send `null` and "" for what is not set. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function wrong(path: Path, value: unknown, why: string): ConfigProblem {
  return { path, on: "value", text: `${inCode(show(value))} ${why}` };
}
