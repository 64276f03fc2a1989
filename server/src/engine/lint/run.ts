import type { Config } from "../config/config.js";
import { optionValues } from "../config/options.js";
import { isPartial } from "../k8s/partial.js";
import type { Refusal } from "../k8s/refusal.js";
import type { Resource } from "../k8s/resource.js";
import { refusalsOf } from "../k8s/validation/refusals.js";
import type { Release } from "../k8s/versions.js";
import type { Scope } from "../workspace/scope.js";
import type { Finding } from "./finding.js";
import type { Report, Rule } from "./rule.js";
import type { Severity } from "./severity.js";

/**
 * Every finding of the rules about one resource, in the order of the rules. `scope` is asked for only by rules that
 * look beyond their resource. Severities that the user has set replace the rules' own; rules that are off do not run,
 * nor do those about whole resources on a patch or a fragment.
 */
export function runRules(
  rules: readonly Rule[],
  resource: Resource,
  config: Config,
  scope: () => Scope,
): readonly Finding[] {
  return runRulesOn(rules, resource, isPartial(resource) ? "part" : "whole", config, scope);
}

/** What there is of a resource: all, or a patch or a fragment of it. */
export type Extent = "whole" | "part";

/** The same, for a resource that is known to be whole or a part, whatever it looks like. */
export function runRulesOn(
  rules: readonly Rule[],
  resource: Resource,
  extent: Extent,
  config: Config,
  scope: () => Scope,
): readonly Finding[] {
  const findings: Finding[] = [];
  const refusals = createRefusals(resource, extent, config.kubernetesVersion);
  for (const rule of rules) {
    if (!rule.kinds.includes(resource.kind) || !isOn(rule, config)) continue;
    if (extent === "part" && rule.onPartial !== true) continue;
    const report = ({ message, data = {}, at, related = [], fixes = [] }: Report) => {
      const template = rule.messages[message];
      if (template === undefined) throw new Error(`${rule.id} has no message ${message}`);
      findings.push({
        rule: rule.id,
        severity: severityOf(rule, template.severity, config),
        message: { id: message, data },
        resource: resource.key,
        path: at.path,
        span: at.span,
        related,
        fixes,
      });
    };
    rule.check(resource, {
      config,
      options: optionValues(rule.options ?? {}, config.options[rule.id] ?? {}),
      scope,
      report,
      refusals: () => refusals(rule.id),
      reportRefusal: ({ message, data, at }, fixes) => report({ message, data, at, fixes }),
    });
  }
  return findings;
}

/** Finds the refusals of a resource once, when the first rule asks for its own. */
function createRefusals(resource: Resource, extent: Extent, release: Release): (rule: string) => readonly Refusal[] {
  let found: readonly Refusal[] | undefined;
  return (rule) => {
    found ??= [...refusalsOf(resource, release)].filter(({ missing }) => extent === "whole" || !missing);
    return found.filter((refusal) => refusal.rule === rule);
  };
}

/** Whether a rule runs: as the user has set it, or else as the profile has it. */
export function isOn(
  { id, recommended, structural }: Pick<Rule, "id" | "recommended" | "structural">,
  config: Config,
): boolean {
  const chosen = config.rules[id];
  if (chosen !== undefined) return chosen !== "off";
  if (structural === true && config.schemaValidation === "off") return false;
  return recommended !== false || config.profile === "strict";
}

function severityOf({ id }: Rule, own: Severity, config: Config): Severity {
  const chosen = config.rules[id];
  return chosen === undefined || chosen === "off" ? own : chosen;
}
