// Rows as a table, and the same rows as CSV.
function columnsOf(card, rows) {
  if (card.columns && card.columns.length) return card.columns;
  const hidden = new Set(["seller_id"]);
  if (card.period === "month") hidden.add(card.month);
  for (const [dimension, how] of Object.entries(card.cut_by || {})) {
    if (how !== "each") hidden.add(dimension);
  }
  const names = rows.length ? Object.keys(rows[0]) : [];
  return names.filter((name) => !hidden.has(name));
}

function limited(card, rows) {
  return card.top ? rows.slice(0, card.top) : rows;
}

function table(card, rows, sorting, sortBy) {
  const columns = columnsOf(card, rows);
  const numeric = columns.map((name) => rows.some((r) => typeof r[name] === "number"));
  const head = columns.map((name, at) => el("th",
    { scope: "col", class: numeric[at] && "number", "aria-sort": sortWord(sorting, name) },
    el("button", { type: "button", onclick: () => sortBy(name),
      title: word("sort_by", { column: heading(name) }) }, heading(name))));
  const body = rows.map((row) => el("tr", {}, columns.map((name, at) => el("td", {
    class: [numeric[at] && "number", isMissing(row[name]) && "missing"]
      .filter(Boolean).join(" ") || null,
    "data-field": name,
    "data-value": isMissing(row[name]) ? "" : String(row[name]),
  }, cellText(card, row, name)))));
  return el("div", { class: "scroll", tabindex: "0", role: "region",
    "aria-label": word("table_region", { title: told(card.title) }) },
  el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

// What a column judges has the colour of the judgement beside its words.
function cellText(card, row, name) {
  const value = row[name];
  if (shell.states[name] && !isMissing(value)) return pill(value, name);
  return shown(value, formatOf(card, name, row),
    { field: name, currency: row[card.currency] });
}

function sortWord(sorting, name) {
  if (!sorting || sorting.name !== name) return null;
  return sorting.isDown ? "descending" : "ascending";
}

function csv(card, rows) {
  const columns = columnsOf(card, rows);
  const lines = [columns.map(heading)];
  for (const row of rows) lines.push(columns.map((name) => csvValue(card, row, name)));
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

// Numbers and dates as machines read them, codes in the reader's words.
function csvValue(card, row, name) {
  const value = row[name];
  if (isMissing(value)) return "";
  if (typeof value !== "string" || formatOf(card, name) !== "code") return String(value);
  return label(value, name);
}

function quoted(text) {
  // A cell that starts like a formula is text: spreadsheets would run it.
  const safe = /^[=+@\t]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function download(name, text) {
  // The mark in front tells spreadsheets that it is UTF-8.
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
