import { render } from "preact";
import * as v from "valibot";
import { read } from "../../../../server/src/engine/rollout/schema.js";
import { choices, type Choices } from "../choices.js";
import { toPage, type PageMemory, type ToHost } from "../messages.js";
import { firstChoices, initialModel, reduce, type Model, type ModelEvent } from "../model.js";
import { App } from "./app.js";

/** What VS Code gives the page of a webview; the stand-alone page of the tests gives the same. */
interface Host {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Host;

start(acquireVsCodeApi());

/**
 * Wires the page by hand: messages and the user's doings go through the reducer, each result is drawn and remembered.
 */
function start(host: Host): void {
  const root = document.getElementById("preview");
  if (root === null) throw new Error("the page has no element #preview");
  let model = initialModel(rememberedChoices(host.getState()));

  const post = (message: ToHost): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own method, which has none.
    host.postMessage(message);
  };
  const draw = (): void => render(<App model={model} dispatch={dispatch} post={post} />, root);
  const dispatch = (event: ModelEvent): void => {
    const next = reduce(model, event);
    if (next === model) return;
    const { choices, manifest } = model;
    model = next;
    draw();
    if (next.choices !== choices || next.manifest !== manifest) host.setState(memoryOf(next));
    if (next.choices !== choices) post({ type: "choices", choices: next.choices });
  };

  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = read(toPage, data);
    if (message !== undefined) dispatch({ type: "received", message });
  });
  draw();
  post({ type: "ready" });
}

function memoryOf({ manifest, choices }: Model): (PageMemory & { readonly choices: Choices }) | undefined {
  return (
    manifest && {
      source: manifest.source,
      opened: manifest.opened,
      openedManifest: manifest.openedManifest,
      choices,
    }
  );
}

/** Only the page itself writes its memory, but an older version of it may have. */
function rememberedChoices(memory: unknown): Choices {
  return read(v.object({ choices }), memory)?.choices ?? firstChoices;
}
