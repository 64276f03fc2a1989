import process from "node:process";
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { Histories, type History } from "./history.js";
import { play, type Count } from "./play.js";
import { readSeeds, type Seeds } from "./project.js";

/** A history that shows a fault, as small as it could be made. */
export interface Failure {
  readonly message: string;
  readonly seed: number;
  readonly path: string | undefined;
  readonly history: History | undefined;
}

export interface Options {
  readonly seed: number;
  /** How many histories; a seed gives the same ones as long as neither seeds nor code change. */
  readonly histories: number;
  /** Leads to one of them, see fast-check. */
  readonly path?: string;
  readonly clients: readonly History["client"][];
  /** Faults that are known, by `kindOf`: they count as none. */
  readonly known?: ReadonlySet<string>;
}

/** Plays histories until one shows a fault. */
export async function search(seeds: Seeds, options: Options, count: Count): Promise<Failure | undefined> {
  const { seed, histories, path, clients, known = new Set() } = options;
  let deadline = Infinity;
  let last = "";
  const property = fc.asyncProperty(new Histories(seeds, clients), async (history) => {
    // What is as small as it is now will do.
    if (processorSeconds() > deadline) return;
    try {
      await play(history, count);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (known.has(kindOf(message))) return;
      deadline = Math.min(deadline, processorSeconds() + mostShrinking);
      last = message;
      throw error;
    }
  });
  const { failed, counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns: histories,
    // What it leads to is as small as it could be made.
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  });
  if (!failed) return undefined;
  return { message: last, seed, path: counterexamplePath ?? undefined, history: counterexample?.[0] };
}

/** Seconds. */
const mostShrinking = 30;

function processorSeconds(): number {
  return process.cpuUsage().user / 1e6;
}

/** What faults of one kind have in common. */
export function kindOf(message: string): string {
  const lines = message.split("\n").filter((line) => !line.includes("node_modules"));
  const first = (lines[0] ?? "").replaceAll(/"[^"]*"|`[^`]*`|\{.*?\}|\d+/g, "_");
  return first.includes("error in the server") ? `${first} ${lines[1]}` : first;
}

export function failureText({ message, seed, path, history }: Failure, corpus: string | undefined): string {
  const more = [...(path === undefined ? [] : ["--path", path]), ...(corpus === undefined ? [] : ["--corpus", corpus])];
  const files = [...(history?.files ?? [])].map(([name, text]) => `on the disk: ${name} ${JSON.stringify(text)}`);
  const events = (history?.events ?? []).map((event) => JSON.stringify(event));
  return [
    message,
    `  client: ${history?.client}`,
    ...[...files, ...events].map((line) => `  ${line}`),
    `  again: npm run fuzz -- --seed ${seed} ${more.join(" ")}`,
    "",
  ].join("\n");
}

/** Mostly an editor that asks, now and then a real process. */
export const usualClients: readonly History["client"][] = [
  ...Array.from({ length: 69 }, () => "pull" as const),
  ...Array.from({ length: 30 }, () => "push" as const),
  "process",
];

async function main(): Promise<void> {
  // What the YAML library makes for each mistake in a text is an error with a stack.
  Error.stackTraceLimit = 4;
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string" },
      path: { type: "string" },
      corpus: { type: "string" },
    },
  });
  const { corpus, path } = values;
  const seeds = readSeeds(corpus);
  const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  const end = Date.now() + Number(values.minutes) * 60_000;
  const count: Count = { texts: 0, fixes: 0, comparisons: 0 };
  const known = new Set<string>();
  let told = Date.now();
  for (let seed = first; ; seed += 1) {
    const options = { seed, histories: 25, clients: usualClients, known, ...(path === undefined ? {} : { path }) };
    const failure = await search(seeds, options, count);
    if (failure !== undefined) {
      known.add(kindOf(failure.message));
      console.log(failureText(failure, corpus));
    }
    const isLast = path !== undefined || Date.now() > end;
    if (isLast || Date.now() > told + 60_000) {
      told = Date.now();
      console.log(
        `${count.texts} texts judged, ${count.fixes} fixes accepted, ${count.comparisons} comparisons with a fresh server, ` +
          `${known.size} kinds of faults, ${Math.round(processorSeconds())} s of processor time; seeds ${first} to ${seed}`,
      );
    }
    if (isLast) break;
  }
  process.exitCode = known.size > 0 ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) await main();
