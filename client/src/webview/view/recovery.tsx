import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Simulation } from "../../../../server/src/engine/rollout/simulate.js";
import { verdictOf } from "../../../../server/src/engine/rollout/verdict.js";
import { icons } from "./icons.js";

export interface ShownRunbook {
  readonly title: string;
  /** Of a shell, with comments. */
  readonly lines: readonly string[];
}

interface RecoveryProps {
  readonly runbook: ShownRunbook | undefined;
  /** What becomes of it when it is followed, if that can be played. */
  readonly recovery?: Simulation | undefined;
  readonly follows?: boolean;
  readonly onCopy: (text: string) => void;
  readonly onFollow?: (follows: boolean) => void;
}

/** The commands that set a stuck rollout going again, or do what is refused all the same: to be copied and played. */
export function Recovery({ runbook, recovery, follows, onCopy, onFollow }: RecoveryProps): VNode | null {
  const [copied, setCopied] = useState<string>();
  if (runbook === undefined) return null;
  const { title, lines } = runbook;
  const text = lines.join("\n");
  return (
    <section class="recovery" aria-labelledby="recovery-title">
      <div class="recovery-head">
        <h2 id="recovery-title">Runbook: {title}</h2>
        {recovery !== undefined && (
          <button
            type="button"
            class="framed"
            aria-pressed={follows === true}
            onClick={() => onFollow?.(follows !== true)}
          >
            {icons.play}
            Play the runbook
          </button>
        )}
        <button
          type="button"
          class="framed"
          aria-label="Copy the commands"
          onClick={() => {
            onCopy(text);
            setCopied(text);
          }}
        >
          {copied === text ? icons.good : icons.copy}
          Copy
        </button>
      </div>
      <pre tabIndex={0} aria-label="Commands to recover">
        {text}
      </pre>
      {recovery !== undefined && <Played recovery={recovery} />}
      <span class="unseen" role="status">
        {copied === text ? "Copied" : ""}
      </span>
    </section>
  );
}

/** What following it comes to, in one line. */
function Played({ recovery }: { readonly recovery: Simulation }): VNode {
  const { tone, title, facts } = verdictOf(recovery);
  const words = facts.map(({ label, value }) => `${label} ${value}`);
  return (
    <p class={`played played-${tone}`}>
      {icons[tone]}
      <span>
        <strong>Played:</strong> {[title, ...words].join(" · ")}
      </span>
    </p>
  );
}
