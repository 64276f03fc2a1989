import { parseRelease } from "../k8s/versions.js";
import { severities, type Severity } from "../lint/severity.js";
import { defaultConfig, profiles, type Config } from "./config.js";

/** A setting that cannot be used as it is, in a sentence for the user. */
export interface ConfigProblem {
  readonly setting: string;
  readonly text: string;
}

/**
 * The configuration from what an editor or a command line gives, which may be anything. What cannot be used is named
 * and its default is taken. `knownRules` are the ids that a severity may be set for.
 */
export function resolveConfig(
  settings: unknown,
  knownRules: readonly string[],
): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const { given, problems } = readSettings(settings, knownRules);
  return { config: withSettings(defaultConfig, given), problems };
}

/** A configuration with what is given in place of its own; single rules in place of single rules. */
export function withSettings(config: Config, given: Partial<Config>): Config {
  return { ...config, ...given, rules: { ...config.rules, ...given.rules } };
}

/** What of some settings is given and can be used. Keys that are not ours are passed over. */
export function readSettings(
  settings: unknown,
  knownRules: readonly string[],
): { readonly given: Partial<Config>; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const found = isRecord(settings) ? settings : {};
  let given: Partial<Config> = {};
  const version = found["kubernetesVersion"];
  if (version !== undefined && version !== null && version !== "") {
    const parsed = typeof version === "string" ? parseRelease(version) : undefined;
    if (parsed !== undefined) given = { ...given, kubernetesVersion: parsed };
    else
      problems.push({
        setting: "kubernetesVersion",
        text: `${show(version)} is not a Kubernetes version such as 1.36 or 1.35.2`,
      });
  }
  const chosenProfile = found["profile"];
  if (chosenProfile !== undefined && chosenProfile !== null && chosenProfile !== "") {
    const known = profiles.find((name) => name === chosenProfile);
    if (known !== undefined) given = { ...given, profile: known };
    else problems.push({ setting: "profile", text: `${show(chosenProfile)} is none of ${profiles.join(", ")}` });
  }
  const validation = found["schemaValidation"];
  if (validation === "on" || validation === "off") given = { ...given, schemaValidation: validation };
  else if (validation !== undefined && validation !== null && validation !== "" && validation !== "auto") {
    problems.push({ setting: "schemaValidation", text: `${show(validation)} is none of auto, on, off` });
  }
  const rules: Record<string, Severity | "off"> = {};
  const severityOf = found["rules"];
  if (isRecord(severityOf)) {
    for (const [rule, severity] of Object.entries(severityOf)) {
      if (!knownRules.includes(rule)) problems.push({ setting: `rules.${rule}`, text: `there is no rule ${rule}` });
      else if (isSeverity(severity)) rules[rule] = severity;
      else
        problems.push({
          setting: `rules.${rule}`,
          text: `${show(severity)} is none of ${[...severities, "off"].join(", ")}`,
        });
    }
  } else if (severityOf !== undefined && severityOf !== null) {
    problems.push({ setting: "rules", text: `${show(severityOf)} is not a map from rule to severity` });
  }
  return { given: Object.keys(rules).length === 0 ? given : { ...given, rules }, problems };
}

function isSeverity(value: unknown): value is Severity | "off" {
  return value === "off" || severities.some((severity) => severity === value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
