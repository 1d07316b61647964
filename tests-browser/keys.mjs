// The keyboard alone: no click, no pointer.

/** Tabs to the element a selector names and gives it back; fails where Tab never reaches it. */
export async function reach(page, selector) {
  const wanted = page.locator(selector).first();
  await wanted.waitFor({ state: "attached", timeout: 5000 });
  for (let i = 0; i < 200; i += 1) {
    if (await wanted.evaluate((e) => e === document.activeElement)) return wanted;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${selector}`);
}

/** Presses a link or button, and waits for the page it leads to. */
export async function press(page, selector) {
  await reach(page, selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

/** Writes into a field in place of what stands there. */
export async function write(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Chooses or writes an answer of a record's form, whatever sort of control it is. */
export async function answer(page, name, value) {
  const control = page.locator(`[name='${name}']`).first();
  await control.waitFor({ state: "attached", timeout: 5000 });
  const sort = await control.evaluate((e) => `${e.tagName} ${e.type}`);
  if (sort.startsWith("SELECT")) return choose(page, `select[name='${name}']`, value);
  if (!sort.endsWith("radio")) return write(page, `[name='${name}']`, value);
  // Tab stops at the chosen one of a group.
  const chosen = (await page.locator(`[name='${name}']:checked`).count()) > 0 ? ":checked" : "";
  await reach(page, `[name='${name}']${chosen}`);
  for (let i = 0; i < 20; i += 1) {
    const now = await page.evaluate(() => document.activeElement.value);
    if (now === value) return page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`no answer ${value} for ${name}`);
}

/** Chooses an option by typing its words, as one does. */
async function choose(page, selector, value) {
  const list = await reach(page, selector);
  const option = list.locator(`option[value='${value}']`).first();
  if ((await option.count()) === 0) throw new Error(`${selector} has no ${value}`);
  await page.keyboard.type((await option.textContent()).trim());
  const chosen = await list.inputValue();
  if (chosen !== value) throw new Error(`${selector}: typing its words chose ${chosen}, not ${value}`);
}

/** Fails where a page does not say all of the words. */
export async function tell(page, wanted, where = "main") {
  const told = await page.locator(where).textContent();
  for (const words of wanted) if (!told.includes(words)) throw new Error(`${page.url()} does not say: ${words}`);
}
