import { grouped } from "../text/grouped.js";
import { kubectl } from "../rollout/kubectl.js";
import { aside, type Runbook, type RunbookStep } from "../rollout/runbook.js";
import type { Budget } from "./budget.js";
import { keyOf } from "./pod.js";
import type { Blocked, IllPod, PlayResult } from "./plays.js";

/** What to do about a drain that hangs or does not begin; `undefined` where none does. */
export function drainRunbook({ outcome, budgets }: Pick<PlayResult, "outcome" | "budgets">): Runbook | undefined {
  if (outcome.type !== "hangs" && outcome.type !== "refused") return undefined;
  const { node, blocked } = outcome;
  const known = new Map(budgets.map((budget) => [keyOf(budget), budget]));
  const causes = [...grouped(blocked, ({ hold, budget }) => `${hold.type} ${budget ?? ""}`).values()];
  const force = outcome.type === "refused" ? ["--force"] : [];
  return {
    kind: "drain",
    title: `Drain ${node} all the same`,
    losesClaims: [],
    steps: [
      ...(outcome.type === "hangs"
        ? [
            aside(
              "Stop the drain (Ctrl+C) and let the node take pods again, so that nothing waits for it meanwhile",
              kubectl(anywhere, "uncordon", node),
            ),
          ]
        : []),
      ...causes.flatMap((alike) => stepsAgainst(alike, known)),
      aside(
        "Then drain the node again",
        kubectl(anywhere, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", ...force),
      ),
    ],
  };
}

const anywhere = { namespace: undefined };

/** Against what keeps some pods in the same way. */
function stepsAgainst(alike: readonly Blocked[], budgets: ReadonlyMap<string, Budget>): readonly RunbookStep[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { hold, budget: label } = first;
  const budget = label === undefined ? undefined : (budgets.get(label) ?? budgets.get(`default/${label}`));
  const pods = alike.map(({ pod }) => pod);
  switch (hold.type) {
    case "silentNode":
      return [forceDeletion(pods)];
    case "severalBudgets": {
      const spare = (key: string): number => budgets.get(key)?.status.disruptionsAllowed ?? 0;
      const [kept = "", ...others] = hold.budgets.toSorted((one, other) => spare(other) - spare(one));
      return [
        aside(
          `The Eviction API takes no pod that several budgets select. Keep the one that says what you mean, here ${nameIn(kept)}, and delete the others, also from your manifests`,
          ...others.map((other) => about(other, "delete", "poddisruptionbudget")),
        ),
      ];
    }
    case "itself":
      return [
        aside(
          `Let budget ${label} give up pods that are not Ready, as ${listed(pods)} ${pods.length === 1 ? "is" : "are"}; write it to your manifest too`,
          patch(budget, { unhealthyPodEvictionPolicy: "AlwaysAllow" }),
        ),
      ];
    case "others":
      return [...stepsForOthers(hold.pods, label, budget), ...limitSteps(label, budget)];
    case "limit":
      return limitSteps(label, budget);
    case "error":
      return [
        aside(`Correct what is wrong with ${label === undefined ? listed(pods) : `budget ${label}`}: ${first.why}`),
      ];
    case "refused":
      return [aside(`Pods without a controller do not come back elsewhere: save what you need of ${listed(pods)}`)];
  }
}

/** Against pods that are missing from a budget. */
function stepsForOthers(
  ill: readonly IllPod[],
  label: string | undefined,
  budget: Budget | undefined,
): readonly RunbookStep[] {
  if (ill.length === 0) {
    const counted = budget === undefined ? "" : `, which counts ${budget.status.expectedPods} pods,`;
    return [
      aside(
        `If pods of budget ${label} are missing, wait for them. If its selector${counted} leaves some out, let it select them all, or set minAvailable to a number`,
        ...(budget === undefined ? [] : [about(keyOf(budget), "describe", "poddisruptionbudget")]),
      ),
    ];
  }
  const ofType = (type: IllPod["type"]) => ill.filter((one) => one.type === type);
  const keysOf = (pods: readonly IllPod[]) => pods.map(({ pod }) => pod);
  const lost = keysOf(ofType("lost"));
  const unready = keysOf(ill.filter(({ type }) => type === "ending" || type === "unready"));
  return [
    ...(lost.length === 0 ? [] : [forceDeletion(lost)]),
    ...ofType("homeless").map(({ pod, why }) =>
      aside(`Give ${nameIn(pod)} a node before you drain again: it finds none (${why})`, about(pod, "describe", "pod")),
    ),
    ...(unready.length === 0
      ? []
      : [
          aside(
            `Find out why ${listed(unready)} ${unready.length === 1 ? "is" : "are"} not Ready, and wait for that`,
            ...unready.map((pod) => about(pod, "describe", "pod")),
          ),
        ]),
  ];
}

/** Only where a budget would allow nothing even if all of its pods were Ready. */
function limitSteps(label: string | undefined, budget: Budget | undefined): readonly RunbookStep[] {
  if (budget === undefined) return [];
  const { spec, status } = budget;
  const isWithoutLimit = spec.minAvailable === undefined && spec.maxUnavailable === undefined;
  if (!isWithoutLimit && status.expectedPods > status.desiredHealthy) return [];
  return [
    aside(
      `Let budget ${label} give up one pod at a time; write it to your manifest too`,
      patch(budget, oneAtATime(budget)),
    ),
  ];
}

function forceDeletion(pods: readonly string[]): RunbookStep {
  return aside(
    `Make sure that the node is really off: otherwise two pods of one name could write to one volume. Then remove ${listed(pods)}, which its kubelet cannot end`,
    ...pods.map((pod) => about(pod, "delete", "pod", "--grace-period=0", "--force")),
  );
}

/** The least change of a budget that lets one of its pods go while all are Ready. */
function oneAtATime({ spec, status }: Budget): Readonly<Record<string, unknown>> {
  if (spec.maxUnavailable !== undefined) return { maxUnavailable: 1 };
  if (typeof spec.minAvailable === "number") return { minAvailable: Math.max(0, status.expectedPods - 1) };
  return { ...(spec.minAvailable === undefined ? {} : { minAvailable: null }), maxUnavailable: 1 };
}

function patch(budget: Budget | undefined, spec: Readonly<Record<string, unknown>>): string {
  const key = budget === undefined ? "" : keyOf(budget);
  return about(key, "patch", "poddisruptionbudget", "--type=merge", "--patch", JSON.stringify({ spec }));
}

/** A command about the object of a key. */
function about(key: string, verb: string, resource: string, ...words: readonly string[]): string {
  const [namespace = "", name = ""] = key.split("/");
  return kubectl({ namespace: namespace === "default" ? undefined : namespace }, verb, resource, name, ...words);
}

function nameIn(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

function listed(keys: readonly string[]): string {
  const names = keys.map(nameIn);
  return names.length < 3 ? names.join(" and ") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
