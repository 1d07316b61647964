// Sign-in at a real OpenID provider: an instance of its own, a certified provider beside it, and
// the browser between them. Gives back what was tried and what was wrong with it.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Provider from "oidc-provider";

/** Runs every try; each is a pair of name and faults. */
export async function throughProvider(browser, binary) {
  const data = mkdtempSync(join(tmpdir(), "symbolon-provider-"));
  const [ours, theirs] = [await freePort(), await freePort()];
  const address = `http://127.0.0.1:${ours}`;
  const issuer = `http://127.0.0.1:${theirs}`;
  const provider = await serveProvider(issuer, theirs, `${address}/sign-in/oidc/ministry/callback`);
  const instance = await serveInstance(binary, join(data, "d"), ours, issuer);
  const tries = [];
  const one = async (name, subject, expected) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    try {
      tries.push([name, await expected(await signIn(page, address, subject))]);
    } catch (error) {
      tries.push([name, [`at ${page.url()}: ${error.message.split("\n")[0]}`]]);
    }
    await context.close();
  };
  await one("provider: somebody who is tied to an account comes in", "ada", async (page) =>
    (await page.locator("form[action='/sign-out']").count()) > 0 ? [] : [`not signed in at ${page.url()}`]);
  await one("provider: somebody who is not tied stays outside", "eve", async (page) => {
    const outside = (await page.locator("form[action='/sign-out']").count()) === 0;
    const back = page.url().startsWith(address);
    return outside && back ? [] : [`signed in, or lost, at ${page.url()}`];
  });
  await one("provider: an answer works once", "ada", async (page, answers = page.answers) => {
    await page.context().clearCookies();
    await page.goto(answers.at(-1));
    return (await page.locator("form[action='/sign-out']").count()) === 0 ? [] : ["the same answer signed in twice"];
  });
  const ended = new Promise((done) => instance.once("exit", done));
  instance.kill("SIGTERM");
  await ended;
  provider.close();
  provider.closeAllConnections();
  rmSync(data, { recursive: true, force: true });
  return tries;
}

/** Leaves for the provider, says who one is there, agrees, and comes back. */
async function signIn(page, address, subject) {
  page.answers = [];
  page.on("request", (r) => r.url().includes("/callback?") && page.answers.push(r.url()));
  await page.goto(`${address}/sign-in`);
  await page.locator("a[href^='/sign-in/oidc/ministry']").first().click();
  await page.locator("input[name='login']").fill(subject);
  await page.locator("input[name='password']").fill("invented");
  await page.locator("button[type='submit']").click();
  await page.locator("button[type='submit']").click();
  await page.waitForURL((url) => url.href.startsWith(address));
  await page.waitForLoadState();
  return page;
}

/** A provider with one public client, held by PKCE alone. */
async function serveProvider(issuer, port, callback) {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "symbolon", redirect_uris: [callback], response_types: ["code"],
      grant_types: ["authorization_code"], token_endpoint_auth_method: "none",
    }],
    pkce: { required: () => true, methods: ["S256"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  return await new Promise((ready) => {
    const server = provider.listen(port, "127.0.0.1", () => ready(server));
  });
}

/** An instance with one account, tied to `ada` at the provider. */
async function serveInstance(binary, data, port, issuer) {
  const run = (...args) => execFileSync(binary, [...args, "--data", data, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
  run("init");
  const added = run("account", "add", "--name", "Invented Auditor", "--role", "auditor", "--nation", "USA");
  const { account } = JSON.parse(added);
  writeFileSync(join(data, "identity.toml"),
    `[[provider]]\nname = "ministry"\ntitle = "An invented ministry"\nissuer = "${issuer}"\nclient_id = "symbolon"\n`);
  run("account", "tie", account, "--issuer", issuer, "--subject", "ada");
  const child = spawn(binary, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((ready, failed) => {
    child.stdout.once("data", ready);
    child.once("exit", (code) => failed(new Error(`the instance ended with ${code}`)));
  });
  return child;
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
