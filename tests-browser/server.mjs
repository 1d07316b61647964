// The demonstration: started on a free port in a folder of its own, stopped at the end.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PATIENCE_MS = 300_000;

/** Starts `symbolon demo`; gives back its address, a sign-in link per role, and a way to stop it. */
export async function start(binary) {
  const data = mkdtempSync(join(tmpdir(), "symbolon-browser-"));
  const child = spawn(binary, ["demo", "--port", "0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
    }
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { ...(await listen(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads the lines the program prints until it listens and has named its links. */
function listen(child) {
  return new Promise((resolve, reject) => {
    const links = {};
    let address;
    const late = setTimeout(() => reject(new Error("the demonstration did not start in time")), PATIENCE_MS);
    const ready = () => {
      clearTimeout(late);
      resolve({ address, links });
    };
    let soon;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const listening = line.match(/Listening on (http:\/\/\S+?)\/?$/);
      const link = line.match(/Sign in as (?:an? )?(.+?):\s+(http:\S+)/);
      if (listening) address = listening[1];
      if (link) links[link[1].toLowerCase().replaceAll("_", " ")] = link[2];
      // The lines come together, in either order: wait for the last of them.
      clearTimeout(soon);
      if (address) soon = setTimeout(ready, 500);
    });
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`the demonstration ended with ${code}`));
    });
  });
}
