import type { VNode } from "preact";
import * as v from "valibot";
import { valueOf } from "../../../../server/src/engine/rollout/fields.js";
import { formatRelease } from "../../../../server/src/engine/kubernetes/versions.js";
import { firstAsked, playOf, type Choices, type Manifest, type Play } from "../choices.js";
import { formerSource, type FormerSource, type ToHost } from "../messages.js";
import type { ModelEvent } from "../model.js";
import type { Verdict } from "../../../../server/src/engine/rollout/verdict.js";
import { withWhatIf } from "../what-if.js";
import { Choice, NumberField } from "./fields.js";
import { icons } from "./icons.js";

interface HeaderProps {
  readonly manifest: Manifest;
  readonly choices: Choices;
  readonly dispatch: (event: ModelEvent) => void;
  readonly post: (message: ToHost) => void;
}

/** Which StatefulSet this is, and what is played. */
export function Header({ manifest, choices, dispatch, post }: HeaderProps): VNode {
  const { now } = manifest;
  const supposed = withWhatIf(now, choices.whatIf);
  const replicas = valueOf(supposed, "replicas");
  const strategy = valueOf(supposed, "strategy");
  const partition = valueOf(supposed, "partition");
  const release = choices.whatIf.release ?? manifest.release;
  const chips = [
    now.namespace,
    `${replicas} ${replicas === 1 ? "replica" : "replicas"}`,
    valueOf(supposed, "podManagementPolicy"),
    partition === 0 ? strategy : `${strategy}, partition ${partition}`,
    `Kubernetes ${formatRelease(release)}`,
  ];
  return (
    <header class="head">
      <h1 title={now.name}>{now.name}</h1>
      <ul class="chips" aria-label="About the StatefulSet">
        {chips.map((chip) => chip !== undefined && <li key={chip}>{chip}</li>)}
      </ul>
      <PlayChooser manifest={manifest} choices={choices} dispatch={dispatch} post={post} />
    </header>
  );
}

/** The verdict with its facts; what cannot be read, and data that is lost, stand out beneath. */
export function VerdictLine({ verdict, children }: { readonly verdict: Verdict; readonly children: VNode }): VNode {
  const { tone, title, reason, facts, refused } = verdict;
  return (
    <div class={`verdict verdict-${tone}`}>
      <div class="verdict-words">
        <p class="verdict-title">
          {icons[tone]}
          {title}
        </p>
        {reason !== undefined && refused.length === 0 && <p class="verdict-reason">{reason}</p>}
        <ul class="facts" aria-label="In numbers">
          {facts.map(({ label, value, isLoss }) => (
            <li key={label} class={isLoss ? "bad" : ""}>
              {label} <strong>{value}</strong>
            </li>
          ))}
        </ul>
      </div>
      {children}
    </div>
  );
}

const plays: readonly (readonly [group: PlayGroup, words: string])[] = [
  ["create", "Create"],
  ["edit", "Apply edit"],
  ["scale", "Scale"],
  ["changeImage", "Change image"],
  ["restart", "Restart"],
  ["rollBack", "Roll back"],
  ["delete", "Delete"],
  ["lose", "Lose a pod"],
  ["nodes", "Nodes"],
];

type PlayGroup = "create" | "edit" | "scale" | "changeImage" | "restart" | "rollBack" | "delete" | "lose" | "nodes";

function PlayChooser({ manifest, choices, dispatch, post }: HeaderProps): VNode {
  const play = playOf(manifest, choices);
  const group = groupOf(play);
  return (
    <div class="play-chooser">
      <fieldset class="segments">
        <legend class="unseen">What to play</legend>
        {plays.map(([value, words]) => (
          <label key={value} class={value === group ? "chosen" : ""}>
            <input
              type="radio"
              name="play"
              value={value}
              checked={value === group}
              onChange={() => dispatch({ type: "played", play: firstPlay(value, manifest) })}
            />
            {words}
          </label>
        ))}
      </fieldset>
      {/* Behind the plays, which must not move under the pointer. */}
      <PlayOptions manifest={manifest} choices={choices} dispatch={dispatch} post={post} play={play} />
    </div>
  );
}

/** What can be said more closely about the chosen play. */
function PlayOptions({ manifest, choices, dispatch, post, play }: HeaderProps & { readonly play: Play }): VNode | null {
  const choose = (next: Play): void => dispatch({ type: "played", play: next });
  switch (play.type) {
    case "create":
    case "changeImage":
    case "restart":
    case "nodes":
      return null;
    case "edit":
      return (
        <Choice
          label="compare with"
          value={choices.compareWith}
          options={formerOptions(manifest)}
          onChange={(value) => {
            if (isAsked(value)) post({ type: "chooseFormer", from: value });
            else dispatch({ type: "compared", compareWith: formerOf(value) });
          }}
        />
      );
    case "scale":
      return (
        <NumberField
          label="to"
          least={0}
          value={play.replicas}
          onChange={(replicas) => replicas !== undefined && choose({ type: "scale", replicas })}
        />
      );
    case "rollBack":
      return (
        <NumberField
          label="after seconds"
          least={0}
          value={play.after}
          placeholder="settled"
          onChange={(after) => choose({ type: "rollBack", after })}
        />
      );
    case "delete":
      return (
        <Choice
          label="cascade"
          value={play.propagation}
          options={[
            ["Background", "background"],
            ["Foreground", "foreground"],
            ["Orphan", "orphan"],
          ]}
          onChange={(value) => choose({ type: "delete", propagation: propagationOf(value) })}
        />
      );
    case "deletePod":
    case "loseNode":
      return (
        <>
          <NumberField
            label="pod"
            least={manifest.now.ordinals?.start ?? 0}
            value={play.ordinal}
            onChange={(ordinal) => ordinal !== undefined && choose({ type: play.type, ordinal })}
          />
          <Choice
            label="because"
            value={play.type}
            options={[
              ["deletePod", "somebody deletes it"],
              ["loseNode", "its node is lost"],
            ]}
            onChange={(value) =>
              choose({ type: value === "loseNode" ? "loseNode" : "deletePod", ordinal: play.ordinal })
            }
          />
        </>
      );
  }
}

type FormerOption = readonly [value: Choices["compareWith"] | FormerSource, words: string];

/** Those that end in dots ask the user something first. A build has no base of its own. */
function formerOptions({ former, base, source }: Manifest): readonly FormerOption[] {
  const isFile = source.uri.startsWith("file:");
  const git: FormerOption[] = isFile && base !== undefined && former?.isBase !== true ? [["base", `git ${base}`]] : [];
  return [
    ...(former === undefined ? [] : ([["former", former.label]] as const)),
    ...git,
    ["saved", "saved file"],
    ["opened", "as opened"],
    ...(isFile ? ([["revision", "a revision ..."]] as const) : []),
    ["file", "another file ..."],
    ...(isFile ? ([["cluster", "the cluster ..."]] as const) : []),
  ];
}

function isAsked(value: string): value is FormerSource {
  return v.is(formerSource, value);
}

function formerOf(value: string): Choices["compareWith"] {
  return value === "saved" || value === "former" ? value : "opened";
}

function groupOf({ type }: Play): PlayGroup {
  return type === "deletePod" || type === "loseNode" ? "lose" : type;
}

function firstPlay(group: PlayGroup, manifest: Manifest): Play {
  const { now } = manifest;
  const replicas = now.replicas ?? 1;
  switch (group) {
    case "create":
    case "edit":
    case "changeImage":
    case "restart":
      return { type: group };
    case "scale":
      return { type: "scale", replicas: replicas + 2 };
    case "rollBack":
      return { type: "rollBack", after: undefined };
    case "delete":
      return { type: "delete", propagation: "Background" };
    case "lose":
      return { type: "deletePod", ordinal: now.ordinals?.start ?? 0 };
    case "nodes":
      return { type: "nodes", asked: firstAsked(manifest) };
  }
}

function propagationOf(value: string): "Background" | "Foreground" | "Orphan" {
  return value === "Foreground" || value === "Orphan" ? value : "Background";
}
