// Numbers, dates and codes as readers of the language write them.
const LOCALES = { en: "en-GB", zh: "zh-CN" };
const made = new Map();

function intl(kind, options) {
  const key = `${kind.name}${state.lang}${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new kind(LOCALES[state.lang], options));
  return made.get(key);
}

function decimals(value, most, options) {
  return intl(Intl.NumberFormat, { maximumFractionDigits: most, ...options })
    .format(value).replace("-", "−");
}

const ENDINGS = [
  [/_(share|rate)(_low|_high)?$/, "share"],
  [/_(count|quantity|units|orders)(_low|_high)?$/, "count"],
  [/_days(_low|_high)?$/, "days"], [/_hours(_low|_high)?$/, "hours"],
  [/_minutes$/, "minutes"], [/_amount$/, "amount"], [/month_start_date$/, "month"],
  [/_(date|at)$|^date$/, "date"], [/(^|_)score(_low|_high)?$/, "score"],
  [/^points_|_points$|score_change$/, "points"], [/^(is|has)_/, "flag"],
];
const FREE = /^(sku|asin|fnsku|seller_id|.*_(id|key|text|comment|rma_id))$/;

// Units that the tables name themselves.
const UNITS = { money: "amount", units: "count", ratio: "number", "per return": "number" };

function formatOf(card, field, row) {
  const said = card.formats && card.formats[field];
  if (said && said[0] !== "@") return said;
  if (said) {
    const unit = row ? row[said.slice(1)] : "number";
    return UNITS[unit] || unit || "number";
  }
  const found = ENDINGS.find(([ending]) => ending.test(field));
  if (found) return found[1];
  return FREE.test(field) ? "text" : "code";
}

function isMissing(value) {
  return value === null || value === undefined || Number.isNaN(value);
}

// A value as text; missing is said in words, never as zero.
function shown(value, format, about) {
  if (isMissing(value)) return word("no_data");
  if (typeof value === "boolean" || format === "flag") return word(value ? "yes" : "no");
  if (typeof value !== "number") return shownText(value, format, about);
  if (format === "share" || format === "rate") return shownShare(value);
  if (format === "count") return decimals(value, 0);
  if (format === "score") return decimals(value, 1, { minimumFractionDigits: 1 });
  if (format === "points") {
    return decimals(value, 1, { minimumFractionDigits: 1, signDisplay: "exceptZero" });
  }
  if (format === "amount") return shownAmount(value, about && about.currency);
  return decimals(value, Math.abs(value) < 10 ? 2 : 1);
}

// One decimal, so that a column reads down; what is there is not told as nothing.
function shownShare(value) {
  const options = { style: "percent", minimumFractionDigits: 1 };
  const isTiny = value !== 0 && Math.abs(value) < 0.0005;
  return isTiny ? (value < 0 ? `> ${decimals(-0.001, 1, options)}`
    : `< ${decimals(0.001, 1, options)}`) : decimals(value, 1, options);
}

function shownAmount(value, currency) {
  const most = Math.abs(value) >= 1000 ? 0 : 2;
  const options = { minimumFractionDigits: most };
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return decimals(value, most, options);
  return decimals(value, most, {
    ...options, style: "currency", currency, currencyDisplay: "code",
  });
}

function shownText(value, format, about) {
  if (format === "month") return shownMonth(value);
  if (/^\d{4}-\d\d-\d\d(T[\d:]+Z)?$/.test(value)) return shownDate(value);
  return format === "text" ? value : label(value, about && about.field);
}

function shownMonth(month) {
  return intl(Intl.DateTimeFormat, { year: "numeric", month: "short", timeZone: "UTC" })
    .format(new Date(`${month.slice(0, 10)}T00:00:00Z`));
}

function axisMonth(month) {
  return intl(Intl.DateTimeFormat, { year: "2-digit", month: "short", timeZone: "UTC" })
    .format(new Date(`${month.slice(0, 10)}T00:00:00Z`));
}

function shownDate(text) {
  const hasTime = text.length > 10;
  const options = { dateStyle: "medium", timeZone: "UTC" };
  if (hasTime) options.timeStyle = "short";
  const time = new Date(hasTime ? text : `${text}T00:00:00Z`);
  return intl(Intl.DateTimeFormat, options).format(time) + (hasTime ? " UTC" : "");
}

// A value with its unit, where it stands alone.
function withUnit(value, format, about) {
  const text = shown(value, format, about);
  const unit = shell.words.units[format];
  if (isMissing(value) || !unit) return text;
  return filled(unit[state.lang === "zh" ? 1 : 0], { value: text });
}

// A page's own word for it, else the word that all pages use.
function labelled(key) {
  const page = shell.pages.find((one) => one.name === state.page);
  const own = page && page.labels;
  if (own && Object.hasOwn(own, key)) return own[key];
  return Object.hasOwn(shell.labels, key) ? shell.labels[key] : null;
}

// The words for a code or a column: those of this column first.
function label(value, field) {
  const found = (field && labelled(`${field}=${value}`)) || labelled(value);
  if (found) return told(found);
  return /^[a-z0-9]+(_[a-z0-9]+)+$/.test(value) ? value.replaceAll("_", " ") : value;
}

function heading(field) {
  const end = field.match(/^(.*)_(low|high)$/);
  if (end && !labelled(field)) {
    return word(`${end[2]}_end`, { name: heading(end[1]) });
  }
  return label(field);
}
