// Tiles of single numbers, and lists of sentences.
function tone(code, field) {
  const found = Object.entries(shell.states[field] || {})
    .find(([, codes]) => codes.includes(code));
  return found ? found[0] : "none";
}

function pill(code, field) {
  return el("span", { class: `pill ${tone(code, field)}` }, label(code, field));
}

function tiles(card, rows) {
  const isTrend = card.period === "months";
  // Of a trend the chosen month counts: without its row there is no data for it.
  const row = isTrend ? rows.findLast((one) => one[card.month] === state.month)
    : rows[0];
  return el("dl", { class: "tiles" }, card.chart.tiles.map((tile) =>
    oneTile(card, tile, row || {}, isTrend ? rows : [])));
}

function oneTile(card, tile, row, rows) {
  const format = tile.format || formatOf(card, tile.field, row);
  const about = { field: tile.field, currency: row[card.currency] };
  const value = row[tile.field];
  const say = (field) => withUnit(row[field], format, about);
  const below = [];
  if (tile.low && !isMissing(value) && !isMissing(row[tile.low]) && !isMissing(row[tile.high])) {
    below.push(word("interval", { low: shown(row[tile.low], format, about),
      high: shown(row[tile.high], format, about) }));
  }
  if (tile.target && !isMissing(row[tile.target])) {
    below.push(word("target", { target: say(tile.target) }));
  }
  if (tile.n) below.push(word("basis", { n: shown(row[tile.n], "count") }));
  return el("div", { class: tile.big ? "tile big" : "tile" },
    el("dt", {}, tile.label ? label(tile.label) : heading(tile.field)),
    el("dd", {},
      el("span", { class: isMissing(value) ? "value missing" : "value",
        "data-field": tile.field, "data-value": isMissing(value) ? "" : String(value) },
      say(tile.field)),
      tile.status && row[tile.status] ? pill(row[tile.status], tile.status) : null,
      tile.change ? changeText(row[tile.change], format) : null,
      below.length ? el("span", { class: "below" }, below.join(" · ")) : null,
      tile.big && rows.length > 1 ? sparkline(rows, tile, card) : null));
}

function changeText(change, format) {
  if (isMissing(change)) return null;
  const how = format === "score" ? "points" : format;
  const sign = change > 0 ? "▲ " : change < 0 ? "▼ " : "";
  return el("span", { class: "change" },
    sign + word("change", { change: shown(change, how, {}) }));
}

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// The months before, small; the words beside it say what it shows.
function sparkline(rows, tile, card) {
  const known = rows.filter((row) => !isMissing(row[tile.field]));
  if (known.length < 2) return null;
  const values = known.map((row) => row[tile.field]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const months = state.choice.months.toReversed();
  const x = (row) => 4 + (232 * months.indexOf(row[card.month])) / (months.length - 1 || 1);
  const y = (value) => 44 - (40 * (value - low)) / (high - low || 1);
  const drawn = svg("svg", { viewBox: "0 0 240 48", class: "spark", "aria-hidden": "true" });
  const points = known.map((row) => `${x(row).toFixed(1)},${y(row[tile.field]).toFixed(1)}`);
  drawn.append(svg("polyline", { points: points.join(" ") }));
  const [lastX, lastY] = points.at(-1).split(",");
  drawn.append(svg("circle", { cx: lastX, cy: lastY, r: 4 }));
  return drawn;
}

function list(card, rows) {
  return el("ol", { class: "list" }, rows.map((row) => {
    const page = card.chart.link_by ? row[card.chart.link_by] : card.chart.link;
    const target = shell.pages.find((one) => one.name === page);
    return el("li", {}, el("p", {}, sentence(card, row)),
      target ? el("a", { href: address({ page }) },
        `${word("look")}: ${told(target.title)}`) : null);
  }));
}

function sentence(card, row) {
  const chart = card.chart;
  const text = chart.texts ? chart.texts[row[chart.by]] : chart.text;
  if (!text) return label(row[chart.by], chart.by);
  return told(text).replace(/\{(\w+)\}/g, (_, field) => withUnit(row[field],
    formatOf(card, field, row), { field, currency: row[card.currency] }));
}
