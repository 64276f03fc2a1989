import type { Config } from "../config/config.js";
import { optionValues } from "../config/options.js";
import { isPartial } from "../kubernetes/resources/resource.js";
import type { Refusal } from "../kubernetes/refusal.js";
import { refusalRules } from "./refusal-rules.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { validations } from "../kubernetes/resources/refusals.js";
import type { TargetCluster } from "../kubernetes/versions.js";
import { attempt, type Failure } from "../workspace/failure.js";
import type { Scope } from "../workspace/scope.js";
import type { Pointed } from "../yaml/origin.js";
import type { Finding } from "./finding.js";
import { failureOn } from "./internal-error.js";
import { isOn, severityOf } from "./is-on.js";
import type { Edit, Report, Rule } from "./rule.js";

/**
 * Every finding of the rules about one resource, in the order of the rules. `scope` is asked for only by rules that
 * look beyond their resource. Severities that the user has set replace the rules' own; rules that are off do not run,
 * nor do those about whole resources on a patch or a fragment. A rule that throws gives one `internal-error` and nothing
 * else; the other rules go on.
 */
export function runRules(
  rules: readonly Rule[],
  resource: Resource,
  config: Config,
  scope: () => Scope,
  edit?: Edit,
): readonly Finding[] {
  return runRulesOn(rules, resource, isPartial(resource) ? "part" : "whole", config, scope, edit);
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
  edit?: Edit,
): readonly Finding[] {
  const findings: Finding[] = [];
  const fail = (failure: Failure) => {
    const { place, span } = resource.place.at("kind").string();
    findings.push(...failureOn(failure, config, { resource: resource.key, place, span }));
  };
  const refusals = createRefusals(resource, extent, config, fail);
  for (const rule of rules) {
    if (!rule.kinds.includes(resource.kind) || !isOn(rule, config)) continue;
    if (extent === "part" && rule.onPartial !== true) continue;
    const found: Finding[] = [];
    const report = ({ message, data = {}, at: written, against = [], related = [], fixes = [], runbook }: Report) => {
      const at = broughtBy(written, against);
      const template = rule.messages[message];
      if (template === undefined) throw new Error(`${rule.id} has no message ${message}`);
      found.push({
        rule: rule.id,
        severity: severityOf(rule, template.severity, config),
        message: { id: message, data },
        resource: resource.key,
        place: at.place,
        span: at.span,
        related,
        fixes,
        ...(runbook === undefined ? {} : { runbook }),
      });
    };
    const checked = attempt(`Rule ${rule.id}`, () =>
      rule.check(resource, {
        config,
        options: optionValues(rule.options ?? {}, config.options[rule.id] ?? {}),
        scope,
        edit,
        report,
        refusals: () => refusals(rule.id),
        reportRefusal: ({ message, data, at }, fixes, against = []) => report({ message, data, at, fixes, against }),
      }),
    );
    if (checked.type === "done") findings.push(...found);
    else fail(checked.failure);
  }
  return findings;
}

/** Of what does not fit together, what an overlay brings: the base was right without it. */
function broughtBy(at: Pointed, against: readonly Pointed[]): Pointed {
  const isOfOverlay = ({ place }: Pointed) => place.origin.holds !== "resource";
  return isOfOverlay(at) ? at : (against.find(isOfOverlay) ?? at);
}

/**
 * Finds the refusals of a resource once, when the first rule asks for its own. What a validation found before it failed
 * is kept.
 */
function createRefusals(
  resource: Resource,
  extent: Extent,
  cluster: TargetCluster,
  fail: (failure: Failure) => void,
): (rule: string) => readonly Refusal[] {
  let found: Refusal[] | undefined;
  const find = () => {
    const all: Refusal[] = [];
    for (const [name, refusals] of validations(resource, cluster)) {
      const read = attempt(`The ${name} validation of ${resource.key.kind}`, () => {
        for (const refusal of refusals) if (extent === "whole" || !refusal.missing) all.push(refusal);
      });
      if (read.type === "failed") fail(read.failure);
    }
    return all;
  };
  return (rule) => {
    found ??= find();
    return found.filter(({ reason }) => refusalRules[reason] === rule);
  };
}
