// Pages in other languages: the switch works without script, nothing is left in English where a page is claimed to
// be said whole, Arabic runs right to left, and axe and a narrow screen find no fault.

import * as checks from "./checks.mjs";

const ROLE = "partner officer";
const PAGES = [
  { name: "portfolio", path: "/", axe: false },
  { name: "sign-in", path: "/sign-in", axe: true },
  { name: "gaps", path: "/records/capability_gap", axe: true },
  { name: "my work", path: "/my-work?days=365", axe: false },
];
const LANGUAGES = [
  { code: "fr", name: "Français", direction: "ltr" },
  { code: "ar", name: "العربية", direction: "rtl" },
];

/** Visits pages in French and Arabic; gives back names of checks and their faults. */
export async function inLanguages(browser, states, address, axe) {
  const found = [];
  for (const language of LANGUAGES) {
    const told = (what) => `${what} in ${language.code}`;
    const chosen = await choose(browser, states[ROLE], address, language);
    found.push([told("switch without script"), chosen.faults]);
    const context = await browser.newContext({ storageState: chosen.state, reducedMotion: "reduce" });
    const page = await context.newPage();
    for (const { name, path, axe: judged } of PAGES) {
      await page.setViewportSize({ width: 1180, height: 900 });
      await page.goto(address + path);
      found.push([told(`${name}: said whole`), await said(page, language)]);
      if (judged) found.push([told(`${name}: accessible`), await checks.accessibility(page, axe)]);
      found.push([told(`${name}: 320 px`), await checks.narrow(page)]);
    }
    await page.setViewportSize({ width: 1180, height: 900 });
    await page.goto(`${address}/records/capability_gap/new`);
    await page.locator("form.record-form p.buttons button").click();
    await page.waitForSelector("[data-focus]");
    found.push([told("form with errors: said whole"), await said(page, language)]);
    found.push([told("form with errors: accessible"), await checks.accessibility(page, axe)]);
    await context.close();
  }
  return found;
}

/** Chooses a language at the foot of a page, in a browser without script. */
async function choose(browser, storageState, address, language) {
  const context = await browser.newContext({ storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${address}/records/capability_gap`);
  await page.locator(`form[action='/language'] button[value='${language.code}']`).click();
  const faults = await direction(page, language);
  if (new URL(page.url()).pathname !== "/records/capability_gap") faults.push(`the switch leads to ${page.url()}`);
  const pressed = page.locator("form[action='/language'] button[aria-pressed='true']");
  const name = await pressed.innerText();
  if (name !== language.name) faults.push(`"${name}" is shown as chosen`);
  const state = await context.storageState();
  await context.close();
  return { state, faults };
}

/** The document names its language and direction, and the navigation begins on that side. */
async function direction(page, language) {
  const faults = [];
  const html = page.locator("html");
  const [lang, dir] = [await html.getAttribute("lang"), await html.getAttribute("dir")];
  if (lang !== language.code || dir !== language.direction) faults.push(`the page is lang=${lang} dir=${dir}`);
  const links = page.locator("nav.main a");
  const first = await links.first().boundingBox();
  const second = await links.nth(1).boundingBox();
  if (first.x < second.x !== (language.direction === "ltr")) faults.push("the navigation begins on the wrong side");
  return faults;
}

/** Nothing that shows is marked as English, but for what the records of data sets say of their limits. */
async function said(page, language) {
  const marked = await page.locator("[lang='en']:not(button):not(.limits [lang='en'])").allInnerTexts();
  const english = marked.filter((text) => text !== "");
  return [...(await direction(page, language)), ...english.map((text) => `in English: ${text.slice(0, 80)}`)];
}
