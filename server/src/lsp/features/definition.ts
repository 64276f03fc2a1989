import type { Location, LocationLink } from "vscode-languageserver";
import { definitions } from "../../engine/features/navigation/navigation.js";
import { toLocation } from "../to-lsp.js";
import type { AskedPosition } from "./feature.js";

/** Where the name under the cursor is defined, in the form that the client knows. */
export function definition({ analysis, at, client, range, server, uri }: AskedPosition): Location[] | LocationLink[] {
  const files = server.files(uri);
  const found = definitions(analysis, at);
  if (!client.definitionLinks) return found.flatMap((one) => toLocation(one, files));
  return found.flatMap((one) =>
    toLocation(one, files).map((target) => ({
      originSelectionRange: range(one.origin),
      targetUri: target.uri,
      targetRange: target.range,
      targetSelectionRange: target.range,
    })),
  );
}
