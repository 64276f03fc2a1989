// How each editor is started with the scenario. `section` of docs/editors.md has its configuration.
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { helix } from "./helix.mjs";
import { command, installed } from "./install.mjs";

export const editors = [
  { name: "neovim-0.12", section: "Neovim 0.11 or later", run: neovim("sid") },
  { name: "neovim-0.10", section: "Neovim before 0.11", run: neovim("trixie") },
  { name: "emacs-30", section: "Emacs with Eglot", run: emacs },
  { name: "helix-25", section: "Helix", run: helix },
];

function neovim(suite) {
  return async ({ workspace, home, env, here, start, configuration }) => {
    const root = installed(suite, ["neovim"]);
    const init = path.join(home, "init.lua");
    writeFileSync(init, configuration);
    const runtime = { VIMRUNTIME: path.join(root, "usr/share/nvim/runtime") };
    const args = ["--headless", "-i", "NONE", "-n", "-u", init, "-S", path.join(here, "scenario.lua")];
    await start([...command(root, "usr/bin/nvim"), ...args], { cwd: workspace, env: { ...env, ...runtime } });
  };
}

async function emacs({ workspace, home, env, here, start, configuration }) {
  const root = installed("sid", ["emacs-nox", "elpa-yaml-mode"]);
  const share = path.join(root, "usr/share/emacs");
  const version = readdirSync(share).find((name) => /^\d/.test(name));
  const architecture = path.join(root, "usr/libexec/emacs", version, "x86_64-linux-gnu");
  const dump = readdirSync(architecture).find((name) => name.endsWith(".pdmp"));
  const sources = path.join(share, "site-lisp/elpa-src");
  const init = path.join(home, "configuration.el");
  writeFileSync(init, configuration);
  await start(
    [
      ...command(root, "usr/bin/emacs-nox"),
      `--dump-file=${path.join(architecture, dump)}`,
      "--batch",
      "--no-site-file",
      "-l",
      path.join(here, "scenario.el"),
    ],
    {
      cwd: workspace,
      env: {
        ...env,
        EMACSLOADPATH: path.join(share, version, "lisp"),
        EMACSDATA: path.join(share, version, "etc"),
        EMACSPATH: architecture,
        ORDINAL_CONFIGURATION: init,
        ORDINAL_YAML_MODE: path.join(
          sources,
          readdirSync(sources).find((name) => name.startsWith("yaml-mode")),
        ),
      },
    },
  );
}
