import { asHtml, asMermaid, asSvg, planJson, printableJson, sharedOf, type Shared } from "../../engine/api.js";
import { refusedPlaces, type Plan } from "../plans.js";
import type { Paint } from "./paint.js";
import { labelAmong } from "./labels.js";
import { prettyPlan } from "./plan.js";
import { markdownPlans } from "./plan-markdown.js";

export const planFormats = ["text", "json", "markdown", "mermaid", "svg", "html"] as const;
export type PlanFormat = (typeof planFormats)[number];

/** Formats that can tell of several sets. */
export const formatsOfMany: ReadonlySet<PlanFormat> = new Set(["text", "markdown", "html"]);

/** Without the last line break. Only those of `formatsOfMany` tell of more than the first. */
export function plansIn(format: PlanFormat, plans: readonly [Plan, ...Plan[]], paint: Paint): string {
  const [first, ...others] = plans;
  const shared = sharedOf(first.key.name, first.simulation, first.notes);
  const label = labelAmong(plans);
  switch (format) {
    case "text":
      return plans
        .map((one) => {
          const notes = [...refusedPlaces(one), ...one.notes];
          return prettyPlan(one.simulation, `${one.does} StatefulSet ${label(one)}`, notes, paint);
        })
        .join("\n\n");
    case "json":
      return printableJson(JSON.stringify(planJson(first.simulation, first.notes), undefined, 2));
    case "markdown":
      return markdownPlans(plans.length === 1 ? "1 StatefulSet" : `${plans.length} StatefulSets`, plans);
    case "mermaid":
      return asMermaid(shared).trimEnd();
    case "svg":
      return asSvg(shared, "both").trimEnd();
    case "html": {
      if (others.length === 0) return asHtml([shared]).trimEnd();
      return htmlOf(plans);
    }
  }
}

/** One page of all plans, each under its label. */
function htmlOf(plans: readonly [Plan, ...Plan[]]): string {
  const [first, ...others] = sharedUnderLabels(plans);
  return first === undefined ? "" : asHtml([first, ...others]).trimEnd();
}

export function sharedUnderLabels(plans: readonly Plan[]): readonly Shared[] {
  const label = labelAmong(plans);
  return plans.map((one) => sharedOf(label(one), one.simulation, [...refusedPlaces(one), ...one.notes]));
}
