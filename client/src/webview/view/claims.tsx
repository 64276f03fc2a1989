import type { VNode } from "preact";
import type { ClaimGroup } from "../../../../server/src/engine/rollout/claim-groups.js";

const charactersInLine = 96;

/** The fate of every claim, and so of all data, at the end. */
export function Claims({ groups }: { readonly groups: readonly ClaimGroup[] }): VNode | null {
  if (groups.length === 0) return null;
  return (
    <section class="claims" tabIndex={0} aria-labelledby="claims-title">
      <h2 id="claims-title">What happens to the data</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Fate</th>
            <th scope="col">Claims</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ fate, why, names }) => (
            <tr key={`${fate} ${why}`}>
              <td>
                <span class={`fate fate-${fate}`}>{names.length === 1 ? fate : `${names.length} ${fate}`}</span>
              </td>
              <td class="claim-names">{namesOf(names)}</td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Says that data is lost, whose and why. */
export function DataLoss({ groups }: { readonly groups: readonly ClaimGroup[] }): VNode | null {
  const lost = groups.filter(({ fate }) => fate === "deleted");
  if (lost.length === 0) return null;
  const names = lost.flatMap((group) => group.names);
  return (
    <div class="banner banner-bad" role="alert">
      <strong>{names.length === 1 ? "Data of one claim is lost:" : `Data of ${names.length} claims is lost:`}</strong>{" "}
      {`${namesOf(names)}. ${[...new Set(lost.map(({ why }) => why))].join(". ")}.`}
    </div>
  );
}

/** As many as a line holds, with the last. */
function namesOf(names: readonly string[]): string {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const shown = Math.max(3, Math.floor(charactersInLine / (longest + 2)));
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown - 1).join(", ")} … ${names.at(-1)}`;
}
