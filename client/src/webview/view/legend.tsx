import type { VNode } from "preact";
import type { Look, Picture } from "../../../../server/src/engine/rollout/picture.js";
import { lookNames, Swatch, type Appearance } from "./looks.js";

const order: readonly Look[] = ["pending", "running", "settling", "terminating", "failing", "succeeded"];

/** The looks that occur, each with its words and the revision in whose hue it is shown. */
export function legendOf({ looks, revisions, lanes }: Picture): readonly LegendEntry[] {
  const bars = lanes.flatMap((lane) => lane.bars);
  const newest = Math.max(0, revisions.length - 1);
  const ready = revisions
    .map((_, revision) => ({
      appearance: { look: "up" as const, revision, stuck: false },
      words: revisions.length === 1 ? "ready" : `v${revision + 1} ready`,
    }))
    .filter(({ appearance }) => bars.some(({ look, revision }) => look === "up" && revision === appearance.revision));
  const others = order
    .filter((look) => looks.has(look))
    .map((look) => ({ appearance: { look, revision: newest, stuck: false }, words: lookNames[look] }));
  const stuck = bars.filter((bar) => bar.stuck).map((appearance) => ({ appearance, words: "stuck" }));
  return [...ready, ...others, ...stuck];
}

export interface LegendEntry {
  readonly appearance: Appearance;
  readonly words: string;
}

/** What the signs of this picture mean; signs that do not occur are left out. */
export function Legend({ picture }: { readonly picture: Picture }): VNode {
  const { links, lanes } = picture;
  const spans = lanes.flatMap(({ claims }) => claims.flatMap((claim) => claim.spans));
  return (
    <ul class="legend" aria-label="Legend">
      {legendOf(picture).map(({ appearance, words }) => (
        <li key={words}>
          <Swatch appearance={appearance} />
          {words}
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
