import type { Io } from "./io.js";

/** Shows on a terminal how far a long run is. */
export interface Progress {
  /** So many are done, of so many or of who knows how many: `Reading files`. Cheap: it may be called for each file. */
  readonly show: (what: string, done: number, total?: number) => void;
  /** Takes it off the screen. */
  readonly end: () => void;
}

/** In milliseconds: what is done sooner needs no progress; how often it is drawn. */
const patience = 1000;
const interval = 100;
/** In characters. */
const barWidth = 24;

/** Progress on standard error where that is a terminal, from the second on that the run takes; otherwise none. */
export function createProgress({ stderr, env, now }: Io): Progress {
  if (!stderr.isTerminal || env["TERM"] === "dumb") return { show: () => undefined, end: () => undefined };
  let next = now() + patience;
  let isShown = false;
  return {
    show(what, done, total) {
      if (now() < next) return;
      next = now() + interval;
      isShown = true;
      const line = total === undefined ? `${what}: ${done}` : `${bar(done / total)} ${what}: ${done} of ${total}`;
      stderr.write(`\r${line.slice(0, (stderr.columns ?? 80) - 1)}\u001b[K`);
    },
    end() {
      if (isShown) stderr.write("\r\u001b[K");
      isShown = false;
    },
  };
}

function bar(part: number): string {
  const filled = Math.round(Math.min(1, part) * barWidth);
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
}
