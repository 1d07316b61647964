// One programme from the partner's gap to its closed case, by keyboard alone, with a person of each part; and
// every shortcut on the way refused by a rule that exists, with its clause on the page.

import { answer, press, reach, tell, write } from "./keys.mjs";

/** The day so many days from today, as forms want it. */
function day(away) {
  return new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
}

/** What a walk knows: pages by role, records by name, and what was refused. */
class Programme {
  constructor(pageOf, address, check) {
    Object.assign(this, { pageOf, address, check, at: {}, code: {}, refused: [] });
  }

  /** Opens a record, or another address. */
  async open(role, where) {
    const page = await this.pageOf(role);
    await page.goto(this.address + (this.at[where] ?? where));
    return page;
  }

  /** Answers the open form, looks the answers over and saves; the record is known by the name then. */
  async save(page, name, answers) {
    for (const [field, value] of Object.entries(answers)) {
      await answer(page, field === "partner" ? field : `f.${field}`, value);
    }
    await press(page, "main form.record-form .buttons button");
    const faults = page.locator(".errors li");
    if ((await faults.count()) > 0) throw new Error(`${name}: ${await faults.allTextContents()}`);
    await press(page, "main form.record-form .buttons button");
    const saved = new URL(page.url());
    if (saved.pathname.endsWith("/new") || saved.pathname.endsWith("/edit")) throw new Error(`${name}: not saved`);
    this.at[name] = saved.pathname;
    this.code[name] = (await page.locator("p.line code").textContent()).trim();
  }

  /** Makes a record of another one by the link on its page. */
  async add(role, of, kind, name, answers) {
    const page = await this.open(role, of);
    await press(page, `main a[href^='/records/${kind}/new']`);
    await this.save(page, name, answers);
  }

  /** Makes a record from the list of its kind. */
  async make(role, kind, name, answers) {
    const page = await this.open(role, `/records/${kind}`);
    await press(page, `main a[href$='/records/${kind}/new']`);
    await this.save(page, name, answers);
  }

  async change(role, name, answers) {
    const page = await this.open(role, name);
    await press(page, "main a[href$='/edit']");
    await this.save(page, name, answers);
  }

  /** Makes moves of a record by the links on its page. */
  async move(role, name, moves, reason = "") {
    for (const code of moves) {
      const page = await this.open(role, name);
      await press(page, `main a[href$='/move/${code}']`);
      if (reason) await write(page, "#reason", reason);
      const button = page.locator("main form.record-form .buttons button");
      if ((await button.count()) === 0) throw new Error(`${name} ${code}: ${await page.locator("main").innerText()}`);
      await press(page, "main form.record-form .buttons button");
      if (new URL(page.url()).pathname !== this.at[name]) throw new Error(`${name} ${code}: ${await page.locator(".errors").innerText()}`);
    }
  }

  /** Tries a move that a rule stands against: the page names rule and clause, and the rule is in the rulebook. */
  async shut(role, name, code, rule, clause, words = []) {
    const page = await this.open(role, name);
    await press(page, `main a[href$='/move/${code}']`);
    await tell(page, ["A rule says not yet", rule, clause, ...words]);
    if ((await page.locator("main form.record-form button").count()) > 0) throw new Error(`${name} ${code}: still a button`);
    await this.check(`${code} of the ${name} is refused`);
    await press(page, `main a[href='/law/${rule}']`);
    const answered = await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseStatus);
    if (answered !== 200) throw new Error(`${rule} is in no rulebook: ${answered}`);
    await tell(page, [clause]);
    this.refused.push(rule);
  }
}

/** The partner's officer states a gap; the desk takes it up and has it adopted. */
async function need(p) {
  await p.make("partner officer", "capability_gap", "statement", {
    title: "Boats without night crews, invented", domain: "training", area: "maritime-border", stated_by: "partner",
    baseline: "Two of nine crews go out by night.", wanted: "Seven of nine.", contribution: "Crews and fuel.", partner: "SEN",
  });
  const page = await p.open("desk officer", "statement");
  if ((await page.locator("main a[href$='/edit']").count()) > 0) throw new Error("another nation's statement may be changed");
  await press(page, "main a[href*='takes_up=']");
  await p.save(page, "gap", { priority: "2", plan: "SEN-PLAN" });
  await tell(page, ["Boats without night crews, invented", "Statement it takes up"]);
  await p.move("desk officer", "gap", ["validate", "prioritise"]);
  await p.move("cooperation officer", "gap", ["adopt"]);
}

/** The planner designs; nothing is locked before there is an indicator with baseline and target. */
async function design(p) {
  await p.add("desk officer", "gap", "initiative", "initiative", {
    title: "Night Crews, invented", area: "maritime-border", problem: "Boats lie in port by night.",
    theory_of_change: "If crews are trained and equipped for the night they go out, because they can see and be found.",
    institution_building: "The flotilla's school takes over the course.", sustainment: "Fuel and parts from the service's budget.",
    budget: "3000000.00", currency: "USD", baseline_note: "Log books of one quarter.",
  });
  await p.move("desk officer", "initiative", ["submit", "to_legal"]);
  await p.move("legal reviewer", "initiative", ["approve"]);
  await p.shut("legal reviewer", "initiative", "lock_baseline", "us.process.indicators-before-start", "10 U.S.C. 383(b)(1)(A)");
  await p.add("desk officer", "initiative", "indicator", "indicator", {
    title: "Crews that go out by night", unit_of_measure: "crews", baseline: "2", baseline_on: day(-70), target: "7", target_on: day(600),
  });
  await p.move("desk officer", "indicator", ["set"]);
  await p.move("legal reviewer", "initiative", ["lock_baseline"]);
}

/** All authorities are tried; one that lacks its assurances is refused, one that holds is cleared and certified. */
async function choose(p) {
  const page = await p.open("desk officer", "initiative");
  await press(page, "main a[href$='/authority']");
  await p.check("authority and money");
  for (const [name, value] of [["aid", "equipment"], ["recipient", "military"], ["purpose", "maritime-border"]]) await answer(page, name, value);
  await press(page, "form#facts button");
  const tried = page.url().replace(p.address, "");
  await press(page, "main a[href^='/check?'][href*='authority=s333']");
  for (const [name, value] of [["date", day(0)], ["state_concurrence", "true"], ["institution_program", "true"], ["rights_training", "true"],
    ["funds_year", `${new Date().getFullYear()}`], ["activity_end", day(200)]]) {
    await asked(page, name, value);
  }
  await press(page, "main form.check .go button");
  await write(page, "#save-title", "Night Crews under section 333, invented");
  await press(page, "main form[action='/check/save'] button");
  p.at.answer = new URL(page.url()).pathname;
  p.code.answer = (await page.locator("p.line code").textContent()).trim();
  const propose = async (name, authority, answers) => {
    const form = await p.open("desk officer", tried);
    await answer(form, "f.authority", authority);
    await press(form, "form#choose button");
    await p.save(form, name, answers);
  };
  await propose("grant", "eda-grant", { grounds: "Boats from stock would cost nothing.", determination: p.code.answer });
  await p.shut("legal reviewer", "grant", "clear", "us.foreign-assistance.grant-promises", "22 U.S.C. 2314");
  await p.move("desk officer", "grant", ["drop"], "No assurances of section 505 are on record.");
  await propose("choice", "s333", {
    fund_source: "SEN-FUND", determination: p.code.answer, grounds: "Capacity money of the year reaches training and equipment.",
  });
  await p.move("legal reviewer", "choice", ["clear"]);
  await p.move("financial manager", "choice", ["certify"]);
}

/** States a fact of the question, opening the group it stands in. */
async function asked(page, fact, value) {
  const closed = `main form.check details:not([open]):has([name='${fact}']) summary`;
  if ((await page.locator(closed).count()) > 0) {
    await reach(page, closed);
    await page.keyboard.press("Enter");
  }
  await answer(page, fact, value);
}

/** The notice: its days must have run; one entered with a wrong day is withdrawn and entered again. */
async function notify(p) {
  const notice = (name, received) => p.add("case manager", "initiative", "notice", name, {
    title: `Night Crews, ${name}, invented`, notice_type: "dod-333e", authority: "s333",
    content: "Kassoumara flotilla; training and boats; 3.0 million; eighteen months.",
    total_value: "3000000.00", currency: "USD", interagency_cleared: day(-45), received,
  });
  const told = ["draft", "clear_interagency", "notify"];
  await notice("notice entered wrongly", day(-5));
  await p.move("congressional liaison", "notice entered wrongly", told);
  await p.shut("congressional liaison", "notice entered wrongly", "clear", "us.armed-forces.notify-capacity-program",
    "10 U.S.C. 333(e)", ["Earliest day", day(10)]);
  await p.move("congressional liaison", "notice entered wrongly", ["withdraw"], "Entered with the day of a copy, not of the receipt.");
  await notice("notice", day(-40));
  await p.move("congressional liaison", "notice", told);
}

/** The case: offered when the notice has cleared, implemented when the money is there. */
async function agree(p) {
  await p.add("case manager", "initiative", "case", "case", {
    title: "Night Crews: boats and course, invented", designator: "SN-P-JRN", programme_kind: "grant_case", authority: "s333",
    aid: "equipment", recipient: "military", purpose: "maritime-border", implementing_agency: "P", fund_source: "SEN-FUND",
    total_value: "3000000.00", mde_value: "0.00", currency: "USD", notification: p.code.notice, determination: p.code.answer,
    request_complete: day(-60), offered: day(-12), offer_expires: day(30),
  });
  await p.move("case manager", "case", ["write", "review", "propose"]);
  await p.shut("case manager", "case", "offer", "us.process.notice-before-step", "10 U.S.C. 333(e)");
  await p.move("congressional liaison", "notice", ["clear"]);
  await p.move("case manager", "case", ["offer"]);
  await p.change("case manager", "case", { accepted: day(-11) });
  await p.move("case manager", "case", ["accept"]);
  await p.shut("case manager", "case", "implement", "us.process.money-before-implementation", "31 U.S.C. 1341(a)(1)");
  const entry = (name, stage, more) => p.add("case manager", "case", "ledger_entry", name, {
    title: `Night Crews: ${name}, invented`, stage, fund_source: "SEN-FUND", initiative: p.code.initiative,
    posted_on: day(0), amount: "3000000.00", currency: "USD", ...more,
  });
  await entry("request", "request", {});
  await p.move("financial manager", "request", ["certify"]);
  await entry("commitment", "commitment", { follows: p.code.request });
  await p.move("financial manager", "commitment", ["certify"]);
  await p.move("case manager", "case", ["implement"]);
}

/** Lines and shipments: within what was authorised, to units that are vetted. */
async function deliver(p) {
  await p.add("case manager", "case", "case_line", "line", {
    title: "Boat, 9 m, invented", number: "001", commodity: "vessel", quantity: "4", value: "4000000.00",
  });
  await p.shut("case manager", "line", "order", "us.process.within-authorised", "SAMM C6.7.1.1");
  await p.change("case manager", "line", { value: "2400000.00" });
  await p.move("case manager", "line", ["order"]);
  await p.make("desk officer", "unit", "unit", { name: "9th Night Boat Section, invented", partner: "SEN" });
  await p.add("case manager", "line", "shipment", "shipment", {
    title: "Three boats, invented", unit: p.code.unit, quantity: "3", shipped: day(-9), shipped_evidence: "Bill of lading 31",
    arrived: day(-4), arrived_evidence: "Port log", handed_over: day(-2), handed_over_evidence: "DD 1149, signed by both",
    received_by: "Lieutenant Diatta-Kone (invented)",
  });
  await p.shut("case manager", "shipment", "ship", "us.process.vetted-before-delivery", "10 U.S.C. 362(a)");
  await p.change("case manager", "shipment", { unit: "SEN-SQUADRON" });
  await p.move("case manager", "shipment", ["ship", "arrive", "hand_over"]);
}

/** A course: no travel order for somebody who is not vetted. */
async function train(p) {
  await p.add("training manager", "case", "training_line", "course", {
    title: "Night navigation, invented", number: "SN-JRN-1", school: "Boat School (invented), Virginia", quantity: "1",
    unit: "SEN-SQUADRON", cost: "60000.00", currency: "USD", planned_from: day(-3), actual_from: day(-2), actual_until: day(0), completed: "1",
  });
  await p.move("training manager", "course", ["schedule"]);
  await p.make("desk officer", "person", "student", { name: "Binta Mane-Coly (invented)", nationality: "SEN", partner: "SEN" });
  await p.add("training manager", "course", "travel_order", "order", {
    person: p.code.student, number: "ITO-JRN-1", passport_name: "MANE-COLY BINTA", travel_from: day(3), travel_until: day(9), issued: day(0),
  });
  await p.shut("training manager", "order", "issue", "us.process.vetted-before-delivery", "22 U.S.C. 2378d(a), (d)");
  await p.change("training manager", "order", { person: "SEN-SARR", passport_name: "SARR-BODIAN OUSMANE" });
  await p.move("training manager", "order", ["issue"]);
  await p.move("training manager", "course", ["start", "complete"]);
}

/** What was delivered is released to the partner, whose officer says what came. */
async function receive(p) {
  const page = await p.open("cooperation officer", "shipment");
  await press(page, "main a[href^='/records/release_request/new']");
  const all = ["initiative", "case", "line"].map((n) => `${{ line: "case_line" }[n] ?? n}/${p.code[n]}`);
  await reach(page, "[name='f.records']");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(`\n${all.join("\n")}`);
  await p.save(page, "release", { grounds: "The partner confirms what it received." });
  await p.move("legal reviewer", "release", ["grant"]);
  await p.add("partner officer", "shipment", "receipt", "receipt", {
    received: day(-2), quantity: "3", received_by: "Lieutenant Diatta-Kone (invented)", condition: "One mast is bent.",
  });
  await p.add("cooperation officer", "shipment", "discrepancy", "discrepancy", {
    title: "Mast of the second boat is bent, invented", discrepancy_type: "damaged", quantity: "1", reported: day(-1),
  });
}

/** No closure with a line undelivered, a discrepancy open, or no word on evaluation. */
async function close(p) {
  await p.shut("case manager", "case", "complete", "us.process.delivered-before-closure", "SAMM C16.1.1.2");
  await p.add("case manager", "line", "shipment", "rest", {
    title: "The fourth boat, invented", unit: "SEN-SQUADRON", quantity: "1", shipped: day(-3), shipped_evidence: "Bill of lading 32",
    arrived: day(-2), arrived_evidence: "Port log", handed_over: day(-1), handed_over_evidence: "DD 1149", received_by: "Lieutenant Diatta-Kone (invented)",
  });
  await p.move("case manager", "rest", ["ship", "arrive", "hand_over"]);
  await p.move("case manager", "case", ["complete"]);
  await p.shut("case manager", "case", "close_final", "us.process.settled-before-closure", "SAMM appendix 7",
    ["us.process.evaluation-before-closure", "10 U.S.C. 383(b)(1)(C)"]);
  await p.move("case manager", "discrepancy", ["log"]);
  await p.change("case manager", "discrepancy", { finding: "Bent in the port.", settlement: "Straightened by the carrier." });
  await p.move("case manager", "discrepancy", ["evaluate", "approve", "close"]);
  await p.shut("case manager", "case", "close_final", "us.process.evaluation-before-closure", "10 U.S.C. 383(b)(1)(C)");
  await p.change("case manager", "case", { evaluation: "evaluate", evaluation_note: "With the initiative, after a year." });
  await p.move("case manager", "case", ["close_final"]);
}

/** From a shipment to the clause that let it pass: three presses. */
async function why(p) {
  const page = await p.open("case manager", "shipment");
  await press(page, "main a[href$='/why']");
  await p.check("why it was allowed");
  await press(page, "main a[href='/law/us.process.vetted-before-delivery']");
  const clause = await reach(page, "main a[href*='title10-section362']");
  if (!(await clause.textContent()).includes("10 U.S.C. 362")) throw new Error("the third press is no clause");
}

/** From the gap to the closed case. */
export async function throughThread(pageOf, address, check) {
  const p = new Programme(pageOf, address, check);
  for (const part of [need, design, choose, notify, agree, deliver, train, receive, close, why]) await part(p);
  const partner = await p.open("partner officer", "case");
  await tell(partner, ["Night Crews: boats and course, invented", "Final closed"]);
  const rules = new Set(p.refused);
  if (p.refused.length < 6 || rules.size < 6) throw new Error(`only these were refused: ${[...rules].join(", ")}`);
  return p;
}
