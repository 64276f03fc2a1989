import { changesAsHtml, planJson, printable, printableJson } from "../../engine/api.js";
import { UsageError } from "../exit.js";
import type { Plan } from "../plans.js";
import { notCompared, type Uncompared } from "../uncompared.js";
import type { Paint } from "./paint.js";
import { markdownPlans, markdownUncompared } from "./plan-markdown.js";
import { plansIn, sharedUnderLabels, type PlanFormat } from "./plans.js";

/** All that changed since a revision. */
export interface Changes {
  /** What a reader calls the revision. */
  readonly title: string;
  /** The commit's id. */
  readonly commit: string;
  readonly plans: readonly Plan[];
  /** What has changed and is not in the plans. */
  readonly uncompared: readonly Uncompared[];
}

/** Without the last line break. Throws a UsageError where the format tells of one set and several have changed. */
export function changesIn(format: PlanFormat, { title, commit, plans, uncompared }: Changes, paint: Paint): string {
  const summary = `${counted(plans, uncompared)} since ${title}`;
  const [first, ...others] = plans;
  switch (format) {
    case "json":
      return printableJson(JSON.stringify(changesJson(commit, plans, uncompared), undefined, 2));
    case "markdown":
      return [markdownPlans(summary, plans), ...markdownUncompared(uncompared)].join("\n\n");
    case "text": {
      const head = paint("bold", printable(summary));
      const played = first === undefined ? [] : [plansIn(format, [first, ...others], paint)];
      return [first === undefined ? printable(summary) : head, ...played, ...textList(uncompared)].join("\n\n");
    }
    case "html":
      return changesAsHtml(summary, sharedUnderLabels(plans), {
        title: notCompared.slice(0, -1),
        items: uncompared.map(({ file, reason }) => `\`${file}\`: ${reason}`),
      }).trimEnd();
    case "mermaid":
    case "svg":
      if (first === undefined) return "";
      if (others.length > 0) throw new UsageError(`${summary}. Choose one with --name, or use another --format`);
      return plansIn(format, [first], paint);
  }
}

function textList(uncompared: readonly Uncompared[]): readonly string[] {
  const lines = uncompared.map(({ file, reason }) => `  ${printable(file)}: ${reason}`);
  return lines.length === 0 ? [] : [[notCompared, ...lines].join("\n")];
}

function counted(plans: readonly Plan[], uncompared: readonly Uncompared[]): string {
  const sets = new Set(plans.map(({ key, build, file }) => JSON.stringify([key.namespace, key.name, build, file])));
  if (sets.size === 0) return uncompared.length === 0 ? "No StatefulSet changes" : "No StatefulSet is known to change";
  return sets.size === 1 ? "1 StatefulSet changes" : `${sets.size} StatefulSets change`;
}

function changesJson(commit: string, plans: readonly Plan[], uncompared: readonly Uncompared[]): unknown {
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
    ...(uncompared.length === 0 ? {} : { uncompared }),
  };
}
