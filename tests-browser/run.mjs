// Visits the demonstration's pages in Chromium and checks each. SYMBOLON_BINARY is the program,
// SYMBOLON_CHROMIUM the browser. The last line is `N passed, N failed`.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import * as checks from "./checks.mjs";
import { firstPaint } from "./paint.mjs";
import { answerHit, importRecords, keepDetermination, keepRecords } from "./journeys.mjs";
import { inLanguages } from "./languages.mjs";
import { throughProvider } from "./provider.mjs";
import { start } from "./server.mjs";
import { throughThread } from "./thread.mjs";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { pages, follow } = JSON.parse(readFileSync(new URL("./pages.json", import.meta.url), "utf8"));
// Who takes part in a programme, besides those the pages are visited as.
const PARTS = ["legal reviewer", "financial manager", "congressional liaison", "training manager"];
const totals = { passed: 0, failed: 0 };

const server = await start(process.env.SYMBOLON_BINARY);
let browser;
try {
  browser = await chromium.launch({
    executablePath: process.env.SYMBOLON_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const signedIn = await signIn();
  // First, while every sign-in is fresh: approvals ask for proof of the last ten minutes.
  await together("a programme by keyboard", throughThread, signedIn);
  for (const page of [...pages, ...(await followed(signedIn))]) await visit(page, signedIn);
  await journey("records by keyboard", "cooperation officer", keepRecords, signedIn);
  await journey("import by keyboard", "cooperation officer", importRecords, signedIn);
  await journey("determination by keyboard", "desk officer", keepDetermination, signedIn);
  await journey("vetting by keyboard", "vetting analyst", answerHit, signedIn);
  for (const [name, faults] of await inLanguages(browser, signedIn, server.address, axe)) await record(name, faults);
  for (const [name, faults] of await throughProvider(browser, process.env.SYMBOLON_BINARY)) await record(name, faults);
  for (const page of pages.filter((p) => p.paint)) await paint(page, signedIn);
} catch (error) {
  totals.failed += 1;
  console.log(`FAILED the harness: ${error.stack}`);
} finally {
  await browser?.close();
  await server.stop();
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/** Uses each role's one-time link once; the cookies are used by every later visit. */
async function signIn() {
  const states = { public: undefined };
  const roles = new Set([...pages, ...follow].map((p) => p.as).concat(PARTS).filter((role) => role !== "public"));
  for (const role of roles) {
    const link = server.links[role];
    if (!link) throw new Error(`no sign-in link for "${role}" among: ${Object.keys(server.links).join(", ")}`);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(link);
    // Opening the link signs nobody in (mail scanners open links); the button does.
    const button = page.locator("form[action='/sign-in/confirm'] button");
    if ((await button.count()) > 0) {
      await button.click();
      await page.waitForLoadState();
    }
    states[role] = await context.storageState();
    const inside = (await page.locator("form[action='/sign-out']").count()) > 0;
    await record(`sign in as ${role}`, inside ? [] : [`not signed in at ${page.url()}`]);
    await context.close();
  }
  return states;
}

/** Pages whose address is only known from another page. */
async function followed(states) {
  const found = [];
  for (const { name, from, selector, as, to, strip = "/records", then = "" } of follow) {
    const context = await browser.newContext({ storageState: states[as] });
    const page = await context.newPage();
    await page.goto(server.address + from);
    const link = page.locator(selector).first();
    if ((await link.count()) > 0) {
      const href = await link.getAttribute("href");
      found.push({ name, path: (to ? href.replace(strip, to) : href) + then, as });
    }
    else await record(`${name}: reached from ${from}`, [`no link matches ${selector}`]);
    await context.close();
  }
  return found;
}

/** A journey made with the keyboard alone; every page on its way is given to axe. */
async function journey(name, role, walk, states) {
  const context = await browser.newContext({ storageState: states[role] });
  const page = await context.newPage();
  try {
    await walk(page, server.address, (step) => judged(page, `${name}: ${step}`));
    await record(`${name}: to its end`, []);
  } catch (error) {
    await record(`${name}: to its end`, [`at ${page.url()}: ${error.message.split("\n")[0]}`]);
  }
  await context.close();
}

/** Gives the page as it stands to axe. */
async function judged(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  await record(name, found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`));
}

/** A journey of several people, each in a browser of their own. */
async function together(name, walk, states) {
  const pages = new Map();
  let last;
  const pageOf = async (role) => {
    if (!pages.has(role)) pages.set(role, await (await browser.newContext({ storageState: states[role] })).newPage());
    last = pages.get(role);
    return last;
  };
  try {
    const walked = await walk(pageOf, server.address, (step) => judged(last, `${name}: ${step}`));
    console.log(`${name}: ${walked.refused.length} shortcuts refused by ${new Set(walked.refused).size} rules`);
    await record(`${name}: to its end`, []);
  } catch (error) {
    await record(`${name}: to its end`, [`at ${last?.url()}: ${error.message.split("\n")[0]}`]);
  }
  for (const page of pages.values()) await page.context().close();
}

async function visit(wanted, states) {
  for (const colorScheme of ["light", "dark"]) {
    await inContext(wanted, states, { colorScheme }, async (page, seen) => {
      const name = `${wanted.name}, ${colorScheme}`;
      await record(`${name}: answers`, seen.status === (wanted.status ?? 200) ? [] : [`status ${seen.status}`]);
      await record(`${name}: accessible`, await checks.accessibility(page, axe));
      await record(`${name}: no policy, script or console error`, seen.errors);
      if (colorScheme === "dark") return;
      await record(`${name}: weight`, checks.weight(await seen.transfers()));
      await record(`${name}: keyboard`, await checks.keyboard(page, wanted.links));
      await record(`${name}: slash`, await checks.slash(page));
      await record(`${name}: 320 px`, await checks.narrow(page));
    });
  }
  await inContext(wanted, states, { javaScriptEnabled: false }, async (page) => {
    await record(`${wanted.name}: without script`, await checks.bare(page));
  });
}

/** First contentful paint over a thin line, printed since it is a figure people ask for. */
async function paint(wanted, states) {
  try {
    const { median, worst, loaded, faults } = await firstPaint(browser, states[wanted.as], server.address, wanted.path);
    console.log(`${wanted.name}: first contentful paint at 256 kbit/s and 600 ms: median ${median} ms, worst ${worst} ms, all there after ${loaded} ms`);
    await record(`${wanted.name}: first paint over a thin line`, faults);
  } catch (error) {
    await record(`${wanted.name}: painted`, [error.message]);
  }
}

async function inContext(wanted, states, options, check) {
  // axe-core is injected by the harness, past the content policy, only after the page has loaded.
  const context = await browser.newContext({ storageState: states[wanted.as], reducedMotion: "reduce", ...options });
  try {
    const page = await context.newPage();
    const seen = watch(page, wanted);
    const answer = await page.goto(server.address + wanted.path, { waitUntil: "networkidle" });
    seen.status = answer?.status();
    await check(page, seen);
  } catch (error) {
    await record(`${wanted.name}: visited`, [error.message]);
  } finally {
    await context.close();
  }
}

/** Errors on the console (violations of the content policy among them), and what was transferred. */
function watch(page, wanted) {
  const responses = [];
  const seen = { errors: [], status: undefined };
  const expected = (text) => wanted.status !== undefined && text.includes(`${wanted.status}`);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !expected(message.text())) seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address) && !request.url().startsWith("data:")) {
      seen.errors.push(`a call to a third party: ${request.url()}`);
    }
  });
  page.on("response", (response) => responses.push(response));
  seen.transfers = () =>
    Promise.all(
      responses.map(async (response) => {
        const sizes = await response.request().sizes();
        return { type: response.request().resourceType(), bytes: sizes.responseBodySize };
      }),
    );
  return seen;
}

async function record(name, faults) {
  if (faults.length === 0) {
    totals.passed += 1;
    return;
  }
  totals.failed += 1;
  console.log(`FAILED ${name}`);
  for (const fault of faults.slice(0, 10)) console.log(`    ${fault}`);
  if (faults.length > 10) console.log(`    and ${faults.length - 10} more`);
}
