// A card: heading, question, what answers it, what that rests on, its definition.
function card(page, told_, content) {
  const box = el("article", { class: told_.wide ? "card wide" : "card",
    id: `card-${page.name}-${told_.name}`, "data-card": told_.name });
  const view = { asTable: false, currency: null, sorting: null };
  const draw = async () => {
    box.replaceChildren(...cardParts(page, told_, content, view, draw)
      .filter((part) => part !== null));
    await drawChart(box, told_, view);
  };
  return { box, draw };
}

function cardParts(page, card, content, view, draw) {
  const all = chosenRows(card, content.tables[card.name]);
  const known = currencies(card, all);
  const currency = known.includes(view.currency) ? view.currency : known[0];
  let rows = known.length > 1 && card.chart.kind !== "table"
    ? all.filter((row) => !row[card.currency] || row[card.currency] === currency) : all;
  if (view.sorting) {
    rows = sorted(rows, [(view.sorting.isDown ? "-" : "") + view.sorting.name]);
  }
  const count = rows.length;
  rows = limited(card, rows);
  view.rows = rows;
  const sortBy = (name) => {
    const isDown = view.sorting && view.sorting.name === name && !view.sorting.isDown;
    view.sorting = { name, isDown };
    draw();
  };
  const pick = known.length > 1 && card.chart.kind !== "table"
    ? currencyChoice(known, currency, (code) => { view.currency = code; draw(); }) : null;
  return [
    el("header", {},
      el("div", {}, el("h3", {}, told(card.title)),
        el("p", { class: "question" }, told(card.question))),
      rows.length ? buttons(page, card, view, rows, draw) : null),
    pick,
    body(card, rows, view, sortBy),
    el("footer", {}, notes(card, rows, count), definition(card, content)),
  ];
}

function hasData(card, rows) {
  if (!rows.length) return false;
  if (!isChart(card)) return true;
  const fields = [card.chart.value || card.chart.y].flat();
  return rows.some((row) => fields.some((field) => !isMissing(row[field])));
}

function body(card, rows, view, sortBy) {
  if (!hasData(card, rows)) {
    return el("div", { class: "body empty" }, el("p", {}, word("no_data")),
      card.empty ? el("p", { class: "soft" }, told(card.empty)) : null);
  }
  const kind = card.chart.kind;
  if (kind === "table" || view.asTable) {
    return el("div", { class: "body" }, table(card, rows, view.sorting, sortBy));
  }
  if (kind === "tiles") return el("div", { class: "body" }, tiles(card, rows));
  if (kind === "list") return el("div", { class: "body" }, list(card, rows));
  return el("div", { class: "body" }, el("div", { class: "chart", role: "img",
    "aria-label": summary(card, rows) }));
}

function buttons(page, card, view, rows, draw) {
  const title = told(card.title);
  const isTable = card.chart.kind === "table";
  return el("div", { class: "buttons" },
    isTable ? null : el("button", { type: "button", class: "as-table",
      "aria-pressed": String(view.asTable),
      "aria-label": word(view.asTable ? "chart_title" : "table_title", { title }),
      onclick: () => {
        view.asTable = !view.asTable;
        view.sorting = null;
        draw();
      } }, word(view.asTable ? "as_chart" : "as_table")),
    el("button", { type: "button", class: "csv",
      "aria-label": word("csv_title", { title }),
      onclick: () => download(`${page.name}-${card.name}-${shortMonth(state.month || "")}`
        + ".csv", csv(card, rows)) }, word("csv")));
}

function currencyChoice(known, chosen, choose) {
  return el("div", { class: "currencies", role: "group", "aria-label": word("currency") },
    known.map((code) => el("button", { type: "button", onclick: () => choose(code),
      "aria-pressed": String(code === chosen) }, code)));
}

function spread(name, values, format) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [one, two] = [shown(low, format), shown(high, format)];
  if (one === two) return word(name, { n: one, share: one });
  return word(`${name}_range`, { low: one, high: two });
}

function notes(card, all, count) {
  const said = [];
  // Tiles show one month; the others are there for the small line.
  const rows = card.chart.kind === "tiles" && card.period === "months"
    ? all.filter((row) => row[card.month] === state.month) : all;
  const of = (field) => rows.map((row) => row[field]).filter((v) => !isMissing(v));
  if (card.denominator && of(card.denominator).length) {
    said.push(`${heading(card.denominator)}: `
      + spread("basis", of(card.denominator), "count"));
  }
  const shares = coverageShares(card, rows);
  if (shares.length) said.push(spread("coverage", shares, "share"));
  if (card.coverage && card.coverage.text) said.push(told(card.coverage.text));
  if (card.note) said.push(told(card.note));
  if (all.length < count) {
    said.push(word("shown_of", { shown: shown(all.length, "count"),
      count: shown(count, "count") }));
  }
  if (card.period === "current") said.push(word("current"));
  const notCut = notCutBy(card);
  const last = notCut.length ? el("p", { class: "not-cut" }, word("not_cut",
    { dimensions: intl(Intl.ListFormat, { type: "conjunction" }).format(notCut) })) : null;
  return [said.length ? el("p", {}, said.join(" · ")) : null, last];
}

function coverageShares(card, rows) {
  const covered = card.coverage;
  if (typeof covered === "string") {
    return rows.map((row) => row[covered]).filter((value) => !isMissing(value));
  }
  if (!Array.isArray(covered)) return [];
  return rows.filter((row) => row[covered[1]] > 0 && !isMissing(row[covered[0]]))
    .map((row) => row[covered[0]] / row[covered[1]]);
}

function definition(card, content) {
  return el("details", {}, el("summary", {}, word("definition")),
    card.marts.map((name) => {
      const mart = content.marts[name];
      const text = mart.text[state.lang] || mart.text.en;
      return el("div", { class: "definition" },
        el("h4", {}, mart.title[state.lang] || mart.title.en),
        el("p", {}, prose(text)),
        shell.further.includes("dictionary")
          ? el("a", { href: `${beside("dictionary")}#mart-${name}` }, word("in_dictionary"))
          : null);
    }));
}

// What stands between backticks is code.
function prose(text) {
  return text.split("`").map((part, at) => (at % 2 ? el("code", {}, part) : part));
}

async function drawChart(box, card, view) {
  const place = box.querySelector(".chart");
  if (view.drawn) view.drawn.finalize();
  view.drawn = null;
  if (!place) return;
  await library();
  if (!place.isConnected) return;
  view.drawn = await vegaEmbed(place, chartSpec(card, view.rows), {
    actions: false, renderer: "svg", logLevel: 1, tooltip: { theme: "custom" },
    expressionFunctions: { monthLabel: axisMonth },
  });
}

let loading = null;

// The charting library is unpacked once the numbers stand: they are there first.
function library() {
  if (!loading) {
    loading = unpacked("library").then((text) => {
      const script = document.createElement("script");
      script.textContent = text;
      document.head.append(script);
    });
  }
  return loading;
}
