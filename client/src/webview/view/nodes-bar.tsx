import type { VNode } from "preact";
import type { AskedPlay, PanelPlay } from "../../../../server/src/engine/maintenance/panel-play.js";
import type { ModelEvent } from "../model.js";
import { Choice, NumberField } from "./fields.js";

export interface ClusterProps {
  readonly asked: AskedPlay;
  readonly dispatch: (event: ModelEvent) => void;
}

interface ClusterBarProps extends ClusterProps {
  /** What was played last, which knows the names of the nodes; `undefined` where nothing could be played. */
  readonly played: Extract<PanelPlay, { readonly type: "played" }> | undefined;
}

const plays = [
  ["drain-node", "drain one node"],
  ["drain-all", "drain all nodes, one after the other"],
  ["surge", "drain all nodes, a new one for each"],
  ["lose-node", "lose a node"],
  ["lose-zone", "lose a zone"],
  ["scale-down", "scale the node pool down"],
] as const;

const volumes = [
  ["zone", "in a zone"],
  ["node", "on a node"],
  ["anywhere", "anywhere"],
] as const;

/** What is done to which nodes. */
export function ClusterBar({ asked, played, dispatch }: ClusterBarProps): VNode {
  const choose = (changed: Partial<AskedPlay>): void =>
    dispatch({ type: "played", play: { type: "nodes", asked: { ...asked, ...changed } } });
  return (
    <div class="what-if" role="group" aria-label="Nodes">
      <Choice
        position="above"
        label="play"
        value={asked.surge && asked.play === "drain-all" ? "surge" : asked.play}
        options={plays}
        onChange={(value) => {
          const play = value === "surge" ? "drain-all" : plays.find(([one]) => one === value)?.[0];
          if (play !== undefined && play !== "surge") choose({ play, surge: value === "surge" });
        }}
      />
      <Target asked={asked} played={played} choose={choose} />
      <NumberField
        label="nodes"
        least={1}
        value={asked.nodes}
        onChange={(nodes) => nodes !== undefined && choose({ nodes })}
      />
      <NumberField
        label="zones"
        least={0}
        value={asked.zones}
        onChange={(zones) => zones !== undefined && zones <= 26 && choose({ zones })}
      />
      <Choice
        position="above"
        label="volumes"
        value={asked.volumes}
        options={volumes}
        onChange={(value) => {
          const chosen = volumes.find(([one]) => one === value)?.[0];
          if (chosen !== undefined) choose({ volumes: chosen });
        }}
      />
      <Tick label="during a rollout" checked={asked.rollout} onChange={(rollout) => choose({ rollout })} />
      {(played?.setsInFile ?? 1) > 1 && (
        <Tick
          label="all sets of the file"
          checked={asked.sets === "file"}
          onChange={(together) => choose({ sets: together ? "file" : "one" })}
        />
      )}
      <Lanes asked={asked} dispatch={dispatch} />
    </div>
  );
}

interface TargetProps extends Pick<ClusterBarProps, "asked" | "played"> {
  readonly choose: (changed: Partial<AskedPlay>) => void;
}

/** Which node or zone, or how many nodes are left. */
function Target({ asked, played, choose }: TargetProps): VNode | null {
  switch (asked.play) {
    case "drain-all":
      return null;
    case "drain-node":
    case "lose-node":
      return (
        <Choice
          position="above"
          label="node"
          value={asked.node ?? played?.node ?? ""}
          options={played?.nodes ?? []}
          onChange={(node) => choose({ node })}
        />
      );
    case "lose-zone":
      return (
        <Choice
          position="above"
          label="zone"
          value={asked.zone ?? played?.zone ?? ""}
          options={played?.zones ?? []}
          onChange={(zone) => choose({ zone })}
        />
      );
    case "scale-down":
      return (
        <NumberField
          label="to nodes"
          least={0}
          value={asked.to ?? played?.to}
          onChange={(to) => to !== undefined && choose({ to })}
        />
      );
  }
}

interface TickProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Tick({ label, checked, onChange }: TickProps): VNode {
  return (
    <label class="control">
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {label}
    </label>
  );
}

function Lanes({ asked, dispatch }: ClusterProps): VNode {
  return (
    <fieldset class="segments">
      <legend class="unseen">Lanes by</legend>
      {(["node", "pod"] as const).map((lanes) => (
        <label key={lanes} class={lanes === asked.lanes ? "chosen" : ""}>
          <input
            type="radio"
            name="lanes"
            value={lanes}
            checked={lanes === asked.lanes}
            onChange={() => dispatch({ type: "lanesChosen", lanes })}
          />
          {lanes === "node" ? "By node" : "By pod"}
        </label>
      ))}
    </fieldset>
  );
}
