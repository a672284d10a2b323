// Pages as people meet them: in Chromium, by eye, by keyboard and by screen reader's rules.
//
//   cargo build && npm ci --prefix tests/browser && npm test --prefix tests/browser
//
// FEEDMILL names the program, CHROMIUM the browser; with SCREENSHOTS=FOLDER each page is kept as a picture.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";

const here = import.meta.dirname;
const program = process.env.FEEDMILL ?? path.join(here, "../../target/debug/feedmill");
const pictures = process.env.SCREENSHOTS;
const axe = readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const PAGES = ["/", "/?page=2", "/feeds/", "/feeds/rust/", "/tags/", "/tags/?filter=r", "/tags/rust/", "/tags/a/b/", "/authors/",
  "/tags/rust/?not_categories=news&limit=2", "/?q=nothing+has+this", "/?any_tags=rust&any_tags=async&not_categories=news",
  "/entries/posts/long/", "/archive/1/", "arabic:/archive/1/", "arabic:/entries/posts/chinese/", "arabic:/", "arabic:/tags/", "arabic:/?any_tags=rust&any_tags=async"];
const LOOKS = ["light", "dark"].flatMap((theme) => [360, 1280].map((width) => ({ theme, width })));

let folder, base, arabicBase, browser;
const servers = [];

// Starts a server on a configuration; gives the URL of its root.
async function serve(configuration) {
  const server = spawn(program, ["--config", configuration, "serve", "--listen", "127.0.0.1:0"],
    { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  servers.push(server);
  server.stderr.setEncoding("utf8");
  return new Promise((found, failed) => {
    let log = "";
    server.stderr.on("data", (text) => {
      log += text;
      const url = log.match(/serving (http:\/\/[^/\s]+)\//);
      if (url) found(url[1]);
    });
    server.on("exit", () => failed(new Error(`the server stopped: ${log}`)));
  });
}

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "feedmill-"));
  cpSync(path.join(here, "site"), folder, { recursive: true });
  base = await serve("feedmill.toml");
  const text = readFileSync(path.join(folder, "feedmill.toml"), "utf8");
  writeFileSync(path.join(folder, "arabic.toml"), `${text}[pages]\nlanguage = "ar"\n[state]\npath = false\n`);
  arabicBase = await serve("arabic.toml");
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  servers.forEach((server) => server.kill());
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
  const response = await page.goto(address.startsWith("arabic:") ? arabicBase + address.slice(7) : base + address);
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
  const [source] = await page.$$eval("a", (links) => links.filter((link) => link.textContent === "View source").map((link) => link.href));
  assert.equal(source, `${base}/tags/rust/rss.xml?view=source`);
  const response = await page.request.get(source, { headers: { "Sec-Fetch-Dest": "document" } });
  assert.match(response.headers()["content-type"], /^application\/rss\+xml/);
  await page.context().close();
});

test("one box shows the URL in the format that is chosen, and a button copies it as it is sent", async () => {
  const { page, complaints } = await open(`/tags/${encodeURIComponent("技术")}/`, { permissions: ["clipboard-read", "clipboard-write"] });
  const box = page.getByRole("textbox", { name: /^URL of the/ });
  assert.equal(await box.count(), 1);
  assert.equal(await box.inputValue(), `${base}/tags/技术/atom.xml`);
  await page.getByText("RSS", { exact: true }).click();
  assert.equal(await box.inputValue(), `${base}/tags/技术/rss.xml`);
  const sent = `${base}/tags/${encodeURIComponent("技术")}/rss.xml`;
  await page.getByRole("button", { name: "Copy the URL of the RSS feed" }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sent);
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await box.focus();
  await page.keyboard.press("Control+C");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sent, "also by hand");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("without scripts only copying is missing, and a feed is composed step by step", async () => {
  const { page } = await open("/", { javaScriptEnabled: false });
  assert.equal(await page.getByRole("button", { name: /Copy/ }).count(), 0);
  const box = page.getByRole("textbox", { name: /^URL of the/ });
  await page.getByText("JSON Feed", { exact: true }).click();
  assert.equal(await box.inputValue(), `${base}/feed.json`);
  await page.getByText("Compose your own feed").click();
  const tags = page.getByRole("group", { name: "Tags" });
  const show = () => page.getByRole("button", { name: "Show this feed" }).click();
  await tags.getByRole("combobox", { name: "Any of" }).fill("async");
  await show();
  assert.equal(await box.inputValue(), `${base}/feed.json?tags=async`, "the format is kept");
  await tags.getByRole("combobox", { name: "Any of" }).fill("Tokio");
  await page.getByRole("group", { name: "Categories" }).getByRole("combobox", { name: "None of" }).fill("news");
  await show();
  assert.equal(await box.inputValue(), `${base}/feed.json?any_tags=async&any_tags=tokio&not_categories=news`);
  assert.deepEqual(await page.locator("article h3").allTextContents(), ["Async Rust & <tokio>", "Tokio internals"]);
  await tags.getByRole("checkbox", { name: "async" }).uncheck();
  await show();
  assert.deepEqual(await page.locator("article h3").allTextContents(), ["Tokio internals"]);
  await page.context().close();
});

test("with scripts what is composed has a short URL, and a search keeps its words as they are typed", async () => {
  const { page } = await open("/");
  await page.getByText("Compose your own feed").click();
  await page.getByRole("group", { name: "Tags" }).getByRole("combobox", { name: "All of" }).fill("rust");
  await page.getByRole("button", { name: "Show this feed" }).click();
  await page.waitForURL(`${base}/?tags=rust`);
  await page.getByRole("searchbox", { name: "Search posts" }).fill("Tokio internals");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.waitForURL(`${base}/?q=Tokio+internals`);
  assert.equal(await page.getByRole("searchbox", { name: "Search posts" }).inputValue(), "Tokio internals");
  assert.deepEqual(await page.locator("article h3").allTextContents(), ["Tokio internals"]);
  await page.context().close();
});

test("a single term is where its URL says: all of, any of, or none of", async () => {
  for (const [query, label] of [["tags=rust", "All of"], ["any_tags=rust", "Any of"], ["not_tags=rust", "None of"]]) {
    const { page } = await open(`/?${query}`);
    const box = page.getByRole("group", { name: "Tags" }).getByRole("checkbox", { name: "rust" });
    assert.equal(await box.evaluate((tick) => tick.closest(".field").querySelector("label:not(.tick)").textContent), label);
    assert.equal(await box.getAttribute("name"), query.split("=")[0]);
    await page.context().close();
  }
});

test("the top of a page is one row on a desk, however long its title is", async () => {
  const { page } = await open("/entries/posts/long/", { viewport: { width: 1280, height: 800 } });
  assert.ok(await page.evaluate(() => document.querySelector("header.site").getBoundingClientRect().height) < 60);
  await page.context().close();
});

test("an image that cannot be loaded leaves no frame", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(`${base}/`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("</article>", '<img class="u-featured" src="/none.png" alt="" loading="lazy"></article>');
    await route.fulfill({ response, body });
  });
  const failed = page.waitForResponse(`${base}/none.png`);
  await page.goto(`${base}/`);
  await failed;
  await page.waitForFunction(() => document.querySelector("img.u-featured") === null);
  await context.close();
});

test("a page in Arabic runs from right to left, and its URL does not", async () => {
  const { page } = await open("arabic:/");
  const shown = await page.evaluate(() => ({
    page: [document.documentElement.lang, getComputedStyle(document.body).direction],
    url: getComputedStyle(document.getElementById("url-atom")).direction,
    titles: [...document.querySelectorAll("h3")].map((title) => [title.lang, getComputedStyle(title).direction]),
  }));
  assert.deepEqual(shown, { page: ["ar", "rtl"], url: "ltr", titles: [["he", "rtl"], ["", "rtl"], ["zh-CN", "ltr"], ["en", "ltr"]] });
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
  for (const wanted of ["Copy the URL of the Atom feed", "Open in a reader: Atom", "Tokio internals", "Older", "All feeds (OPML)"]) {
    assert.ok(reached.has(wanted), `${wanted} is not among ${[...reached].join(", ")}`);
  }
  await page.context().close();
});

for (const address of ["arabic:/", "arabic:/tags/a/b/"]) test(`on ${address} a long Latin tag is cut at its end before its count, and a Latin text is at the margin`, async () => {
  const { page } = await open(address, { viewport: { width: 1280, height: 800 } });
  const shown = await page.evaluate(() => {
    const tag = [...document.querySelectorAll(".pills a")].find((link) => link.textContent.startsWith("averyvery"));
    const name = tag.querySelector("bdi");
    const text = document.createRange();
    text.selectNodeContents(document.querySelector(".description") ?? document.querySelector("h1"));
    const right = (part) => Math.round(part.getBoundingClientRect().right);
    return {
      link: tag.scrollWidth > tag.clientWidth,
      gaps: [...document.querySelectorAll(".pills li")].filter((item) => item.clientWidth > item.firstElementChild.offsetWidth + 1).length,
      name: name.scrollWidth > name.clientWidth && getComputedStyle(name).direction,
      margin: right(document.querySelector("main")) - right(text),
    };
  });
  assert.deepEqual(shown, { link: false, gaps: 0, name: "ltr", margin: 0 });
});

test("each text runs in the direction of its script", async () => {
  const { page } = await open("/");
  const directions = await page.$$eval("h3", (titles) => titles.map((title) => [title.lang, getComputedStyle(title).direction]));
  assert.deepEqual(directions, [["he", "rtl"], ["ar", "rtl"], ["zh-CN", "ltr"], ["", "ltr"]]);
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
