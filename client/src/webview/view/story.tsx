import { Fragment, type VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { dependsOn, type StoryEntry } from "../../../../server/src/engine/rollout/story.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";
import { ToneIcon } from "./icons.js";

interface StoryProps {
  readonly story: readonly StoryEntry[];
  readonly selected: number;
  /** The field that the editor's cursor is on: what depends on it is marked. */
  readonly cursor: string | undefined;
  readonly onSelect: (entry: number) => void;
  readonly onReveal: (field: string) => void;
}

const chunkSize = 16;

/**
 * What happens, in order, with its reasons. A long story is drawn in chunks, of which only those near the visible part
 * exist in full. For the keyboard it is one control: the tabulator leads to the selected entry, the arrows to the
 * others.
 */
export function Story({ story, selected, cursor, onSelect, onReveal }: StoryProps): VNode {
  const scroller = useRef<HTMLElement>(null);
  const chunks = useMemo(
    () =>
      Array.from({ length: Math.ceil(story.length / chunkSize) }, (_, index) =>
        story.slice(index * chunkSize, (index + 1) * chunkSize),
      ),
    [story],
  );
  const marked = useMemo(
    () => (cursor === undefined ? 0 : story.filter(({ field }) => dependsOn(field, cursor)).length),
    [story, cursor],
  );
  // Hours need more room than minutes.
  const isLong = (story.at(-1)?.at ?? 0) >= 3600;
  // Before it is painted, so that the selected entry is never out of sight for a moment.
  useLayoutEffect(() => {
    const element = scroller.current;
    const entry = element?.querySelector('[aria-current="step"]');
    if (!element || !entry) return;
    reveal(element, entry);
    const { activeElement } = document;
    if (activeElement !== element && element.contains(activeElement)) {
      entry.querySelector("button")?.focus({ preventScroll: true });
    }
  }, [selected]);
  return (
    <section class={isLong ? "story long" : "story"} ref={scroller} tabIndex={0} aria-labelledby="story-title">
      <h2 id="story-title">What happens, and why</h2>
      {marked > 0 && cursor !== undefined && (
        <p class="cursor-field">
          {marked === 1 ? "One step depends" : `${marked} steps depend`} on{" "}
          <code>
            <Shortened field={cursor} />
          </code>
          , where the cursor is
        </p>
      )}
      <div
        role="list"
        onKeyDown={(event) => {
          const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          onSelect(selected + by);
        }}
      >
        {chunks.map((entries, index) => {
          const first = index * chunkSize;
          const isWithin = (place: number): boolean => place >= first && place < first + chunkSize;
          const chosen = isWithin(selected) ? selected - first : -1;
          return (
            <Chunk
              key={first}
              entries={entries}
              first={first}
              total={story.length}
              selected={chosen}
              hasTabStop={isWithin(Math.max(0, selected))}
              cursor={cursor}
              onSelect={onSelect}
              onReveal={onReveal}
            />
          );
        })}
      </div>
    </section>
  );
}

/** Scrolls the list as little as is needed, and never the page around it. */
function reveal(list: HTMLElement, entry: Element): void {
  const visible = list.getBoundingClientRect();
  const { top, bottom } = entry.getBoundingClientRect();
  if (top < visible.top) list.scrollTop -= visible.top - top;
  else if (bottom > visible.bottom) list.scrollTop += bottom - visible.bottom;
}

interface ChunkProps {
  readonly entries: readonly StoryEntry[];
  /** The place of its first entry in the story. */
  readonly first: number;
  readonly total: number;
  /** The place of the selected entry in the chunk, or -1. */
  readonly selected: number;
  /** The selected entry, or else its first, is where the tabulator leads to. */
  readonly hasTabStop: boolean;
  readonly cursor: string | undefined;
  readonly onSelect: (entry: number) => void;
  readonly onReveal: (field: string) => void;
}

const estimatedHeight = 68;

function Chunk({ entries, first, total, selected, hasTabStop, cursor, onSelect, onReveal }: ChunkProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(first === 0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver((seen) => setNear(seen.some(({ isIntersecting }) => isIntersecting)), {
      rootMargin: "800px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const isDrawn = near || selected >= 0;
  return useMemo(
    () => (
      <div ref={place} style={isDrawn ? {} : { height: `${entries.length * estimatedHeight}px` }}>
        {isDrawn &&
          entries.map((entry, index) => (
            <Entry
              key={first + index}
              entry={entry}
              place={first + index}
              total={total}
              selected={index === selected}
              isTabStop={hasTabStop && index === Math.max(0, selected)}
              marked={cursor !== undefined && dependsOn(entry.field, cursor)}
              onSelect={onSelect}
              onReveal={onReveal}
            />
          ))}
      </div>
    ),
    [entries, first, total, selected, hasTabStop, cursor, isDrawn, onSelect, onReveal],
  );
}

interface EntryProps {
  readonly entry: StoryEntry;
  readonly place: number;
  readonly total: number;
  readonly selected: boolean;
  readonly isTabStop: boolean;
  /** Depends on the field under the cursor. */
  readonly marked: boolean;
  readonly onSelect: (entry: number) => void;
  readonly onReveal: (field: string) => void;
}

function Entry({ entry, place, total, selected, isTabStop, marked, onSelect, onReveal }: EntryProps): VNode {
  const { at, tone, title, why, field } = entry;
  const tabIndex = isTabStop ? 0 : -1;
  return useMemo(
    () => (
      <div
        role="listitem"
        class={`entry${selected ? " selected" : ""}${marked ? " marked" : ""}`}
        aria-current={selected ? "step" : undefined}
        aria-setsize={total}
        aria-posinset={place + 1}
      >
        <button type="button" class="entry-step" tabIndex={tabIndex} onClick={() => onSelect(place)}>
          <span class="entry-time">{formatMoment(at)}</span>
          <ToneIcon tone={tone} />
          <span class="entry-words">
            <span class="entry-title">{title}</span>
            {why !== "" && <span class="entry-why">{why}</span>}
            {marked && <span class="unseen">Depends on the field under the cursor</span>}
          </span>
        </button>
        {field !== "" && (
          <button
            type="button"
            class="field"
            tabIndex={tabIndex}
            aria-label={`Show ${field} in the manifest`}
            title={`Show ${field} in the manifest`}
            onClick={() => onReveal(field)}
          >
            <Shortened field={field} />
          </button>
        )}
      </div>
    ),
    [at, tone, title, why, field, place, total, selected, tabIndex, marked, onSelect, onReveal],
  );
}

/** Without what nearly all fields begin with, and so that it can be broken between its words. */
function Shortened({ field }: { readonly field: string }): VNode {
  const words = field.replace(/^spec\.(template\.spec\.)?/, "").split(/(?=\.)|(?<=[a-z])(?=[A-Z])/);
  return (
    <>
      {words.map((word, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {word}
        </Fragment>
      ))}
    </>
  );
}
