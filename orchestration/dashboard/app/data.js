// Unpacks the rows of a page, and chooses those that the filters ask for.
const unpackedPages = new Map();

async function unpacked(id) {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function pageContent(name) {
  if (!unpackedPages.has(name)) unpackedPages.set(name, unpacked(`data-${name}`));
  return unpackedPages.get(name);
}

function cell(column, row) {
  if (!column) return null;
  if (column.texts) return column.at[row] < 0 ? null : column.texts[column.at[row]];
  return column.values[row];
}

// The rows of a card for what is chosen now.
function chosenRows(card, table) {
  const columns = table.columns;
  const tests = [["seller_id", (value) => value === state.seller]];
  if (card.period === "month") tests.push([card.month, (m) => m === state.month]);
  if (card.period === "months") tests.push([card.month, (m) => m <= state.month]);
  const merged = [];
  for (const [dimension, how] of Object.entries(card.cut_by || {})) {
    const chosen = state[DIMENSIONS[dimension]];
    if (chosen !== "all") tests.push([dimension, (value) => value === chosen]);
    else if (how === "all") tests.push([dimension, (value) => value === "all"]);
    else if (how === "sum") merged.push(dimension);
  }
  const names = Object.keys(columns);
  const found = [];
  for (let row = 0; row < table.rows; row += 1) {
    if (tests.every(([name, test]) => test(cell(columns[name], row)))) {
      found.push(inLanguage(names, (name) => cell(columns[name], row)));
    }
  }
  const rows = merged.length ? addedUp(card, table, found, merged) : found;
  rows.forEach((row) => workedOut(card, row));
  return sorted(rows, card.sort || []);
}

// A row, its names in the reader's language where the table has both.
function inLanguage(names, valueOf) {
  const row = {};
  for (const name of names) {
    if (name.endsWith("_zh") && names.includes(name.slice(0, -3))) continue;
    const isChinese = state.lang === "zh" && names.includes(`${name}_zh`);
    row[name] = (isChinese && valueOf(`${name}_zh`)) || valueOf(name);
  }
  return row;
}

// Adds rows up over dimensions that are at "all". What cannot be added is not there.
function addedUp(card, table, rows, merged) {
  const names = Object.keys(rows[0] || {}).filter((name) => !merged.includes(name));
  const sums = new Set(card.sums || []);
  const keys = names.filter((name) => !sums.has(name) && !isNumeric(table, name));
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((name) => row[name]));
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { ...row });
      continue;
    }
    for (const name of names) {
      if (sums.has(name)) group[name] = added(group[name], row[name]);
      else if (!keys.includes(name)) group[name] = null;
    }
  }
  return [...groups.values()].map((group) => {
    merged.forEach((name) => delete group[name]);
    return group;
  });
}

function isNumeric(table, name) {
  const column = table.columns[name];
  return !column.texts && column.values.some((value) => typeof value === "number");
}

function added(one, other) {
  if (isMissing(one)) return other;
  return isMissing(other) ? one : Math.round((one + other) * 1e6) / 1e6;
}

function workedOut(card, row) {
  for (const [name, [part, whole]] of Object.entries(card.ratios || {})) {
    const known = !isMissing(row[part]) && row[whole] > 0;
    row[name] = known ? row[part] / row[whole] : null;
    const ends = known ? wilson(row[part], row[whole]) : [null, null];
    [row[`${name}_low`], row[`${name}_high`]] = ends;
  }
}

// Wilson's 95 % interval of a share; of amounts and the like there is none.
function wilson(part, whole) {
  if (!Number.isInteger(part) || !Number.isInteger(whole)) return [null, null];
  if (part < 0 || part > whole) return [null, null];
  const z = 1.959964;
  const share = part / whole;
  const middle = (share + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const half = (z / (1 + (z * z) / whole))
    * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function sorted(rows, by) {
  if (!by.length) return rows;
  return rows.toSorted((one, other) => {
    for (const name of by) {
      const field = name.replace(/^-/, "");
      const found = compared(one[field], other[field], name.startsWith("-"));
      if (found) return found;
    }
    return 0;
  });
}

// Missing comes last, whichever way.
function compared(one, other, isDown) {
  if (isMissing(one) || isMissing(other)) return isMissing(one) - isMissing(other);
  const found = typeof one === "string"
    ? intl(Intl.Collator, { numeric: true }).compare(one, other) : one - other;
  return isDown ? -found : found;
}

// What a card that has amounts can be shown in: the currency of most rows first.
function currencies(card, rows) {
  if (!card.currency) return [];
  const counts = new Map();
  for (const row of rows) {
    const code = row[card.currency];
    if (code) counts.set(code, (counts.get(code) || 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([code]) => code);
}

// The filters that are set and do not change a card.
function notCutBy(card) {
  return Object.entries(DIMENSIONS)
    .filter(([name, filter]) => state[filter] !== "all" && !(card.cut_by || {})[name])
    .map(([, filter]) => word(filter));
}
