import * as fc from "fast-check";
import { mutated, type Draw } from "./mutate.js";
import { freshText, newProject, type Seeds } from "./project.js";

/** What a user, or another program on the same folder, does. */
export type Event =
  /** The editor opens the file if it is not open, and changes its text to this one. */
  | { readonly type: "edit"; readonly name: string; readonly text: string }
  /** Another program writes the file. */
  | { readonly type: "write"; readonly name: string; readonly text: string }
  /** The editor closes the file without saving it. */
  | { readonly type: "close"; readonly name: string }
  /** Another program deletes the file, and the editor closes it. */
  | { readonly type: "remove"; readonly name: string }
  /** The user accepts one of the code actions at a finding, or for a whole file, counted round and round. */
  | { readonly type: "fix"; readonly pick: number }
  | { readonly type: "fixAll"; readonly pick: number }
  /** Another value of the settings. */
  | { readonly type: "settings"; readonly settings: object };

/** Everything that happens to one folder. */
export interface History {
  /** `push`: the editor waits for diagnostics; `pull`: it asks; `process`: it asks a server of its own process. */
  readonly client: "push" | "pull" | "process";
  /** The files on the disk when the server starts. */
  readonly files: ReadonlyMap<string, string>;
  readonly events: readonly Event[];
  /** Where hovers and completions are asked for. */
  readonly salt: number;
}

/** Draws histories, and makes failing ones smaller: without some files or events, then without some lines. */
export class Histories extends fc.Arbitrary<History> {
  readonly #seeds: Seeds;
  readonly #clients: readonly History["client"][];

  /** Clients that are named often are drawn often. */
  constructor(seeds: Seeds, clients: readonly History["client"][]) {
    super();
    this.#seeds = seeds;
    this.#clients = clients;
  }

  override generate(random: fc.Random): fc.Value<History> {
    const draw: Draw = {
      below: (count) => random.nextInt(0, count - 1),
      of: (items) => {
        const item = items[random.nextInt(0, items.length - 1)];
        if (item === undefined) throw new Error("nothing to draw from");
        return item;
      },
      chance: (percent) => random.nextInt(0, 99) < percent,
    };
    const files = newProject(draw, this.#seeds);
    const events = [...drawEvents(draw, files, this.#seeds)];
    return new fc.Value({ client: draw.of(this.#clients), files, events, salt: draw.below(1_000_000) }, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is History {
    return typeof value === "object";
  }

  override shrink(history: History): fc.Stream<fc.Value<History>> {
    return fc.stream(smaller(history)).map((one) => new fc.Value(one, undefined));
  }
}

function* drawEvents(draw: Draw, files: ReadonlyMap<string, string>, seeds: Seeds): Generator<Event> {
  const now = new Map(files);
  /** What each file was before it was changed bit by bit. */
  const whole = new Map(files);
  const count = 10 + draw.below(50);
  if (draw.chance(50)) yield { type: "settings", settings: draw.of(settings) };
  for (let event = 0; event < count; event += 1) {
    const names = [...now.keys()];
    const name = names.length === 0 || draw.chance(8) ? draw.of(seeds.names) : draw.of(names);
    const before = now.get(name);
    const kind = draw.below(100);
    if (before !== undefined && kind < 5) {
      now.delete(name);
      yield { type: "remove", name };
      // Half of them are renamed.
      if (draw.chance(50)) {
        const other = draw.of(seeds.names);
        now.set(other, before);
        yield { type: "write", name: other, text: before };
      }
    } else if (before !== undefined && kind < 9) {
      yield { type: "close", name };
    } else if (kind < 11) {
      yield { type: "settings", settings: draw.of(settings) };
    } else if (kind < 15) {
      yield { type: "fixAll", pick: draw.below(1000) };
    } else if (kind < 35) {
      yield { type: "fix", pick: draw.below(1000) };
    } else {
      if (!whole.has(name) || draw.chance(8)) whole.set(name, freshText(draw, seeds, name));
      // After a few changes hardly any text means something: now and then they are undone.
      const base = (draw.chance(55) ? undefined : before) ?? whole.get(name) ?? "";
      const text = draw.chance(10) ? base : mutated(base, draw, seeds);
      now.set(name, text);
      yield { type: draw.chance(75) ? "edit" : "write", name, text };
    }
  }
}

const settings: readonly object[] = [
  {},
  { kubernetesVersion: "1.27" },
  { kubernetesVersion: "1.35", profile: "strict" },
  { profile: "strict" },
  { profile: "strict", schemaValidation: "off" },
  { externalServices: ["d*"] },
  { rules: { "service-missing": "off", "yaml-syntax": "hint" } },
];

function* smaller(history: History): Generator<History> {
  const { files, events, client } = history;
  if (client === "process") yield { ...history, client: "pull" };
  for (const fewer of without(events)) yield { ...history, events: fewer };
  for (const fewer of without([...files])) yield { ...history, files: new Map(fewer) };
  for (const [index, event] of events.entries()) {
    if (event.type !== "edit" && event.type !== "write") continue;
    for (const text of shorter(event.text)) yield { ...history, events: events.with(index, { ...event, text }) };
  }
  for (const [name, text] of files) {
    for (const less of shorter(text)) yield { ...history, files: new Map([...files, [name, less]]) };
  }
}

/** The list without a half, a quarter ... of it, down to single items. */
function* without<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < items.length; start += size) yield items.toSpliced(start, size);
  }
}

function* shorter(text: string): Generator<string> {
  const lines = text.match(/[^\n\r]*(?:\r\n|\n|\r)|[^\n\r]+$/g) ?? [];
  for (const fewer of without(lines)) yield fewer.join("");
  if (lines.length === 1 && text.length > 1) yield text.slice(0, text.length >> 1);
}
