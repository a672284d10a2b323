// Pages as people meet them: in Chromium, by eye, by keyboard and by screen reader's rules.
//
//   cargo build && npm ci --prefix tests/browser && npm test --prefix tests/browser
//
// FEEDMILL names the program, CHROMIUM the browser; with SCREENSHOTS=FOLDER each page is kept as a picture.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";

const here = import.meta.dirname;
const program = process.env.FEEDMILL ?? path.join(here, "../../target/debug/feedmill");
const pictures = process.env.SCREENSHOTS;
const axe = readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const PAGES = ["/", "/?page=2", "/feeds/", "/feeds/rust/", "/tags/", "/tags/rust/", "/tags/a/b/", "/authors/",
  "/tags/rust/?not_categories=news&limit=2", "/?q=nothing+has+this"];
const LOOKS = ["light", "dark"].flatMap((theme) => [360, 1280].map((width) => ({ theme, width })));

let folder, server, base, browser;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "feedmill-"));
  cpSync(path.join(here, "site"), folder, { recursive: true });
  server = spawn(program, ["serve", "--listen", "127.0.0.1:0"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  server.stderr.setEncoding("utf8");
  base = await new Promise((found, failed) => {
    let log = "";
    server.stderr.on("data", (text) => {
      log += text;
      const address = log.match(/serving (http:\/\/[^/\s]+)\//);
      if (address) found(address[1]);
    });
    server.on("exit", () => failed(new Error(`the server stopped: ${log}`)));
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  server?.kill();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

// Opens an address; what the browser complains of is a fault.
async function open(address, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  const response = await page.goto(base + address);
  return { page, response, complaints };
}

describe("every page, in both themes, on a phone and on a desk", () => {
  for (const address of PAGES) {
    for (const { theme, width } of LOOKS) {
      test(`${address} ${theme} ${width}`, async () => {
        const look = { colorScheme: theme, viewport: { width, height: 800 } };
        const { page, response, complaints } = await open(address, look);
        assert.equal(response.status(), 200);
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          const name = address.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
          await page.screenshot({ path: path.join(pictures, `${name}-${theme}-${width}.png`), fullPage: true });
        }
        const shown = await page.evaluate(() => ({
          overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth,
          ground: getComputedStyle(document.body).backgroundColor,
        }));
        assert.equal(shown.overflows, false, "it is wider than the screen");
        assert.equal(shown.ground, theme === "light" ? "rgb(255, 255, 255)" : "rgb(25, 24, 22)");
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), rules);
        const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
        assert.deepEqual(faults, []);
        assert.ok(passes.some(({ id }) => id === "color-contrast"), "contrast was looked at");
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }
});

test("a page names just its own feeds for readers to find", async () => {
  const find = (page) => page.$$eval("link[rel=alternate]", (links) => links.map((link) => [link.type, link.href]));
  const kinds = [["application/rss+xml", "rss.xml"], ["application/atom+xml", "atom.xml"], ["application/feed+json", "feed.json"]];
  for (const [address, folder, query] of [["/", "/", ""], ["/tags/rust/?page=2", "/tags/rust/", ""], ["/tags/rust/?limit=2", "/tags/rust/", "?limit=2"]]) {
    const { page } = await open(address);
    assert.deepEqual(await find(page), kinds.map(([kind, file]) => [kind, base + folder + file + query]));
    await page.context().close();
  }
  const { page } = await open("/tags/");
  assert.deepEqual(await find(page), []);
  await page.context().close();
});

test("who goes to a feed with a browser gets its page, and programs in it the feed", async () => {
  for (const address of ["/tags/rust/atom.xml", "/tags/rust/feed.json", "/feed"]) {
    // The page itself may fetch nothing: another one's script stands in.
    const { page, response } = await open(address, { bypassCSP: true });
    assert.match(response.headers()["content-type"], /^text\/html/);
    assert.equal(response.headers()["cache-control"], "private, no-store");
    assert.equal(response.headers().etag, undefined);
    assert.equal(await page.locator("h1").count(), 1);
    const fetched = await page.evaluate((url) => fetch(url).then((response) => response.headers.get("content-type")), base + address);
    assert.match(fetched, /^application\/(rss|atom|feed)\+/);
    await page.context().close();
  }
});

test("the source of a feed is a step away", async () => {
  const { page } = await open("/tags/rust/");
  const [source] = await page.$$eval("a", (links) => links.filter((link) => link.textContent === "Source").map((link) => link.href));
  assert.equal(source, `${base}/tags/rust/rss.xml?view=source`);
  const response = await page.request.get(source, { headers: { "Sec-Fetch-Dest": "document" } });
  assert.match(response.headers()["content-type"], /^application\/rss\+xml/);
  await page.context().close();
});

test("a button copies the address, and says so", async () => {
  const { page, complaints } = await open("/tags/rust/", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "Copy the address for Atom" }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${base}/tags/rust/atom.xml`);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("without scripts nothing is missing but the buttons", async () => {
  const { page } = await open("/tags/rust/", { javaScriptEnabled: false });
  assert.equal(await page.getByRole("button").count(), 0);
  assert.equal(await page.getByRole("textbox").count(), 3);
  assert.equal(await page.getByRole("textbox", { name: "Atom" }).inputValue(), `${base}/tags/rust/atom.xml`);
  assert.equal(await page.getByRole("article").count(), 4);
  await page.context().close();
});

test("the keyboard reaches everything, beginning with a way past the top", async () => {
  const { page } = await open("/tags/rust/");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0), "it shows");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#main$/);
  const reached = new Set();
  const count = await page.locator("a, button, input").count();
  for (let step = 0; step < count; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await focused());
  }
  for (const wanted of ["Copy the address for RSS", "Open in reader: Atom", "Tokio internals", "Older", "OPML list"]) {
    assert.ok(reached.has(wanted), `${wanted} is not among ${[...reached].join(", ")}`);
  }
  await page.context().close();
});

test("each text runs in the direction of its script", async () => {
  const { page } = await open("/");
  const directions = await page.$$eval("h3", (titles) => titles.map((title) => [title.lang, getComputedStyle(title).direction]));
  assert.deepEqual(directions, [["he", "rtl"], ["ar", "rtl"], ["zh-CN", "ltr"], ["en", "ltr"]]);
  await page.context().close();
});

test("older pages lead to every post, each once", async () => {
  const { page } = await open("/?limit=2");
  const titles = [];
  for (;;) {
    titles.push(...(await page.locator("article h3").allTextContents()));
    const older = page.getByRole("link", { name: "Older" });
    if ((await older.count()) === 0) break;
    await older.click();
  }
  assert.equal(titles.length, 7);
  assert.equal(new Set(titles).size, 7);
  await page.context().close();
});
