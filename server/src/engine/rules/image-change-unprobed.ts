import { defineRule } from "../lint/rule.js";
import { restartedPods } from "../rollout/verdict.js";
import { exampleSet } from "../words/example-set.js";
import { valueOr } from "../yaml/field.js";

const spec = "  replicas: 3\n";

export default defineRule({
  id: "image-change-unprobed",
  flags: "a new image that reaches every pod, one after the other, without a readiness probe to stop it",
  why: `A rolling update of an ordered set waits for each pod to be Ready before it replaces the next one. Without a readiness
probe a pod is Ready as soon as its containers run. So an image that starts but does not work replaces every pod
within minutes. With a probe the rollout stops at the first pod.

You can also try the image on one pod first: \`updateStrategy.rollingUpdate.partition\`.`,
  whenNotToUse: "For pods that can serve as soon as they start.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    unprobed: {
      severity: "info",
      text: "This image replaces {count} pods. Without `readinessProbe`, nothing checks that one works before the next",
    },
  },
  check({ template, podManagementPolicy, updateStrategy, minReadySeconds }, { edit, report }) {
    if (edit?.before.kind !== "StatefulSet") return;
    if (valueOr(podManagementPolicy, "OrderedReady") !== "OrderedReady") return;
    if (valueOr(updateStrategy.type, "RollingUpdate") !== "RollingUpdate" || minReadySeconds.state !== "absent") return;
    const containers = template.containers.items();
    if (template.containers.isOpen || containers.some((one) => one.at("readinessProbe").exists || one.isOpen)) return;
    const former = new Map(
      edit.before.template.containers.items().map((one) => [valueOr(one.at("name").string(), ""), one.at("image")]),
    );
    const changed = containers.find((one) => {
      const [was, is] = [former.get(valueOr(one.at("name").string(), "")), one.at("image")];
      return was?.kind === "scalar" && is.kind === "scalar" && was.value() !== is.value();
    });
    const played = changed && edit.play();
    const count = played === undefined ? 0 : new Set(restartedPods(played)).size;
    if (changed === undefined || count < 2) return;
    const image = changed.at("image");
    const was = former.get(valueOr(changed.at("name").string(), ""))?.source ?? "";
    report({
      message: "unprobed",
      data: { count },
      at: image,
      related: [{ text: `${edit.base}: \`${was}\`` }],
    });
  },
  examples: [
    {
      title: "A new version",
      before: exampleSet({ spec }),
      bad: exampleSet({ spec, image: "postgres:18" }),
      good: exampleSet({
        spec,
        image: "postgres:18",
        container: `          readinessProbe:
            tcpSocket:
              port: 5432
`,
      }),
    },
  ],
});
