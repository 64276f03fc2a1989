import type { Disposable, Uri } from "vscode";
import type { NodesParams, NodesResult } from "../../server/src/protocol/protocol.js";
import type { RolloutAnswers } from "./rollout-answers.js";

type Asked = Omit<NodesParams, "uri" | "build">;

/** A play of nodes that is asked for again whenever a manifest changes. */
export interface FollowedNodes extends Disposable {
  ask(asked: Asked): void;
  /** The set has another place in its file. */
  moved(index: number): void;
  /** Something else is shown. */
  stop(): void;
}

/** So long nothing is typed before it is played again, in milliseconds: the cluster may be large. */
const patience = 250;

/** Calls back with what the server says of the play that was asked for last, one question at a time. */
export function followNodes(answers: RolloutAnswers, uri: Uri, listener: (result: NodesResult) => void): FollowedNodes {
  let wanted: Asked | undefined;
  let asking = false;
  let outdated = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const askNow = async (): Promise<void> => {
    outdated = true;
    if (asking) return;
    asking = true;
    while (outdated) {
      outdated = false;
      const question = wanted;
      if (question === undefined) break;
      const result = await answers.nodes(uri, question).catch(() => undefined);
      // No answer: the server is restarting, and tells when it runs. An answer about something older is dropped.
      if (result !== undefined && !outdated && question === wanted) listener(result);
    }
    asking = false;
  };
  const askSoon = (): void => {
    clearTimeout(timer);
    if (wanted !== undefined) timer = setTimeout(() => void askNow(), patience);
  };

  const events = answers.onDidChange(askSoon);
  return {
    ask(asked) {
      wanted = asked;
      void askNow();
    },
    moved(index) {
      if (wanted === undefined || wanted.index === index) return;
      wanted = { ...wanted, index };
      askSoon();
    },
    stop() {
      wanted = undefined;
    },
    dispose() {
      wanted = undefined;
      clearTimeout(timer);
      events.dispose();
    },
  };
}
