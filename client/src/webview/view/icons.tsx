import type { VNode } from "preact";
import type { Tone } from "../../../../server/src/engine/rollout/story.js";

/* Signs of 16 by 16, drawn for this page. They say nothing that the text beside them does not say. */

function Icon({ path }: { readonly path: string }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

const tonePaths: Record<Tone, string> = {
  user: "M8 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M3 13.5c.4-2.8 2.3-4.3 5-4.3s4.6 1.5 5 4.3",
  create: "M8 3v10M3 8h10",
  delete: "M4 4l8 8M12 4l-8 8",
  ready: "M3 8.5l3.3 3.3L13 5",
  wait: "M5 3.5v9M11 3.5v9",
  trouble: "M8 2.5L14 13.5H2zM8 6.5v3M8 11.2v.6",
  gone: "M3.5 8h9",
  note: "M8 7.2v4.3M8 4.5v.6",
};

export function ToneIcon({ tone }: { readonly tone: Tone }): VNode {
  return (
    <span class={`tone tone-${tone}`}>
      <Icon path={tonePaths[tone]} />
    </span>
  );
}

export const icons = {
  toStart: <Icon path="M4 3.5v9M12.5 3.5L6.5 8l6 4.5z" />,
  back: <Icon path="M10.5 3.5L4.5 8l6 4.5z" />,
  play: <Icon path="M5 3l8 5-8 5z" />,
  pause: <Icon path="M5.5 3.5v9M10.5 3.5v9" />,
  forward: <Icon path="M5.5 3.5l6 4.5-6 4.5z" />,
  toEnd: <Icon path="M12 3.5v9M3.5 3.5l6 4.5-6 4.5z" />,
  good: <Icon path="M3 8.5l3.3 3.3L13 5" />,
  bad: <Icon path="M8 2l6 6-6 6-6-6zM8 5v3.5M8 10.5v.6" />,
  neutral: <Icon path="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 7.2v4M8 4.8v.6" />,
  copy: <Icon path="M6 5.5h7v8H6zM10 5.5v-3H3v8h3" />,
  close: <Icon path="M4.5 4.5l7 7M11.5 4.5l-7 7" />,
  zoomIn: <Icon path="M8 3.5v9M3.5 8h9" />,
  zoomOut: <Icon path="M3.5 8h9" />,
  fit: <Icon path="M2.5 4v8M13.5 4v8M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2" />,
} as const;
