import { schemaSpot } from "../../kubernetes/schema/walk.js";
import { rootType } from "../../kubernetes/schema/schema.js";
import type { Around } from "./around.js";
import type { CompletionItem, Part } from "./item.js";

/** Whole probes for a container that has none of their kind, on its first port. */
export function probeItems({ cursor, resource, path, style }: Around): readonly CompletionItem[] {
  const type = rootType(resource.key.apiVersion, resource.key.kind);
  const spot = type === undefined || cursor.writes !== "key" ? undefined : schemaSpot(type, path);
  if (spot?.type.kind !== "object" || spot.type.type !== "Container") return [];
  if (cursor.flow || cursor.quoted || cursor.colonFollows || !cursor.opensBelow) return [];
  const container = cursor.root.at(...resource.place.path, ...path);
  const first = container.at("ports", 0);
  const port = first.at("name").value() ?? first.at("containerPort").value();
  const stop: Part = { stop: 1, text: typeof port === "string" || typeof port === "number" ? String(port) : "8080" };
  const { eol, indent } = style();
  const line = (depth: number, text: string) => `${eol}${" ".repeat(cursor.column + depth * indent)}${text}`;
  const checks: readonly (readonly [string, readonly Part[]])[] = [
    ["httpGet", [line(1, "httpGet:"), line(2, "path: "), { stop: 2, text: "/healthz" }, line(2, "port: "), stop]],
    ["tcpSocket", [line(1, "tcpSocket:"), line(2, "port: "), stop]],
  ];
  return ["readinessProbe", "livenessProbe", "startupProbe"]
    .filter((probe) => !container.at(probe).exists)
    .flatMap((probe) =>
      checks.map(([check, below]): CompletionItem => ({
        label: `${probe}, ${check}`,
        kind: "skeleton",
        detail: "snippet",
        documentation: undefined,
        insert: { parts: [`${probe}:`], below: [...below, line(1, "periodSeconds: "), { stop: 3, text: "10" }] },
        choiceFollows: false,
        deprecated: false,
      })),
    );
}
