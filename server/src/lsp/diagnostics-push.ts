import { createLooks, pauseMilliseconds, preparing, type Diagnostics, type Surroundings } from "./diagnostics.js";
import { createPublisher } from "./publisher.js";
import { coalesce, runInSlices } from "./scheduler.js";

/** For an editor that does not ask: sends the findings of open files first, then of all others. */
export function pushDiagnostics(surroundings: Surroundings): Diagnostics {
  const { documents, guard, manifests, ready, runtime } = surroundings;
  const publisher = createPublisher(surroundings);
  const looks = createLooks(surroundings);

  function* publish(uri: string) {
    yield* preparing(uri, surroundings);
    yield publisher.publish(uri);
  }
  function* publishAll() {
    for (const uri of documents.uris()) yield* publish(uri);
    publisher.retract((uri) => documents.isOpen(uri) || manifests.isKnown(uri));
    // What is read of the folders by now may look wrong only because of what is not read yet.
    if (!manifests.isComplete) return;
    for (const uri of looks.due(() => manifests.uris())) yield* publish(uri);
  }
  return {
    update: coalesce(
      pauseMilliseconds,
      runtime,
      guard.answer("textDocument/publishDiagnostics", undefined, async (isStale) => {
        await ready;
        await runInSlices(publishAll(), runtime, isStale);
      }),
    ),
  };
}
