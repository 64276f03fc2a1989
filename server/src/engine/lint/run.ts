import type { Config } from "../config/config.js";
import { isPartial } from "../k8s/partial.js";
import type { Resource } from "../k8s/resource.js";
import type { Scope } from "../workspace/scope.js";
import type { Finding } from "./finding.js";
import type { Report, Rule } from "./rule.js";
import type { Severity } from "./severity.js";

/**
 * Every finding of the rules about one resource, in the order of the rules. `scope` is asked for only by rules that look
 * beyond their resource. Severities that the user has set replace the rules' own; rules that are off do not run, nor
 * do those about whole resources on a patch or a fragment.
 */
export function runRules(
  rules: readonly Rule[],
  resource: Resource,
  config: Config,
  scope: () => Scope,
): readonly Finding[] {
  const findings: Finding[] = [];
  const partial = isPartial(resource);
  for (const rule of rules) {
    if (!rule.kinds.includes(resource.kind) || !isOn(rule, config)) continue;
    if (partial && rule.onPartial !== true) continue;
    const report = (report: Report) => {
      const template = rule.messages[report.message];
      if (template === undefined) throw new Error(`${rule.id} has no message ${report.message}`);
      findings.push({
        rule: rule.id,
        severity: severityOf(rule, template.severity, config),
        message: { id: report.message, data: report.data ?? {} },
        resource: resource.key,
        path: report.at.path,
        span: report.at.span,
        related: report.related ?? [],
        fixes: report.fixes ?? [],
      });
    };
    rule.check(resource, { config, scope, report });
  }
  return findings;
}

/** Whether a rule runs: as the user has set it, or else as the profile has it. */
export function isOn({ id, recommended }: Pick<Rule, "id" | "recommended">, config: Config): boolean {
  const chosen = config.rules[id];
  if (chosen !== undefined) return chosen !== "off";
  return recommended !== false || config.profile === "strict";
}

function severityOf({ id }: Rule, own: Severity, config: Config): Severity {
  const chosen = config.rules[id];
  return chosen === undefined || chosen === "off" ? own : chosen;
}
