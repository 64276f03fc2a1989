import type { VNode } from "preact";
import type { Look, Picture } from "../view-model.js";
import { lookNames, Swatch } from "./looks.js";

const order: readonly Look[] = ["pending", "running", "settling", "terminating", "failing", "succeeded"];

/** What the signs of this picture mean; signs that do not occur are left out. */
export function Legend({ picture }: { readonly picture: Picture }): VNode {
  const { looks, revisions, links, lanes } = picture;
  const spans = lanes.flatMap(({ claims }) => claims.flatMap((claim) => claim.spans));
  return (
    <ul class="legend" aria-label="Legend">
      {looks.has("up") &&
        revisions.map((revision, index) => (
          <li key={revision}>
            <Swatch look="up" revision={index} />
            {revisions.length === 1 ? "ready" : `v${index + 1} ready`}
          </li>
        ))}
      {order
        .filter((look) => looks.has(look))
        .map((look) => (
          <li key={look}>
            <Swatch look={look} revision={Math.max(0, revisions.length - 1)} />
            {lookNames[look]}
          </li>
        ))}
      {spans.length > 0 && <ClaimSample state="kept" text="claim" />}
      {spans.some(({ state }) => state === "ending") && <ClaimSample state="ending" text="claim being deleted" />}
      {spans.some(({ removed }) => removed) && <ClaimSample state="removed" text="claim and data gone" />}
      {links.length > 0 && (
        <li>
          <svg class="swatch" width="22" height="14" aria-hidden="true">
            <path class="link" d="M1 7H18" marker-end="url(#arrow)" />
          </svg>
          waited for
        </li>
      )}
    </ul>
  );
}

function ClaimSample({ state, text }: { readonly state: "kept" | "ending" | "removed"; readonly text: string }): VNode {
  return (
    <li>
      <svg class="swatch" width="22" height="14" aria-hidden="true">
        {state === "removed" ? (
          <path class="claim-removed" d="M8 4l6 6M14 4l-6 6" />
        ) : (
          <path class={`claim claim-${state}`} d="M1 7H21" />
        )}
      </svg>
      {text}
    </li>
  );
}
