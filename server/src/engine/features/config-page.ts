import type { ConfigurableRule } from "../config/resolve.js";
import { ruleMeaning, settingMeanings, severityMeaning } from "../config/setting-meanings.js";
import { gateOf, isFeatureGate } from "../kubernetes/versions.js";
import { rulePageUrl } from "../words/rule-page.js";
import type { Path } from "../yaml/path.js";
import { describeGate } from "../kubernetes/gate-text.js";

/** A rule that may be set, with what it flags in Markdown. */
export interface DescribedRule extends ConfigurableRule {
  readonly flags: string;
}

/**
 * What is said of a setting, a rule or an option in a configuration file, as Markdown; `undefined` for what is none.
 */
export function configPage(path: Path, rules: readonly DescribedRule[]): string | undefined {
  const [setting, id, name, ...further] = path;
  if (further.length > 0 || typeof setting !== "string" || !isSetting(setting)) return undefined;
  if (setting === "featureGates" && typeof id === "string" && name === undefined) return gatePage(id);
  if (id === undefined || setting !== "rules") return settingMeanings[setting];
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) return undefined;
  if (name === undefined) return `${ruleMeaning(rule.flags)} [More](${rulePageUrl(rule.id)})`;
  if (name === "severity") return severityMeaning;
  const options = rule.options ?? {};
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  return option && `${option.description} Default: \`${JSON.stringify(option.default)}\`.`;
}

/** What a feature gate switches on, and where it is on by itself. */
function gatePage(name: string): string | undefined {
  if (!isFeatureGate(name)) return undefined;
  return `${gateOf(name).about}\n\n${describeGate(name)}`;
}

function isSetting(name: string): name is keyof typeof settingMeanings {
  return Object.hasOwn(settingMeanings, name);
}
