import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { icons } from "./icons.js";

/** The commands that set a stuck rollout going again, to be copied. */
export function Recovery({
  commands,
  onCopy,
}: {
  readonly commands: readonly string[];
  readonly onCopy: (text: string) => void;
}): VNode | null {
  const [copied, setCopied] = useState<string>();
  if (commands.length === 0) return null;
  const text = commands.join("\n");
  return (
    <div class="recovery">
      <span class="recovery-title">To recover</span>
      <pre tabIndex={0} aria-label="Commands to recover">
        {text}
      </pre>
      <button
        type="button"
        class="tool"
        aria-label="Copy the commands"
        title="Copy the commands"
        onClick={() => {
          onCopy(text);
          setCopied(text);
        }}
      >
        {copied === text ? icons.good : icons.copy}
      </button>
    </div>
  );
}
