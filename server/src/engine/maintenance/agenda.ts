import type { Cluster } from "./cluster.js";

/** What is planned beside what happens in a cluster by itself: by the moment, then in the order of planning. */
export class Agenda {
  #tasks: { readonly at: number; readonly run: () => void }[] = [];

  /** @param at in milliseconds */
  plan(at: number, run: () => void): void {
    const after = this.#tasks.findIndex((task) => task.at > at);
    this.#tasks.splice(after === -1 ? this.#tasks.length : after, 0, { at, run });
  }

  /** Infinity where nothing is planned. */
  nextAt(): number {
    return this.#tasks[0]?.at ?? Infinity;
  }

  /** The first task, which is then no longer planned. */
  take(): () => void {
    return this.#tasks.shift()?.run ?? (() => undefined);
  }
}

/**
 * Lets time pass, what happens by itself before what is planned for the same moment.
 * @param isEnough asked after every moment; `true` ends it
 * @param until in milliseconds: no later moment is played
 */
export function passTime(cluster: Cluster, agenda: Agenda, isEnough: () => boolean, until = Infinity): void {
  cluster.settle();
  while (!isEnough()) {
    const at = Math.max(cluster.clock, Math.min(cluster.nextEventAt(), agenda.nextAt()));
    if (at === Infinity || at > until) return;
    cluster.advanceTo(at);
    cluster.settle();
    while (agenda.nextAt() <= at) {
      agenda.take()();
      cluster.settle();
    }
  }
}
