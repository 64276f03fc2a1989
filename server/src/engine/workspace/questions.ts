import type { Scope } from "./scope.js";

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
  /** `key` is what was asked, in words that no other question has. */
  const note = <A>(key: readonly unknown[], ask: (scope: Scope) => A): A => {
    const name = key.join("\0");
    if (!answers.has(name)) {
      const answer = ask(scope);
      answers.set(name, answer);
      questions.push({ ask, answer });
    }
    // What is kept under a name is the answer to that very question.
    return answers.get(name) as A;
  };
  /** Of what has no short name each question is noted. */
  const noteEach = <A>(ask: (scope: Scope) => A): A => {
    const answer = ask(scope);
    questions.push({ ask, answer });
    return answer;
  };
  const noted: Scope = {
    document: scope.document,
    cluster: scope.cluster,
    isBuilt: scope.isBuilt,
    services: (name, namespace) => note(["services", name, namespace], (one) => one.services(name, namespace)),
    servicesSelecting: (labels, namespace) => noteEach((one) => one.servicesSelecting(labels, namespace)),
    all: (kind, reach) => note(["all", kind, reach], (one) => one.all(kind, reach)),
    named: (kind, name, reach) => note(["named", kind, name, reach], (one) => one.named(kind, name, reach)),
    selecting: (kind, labels, reach) => noteEach((one) => one.selecting(kind, labels, reach)),
    selectedBy: (kind, selector, reach) => noteEach((one) => one.selectedBy(kind, selector, reach)),
    scaling: (target) => note(["scaling", target], (one) => one.scaling(target)),
    usesPodDns: (set, service) => note(["usesPodDns", set, service], (one) => one.usesPodDns(set, service)),
    servicesAnywhere: (name) => note(["servicesAnywhere", name], (one) => one.servicesAnywhere(name)),
    setsBeside: (resource) => noteEach((one) => one.setsBeside(resource)),
    isVersioned: (template) => note(["isVersioned", template], (one) => one.isVersioned(template)),
    isExternal: (service) => note(["isExternal", service], (one) => one.isExternal(service)),
    get isOfChart() {
      return note(["isOfChart"], (one) => one.isOfChart);
    },
    get hasServices() {
      return note(["hasServices"], (one) => one.hasServices);
    },
    get complete() {
      return note(["complete"], (one) => one.complete);
    },
  };
  return { scope: noted, questions };
}

/** Whether a scope gives the same answers: the same summaries, which are the same objects as long as they say the same. */
export function sameAnswers(questions: Questions, scope: Scope): boolean {
  return questions.every(({ ask, answer }) => isSame(answer, ask(scope)));
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, place) => item === other[place]);
}
