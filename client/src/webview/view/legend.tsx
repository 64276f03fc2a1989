import type { VNode } from "preact";
import { legendOf, lookClass, type LegendEntry } from "../../../../server/src/engine/drawing/looks.js";
import type { Picture } from "../../../../server/src/engine/rollout/picture.js";
import { patternFill } from "./looks.js";

/** What the signs of this picture mean; signs that do not occur are left out. */
export function Legend({ picture }: { readonly picture: Picture }): VNode {
  return (
    <ul class="legend" aria-label="Legend">
      {legendOf(picture).map(({ words, sign }) => (
        <li key={words}>
          <svg class="swatch" width="22" height="14" aria-hidden="true">
            <Sample sign={sign} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}

function Sample({ sign }: Pick<LegendEntry, "sign">): VNode {
  switch (sign.type) {
    case "bar": {
      const pattern = patternFill(sign.appearance);
      return (
        <g class={`bar ${lookClass(sign.appearance)}`}>
          <rect class="tint" x="0.5" y="0.5" width="21" height="13" rx="2.5" />
          {pattern && <rect fill={pattern} x="0.5" y="0.5" width="21" height="13" rx="2.5" />}
        </g>
      );
    }
    case "claim":
      return sign.state === "removed" ? (
        <path class="claim-removed" d="M8 4l6 6M14 4l-6 6" />
      ) : (
        <path class={`claim claim-${sign.state}`} d="M1 7H21" />
      );
    case "link":
      return <path class="link" d="M1 7H18" marker-end="url(#arrow)" />;
  }
}
