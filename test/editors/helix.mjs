// Helix has no scripts: it is played by its keys, in a terminal of tmux, and read off its screen.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { command, installed } from "./install.mjs";

export async function helix({ workspace, home, env, configuration }) {
  const root = installed("sid", ["hx", "tmux"]);
  const settings = path.join(home, ".config/helix");
  mkdirSync(settings, { recursive: true });
  writeFileSync(path.join(settings, "languages.toml"), configuration);
  writeFileSync(path.join(settings, "config.toml"), `[editor]\nend-of-line-diagnostics = "hint"\n`);
  const surroundings = {
    ...env,
    HELIX_RUNTIME: path.join(root, "usr/lib/hx/runtime"),
    TERMINFO_DIRS: ["usr/share/terminfo", "usr/lib/terminfo", "lib/terminfo"]
      .map((one) => path.join(root, one))
      .join(":"),
    TERM: "screen-256color",
  };
  delete surroundings.TMUX;
  const socket = path.join(home, "tmux");
  const tmux = (...args) =>
    execFileSync(
      command(root, "usr/bin/tmux")[0],
      [...command(root, "usr/bin/tmux").slice(1), "-S", socket, "-f", "/dev/null", ...args],
      {
        cwd: workspace,
        env: surroundings,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
  const screen = () => tmux("capture-pane", "-p");
  const keys = async (...names) => {
    for (const name of names) {
      tmux("send-keys", name);
      await sleep(150);
    }
  };
  const type = (text) => tmux("send-keys", "-l", text);
  const wait = async (what, is) => {
    for (let tries = 0; tries < 300; tries += 1) {
      const found = is(screen());
      if (found) return found;
      await sleep(100);
    }
    throw new Error(`waited in vain for ${what}; the screen:\n${screen()}`);
  };
  /** While Helix replaces the file, there is none. */
  const saved = () => {
    try {
      return readFileSync(path.join(workspace, "db.yaml"), "utf8");
    } catch {
      return "";
    }
  };
  const says = (text) => (shown) => shown.includes(text);
  const lacks = (text) => (shown) => !shown.includes(text);
  const goTo = async (line, ...moves) => {
    await keys("Escape");
    // A key that follows at once would be read as one with Alt.
    await sleep(400);
    await wait("normal mode", says(" NOR "));
    type(`:${line}`);
    await keys("Enter");
    await wait(`line ${line}`, (shown) => new RegExp(` ${line}:\\d+ *$`, "m").test(shown));
    await keys(...moves);
  };

  const hx = [...command(root, "usr/lib/hx/hx"), "db.yaml"].map((word) => `'${word}'`).join(" ");
  tmux("new-session", "-d", "-x", "220", "-y", "60", hx);
  try {
    const missing = "Service `bd` does not exist";
    await wait("the file", says("kind: StatefulSet"));
    await goTo(6);
    const first = await wait("the first findings", (shown) => shown.includes(missing) && shown);
    const service = path.join(workspace, "service.yaml");
    writeFileSync(service, readFileSync(service, "utf8").replace("name: db", "name: bd"));
    // Helix tells the server only of files that it writes itself.
    type(":write");
    await keys("Enter");
    await wait("what the changed file on the disk means", lacks(missing));
    type(":open service.yaml");
    await keys("Enter");
    await wait("the other file", says("kind: Service"));
    await goTo(4, "A", "C-w");
    type("db");
    await keys("Escape");
    type(":open db.yaml");
    await keys("Enter");
    await wait("what the other buffer means", says(missing));

    await goTo(7, "w", "e");
    await keys("Space", "k");
    const hover = await wait("the hover", (shown) => shown.includes("one after another") && shown);
    await goTo(7, "A", "C-w", "C-x");
    const completion = await wait("the choices", (shown) => /OrderedReady[^]*Parallel/.test(shown) && shown);
    type("Parallel");
    await goTo(6, "g", "l");
    await keys("Space", "a");
    await wait("the code actions", says("Use Service db"));
    await keys("Enter");
    await wait("the code action", says("serviceName: db"));
    await wait("the findings after it", lacks("does not exist"));

    const text = saved();
    const line = text.split("\n").findIndex((one) => one.includes("mountPath")) + 1;
    await goTo(line, "g", "l", "h", "h");
    await keys("Space", "r");
    await wait("the question for a name", says("rename"));
    await keys("C-u");
    type("files");
    await keys("Enter");
    await wait("the rename", says("{ name: files, emptyDir"));
    type(":write");
    await keys("Enter");
    await wait("the file on the disk", () => saved().includes("files, emptyDir"));
    const version = /helix (\S+)/.exec(
      execFileSync(command(root, "usr/lib/hx/hx")[0], [...command(root, "usr/lib/hx/hx").slice(1), "--version"], {
        encoding: "utf8",
      }),
    )[1];
    writeFileSync(
      env.ORDINAL_RESULT,
      JSON.stringify({
        version,
        first: [first],
        watched: true,
        otherBuffer: true,
        hover,
        completion: completion.split(/[\s│]+/),
        text: readFileSync(path.join(workspace, "db.yaml"), "utf8"),
      }),
    );
    type(":quit-all!");
    await keys("Enter");
  } finally {
    try {
      tmux("kill-server");
    } catch {
      // It has ended with Helix.
    }
  }
}
