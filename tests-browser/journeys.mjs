// Journeys made with the keyboard alone: no click, no pointer.

import { press, reach, tell, write } from "./keys.mjs";

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

const GAPS = `Title,Domain,Stated by,Baseline,Partner
Radar sets without spare parts (invented),materiel,office,None works,NGA
A row without a domain (invented),swimming,office,None,NGA
`;

/** Brings in a file of gaps: uploads it, says where a column goes, reads the plan, leaves a bad row out. */
export async function importRecords(page, address, check) {
  // Asked for before the page is: the browser is told of it in its own time, and a key may be quicker.
  const chooser = page.waitForEvent("filechooser", { timeout: 120_000 });
  await page.goto(`${address}/records/capability_gap`);
  await press(page, "main a[href$='/capability_gap/import']");
  await check("choosing a file");
  await reach(page, "main input[type='file']");
  await page.keyboard.press("Enter");
  const file = { name: "gaps.csv", mimeType: "text/csv", buffer: Buffer.from(GAPS) };
  await (await chooser).setFiles(file);
  await press(page, "main form[enctype] button");
  await check("where the columns go");
  await press(page, "main form[action$='/check'] button");
  await check("the plan");
  const planned = await page.locator("main").textContent();
  for (const words of ["Rows that cannot be taken", "swimming", "Take in 1 record"]) {
    if (!planned.includes(words)) throw new Error(`the plan does not say: ${words}`);
  }
  await press(page, "main form[action$='/take'] button");
  await check("the plan without consent");
  await reach(page, "main input[name='leave_out']");
  await page.keyboard.press("Space");
  await press(page, "main form[action$='/take'] button");
  await check("the receipt");
  const receipt = await page.locator("main").textContent();
  for (const words of ["1 record taken in.", "Journal entry"]) {
    if (!receipt.includes(words)) throw new Error(`the receipt does not say: ${words}`);
  }
}

/** Asks whether an offer may be made, is refused with its clause, keeps the answer and asks the law of today. */
export async function keepDetermination(page, address, check) {
  await page.goto(`${address}/check`);
  for (const [fact, value] of [["date", "2023-05-10"], ["mde_value", "16000000"], ["total_value", "22000000"],
    ["certificate_received", "2023-05-01"]]) await fill(page, fact, value);
  for (const [fact, word] of [["authority", "fms"], ["partner", "KEN"], ["aid", "equipment"],
    ["recipient", "military"]]) await fill(page, fact, word);
  await press(page, "main form.check .go button");
  await check("not known yet");
  await tell(page, ["Cannot tell", "Emergency stated"]);
  await fill(page, "assume", "clear");
  await press(page, "main form.check .go button");
  await check("the answer");
  await tell(page, ["Refused", "22 U.S.C. 2776", "2023-05-31"]);
  await write(page, "[id='save-title']", "Radios for a battalion, invented");
  await press(page, "main form[action='/check/save'] button");
  await check("the determination kept");
  await tell(page, ["Radios for a battalion, invented"]);
  await press(page, "main a[href^='/check/again/']");
  await check("the law of today");
  await tell(page, ["Radios for a battalion, invented"], "body");
}

/** Fills a field of the question by its name, whatever sort of control it is. */
async function fill(page, fact, value) {
  const control = `main form.check [name='${fact}']`;
  const closed = `main form.check details:not([open]):has([name='${fact}']) summary`;
  if ((await page.locator(closed).count()) > 0) {
    await reach(page, closed);
    await page.keyboard.press("Enter");
  }
  const sort = await page.locator(control).first().evaluate((e) => `${e.tagName} ${e.type}`);
  if (!sort.startsWith("SELECT")) return write(page, control, value);
  const label = await page.locator(`${control} option[value='${value}']`).first().textContent();
  await reach(page, control);
  return page.keyboard.type(label.trim());
}

/** Opens a vetting file for a purpose, answers a like name with grounds, sees that another must confirm, puts it away. */
export async function answerHit(page, address, check) {
  await page.goto(`${address}/vetting?state=all`);
  const request = await page.locator("main tbody a", { hasText: "Tarakou battalion" }).first().getAttribute("href");
  await press(page, `main a[href='${request}']`);
  await press(page, "main form[action$='/open'] button");
  if (!(await page.locator("main").textContent()).includes("say what you read it for")) throw new Error("a file opens without a purpose");
  await check("a file without a purpose");
  await write(page, "main form[action$='/open'] input[name='purpose']", "Look at a like name");
  await press(page, "main form[action$='/open'] button");
  await check("the open file");
  const bench = await page.locator("main tbody a", { hasText: "Hounkpe" }).first().getAttribute("href");
  await press(page, `main a[href='${bench}']`);
  await check("the bench");
  await reach(page, "main form[action$='/hit'] select[name='answer']");
  await page.keyboard.type("It is another");
  await write(page, "main form[action$='/hit'] textarea[name='grounds']", "Born in 1988, the entry in 1961; invented.");
  await press(page, "main form[action$='/hit'] button");
  const told = await page.locator("main").textContent();
  if (!/settled|another person must confirm it/.test(told)) throw new Error("the answer is not recorded");
  await check("the answer");
  await page.goto(`${address}${request}`);
  await press(page, "main form[action$='/close'] button");
  await page.goto(`${address}${bench}`);
  if (!page.url().endsWith(request)) throw new Error("the file was put away and is still open");
}
