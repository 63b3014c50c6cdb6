// The frame: navigation, filters, where the numbers come from; and the chosen page.
let drawing = 0;

function render() {
  readState();
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = state.theme;
  document.getElementById("skip").textContent = word("skip");
  const page = shell.pages.find((one) => one.name === state.page);
  document.title = `${told(page.title)} – ${word("title")}`;
  const active = document.activeElement && document.activeElement.id;
  const main = el("main", { id: "main", tabindex: "-1" },
    el("div", { class: "intro" }, el("h1", {}, told(page.title)),
      el("p", {}, told(page.intro))),
    el("div", { class: "cards", id: "cards" }));
  document.getElementById("app").replaceChildren(
    topBar(), el("div", { class: "frame" }, sideNav(),
      el("div", { class: "content" }, filterBar(), main, provenance())));
  if (active && document.getElementById(active)) document.getElementById(active).focus();
  return drawPage(page);
}

async function drawPage(page) {
  drawing += 1;
  const mine = drawing;
  document.body.dataset.ready = "";
  const place = document.getElementById("cards");
  try {
    const content = await pageContent(page.name);
    if (mine !== drawing) return;
    const made = page.cards.map((one) => card(page, one, content));
    fillRows(made.map((one) => one.box));
    place.replaceChildren(...made.map((one) => one.box));
    // Numbers and tables of all cards first, then the charts one after another.
    const charts = made.map((one) => one.draw());
    await Promise.all(charts);
    if (mine === drawing) document.body.dataset.ready = page.name;
  } catch (error) {
    place.replaceChildren(el("p", { class: "card wide", role: "alert" },
      word("failed", { reason: error.message })));
    throw error;
  }
}

// A card that would stand alone in its row takes all of it.
function fillRows(boxes) {
  let alone = null;
  for (const box of boxes) {
    if (box.classList.contains("wide")) {
      if (alone) alone.classList.add("wide");
      alone = null;
    } else alone = alone ? null : box;
  }
  if (alone) alone.classList.add("wide");
}

function go(changed) {
  const target = address(changed);
  if (target === location.hash) render();
  else location.hash = target;
}

function topBar() {
  const other = state.lang === "zh" ? "en" : "zh";
  const themes = ["auto", "light", "dark"];
  const next = themes[(themes.indexOf(state.theme) + 1) % themes.length];
  return el("header", { class: "top" },
    el("button", { type: "button", class: "menu", id: "menu", "aria-expanded": "false",
      "aria-controls": "nav", onclick: toggleMenu }, "☰ ", word("menu")),
    el("a", { class: "brand", href: address({ page: shell.pages[0].name }) },
      word("product")),
    versionLink(),
    el("div", { class: "settings" },
      el("button", { type: "button", id: "theme", title: word("theme"), onclick: () => {
        remember("theme", next);
        render();
      } }, "◐ ", el("span", { class: "wide-only" }, word(`theme_${state.theme}`))),
      el("button", { type: "button", id: "language", lang: other === "zh" ? "zh-CN" : "en",
        onclick: () => {
          remember("lang", other);
          go({ lang: other });
        } }, word("language"))));
}

// Which data this is, in short; all about it stands at the end of the page.
function versionLink() {
  const asOf = state.choice.as_of[0];
  const { version, warnings } = shell.version;
  return el("button", { type: "button", class: "stamp", onclick: () => {
    const place = document.getElementById("provenance");
    place.querySelectorAll("details").forEach((one) => { one.open = true; });
    place.scrollIntoView();
  } }, el("span", { class: "wide-only" }, `${word("as_of")} `),
  el("span", { class: "wide-only" },
    `${asOf ? shownDate(asOf) : word("no_data")} · ${version}`),
  warnings.length ? el("span", { class: "pill warn", title: warningCount(warnings.length),
    "aria-label": warningCount(warnings.length) }, `! ${warnings.length}`) : null);
}

function toggleMenu() {
  const isOpen = document.body.classList.toggle("menu-open");
  document.getElementById("menu").setAttribute("aria-expanded", String(isOpen));
}

function sideNav() {
  document.body.classList.remove("menu-open");
  return el("nav", { id: "nav", "aria-label": word("pages") },
    el("ul", {}, shell.pages.map((page) => el("li", {}, el("a", {
      href: address({ page: page.name }),
      "aria-current": page.name === state.page ? "page" : null,
    }, told(page.title))))),
    shell.further.length ? el("h2", {}, word("further")) : null,
    el("ul", { class: "further" }, shell.further.map((name) =>
      el("li", {}, el("a", { href: beside(name) }, word(name))))));
}

// A page that was there when this one was built.
function beside(name) {
  const isChinese = name === "dictionary" && state.lang === "zh";
  return `../${name}/${isChinese ? "zh" : "index"}.html`;
}

function filterBar() {
  const choice = state.choice;
  const sellers = Object.keys(shell.choices.sellers);
  const withAll = (values, field) => [["all", word("all")],
    ...values.map((value) => [value, label(value, field)])];
  return el("form", { class: "filters", "aria-label": word("filters"),
    onsubmit: (event) => event.preventDefault() },
  filter("seller", sellers.map((one) => [one, one])),
  filter("month", choice.months.map((month) => [month, shownMonth(month)])),
  filter("marketplace", withAll(choice.marketplaces, "marketplace_code")),
  filter("channel", withAll(choice.channels, "channel")),
  filter("category", withAll(choice.categories, "category_name")),
  el("button", { type: "button", id: "reset", onclick: () => go({ marketplace: "all",
    channel: "all", category: "all", month: choice.months[0] }) }, word("reset")));
}

function filter(name, values) {
  const isSet = !["seller", "month"].includes(name) && state[name] !== "all";
  return el("label", { class: isSet ? "set" : null }, el("span", {}, word(name)),
    el("select", { id: `filter-${name}`, onchange: (event) =>
      go(name === "seller" ? { seller: event.target.value, marketplace: "all",
        channel: "all", category: "all" } : { [name]: event.target.value }) },
    values.map(([value, text]) => el("option",
      { value, selected: value === state[name] }, text))));
}

// Which version, of when, and what the checks want a reader to know.
function provenance() {
  const { version, built_at: built, published_at: published, warnings } = shell.version;
  const asOf = state.choice.as_of[0];
  const facts = [[word("version"), version], [word("built"), shownDate(utc(built))],
    [word("published"), shownDate(utc(published))],
    [word("as_of"), asOf ? shownDate(asOf) : word("no_data")]];
  return el("footer", { class: "provenance", id: "provenance" },
    el("dl", {}, facts.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    shell.choices.left_out ? el("p", { id: "left-out" }, word("left_out", {
      kept: shown(shell.choices.months.length, "count"),
      count: shown(shell.choices.left_out, "count") })) : null,
    warnings.length ? el("details", { class: "warnings" },
      el("summary", {}, warningCount(warnings.length)),
      el("ul", {}, warnings.map((one) => el("li", {}, el("code", {}, one.table), " ",
        el("span", { lang: "en" }, one.description),
        isMissing(one.observed) ? null : ` (${word("observed")}: ${one.observed})`))))
      : el("p", {}, word("no_warnings")));
}

function utc(text) {
  return `${text.slice(0, 19)}Z`;
}

function warningCount(count) {
  const both = shell.words.warnings[count === 1 ? "one" : "other"];
  return filled(both[state.lang === "zh" ? 1 : 0], { count: shown(count, "count") });
}

addEventListener("hashchange", render);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);
render();
