import { window } from "vscode";

/** Shows a message with one action, and does it if the user chooses it. Callers need not wait for that. */
export async function offer(message: string, action: string, accept: () => unknown): Promise<void> {
  const chosen = await window.showInformationMessage(message, action);
  if (chosen === action) await accept();
}
