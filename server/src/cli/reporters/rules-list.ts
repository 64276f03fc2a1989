import { allRules, rulePageUrl, type Config, type Severity } from "../../engine/api.js";
import type { Paint } from "./paint.js";
import { wrap } from "./wrap.js";

/** The severities of a rule's messages as configured, worst first; none where it is off. */
function severitiesOf(rule: (typeof allRules)[number], { rules, profile }: Config): readonly Severity[] {
  const set = rules[rule.id];
  if (set === "off") return [];
  if (set !== undefined) return [set];
  if (rule.recommended === false && profile !== "strict") return [];
  const own = new Set(Object.values(rule.messages).map(({ severity }) => severity));
  return ranked.filter((severity) => own.has(severity));
}

const ranked: readonly Severity[] = ["error", "warning", "info", "hint"];

/** Every rule with its severity under a configuration and what it flags, for people. */
export function rulesText(config: Config, paint: Paint, columns: number): string {
  const rows = allRules.map((rule) => ({ ...rule, severity: severitiesOf(rule, config).join(", ") || "off" }));
  const [idWidth, severityWidth] = [widest(rows.map(({ id }) => id)), widest(rows.map(({ severity }) => severity))];
  const margin = " ".repeat(idWidth + severityWidth + 4);
  return rows
    .map(({ id, severity, flags }) => {
      const lines = wrap(flags, Math.max(20, columns - margin.length));
      const start = `${paint("bold", id.padEnd(idWidth))}  ${severity.padEnd(severityWidth)}`;
      return `${severity === "off" ? paint("dim", start) : start}  ${lines.join(`\n${margin}`)}\n`;
    })
    .join("");
}

/** The same for programs. */
export function rulesJson(config: Config): string {
  const rules = allRules.map((rule) => ({
    id: rule.id,
    severities: severitiesOf(rule, config),
    flags: rule.flags,
    options: Object.keys(rule.options ?? {}),
    url: rulePageUrl(rule.id),
  }));
  return `${JSON.stringify({ version: 1, rules }, undefined, 2)}\n`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
