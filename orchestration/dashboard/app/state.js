// What the reader chose: in the address, so that a link shows the same; language and
// light or dark are remembered where the browser allows it.
const shell = JSON.parse(document.getElementById("shell").textContent);
const DIMENSIONS = {
  marketplace_code: "marketplace", channel: "channel", category_name: "category",
};
const state = {};

function remembered(name) {
  try { return localStorage.getItem(`returns-${name}`); } catch { return null; }
}

function remember(name, value) {
  try { localStorage.setItem(`returns-${name}`, value); } catch { /* not allowed */ }
}

function oneOf(value, known, otherwise) {
  return known.includes(value) ? value : otherwise;
}

function browserLanguage() {
  const asked = navigator.languages || [navigator.language || "en"];
  return asked.some((one) => /^zh/i.test(one)) ? "zh" : "en";
}

function readState() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const said = new URLSearchParams(query || "");
  const names = shell.pages.map((page) => page.name);
  const sellers = Object.keys(shell.choices.sellers);
  state.page = oneOf(path, names, names[0]);
  state.lang = oneOf(said.get("lang"), ["en", "zh"],
    oneOf(remembered("lang"), ["en", "zh"], browserLanguage()));
  state.theme = oneOf(remembered("theme"), ["light", "dark"], "auto");
  state.seller = oneOf(said.get("seller"), sellers, sellers[0]);
  const choice = shell.choices.sellers[state.seller] || {
    months: [], marketplaces: [], channels: [], categories: [], as_of: [],
  };
  state.choice = choice;
  state.month = oneOf(said.get("month"), choice.months.map(shortMonth), null);
  state.month = state.month ? `${state.month}-01` : choice.months[0];
  state.marketplace = oneOf(said.get("marketplace"), choice.marketplaces, "all");
  state.channel = oneOf(said.get("channel"), choice.channels, "all");
  state.category = oneOf(said.get("category"), choice.categories, "all");
}

function shortMonth(month) {
  return month.slice(0, 7);
}

// The address of what is shown now, with some of it changed.
function address(changed) {
  const wanted = { ...state, ...changed };
  const said = new URLSearchParams({ lang: wanted.lang });
  if (wanted.seller) said.set("seller", wanted.seller);
  for (const name of ["marketplace", "channel", "category"]) {
    if (wanted[name] && wanted[name] !== "all") said.set(name, wanted[name]);
  }
  if (wanted.month && wanted.month !== state.choice.months[0]) {
    said.set("month", shortMonth(wanted.month));
  }
  return `#/${wanted.page}?${said}`;
}

function word(name, values) {
  const both = shell.words[name];
  if (!both) throw new Error(`no word ${name}`);
  return filled(both[state.lang === "zh" ? 1 : 0], values);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) =>
    values && name in values ? values[name] : all);
}

function told(text) {
  return text ? text[state.lang] : "";
}

// An element with attributes and children; texts are texts, never markup.
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== ""));
  return made;
}
