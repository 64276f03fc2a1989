/* oxlint-disable import/no-unassigned-import -- an element registers itself when its module is loaded. */
import "@vscode-elements/elements/dist/vscode-option/index.js";
import "@vscode-elements/elements/dist/vscode-single-select/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { HTMLAttributes } from "preact";

/** The controls of `@vscode-elements/elements` that the page uses, with the properties that it sets. */
declare module "preact" {
  // oxlint-disable-next-line typescript/no-namespace -- how Preact lets a page declare its elements.
  namespace JSX {
    interface IntrinsicElements {
      "vscode-option": HTMLAttributes<HTMLElement> & { value?: string; selected?: boolean };
      "vscode-single-select": HTMLAttributes<HTMLElement> & { value?: string; label?: string; position?: string };
      "vscode-textfield": HTMLAttributes<HTMLElement> & {
        value?: string;
        label?: string;
        type?: string;
        min?: number;
        invalid?: boolean;
        placeholder?: string;
      };
    }
  }
}
