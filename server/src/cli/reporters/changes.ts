import { planJson, printable, printableJson } from "../../engine/api.js";
import { UsageError } from "../exit.js";
import type { Plan } from "../plans.js";
import type { Paint } from "./paint.js";
import { markdownPlans } from "./plan-markdown.js";
import { htmlOf, plansIn, type PlanFormat } from "./plans.js";

/** All that changed since a revision. */
export interface Changes {
  /** What a reader calls the revision. */
  readonly title: string;
  /** The commit's id. */
  readonly commit: string;
  readonly plans: readonly Plan[];
}

/** Without the last line break. Throws a UsageError where the format tells of one set and several have changed. */
export function changesIn(format: PlanFormat, { title, commit, plans }: Changes, paint: Paint): string {
  const summary = `${counted(plans)} since ${title}`;
  const [first, ...others] = plans;
  switch (format) {
    case "json":
      return printableJson(JSON.stringify(changesJson(commit, plans), undefined, 2));
    case "markdown":
      return markdownPlans(summary, plans);
    case "text":
      if (first === undefined) return printable(summary);
      return `${paint("bold", printable(summary))}\n\n${plansIn(format, [first, ...others], paint)}`;
    case "html":
      return first === undefined ? "" : htmlOf([first, ...others]);
    case "mermaid":
    case "svg":
      if (first === undefined) return "";
      if (others.length > 0) throw new UsageError(`${summary}; choose one with --name, or another --format`);
      return plansIn(format, [first], paint);
  }
}

function counted(plans: readonly Plan[]): string {
  const sets = new Set(plans.map(({ key, build, file }) => JSON.stringify([key.namespace, key.name, build, file])));
  if (sets.size === 0) return "No StatefulSet changes";
  return sets.size === 1 ? "1 StatefulSet changes" : `${sets.size} StatefulSets change`;
}

function changesJson(commit: string, plans: readonly Plan[]): unknown {
  return {
    version: 1,
    from: commit,
    changes: plans.map(({ does, key, build, file, simulation, notes, placeOf }) => ({
      does,
      name: key.name,
      ...(key.namespace === undefined ? {} : { namespace: key.namespace }),
      ...(build === undefined ? {} : { build }),
      file,
      ...(simulation.outcome.type === "rejected"
        ? { refused: simulation.outcome.errors.map((error) => ({ ...error, ...placeOf?.(error.field) })) }
        : {}),
      plan: planJson(simulation, notes),
    })),
  };
}
