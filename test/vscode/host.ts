import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { repo } from "../harness/repo.js";

/** Where a VS Code keeps what it knows. */
export interface Profile {
  readonly build: Build;
  readonly userData: string;
  readonly extensions: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The newest VS Code, and the oldest one that package.json's `engines` promises. */
export type Build = "latest" | "min";

interface Server {
  readonly authority: string;
  readonly token: string;
  stop(): Promise<void>;
}

interface Host {
  installExtension(profile: Profile, vsix: string): void;
  startServer(
    profile: Profile,
    options: { readonly logFile: string; readonly port: number; readonly extensions: "installed" | "development" },
  ): Promise<Server>;
  workbenchUrl(server: Server, open: { readonly folder: string }): string;
  openChromium(): Promise<{ readonly browser: Browser; readonly page: Page }>;
}

/** A real VS Code. It is plain JavaScript, because `npm start` runs it before anything is built. */
export async function loadHost(): Promise<Host> {
  const host: Host = await import(pathToFileURL(repo("test/vscode/host/host.mjs")).href);
  return host;
}
