import type { Runtime } from "./runtime.js";

/** Longer work than this makes typing feel slow: two frames of a screen are 33 ms, and the client needs its part. */
const sliceMilliseconds = 8;

/**
 * Does work piece by piece, a slice of time at once, and deals with whatever has arrived in between. Once `isStale`
 * says so, what is left is dropped.
 */
export async function runInSlices(
  work: Iterator<unknown, void>,
  runtime: Runtime,
  isStale: () => boolean,
): Promise<"done" | "dropped"> {
  while (!isStale()) {
    const end = runtime.now() + sliceMilliseconds;
    do {
      if (work.next().done === true) return "done";
    } while (runtime.now() < end);
    await new Promise<void>((resolve) => runtime.after(0, resolve));
  }
  return "dropped";
}

/**
 * Makes a function that asks for a job. The job begins a little later, once for all who asked meanwhile, and not while
 * it still runs: whoever asks then has it run again, and the argument of the job says that it is stale. It never
 * rejects.
 */
export function coalesce(
  milliseconds: number,
  runtime: Runtime,
  job: (isStale: () => boolean) => Promise<void>,
): () => void {
  let state: "idle" | "waiting" | "running" | "stale" = "idle";
  const begin = () => {
    state = "waiting";
    runtime.after(milliseconds, () => void run());
  };
  const run = async () => {
    state = "running";
    const isStale = () => state === "stale";
    await job(isStale);
    if (isStale()) begin();
    else state = "idle";
  };
  return () => {
    if (state === "idle") begin();
    else if (state === "running") state = "stale";
  };
}
