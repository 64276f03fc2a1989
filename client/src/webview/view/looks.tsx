import type { VNode } from "preact";
import { allPatterns, lookClass, patternOf, type Appearance } from "../../../../server/src/engine/drawing/looks.js";

/** What a bar's `fill` refers to; `undefined` where only its tint fills it. */
export function patternFill(appearance: Appearance): string | undefined {
  const pattern = patternOf(appearance);
  return pattern && `url(#${pattern.id})`;
}

/** The definitions that `patternFill` and links refer to. */
export function PatternDefinitions(): VNode {
  return (
    <defs>
      {[...allPatterns().values()].map(({ id, size, path, appearance }) => (
        <pattern
          key={id}
          id={id}
          class={`pattern ${lookClass(appearance)}`}
          width={size}
          height={size}
          patternUnits="userSpaceOnUse"
        >
          <path d={path} />
        </pattern>
      ))}
      <marker
        id="arrow"
        class="arrow"
        viewBox="0 0 8 8"
        refX="6"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path d="M0 0.5L7 4L0 7.5Z" />
      </marker>
    </defs>
  );
}
