import type { KindDescriptor } from "../../../server/src/engine/kubernetes/kind.js";
import type { Metadata } from "../../../server/src/engine/kubernetes/object.js";
import { reference } from "../../../server/src/engine/kubernetes/references.js";

/** A kind that no cluster has, whole in one file: `kinds.test.ts` adds it to a copy of the engine. */
const toy: KindDescriptor<Toy, ToyDigest> = {
  group: "batch",
  kind: "Toy",
  view: "Toy",
  read: (metadata) => ({ ...metadata, kind: "Toy" }),
  digest: ({ place }) => ({ kind: "Toy", colour: place.at("spec", "colour").value() }),
  isPartial: ({ place }) => !place.at("spec").exists,
  refusals: () => [],
  references: [reference("spec.boxes[].configMapRef.name", "/ConfigMap")],
  docs: {
    apiSince: "1.30",
    fields: { "spec.colour": { summary: "What the toy looks like.", change: "any time", page: "docs/toys/" } },
  },
  skeletons: [
    { label: "Toy", detail: "in red", text: "apiVersion: batch/v1\nkind: Toy\n", documentation: "A toy to play with." },
  ],
};
export default toy;

interface Toy extends Metadata {
  readonly kind: "Toy";
}

interface ToyDigest {
  readonly kind: "Toy";
  readonly colour: unknown;
}
