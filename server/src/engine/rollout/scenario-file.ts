import { featureGates, type FeatureGate } from "../kubernetes/versions.js";
import { isMapping } from "../yaml/plain.js";
import { claimStarts, podStarts, type DescribedClaims, type DescribedPods, type DescribedStart } from "./start.js";
import type { ScenarioAdditions, ScenarioFault, TimedAction, UserAction } from "./scenario.js";
import type { FaultEffect, PodTiming } from "./world.js";

export type ScenarioFile =
  /** `play` is what is done to the nodes, unread: see `readPlayOptions` of maintenance. */
  | { readonly type: "read"; readonly additions: ScenarioAdditions; readonly play?: unknown }
  /** One sentence for each thing that is wrong, with its path. */
  | { readonly type: "invalid"; readonly errors: readonly string[] };

/** Reads a scenario file after a YAML reader has made plain values of it. docs/simulation.md describes the schema. */
export function readScenarioFile(value: unknown): ScenarioFile {
  const errors: string[] = [];
  const file = new Reader(value ?? {}, "", errors);
  file.only(["start", "actions", "faults", "timing", "featureGates", "play"]);
  const additions: ScenarioAdditions = {
    ...(file.has("start") ? { start: readStart(file.child("start")) } : {}),
    actions: file.list("actions", readAction),
    faults: file.list("faults", readFault),
    timing: readTiming(file.child("timing")),
    featureGates: readGates(file.child("featureGates")),
  };
  if (errors.length > 0) return { type: "invalid", errors };
  return { type: "read", additions, ...(isMapping(value) && Object.hasOwn(value, "play") ? { play: value.play } : {}) };
}

const sets = ["present", "absent"] as const;
const revisions = ["current", "older"] as const;

function readStart(entry: Reader): DescribedStart {
  entry.only(["set", "pods", "claims"]);
  return {
    set: entry.optionalOneOf("set", sets, "present"),
    pods: entry.list("pods", readPods),
    claims: entry.list("claims", readClaims),
  };
}

function readPods(entry: Reader): DescribedPods {
  entry.only(["ordinals", "is", "revision"]);
  return {
    ordinals: entry.optionalOrdinals("ordinals"),
    is: entry.optionalOneOf("is", podStarts, "ready"),
    revision: entry.optionalOneOf("revision", revisions, "current"),
  };
}

function readClaims(entry: Reader): DescribedClaims {
  entry.only(["ordinals", "claim", "is"]);
  return {
    ordinals: entry.optionalOrdinals("ordinals"),
    claim: entry.has("claim") ? entry.text("claim") : undefined,
    is: entry.optionalOneOf("is", claimStarts, "present"),
  };
}

const actionTypes = [
  "scale",
  "restart",
  "changeImage",
  "rollBack",
  "touch",
  "delete",
  "deletePod",
  "forceDeletePod",
  "failPod",
  "loseNode",
  "outOfService",
  "deleteClaim",
] as const;

const propagations = ["Background", "Foreground", "Orphan"] as const;

function readAction(entry: Reader): TimedAction {
  const seconds = entry.optionalNumber("at");
  return {
    when: seconds === undefined ? { type: "settled" } : { type: "at", seconds },
    action: readUserAction(entry, entry.oneOf("do", actionTypes, "restart")),
  };
}

function readUserAction(entry: Reader, type: (typeof actionTypes)[number]): UserAction {
  switch (type) {
    case "scale":
      entry.only(["do", "at", "replicas"]);
      return { type, replicas: entry.number("replicas") };
    case "restart":
    case "changeImage":
    case "rollBack":
    case "touch":
      entry.only(["do", "at"]);
      return { type };
    case "delete":
      entry.only(["do", "at", "propagation"]);
      return { type, propagation: entry.oneOf("propagation", propagations, "Background") };
    case "deletePod":
    case "forceDeletePod":
    case "failPod":
    case "loseNode":
    case "outOfService":
      entry.only(["do", "at", "ordinal"]);
      return { type, ordinal: entry.number("ordinal") };
    case "deleteClaim":
      entry.only(["do", "at", "ordinal", "claim"]);
      return { type, ordinal: entry.number("ordinal"), claim: entry.text("claim") };
  }
}

const effects = ["neverReady", "crashLoop", "unschedulable", "failsOnce", "slow"] as const;

function readFault(entry: Reader): ScenarioFault {
  entry.only(["ordinals", "revision", "effect", "secondsToReady"]);
  return {
    ordinals: entry.optionalOrdinals("ordinals"),
    revision: entry.has("revision") ? entry.oneOf("revision", ["old", "new"] as const, "new") : undefined,
    effect: readEffect(entry),
  };
}

function readEffect(entry: Reader): FaultEffect {
  const type = entry.oneOf("effect", effects, "neverReady");
  return type === "slow" ? { type, secondsToReady: entry.number("secondsToReady") } : { type };
}

function readTiming(entry: Reader): Partial<PodTiming> {
  const keys = ["toRunning", "toReady", "toGone", "toDetach"] as const;
  entry.only(keys);
  return Object.fromEntries(keys.filter((key) => entry.has(key)).map((key) => [key, entry.number(key)]));
}

function readGates(entry: Reader): Partial<Record<FeatureGate, boolean>> {
  entry.only(featureGates);
  return Object.fromEntries(featureGates.filter((gate) => entry.has(gate)).map((gate) => [gate, entry.boolean(gate)]));
}

/** A mapping being read: notes what is wrong and goes on with a stand-in, so that all errors are reported at once. */
class Reader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #errors: string[];

  constructor(value: unknown, path: string, errors: string[]) {
    this.#path = path;
    this.#errors = errors;
    this.#fields = isMapping(value) ? value : {};
    if (!isMapping(value)) errors.push(`${path || "the scenario"} must be a mapping`);
  }

  only(keys: readonly string[]): void {
    for (const key of Object.keys(this.#fields)) {
      if (!keys.includes(key)) this.#errors.push(`${this.#at(key)} is not known here; expected ${keys.join(", ")}`);
    }
  }

  has(key: string): boolean {
    return this.#fields[key] !== undefined && this.#fields[key] !== null;
  }

  child(key: string): Reader {
    return new Reader(this.#fields[key] ?? {}, this.#at(key), this.#errors);
  }

  list<T>(key: string, read: (entry: Reader) => T): readonly T[] {
    const value = this.#fields[key] ?? [];
    if (!Array.isArray(value)) return this.#wrong(key, "a list", []);
    return value.map((entry, index) => read(new Reader(entry, `${this.#at(key)}[${index}]`, this.#errors)));
  }

  oneOf<T extends string>(key: string, choices: readonly T[], standIn: T): T {
    const found = choices.find((choice) => choice === this.#fields[key]);
    return found ?? this.#wrong(key, `one of ${choices.join(", ")}`, standIn);
  }

  optionalOneOf<T extends string>(key: string, choices: readonly T[], standIn: T): T {
    return this.has(key) ? this.oneOf(key, choices, standIn) : standIn;
  }

  text(key: string): string {
    const value = this.#fields[key];
    return typeof value === "string" ? value : this.#wrong(key, "a text", "");
  }

  boolean(key: string): boolean {
    const value = this.#fields[key];
    return typeof value === "boolean" ? value : this.#wrong(key, "true or false", false);
  }

  number(key: string): number {
    const value = this.#fields[key];
    return isAmount(value) ? value : this.#wrong(key, "a number that is not negative", 0);
  }

  optionalNumber(key: string): number | undefined {
    return this.has(key) ? this.number(key) : undefined;
  }

  optionalOrdinals(key: string): readonly number[] | undefined {
    const value = this.#fields[key];
    if (!this.has(key)) return undefined;
    return Array.isArray(value) && value.every(isOrdinal) ? value : this.#wrong(key, "a list of ordinals", []);
  }

  #wrong<T>(key: string, expected: string, standIn: T): T {
    this.#errors.push(`${this.#at(key)} must be ${expected}`);
    return standIn;
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Of a pod or a claim; replicas are numbers of 32 bits, and so are ordinals. */
function isOrdinal(value: unknown): value is number {
  return isAmount(value) && Number.isInteger(value) && value < 2 ** 31;
}
