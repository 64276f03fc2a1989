import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ToHost } from "../messages.js";
import { asMermaid, asText, type Shared } from "../../../../server/src/engine/rollout/share.js";
import { asSvg } from "../../../../server/src/engine/drawing/svg.js";
import { pngOf } from "./png.js";

interface ShareProps {
  readonly shared: Shared;
  readonly post: (message: ToHost) => void;
}

/** Ways to take the preview along. */
export function Share({ shared, post }: ShareProps): VNode {
  const details = useRef<HTMLDetailsElement>(null);
  const [done, setDone] = useState("");
  const close = (): void => details.current?.removeAttribute("open");
  const item = (label: string, said: string, act: () => ToHost | Promise<ToHost>): VNode => (
    <button
      type="button"
      onClick={async () => {
        close();
        post(await act());
        setDone(said);
      }}
    >
      {label}
    </button>
  );
  return (
    <div class="share">
      <span role="status" class="share-done">
        {done}
      </span>
      <details
        ref={details}
        onFocusOut={({ relatedTarget }) => {
          if (!(relatedTarget instanceof Node && details.current?.contains(relatedTarget))) close();
        }}
        onKeyDown={({ key }) => key === "Escape" && close()}
      >
        <summary>Share</summary>
        <div class="share-menu">
          {item("Copy link", "", () => ({ type: "copyLink" }))}
          {item("Copy as text", "Copied", () => ({ type: "copy", text: asText(shared) }))}
          {item("Copy as Mermaid", "Copied", () => ({ type: "copy", text: asMermaid(shared) }))}
          {item("Save as SVG", "", () => ({ type: "save", format: "svg", content: base64Of(asSvg(shared, "both")) }))}
          {item("Save as PNG", "", async () => ({
            type: "save",
            format: "png",
            // It goes into documents and slides, which are white whatever the theme is.
            content: await pngOf(asSvg(shared, "light")),
          }))}
        </div>
      </details>
    </div>
  );
}

function base64Of(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
