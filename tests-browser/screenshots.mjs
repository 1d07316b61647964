// Makes the pictures of the README: node screenshots.mjs FOLDER. SYMBOLON_BINARY is the program,
// SYMBOLON_CHROMIUM the browser.

import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { start } from "./server.mjs";

const pictures = [
  { name: "portfolio", path: "/", height: 1180 },
  { name: "country", path: "/countries/MLI", height: 1180 },
  { name: "activity", path: "/training?country=MNG&finding=column-shift", follow: "main tbody a[href^='/training/']", height: 1000 },
  { name: "data-set-dark", path: "/datasets/training-report", scheme: "dark", height: 1180, scroll: "#reconciliation, #years" },
];

const folder = process.argv[2] ?? "docs/screenshots";
mkdirSync(folder, { recursive: true });
const server = await start(process.env.SYMBOLON_BINARY);
const browser = await chromium.launch({
  executablePath: process.env.SYMBOLON_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
for (const picture of pictures) {
  const context = await browser.newContext({
    viewport: { width: 1180, height: picture.height },
    colorScheme: picture.scheme ?? "light",
  });
  const page = await context.newPage();
  await page.goto(server.address + picture.path);
  if (picture.follow) {
    await Promise.all([page.waitForNavigation(), page.locator(picture.follow).first().click()]);
  }
  const path = join(folder, `${picture.name}.png`);
  await page.screenshot({ path });
  console.log(path);
  await context.close();
}
await browser.close();
await server.stop();
