import { allContainers } from "../kubernetes/pod-template.js";
import { imageProblem } from "../kubernetes/image-reference.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pod-refused",
  flags: "a pod template that the API server accepts, although no pod can be created from it",
  why: `The API server checks pods more strictly than templates. A StatefulSet with such a template is stored, and then every pod
that the controller creates is refused: a new set gets no pods, and an update deletes the highest pod and cannot
create it again. \`kubectl describe statefulset\` shows \`FailedCreate\`.

- An image that begins or ends with white space, as after \`image: |\`. Inside the name of an image the API server accepts
  it, but the kubelet does not (\`InvalidImageName\`).
- An image with capitals in the repository's name (\`ghcr.io/MyOrg/db\`), with \`https://\` before it, or with a \`+\` in its
  tag, as versions of charts have. The API server accepts these too; the pods are created, and their containers never
  start (\`InvalidImageName\`). Capitals are allowed in the registry's host name and in the tag.
- \`nodeName\` together with \`schedulingGates\`.
- \`priority\` or \`preemptionPolicy\` without \`priorityClassName\`: they must be what admission computes from the class.
  Only a class with \`globalDefault: true\` and this very value would let the pods through.`,
  whenNotToUse: "Never: no pod is created.",
  sources: [
    "validateContainersOnlyForPod and ValidatePodCreate in pkg/apis/core/validation/validation.go (Kubernetes 1.36)",
    "plugin/pkg/admission/priority/admission.go, admitPod (Kubernetes 1.36)",
    "pkg/kubelet/images/image_manager.go, applyDefaultImageTag: ErrInvalidImageName (Kubernetes 1.36)",
    "ParseNormalizedNamed in https://github.com/distribution/reference/blob/v0.6.0/normalize.go",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    around: {
      severity: "error",
      text: "The image begins or ends with white space: the template is accepted, but every new pod is refused",
    },
    inside: { severity: "error", text: "The image `{image}` has white space in its name: no new pod can start" },
    reference: {
      severity: "error",
      text: "The image `{image}` is not valid: {problem}. The kubelet answers `InvalidImageName`",
    },
    node: { severity: "error", text: "`nodeName` cannot be used with `schedulingGates`: every new pod is refused" },
    priority: {
      severity: "warning",
      text: "`{field}` without `priorityClassName`: every new pod is refused unless a default class has this value",
    },
  },
  check({ template }, { report }) {
    for (const container of allContainers(template)) {
      const image = container.at("image").string();
      if (image.state !== "present") continue;
      const trimmed = image.value.trim();
      if (trimmed === "") continue;
      if (trimmed !== image.value) {
        report({
          message: "around",
          at: image,
          fixes: [
            {
              title: `Use ${inCode(trimmed.replace(/\s+/g, " "))}`,
              applicability: "review",
              edits: [{ op: "set", at: image, value: trimmed }],
            },
          ],
        });
      } else if (/\s/.test(trimmed)) {
        report({ message: "inside", data: { image: trimmed.replace(/\s+/g, " ") }, at: image });
      } else {
        const problem = imageProblem(trimmed);
        if (problem !== undefined) report({ message: "reference", data: { image: trimmed, problem }, at: image });
      }
    }
    const spec = template.place.at("spec");
    const nodeName = spec.at("nodeName").string();
    if (nodeName.state === "present" && nodeName.value !== "" && spec.at("schedulingGates").items().length > 0)
      report({ message: "node", at: nodeName });

    if (valueOr(spec.at("priorityClassName").string(), "") !== "") return;
    const priority = spec.at("priority").integer();
    // Without any class admission computes 0, and PreemptLowerPriority.
    if (priority.state === "present" && priority.value !== 0)
      report({ message: "priority", data: { field: "priority" }, at: priority });
    const preemption = spec.at("preemptionPolicy").string();
    if (preemption.state === "present" && preemption.value === "Never")
      report({ message: "priority", data: { field: "preemptionPolicy" }, at: preemption });
  },
  examples: [
    {
      title: "A line break at the end of the image",
      bad: manifest({ image: "|\n            postgres:17" }),
      good: manifest({ image: "postgres:17" }),
    },
  ],
});

function manifest({ image }: { readonly image: string }): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: ${image}
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`;
}
