import { includedBy, writesVersion } from "../helm/chart-version.js";
import { readTags } from "../helm/tags.js";
import { changesWithUpgrades } from "../kubernetes/selectors.js";
import type { Pointed } from "../yaml/origin.js";
import type { Place } from "../yaml/place.js";
import type { Scope } from "./scope.js";

/** A label that changes with upgrades, or a template's expression that writes one. */
export type Volatile =
  | { readonly message: "volatile"; readonly label: string; readonly at: Place }
  | {
      readonly message: "written";
      readonly label: string;
      readonly at: Pointed;
    };

/** What in a map of labels gets another value with upgrades, of a chart for example. */
export function volatileIn(map: Place, labels: readonly string[], scope: () => Scope): readonly Volatile[] {
  const isOfChart = (symbol = "") => readTags(symbol).some(({ body }) => isVersion(body, scope));
  const entries = map.entries().filter(([label, place]) => {
    const value = place.string();
    if (value.state === "opaque") return isOfChart(value.symbol);
    return value.state === "present" && changesWithUpgrades(label, value.value, labels);
  });
  return [
    ...entries.map(([label, at]) => ({ message: "volatile", label, at }) as const),
    ...map.writers
      .filter(({ symbol }) => isOfChart(symbol))
      .map(({ symbol, span }) => ({ message: "written", label: symbol, at: { place: map, span } }) as const),
  ];
}

function isVersion(expression: string, scope: () => Scope): boolean {
  const included = includedBy(expression);
  return included === undefined ? writesVersion(expression) : scope().isVersioned(included);
}
