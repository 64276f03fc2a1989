import type { Disposable } from "vscode";

/** How long nothing is called before the work is done, in milliseconds. */
const pause = 400;

/** Does something once after the last of many calls. */
export function afterPause(work: () => void): Disposable & { readonly call: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = (): void => clearTimeout(timer);
  return {
    call() {
      clear();
      timer = setTimeout(work, pause);
    },
    dispose: clear,
  };
}
