import type { VNode } from "preact";
import type { ApiError } from "../../../../server/src/engine/rollout/spec.js";

interface RefusedProps {
  readonly errors: readonly ApiError[];
  readonly onReveal: (field: string) => void;
}

/** What the API server refuses: each field with its old and its new value, or with what is wrong with it. */
export function Refused({ errors, onReveal }: RefusedProps): VNode | null {
  if (errors.length === 0) return null;
  const changed = errors.filter(({ change }) => change !== undefined);
  // One sentence about all fields says nothing more where each is named.
  const others = errors.filter(
    ({ field, change }) => change === undefined && (changed.length === 0 || field !== "spec"),
  );
  return (
    <div class="refused" role="alert">
      <p>The API server refuses this. Nothing changes in the cluster.</p>
      {changed.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Now</th>
              <th scope="col">Wanted</th>
            </tr>
          </thead>
          <tbody>
            {changed.map(({ field, change }) => (
              <tr key={field}>
                <th scope="row">
                  <FieldButton field={field} onReveal={onReveal} />
                </th>
                <td>
                  <del>{change?.before}</del>
                </td>
                <td>
                  <ins>{change?.after}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {others.length > 0 && (
        <ul>
          {others.map(({ field, detail }) => (
            <li key={`${field} ${detail}`}>
              <FieldButton field={field} onReveal={onReveal} /> {detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function FieldButton({
  field,
  onReveal,
}: {
  readonly field: string;
  readonly onReveal: RefusedProps["onReveal"];
}): VNode {
  return (
    <button type="button" class="field" aria-label={`Show ${field} in the manifest`} onClick={() => onReveal(field)}>
      {field}
    </button>
  );
}
