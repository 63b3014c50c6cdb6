// Vega-Lite descriptions of the charts; colours come from the style sheet.
const SERIES = 8;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A colour let down with that of the card; 1 leaves it as it is.
function shade(name, strength) {
  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const [own, card] = [parts(colour(name)), parts(colour("card"))];
  const mixed = own.map((one, at) =>
    Math.round(one * strength + card[at] * (1 - strength)));
  return `rgb(${mixed.join(",")})`;
}

// What a code says (good, warn, bad, none) has one colour on every card.
function stateColour(field, code) {
  for (const [state_, codes] of Object.entries(shell.states[field] || {})) {
    const at = codes.indexOf(code);
    if (at >= 0) return shade(`state-${state_}`, [1, 0.68, 0.42][Math.min(at, 2)]);
  }
  return null;
}

// One point per mark: what is drawn, in the reader's words, and what a pointer shows.
function points(card, rows) {
  const chart = card.chart;
  const measures = [chart.value || chart.y].flat();
  return rows.flatMap((row) => measures.map((field) => {
    const about = { field, currency: row[card.currency] };
    const format = chart.format || formatOf(card, field);
    const target = typeof chart.target === "string" ? row[chart.target] : chart.target;
    return {
      x: chart.kind === "line" ? row[card.month] : axisValue(card, row, chart.x),
      y: chart.kind === "heatmap" ? axisValue(card, row, chart.y) : row[field],
      value: row[field],
      currency: about.currency,
      code: chart.color ? row[chart.color] : "",
      color: measures.length > 1 ? heading(field)
        : chart.color ? axisValue(card, row, chart.color) : "",
      low: chart.low ? row[chart.low] : null,
      high: chart.high ? row[chart.high] : null,
      target: isMissing(target) ? null : target,
      start: chart.from ? row[chart.from] : null,
      end: chart.to ? row[chart.to] : null,
      told: withUnit(row[field], format, about),
      range: chart.low && !isMissing(row[chart.low])
        ? word("interval", { low: shown(row[chart.low], format, about),
          high: shown(row[chart.high], format, about) }) : "",
      n: card.denominator ? shown(row[card.denominator], "count") : "",
      aim: isMissing(target) ? "" : withUnit(target, format, about),
    };
  }));
}

function axisValue(card, row, field) {
  const value = row[field];
  if (isMissing(value)) return word("no_data");
  if (formatOf(card, field) === "month") return value;
  return shown(value, formatOf(card, field), { field });
}

function tooltip(card, data) {
  const chart = card.chart;
  const measure = [chart.value || chart.y].flat()[0];
  const said = [["x", heading(chart.x || card.month)]];
  if (chart.kind === "heatmap") said.push(["y", heading(chart.y)]);
  if (data.some((one) => one.color)) {
    said.push(["color", chart.color ? heading(chart.color) : word("shown")]);
  }
  said.push(["told", chart.kind === "heatmap" ? heading(chart.value) : heading(measure)]);
  if (data.some((one) => one.range)) said.push(["range", word("range")]);
  if (data.some((one) => one.aim)) said.push(["aim", word("target_of")]);
  if (card.denominator) said.push(["n", heading(card.denominator)]);
  return said.map(([field, title]) => ({ field, title, type: "nominal" }));
}

function axisFormat(format) {
  if (format === "share" || format === "rate") return "~%";
  return ",~r";
}

function monthAxis() {
  const months = state.choice.months.filter((month) => month <= state.month).reverse();
  return {
    field: "x", type: "ordinal", title: null, sort: null,
    scale: { domain: months },
    axis: { labelExpr: "monthLabel(datum.value)", labelAngle: 0, labelOverlap: "greedy",
      grid: false, ticks: false, labelPadding: 8 },
  };
}

function numberAxis(card, field, channel, more) {
  const format = card.chart.format || formatOf(card, field);
  const measure = [card.chart.y].flat()[0];
  return {
    field: channel, type: "quantitative", title: null,
    axis: { format: axisFormat(format), tickCount: 5, domain: false, ticks: false,
      ...(format === "count" ? { tickMinStep: 1 } : {}),
      labelPadding: 6, title: [card.chart.y].flat().length > 1 ? null : heading(measure),
      titleFontWeight: "normal" },
    ...more,
  };
}

function order(data, field) {
  return [...new Set(data.map((one) => one[field]))];
}

// Rows side by side in a category each take their height.
function rowsHeight(data, field, height) {
  return height * order(data, field).length
    * (sharesRows(data) ? order(data, "color").length : 1);
}

// Whether several marks of different colours stand in one category.
function sharesRows(data) {
  return order(data, "x").length < data.length && order(data, "color").length > 1;
}

// The codes that are there: judged ones from good to bad, steps by their number.
function colourCodes(card, data) {
  const codes = order(data, "code");
  const judged = Object.values(shell.states[card.chart.color] || {}).flat();
  if (judged.length) {
    return codes.sort((one, other) => judged.indexOf(one) - judged.indexOf(other));
  }
  if (!card.chart.ordered) return codes;
  const step = (code) => Number((String(code).match(/\d+/) || [1e9])[0]);
  return codes.sort((one, other) => step(one) - step(other));
}

function colours(card, data, names) {
  const { color: field, ordered } = card.chart;
  if (!field) return names.map((_, at) => colour(`series-${(at % SERIES) + 1}`));
  const codes = colourCodes(card, data);
  const strength = (at) => 0.3 + (0.7 * (at + 1)) / codes.length;
  return codes.map((code, at) => (ordered ? shade("series-1", strength(at))
    : stateColour(field, code) || colour(`series-${(at % SERIES) + 1}`)));
}

// The colours' names in the order of their codes.
function colourNames(card, data) {
  if (!card.chart.color) return order(data, "color");
  return colourCodes(card, data).map((code) => data.find((one) => one.code === code).color);
}

function colourBy(card, data) {
  const names = colourNames(card, data);
  if (names.length < 2 && !names[0]) return { value: colour("series-1") };
  const range = colours(card, data, names);
  return { field: "color", type: "nominal", title: null, sort: null,
    scale: { domain: names, range },
    legend: { orient: "bottom", direction: "horizontal", columns: legendColumns(names),
      symbolType: "circle", symbolOpacity: 1, labelLimit: 220 } };
}

function legendColumns(names) {
  // A Chinese character is as wide as almost two Latin letters.
  const letters = (name) => [...name].reduce(
    (sum, one) => sum + (one > "\u2e80" ? 1.7 : 1), 0);
  const longest = Math.max(...names.map(letters));
  const width = innerWidth < 600 ? 300 : 460;
  return Math.max(1, Math.min(names.length, Math.floor(width / (30 + 8 * longest))));
}

// Months without a row are gaps: a line must not run through them.
function withGaps(data) {
  const months = state.choice.months.filter((month) => month <= state.month);
  const found = new Set(data.map((one) => `${one.color}|${one.x}`));
  const gaps = order(data, "color").flatMap((color) => months
    .filter((x) => !found.has(`${color}|${x}`)).map((x) => ({ x, color, y: null })));
  return [...data, ...gaps].sort((a, b) => (a.x < b.x ? -1 : a.x > b.x ? 1 : 0));
}

function lineChart(card, data) {
  const field = [card.chart.y].flat()[0];
  const color = colourBy(card, data);
  const y = numberAxis(card, field, "y", { scale: { zero: false, nice: true } });
  const base = { x: monthAxis(), color };
  const layers = [];
  if (hasEnds(data)) {
    layers.push({ mark: { type: "area", opacity: 0.14, tooltip: false },
      encoding: { ...base, y: { ...y, field: "low" }, y2: { field: "high" } } });
  }
  if (data.some((one) => one.target !== null && one.target !== undefined)) {
    layers.push({ mark: { type: "line", strokeDash: [4, 4], color: colour("soft"),
      strokeWidth: 1.2, tooltip: false },
    encoding: { x: monthAxis(), y: { ...y, field: "target" } } });
  }
  layers.push({ mark: { type: "line", strokeWidth: 2.2, tooltip: false },
    encoding: { ...base, y } });
  layers.push({ mark: { type: "point", filled: true, size: 40, opacity: 1 },
    encoding: { ...base, y, tooltip: tooltip(card, data) } });
  return { data: { values: withGaps(data) }, height: 230, layer: layers };
}

function categoryAxis(card, data) {
  const sort = card.chart.sort;
  let names = order(data, "x");
  if (sort !== "none" && card.chart.kind !== "funnel" && !(card.sort || []).length) {
    const total = new Map();
    data.forEach((one) => total.set(one.x, (total.get(one.x) || 0) + (one.y || 0)));
    if (sort === "x") names = names.sort(intl(Intl.Collator, { numeric: true }).compare);
    else names = names.sort((a, b) => (total.get(b) - total.get(a))
      * (sort === "y" ? -1 : 1));
  }
  return { field: "x", type: "nominal", title: null, sort: names,
    axis: namesAxis(card.wide ? 320 : 210) };
}

// What stands after a colon tells long names apart: on a phone it has its own line.
function namesAxis(most) {
  const axis = { domain: false, ticks: false, labelPadding: 8, labelLimit: most };
  if (innerWidth >= 600) return axis;
  return { ...axis, labelLimit: 120, labelExpr: "split(datum.label, regexp('[:：] ?'))" };
}

function barChart(card, data) {
  const field = [card.chart.y].flat()[0];
  const isGrouped = sharesRows(data);
  const known = data.filter((one) => !isMissing(one.y));
  const offset = isGrouped ? { yOffset: { field: "color", sort: null } } : {};
  const x = numberAxis(card, field, "y", {});
  const base = { y: categoryAxis(card, data), ...offset };
  const layers = [{ mark: { type: "bar", cornerRadiusEnd: 3, height: { band: 0.72 } },
    encoding: { ...base, x, color: colourBy(card, data),
      tooltip: tooltip(card, data) } }];
  layers.push(...whiskers(card, known, base, x));
  layers.push(...ticks(known, base, x));
  return { data: { values: data }, layer: layers,
    height: rowsHeight(data, "x", isGrouped ? 15 : 30) };
}

function hasEnds(data) {
  return data.some((one) => !isMissing(one.low) && !isMissing(one.high));
}

function whiskers(card, data, base, x) {
  if (!hasEnds(data)) return [];
  return [{ mark: { type: "rule", strokeWidth: 1.4, color: colour("ink"), opacity: 0.75,
    tooltip: false },
  encoding: { ...base, x: { ...x, field: "low" }, x2: { field: "high" } } }];
}

function ticks(data, base, x) {
  if (!data.some((one) => !isMissing(one.target))) return [];
  return [{ mark: { type: "tick", thickness: 2.5, color: colour("ink"), tooltip: false,
    size: 20 },
  encoding: { ...base, x: { ...x, field: "target" } } }];
}

function intervalChart(card, data) {
  const x = numberAxis(card, card.chart.y, "y", { scale: { zero: false } });
  const isGrouped = sharesRows(data);
  const base = { y: categoryAxis(card, data),
    ...(isGrouped ? { yOffset: { field: "color", sort: null } } : {}) };
  const color = colourBy(card, data);
  const rule = { mark: { type: "rule", strokeWidth: 2, opacity: 0.55, tooltip: false },
    encoding: { ...base, color, x: { ...x, field: "low" }, x2: { field: "high" } } };
  return { data: { values: data }, height: rowsHeight(data, "x", isGrouped ? 17 : 30),
    layer: [
    ...(hasEnds(data) ? [rule] : []),
    { mark: { type: "point", filled: true, size: 70, opacity: 1 },
      encoding: { ...base, color, x, tooltip: tooltip(card, data) } },
    ...ticks(data, base, x),
  ] };
}

function stackedChart(card, data) {
  const isMonths = formatOf(card, card.chart.x) === "month";
  const number = numberAxis(card, card.chart.y, "y",
    card.chart.share ? { stack: "normalize" } : { stack: "zero" });
  if (card.chart.share) number.axis.format = "~%";
  const rest = { color: colourBy(card, data), order: { field: "rank", type: "quantitative" },
    tooltip: tooltip(card, data) };
  const names = colourNames(card, data);
  const values = data.map((one) => ({ ...one, rank: names.indexOf(one.color) }));
  if (isMonths) {
    return { data: { values }, height: 240, mark: { type: "bar", width: { band: 0.72 } },
      encoding: { x: { ...monthAxis(), scale: { ...monthAxis().scale, type: "band" } },
        y: number, ...rest } };
  }
  return { data: { values }, height: 30 * order(data, "x").length,
    mark: { type: "bar", height: { band: 0.72 } },
    encoding: { y: categoryAxis(card, data), x: number, ...rest } };
}

function heatmapChart(card, data) {
  const months = formatOf(card, card.chart.x) === "month";
  const format = card.chart.format || formatOf(card, card.chart.value);
  const axis = { ...namesAxis(190), labelPadding: 2 };
  // A share is seen against none at all: 84 % of days is not almost nothing.
  const least = format === "share" ? { domainMin: 0 } : {};
  return { data: { values: data.map((one) => ({ ...one, value: one.value })) },
    height: 30 * order(data, "y").length,
    encoding: {
      x: months ? { ...monthAxis(), scale: { ...monthAxis().scale, type: "band" } }
        : { field: "x", type: "nominal", title: heading(card.chart.x), sort: null,
          axis: { ...axis, labelAngle: -35 } },
      y: { field: "y", type: "nominal", title: null, sort: null, axis },
    },
    layer: [{ mark: { type: "rect", cornerRadius: 3, stroke: colour("card"),
      strokeWidth: 2 },
    encoding: {
      color: { field: "value", type: "quantitative",
        title: heading(card.chart.value),
        scale: { range: [colour("heat-low"), colour("heat-high")], ...least },
        // Of one value there is no scale to explain.
        legend: new Set(data.map((one) => one.value)).size < 2 ? null : {
          orient: "bottom", gradientLength: 160, gradientThickness: 10,
          format: axisFormat(format) } },
      tooltip: tooltip(card, data) } }] };
}

// From what was, over what each part added or took, to what is.
function waterfallChart(card, data) {
  const known = data.filter((one) => !isMissing(one.y) && one.y !== 0);
  const first = data.find((one) => !isMissing(one.start));
  let level = first ? first.start : 0;
  const steps = known.map((one) => {
    const begin = level;
    level += one.y;
    return { ...one, begin, until: level, kind: one.y > 0 ? "up" : "down" };
  });
  const format = card.chart.format || formatOf(card, card.chart.y);
  const totalFormat = card.chart.from ? formatOf(card, card.chart.from) : format;
  const about = { currency: known[0] && known[0].currency };
  const total = (x, value) => ({ x, begin: card.chart.from ? null : 0, until: value,
    kind: "total", told: withUnit(value, totalFormat, about), n: "", color: "", range: "" });
  if (first) steps.unshift(total(word("start"), first.start));
  const last = data.find((one) => !isMissing(one.end));
  if (last) steps.push(total(word("end"), last.end));
  else if (!first) steps.push(total(word("total"), Math.round(level * 1e6) / 1e6));
  const levels = steps.flatMap((one) => [one.begin, one.until])
    .filter((value) => !isMissing(value));
  const margin = (Math.max(...levels) - Math.min(...levels)) * 0.3 || 1;
  const floor = first ? Math.max(0, Math.min(...levels) - margin) : 0;
  steps.forEach((one) => { if (one.kind === "total") one.begin = floor; });
  const x = { field: "begin", type: "quantitative", title: null, scale: { zero: !first,
    nice: false }, axis: { tickCount: 5, domain: false, ticks: false, labelPadding: 6,
    format: axisFormat(format) } };
  const y = { field: "x", type: "nominal", sort: order(steps, "x"), title: null,
    axis: namesAxis(210) };
  const colours = [colour("series-1"), colour("series-2"), colour("soft")];
  return { data: { values: steps }, height: 32 * order(steps, "x").length, layer: [
    { mark: { type: "bar", height: { band: 0.66 }, cornerRadius: 2 },
      encoding: { y, x, x2: { field: "until" }, tooltip: tooltip(card, steps),
        color: { field: "kind", type: "nominal", legend: null,
          scale: { domain: ["up", "down", "total"], range: colours } } } },
    { transform: [{ calculate: "max(datum.begin, datum.until)", as: "edge" }],
      mark: { type: "text", align: "left", dx: 6, color: colour("ink"), tooltip: false },
      encoding: { y, x: { ...x, field: "edge" }, text: { field: "told" } } }] };
}

const CHARTS = {
  line: lineChart, bar: barChart, bullet: barChart, funnel: barChart,
  stacked: stackedChart, heatmap: heatmapChart, interval: intervalChart,
  waterfall: waterfallChart,
};

function chartSpec(card, rows) {
  const data = points(card, rows);
  const font = getComputedStyle(document.body).fontFamily;
  const text = { labelColor: colour("soft"), titleColor: colour("soft"), labelFontSize: 12,
    titleFontSize: 12, labelFont: font, titleFont: font };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container", background: null,
    autosize: { type: "fit-x", contains: "padding" },
    config: { font, view: { stroke: null },
      axis: { ...text, gridColor: colour("line"), domainColor: colour("line") },
      legend: { ...text, labelColor: colour("ink") },
      text: { font, fontSize: 12 }, bar: { color: colour("series-1") } },
    ...CHARTS[card.chart.kind](card, data),
  };
}

function isChart(card) {
  return card.chart.kind in CHARTS;
}

// What a chart shows, in a sentence for those who do not see it.
function summary(card, rows) {
  const field = [card.chart.value || card.chart.y].flat()[0];
  const format = card.chart.format || formatOf(card, field);
  const known = rows.map((row) => row[field]).filter((value) => !isMissing(value));
  if (!known.length) return `${told(card.title)}. ${word("no_data")}`;
  const about = { currency: rows[0][card.currency] };
  const said = [word("summary", { title: told(card.title), count: known.length,
    low: withUnit(Math.min(...known), format, about),
    high: withUnit(Math.max(...known), format, about) })];
  if (card.chart.kind === "line") {
    said.push(word("summary_latest",
      { latest: withUnit(rows.at(-1)[field], format, about) }));
  }
  return said.join(" ");
}
