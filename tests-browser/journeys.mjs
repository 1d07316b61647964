// Journeys made with the keyboard alone: no click, no pointer.

/** Tabs to the element a selector names and gives it back; fails where Tab never reaches it. */
async function reach(page, selector) {
  const wanted = page.locator(selector).first();
  await wanted.waitFor({ state: "attached", timeout: 5000 });
  for (let i = 0; i < 200; i += 1) {
    if (await wanted.evaluate((e) => e === document.activeElement)) return wanted;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${selector}`);
}

async function press(page, selector) {
  await reach(page, selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function write(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Makes a gap, meets an error, corrects it, saves, changes it, moves it on, undoes, reads its history. */
export async function keepRecords(page, address, check) {
  await page.goto(`${address}/records/capability_gap`);
  await press(page, "main a[href$='/capability_gap/new']");
  await press(page, "main form.record-form .buttons button");
  const focused = await page.evaluate(() => document.activeElement.className);
  if (!focused.includes("errors")) throw new Error(`the error summary has no focus, but: ${focused}`);
  await check("form with errors");
  await press(page, "a[href='#f.title']").catch(() => {});
  await write(page, "[id='f.title']", "Patrol boats without crews, invented");
  await reach(page, "[id='f.domain']");
  await page.keyboard.type("Training");
  await reach(page, "input[name='f.stated_by']");
  await page.keyboard.press("Space");
  await write(page, "[id='f.baseline']", "Two of nine crews are complete.");
  await write(page, "[id='partner']", "nga");
  await press(page, "main form.record-form .buttons button");
  await check("answers to check");
  await press(page, "main form.record-form .buttons button");
  await check("the record");
  const record = page.url();
  await press(page, "main a[href$='/edit']");
  await write(page, "[id='f.title']", "Patrol boats without any crews, invented");
  await press(page, "main form.record-form .buttons button");
  await press(page, "main form.record-form .buttons button");
  await press(page, "main form[action$='/undo'] button");
  if (!(await page.locator("h1").textContent()).includes("without crews")) throw new Error("not undone");
  await press(page, "main a[href$='/move/validate']");
  await check("a move");
  await press(page, "main form.record-form .buttons button");
  await page.goto(`${record}/history`);
  await check("the history");
  const told = await page.locator("main").textContent();
  for (const words of ["made this capability gap", "undid the last change", "moved this capability gap on"]) {
    if (!told.includes(words)) throw new Error(`the history does not say: ${words}`);
  }
}
