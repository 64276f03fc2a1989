import type { VNode } from "preact";
// oxlint-disable-next-line import/no-unassigned-import -- registers the elements that are used here.
import "./elements.js";

/** A control with its name before it; `changed` marks one that says something else than the manifest. */
interface FieldProps {
  readonly label: string;
  readonly changed?: boolean | undefined;
}

interface NumberFieldProps extends FieldProps {
  readonly value: number | undefined;
  /** What stands in the field while it is empty. */
  readonly placeholder?: string;
  readonly least: number;
  /** `undefined` where the field was emptied. */
  readonly onChange: (value: number | undefined) => void;
}

export function NumberField({ label, changed, value, placeholder, least, onChange }: NumberFieldProps): VNode {
  return (
    <Labelled label={label} changed={changed}>
      <vscode-textfield
        class="number"
        type="number"
        label={label}
        min={least}
        value={value === undefined ? "" : String(value)}
        placeholder={placeholder ?? ""}
        onInput={(event) => {
          const text = valueOf(event);
          const number = Number(text);
          if (text === "") onChange(undefined);
          else if (Number.isInteger(number) && number >= least) onChange(number);
        }}
      />
    </Labelled>
  );
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, changed, value, onChange }: TextFieldProps): VNode {
  return (
    <Labelled label={label} changed={changed}>
      <vscode-textfield
        class="number"
        label={label}
        value={value}
        onInput={(event) => onChange(valueOf(event).trim())}
      />
    </Labelled>
  );
}

interface ChoiceProps extends FieldProps {
  readonly value: string;
  /** Where its list opens; below if left out. */
  readonly position?: "above" | "below";
  /** Values, or values and the words for them. */
  readonly options: readonly (string | readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

export function Choice({ label, changed, value, options, position, onChange }: ChoiceProps): VNode {
  const longest = Math.max(...options.map((option) => (typeof option === "string" ? option : option[1]).length));
  return (
    <Labelled label={label} changed={changed}>
      <vscode-single-select
        label={label}
        value={value}
        position={position ?? "below"}
        style={{ width: `calc(${longest + 1}ch + 34px)` }}
        onChange={(event) => {
          const chosen = valueOf(event);
          // It shows the given value until that is another one: what is chosen may be only asked for.
          if (event.currentTarget instanceof HTMLElement) Object.assign(event.currentTarget, { value });
          onChange(chosen);
        }}
      >
        {options.map((option) => {
          const [optionValue, words] = typeof option === "string" ? [option, option] : option;
          return (
            <vscode-option key={optionValue} value={optionValue} selected={optionValue === value}>
              {words}
            </vscode-option>
          );
        })}
      </vscode-single-select>
    </Labelled>
  );
}

function Labelled({ label, changed, children }: FieldProps & { readonly children: VNode }): VNode {
  return (
    <div class={changed === true ? "control changed" : "control"}>
      <span class="control-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

function valueOf(event: Event): string {
  const { currentTarget } = event;
  return currentTarget instanceof HTMLElement && "value" in currentTarget ? String(currentTarget.value) : "";
}
