import type { Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import type { PoddedKind, SelectingKind, SummaryKind } from "./resource-tables.js";
import type { Reach, Scope } from "./scope.js";
import type { ResourceSummary } from "./summary.js";

/** A question that a scope was asked, and its answer then. */
interface Question {
  readonly ask: (scope: Scope) => unknown;
  readonly answer: unknown;
}

/** All that something asked of a scope: as long as the answers are the same, so is whatever follows from them. */
export type Questions = readonly Question[];

/** The scope, and the questions that it is asked from now on; one that is asked again is answered from what is known. */
export function noting(scope: Scope): { readonly scope: Scope; readonly questions: Questions } {
  const questions: Question[] = [];
  const answers = new Map<string, unknown>();
  /** `key` is what was asked, in words that no other question has; what has no short name is noted each time. */
  const note = <A>(key: readonly unknown[] | undefined, ask: (scope: Scope) => A): A => {
    const name = key?.join("\0");
    // What is kept under a name is the answer to that very question.
    if (name !== undefined && answers.has(name)) return answers.get(name) as A;
    const answer = ask(scope);
    if (name !== undefined) answers.set(name, answer);
    questions.push({ ask, answer });
    return answer;
  };
  const noted: Scope = {
    document: scope.document,
    cluster: scope.cluster,
    isBuilt: scope.isBuilt,
    services: (name, namespace) => note(["services", name, namespace], ask.services(name, namespace)),
    servicesSelecting: (labels, namespace) => note(undefined, ask.servicesSelecting(labels, namespace)),
    all: (kind, reach) => note(["all", kind, reach], ask.all(kind, reach)),
    named: (kind, name, reach) => note(["named", kind, name, reach], ask.named(kind, name, reach)),
    selecting: (kind, labels, reach) => note(undefined, ask.selecting(kind, labels, reach)),
    selectedBy: (kind, selector, reach) => note(undefined, ask.selectedBy(kind, selector, reach)),
    scaling: (target) => note(["scaling", target], ask.scaling(target)),
    usesPodDns: (set, service) => note(["usesPodDns", set, service], ask.usesPodDns(set, service)),
    servicesAnywhere: (name) => note(["servicesAnywhere", name], ask.servicesAnywhere(name)),
    setsBeside: (resource) => note(undefined, ask.setsBeside(resource)),
    isVersioned: (template) => note(["isVersioned", template], ask.isVersioned(template)),
    isExternal: (service) => note(["isExternal", service], ask.isExternal(service)),
    get isOfChart() {
      return note(["isOfChart"], ask.isOfChart);
    },
    get hasServices() {
      return note(["hasServices"], ask.hasServices);
    },
    get complete() {
      return note(["complete"], ask.complete);
    },
  };
  return { scope: noted, questions };
}

/**
 * Each question by its arguments. Made here, since a function made in `noting` would keep the first scope, and with it
 * all that was known then.
 */
const ask = {
  services: (name: string, namespace: string | undefined) => (scope: Scope) => scope.services(name, namespace),
  servicesSelecting: (labels: Labels, namespace: string | undefined) => (scope: Scope) =>
    scope.servicesSelecting(labels, namespace),
  all:
    <K extends SummaryKind>(kind: K, reach?: Reach) =>
    (scope: Scope) =>
      scope.all(kind, reach),
  named:
    <K extends SummaryKind>(kind: K, name: string, reach?: Reach) =>
    (scope: Scope) =>
      scope.named(kind, name, reach),
  selecting:
    <K extends SelectingKind>(kind: K, labels: Labels, reach?: Reach) =>
    (scope: Scope) =>
      scope.selecting(kind, labels, reach),
  selectedBy:
    <K extends PoddedKind>(kind: K, selector: Selector, reach?: Reach) =>
    (scope: Scope) =>
      scope.selectedBy(kind, selector, reach),
  scaling: (target: string) => (scope: Scope) => scope.scaling(target),
  usesPodDns: (set: string, service: string) => (scope: Scope) => scope.usesPodDns(set, service),
  servicesAnywhere: (name: string) => (scope: Scope) => scope.servicesAnywhere(name),
  setsBeside: (resource: ResourceSummary) => (scope: Scope) => scope.setsBeside(resource),
  isVersioned: (template: string) => (scope: Scope) => scope.isVersioned(template),
  isExternal: (service: string) => (scope: Scope) => scope.isExternal(service),
  isOfChart: (scope: Scope) => scope.isOfChart,
  hasServices: (scope: Scope) => scope.hasServices,
  complete: (scope: Scope) => scope.complete,
};

/** Whether a scope gives the same answers: the same summaries, which are the same objects as long as they say the same. */
export function sameAnswers(questions: Questions, scope: Scope): boolean {
  return questions.every(({ ask, answer }) => isSame(answer, ask(scope)));
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, place) => item === other[place]);
}
