import {
  asMermaid,
  code,
  codeBlock,
  effectOf,
  escapeProse,
  folded,
  grouped,
  notesOf,
  runbookLines,
  sharedOf,
  table,
  type Simulation,
} from "../../engine/api.js";
import type { Plan } from "../plans.js";
import { notCompared, type Uncompared } from "../uncompared.js";
import { labelAmong } from "./labels.js";

/** Plans as a comment on a pull request: a table of all, and a section for each. */
export function markdownPlans(title: string, plans: readonly Plan[]): string {
  if (plans.length === 0) return escapeProse(`${title}.`);
  const label = labelAmong(plans);
  const rows = plans.map((plan) => [code(label(plan)), escapeProse(effectOf(plan.simulation))]);
  const all = [`**${escapeProse(title)}**`, table(["StatefulSet", "What applying it does"], rows)];
  return [...all, ...[...grouped(plans, alike).values()].flatMap((group) => section(group, label))].join("\n\n");
}

/** What is in none of the plans. */
export function markdownUncompared(uncompared: readonly Uncompared[]): readonly string[] {
  const lines = uncompared.map(({ file, reason }) => `- ${code(file)}: ${escapeProse(reason)}`);
  return lines.length === 0 ? [] : [[notCompared, "", ...lines].join("\n")];
}

/** Sets to which the same happens, such as those of all overlays, are shown together: a comment has 65,536 characters. */
function alike(plan: Plan): string {
  return JSON.stringify([plan.does, plan.key.name, body(plan, plan.key.name)]);
}

function section(plans: readonly Plan[], labelOf: (plan: Plan) => string): readonly string[] {
  const [plan, ...others] = plans;
  if (plan === undefined) return [];
  const { does } = plan;
  const label = others.length === 0 ? labelOf(plan) : plan.key.name;
  return [
    `### ${does.slice(0, 1).toUpperCase()}${does.slice(1)} StatefulSet ${code(label)}`,
    ...(others.length === 0
      ? []
      : [`The same for each of ${plans.length}: ${plans.map((one) => code(labelOf(one))).join(", ")}`]),
    ...body(plan, label),
  ];
}

function body(plan: Plan, label: string): readonly string[] {
  const { simulation } = plan;
  const shared = sharedOf(label, simulation, []);
  const { outcome } = simulation;
  const runbook = outcome.type === "stuck" || outcome.type === "rejected" ? outcome.runbook : undefined;
  const notes = [...plan.notes, ...notesOf(simulation)];
  return [
    `**${escapeProse(effectOf(simulation))}**`,
    ...list(refusals(plan)),
    ...list(lostClaims(simulation)),
    ...(simulation.steps.length === 0 ? [] : [codeBlock("mermaid", asMermaid(shared).trimEnd().split("\n"))]),
    ...(runbook === undefined ? [] : [folded(`Runbook: ${runbook.title}`, codeBlock("sh", runbookLines(runbook)))]),
    ...(notes.length === 0 ? [] : [folded("Notes", notes.map((note) => `- ${escapeProse(note)}`).join("\n"))]),
  ];
}

function refusals({ simulation: { outcome }, placeOf }: Plan): readonly string[] {
  if (outcome.type !== "rejected") return [];
  return outcome.errors.map(({ field, detail }) => {
    const place = placeOf?.(field);
    const where = place === undefined ? "" : ` (${code(`${place.file}:${place.line}`)})`;
    return `${code(field)}${where}: ${escapeProse(detail)}`;
  });
}

function lostClaims({ claims, measure }: Simulation): readonly string[] {
  const lost = new Set(measure.claimsDeleted);
  return claims
    .filter(({ name }) => lost.has(name))
    .map(({ name, why }) => `The data of ${code(name)} is lost: ${escapeProse(why)}`);
}

function list(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${item}`).join("\n")];
}
