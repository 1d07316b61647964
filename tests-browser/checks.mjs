// What is checked on every page. Each check gives back a list of faults, empty where all is well.

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const MOST_DOCUMENT = 60 * 1024;
const MOST_SCRIPT = 40 * 1024;

/** Faults that axe-core finds, contrast included. */
export async function accessibility(page, axe) {
  await page.evaluate(axe);
  const result = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }),
    WCAG,
  );
  return result.violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary.replace(/\s+/g, " ")}`),
  );
}

/** Transfer sizes against the limits, from what crossed the network. */
export function weight(transfers) {
  const sum = (...types) =>
    transfers.filter((t) => types.includes(t.type)).reduce((all, t) => all + t.bytes, 0);
  const faults = [];
  const document = sum("document", "stylesheet");
  const script = sum("script");
  if (document > MOST_DOCUMENT) faults.push(`HTML and CSS weigh ${document} bytes, ${MOST_DOCUMENT} is the limit`);
  if (script > MOST_SCRIPT) faults.push(`script weighs ${script} bytes, ${MOST_SCRIPT} is the limit`);
  return faults;
}

/** Tab reaches the skip link first, the skip link works, and the named links are reached. */
export async function keyboard(page, links = []) {
  const faults = [];
  await page.keyboard.press("Tab");
  const first = await focused(page);
  if (!first.href.startsWith("#")) faults.push(`the first stop of Tab is no skip link but "${first.text}"`);
  else {
    await page.keyboard.press("Enter");
    const there = await page.evaluate((id) => {
      const target = document.getElementById(id);
      const at = document.activeElement;
      return location.hash === `#${id}` && target !== null && (at === target || at === document.body || target.contains(at));
    }, first.href.slice(1));
    if (!there) faults.push(`the skip link does not lead to ${first.href}`);
  }
  const missing = new Set(links);
  const seen = new Set();
  await page.reload();
  for (let i = 0; i < 200 && missing.size > 0; i += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    missing.delete(at.text);
    if (at.key === "body" && seen.size > 0) break;
    if (!at.visible && at.key !== "body") faults.push(`the focus cannot be seen on "${at.text || at.key}"`);
    seen.add(at.key);
  }
  for (const text of missing) faults.push(`Tab does not reach "${text}"`);
  return faults;
}

async function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement ?? document.body;
    const style = getComputedStyle(at);
    const drawn = style.outlineStyle !== "none" || style.boxShadow !== "none";
    return {
      key: at.tagName.toLowerCase(),
      text: (at.textContent ?? "").trim().replace(/\s+/g, " "),
      href: at.getAttribute("href") ?? "",
      visible: drawn && at.getClientRects().length > 0,
    };
  });
}

/** `/` puts the cursor into the search field, where the page has one. */
export async function slash(page) {
  const there = await page.locator("input[type=search]").count();
  if (there === 0) return [];
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press("/");
  const type = await page.evaluate(() => document.activeElement?.getAttribute("type"));
  return type === "search" ? [] : ["`/` does not reach the search field"];
}

/** At 320 px nothing makes the page itself scroll sideways; tables may, in a box of their own. */
export async function narrow(page) {
  await page.setViewportSize({ width: 320, height: 640 });
  const [wide, wanted] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  return wide > wanted ? [`at 320 px the page is ${wide} px wide`] : [];
}

/** Without script the page still has its heading and what it is about. */
export async function bare(page) {
  const faults = [];
  if ((await page.locator("h1").count()) !== 1) faults.push("there is not exactly one h1");
  const text = await page.locator("main").innerText();
  if (text.trim().length < 20) faults.push("the main part is empty without script");
  return faults;
}
