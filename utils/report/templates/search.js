// The page that is asked: a query is found as it is typed, and has an address of its own.
const ARTICLES = JSON.parse(document.getElementById("articles").textContent);
const PLACES = { left: ["L1", "L2", "L3"], right: ["R1", "R2", "R3"] };
const FIRST = 50;
const MOST_COUNTS = 20;
const PAUSE = 150;
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/gu;
const byId = id => document.getElementById(id);
const field = byId("query");
const state = { index: null, matches: null, order: null, shown: FIRST };
const indexes = new Map();

const number = value => value.toLocaleString("en");
const times = count => (count === 1 ? "once" : count === 2 ? "twice" : `${number(count)} times`);

// Characters that are not seen, or turn the direction of reading, made visible.
const visible = text =>
  text.replace(UNSEEN, char => {
    const code = char.codePointAt(0);
    const hex = code.toString(16).toUpperCase().padStart(4, "0");
    return code < 32 ? String.fromCharCode(0x2400 + code) : `⟨U+${hex}⟩`;
  });

const element = (name, content, attributes = {}) => {
  const made = document.createElement(name);
  made.append(...[content].flat());
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

const indexOf = language => {
  if (!indexes.has(language)) {
    const block = document.querySelector(`script[data-language="${language}"]`);
    indexes.set(language, unpacked(block.textContent).then(data => new TokenIndex(data)));
  }
  return indexes.get(language);
};

const languages = () => [...byId("language").options].map(option => option.value);

// The language that an address names, else the first one in which the query is found.
const languageFor = async (query, named) => {
  if (languages().includes(named)) return named;
  for (const language of languages()) {
    const index = await indexOf(language);
    if (index.find(query).first.length) return language;
  }
  return languages()[0];
};

const addressed = () => {
  const address = new URLSearchParams({ q: field.value });
  if (byId("sort").value) address.set("sort", byId("sort").value);
  if (byId("by").selectedIndex > 0) address.set("by", byId("by").value);
  if (languages().length > 1) address.set("l", byId("language").value);
  return `#${address}`;
};

const arrive = async () => {
  const address = new URLSearchParams(location.hash.slice(1));
  field.value = address.get("q") ?? "";
  byId("sort").value = address.get("sort") in PLACES ? address.get("sort") : "";
  byId("by").value = address.get("by") ?? "";
  if (byId("by").selectedIndex < 0) byId("by").selectedIndex = 0;
  try {
    if (field.value) byId("language").value = await languageFor(field.value, address.get("l"));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
  }
  await answer();
};

const answer = async () => {
  const query = field.value;
  const index = await indexOf(byId("language").value);
  if (query !== field.value) return;
  byId("found").hidden = true;
  try {
    state.matches = query.trim() ? index.find(query) : null;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    state.matches = null;
    byId("said").textContent = error.message;
    return;
  }
  state.index = index;
  state.shown = FIRST;
  byId("said").textContent = state.matches ? describe() : "";
  document.querySelector(".help").open = !state.matches;
  document.title = query ? `${visible(query)}: search` : "Search the articles";
  if (!state.matches?.first.length) return;
  byId("found").hidden = false;
  state.order = index.order(state.matches, PLACES[byId("sort").value] ?? []);
  showCounts();
  showLines();
};

// Matches in the bodies by article, and those in titles, which are shown and not counted.
const counted = () => {
  const { index, matches } = state;
  const byDoc = new Int32Array(index.docs.length);
  let titles = 0;
  for (const row of matches.first) {
    const isTitle = index.numberOf(row) === 0;
    titles += isTitle;
    byDoc[index.docOf(row)] += !isTitle;
  }
  return { byDoc, titles };
};

const sum = numbers => numbers.reduce((total, one) => total + one, 0);
const rate = (count, size) => ((count / Math.max(size, 1)) * 10000).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",");

const describe = () => {
  const { byDoc, titles } = counted();
  const count = sum(byDoc);
  const articles = byDoc.filter(Boolean).length;
  const inTitles = titles ? `; also ${times(titles)} in titles, which are not counted` : "";
  if (!count) return titles ? `Found ${times(titles)} in titles, and in no text.` : "Not found in any article.";
  const part = `${number(articles)} of ${number(byDoc.length)} article${byDoc.length === 1 ? "" : "s"}`;
  return `Found ${times(count)} in ${part}, ${rate(count, sum(state.index.sizes))} per 10,000 tokens${inTitles}.`;
};

const groups = () => {
  const { index } = state;
  const column = byId("by").value;
  const { byDoc } = counted();
  const rows = new Map();
  index.docs.forEach((doc, place) => {
    const name = column ? ARTICLES[doc].groups[column] || "(blank)" : doc;
    const row = rows.get(name) ?? { name, count: 0, size: 0 };
    row.count += byDoc[place];
    row.size += index.sizes[place];
    rows.set(name, row);
  });
  return [...rows.values()];
};

const showCounts = () => {
  const column = byId("by").value;
  const all = groups();
  const most = [...all].sort((a, b) => b.count - a.count).slice(0, MOST_COUNTS);
  const shown = all.length > MOST_COUNTS ? most : all;
  const rest = shown.length < all.length ? `, the ${MOST_COUNTS} with most of ${number(all.length)}` : "";
  byId("counted-by").textContent = `Counts by ${column || "article"}${rest}, without titles.`;
  const heads = [column || "article", "times", "tokens", "per 10,000 tokens"];
  const head = element("tr", heads.map((text, place) => element("th", text, { scope: "col", class: place ? "n" : "" })));
  const rows = shown.map(({ name, count, size }) => {
    const label = column ? visible(name) : linkTo(name, null, visible(ARTICLES[name].name));
    const cells = [count, size].map(value => element("td", number(value), { class: "n" }));
    return element("tr", [element("th", label, { scope: "row", class: "t" }), ...cells, element("td", rate(count, size), { class: "n" })]);
  });
  byId("counts").replaceChildren(element("thead", head), element("tbody", rows));
};

const linkTo = (doc, sentence, text) => {
  if (!ARTICLES[doc].link) return text;
  const place = sentence === null ? "" : `#s${sentence}`;
  const href = ARTICLES[doc].link.split("/").map(encodeURIComponent).join("/") + place;
  return element("a", text, /\p{Script=Han}/u.test(text) ? { href, lang: "zh" } : { href });
};

const showLines = () => {
  const { index, matches, order, shown } = state;
  const language = byId("language").value;
  const rows = [...order.subarray(0, shown)].map(match => rowOf(index.line(matches.first[match], matches.last[match])));
  const body = byId("lines").tBodies[0];
  body.replaceChildren(...rows);
  body.querySelectorAll(".left, .node, .right").forEach(cell => cell.lang = language);
  const all = matches.first.length;
  byId("shown").textContent = shown < all ? `Lines 1 to ${number(shown)} of ${number(all)}` : `${number(all)} line${all === 1 ? "" : "s"}`;
  byId("more").hidden = shown >= all;
};

const rowOf = line => {
  const doc = state.index.docs[line.doc];
  const name = visible(ARTICLES[doc].name);
  const place = line.sentence ? `${name} ${line.sentence}` : `${name}, title`;
  return element("tr", [
    element("td", element("bdi", visible(line.left)), { class: "left" }),
    element("th", visible(line.node), { scope: "row", class: "node" }),
    element("td", visible(line.right), { class: "right" }),
    element("td", linkTo(doc, line.sentence, place), { class: "t" }),
  ]);
};

// As in the report's other tables: what a spreadsheet would run gets an apostrophe in front.
const csvCell = value => {
  const text = String(value);
  const safe = /^(?:[\s\p{C}]*[=+@-]|[\t\r\n])/u.test(text.normalize("NFKC")) && typeof value === "string" ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const save = () => {
  const { index, matches, order } = state;
  const rows = [["line_id", "doc_id", "sentence", "left", "node", "right", "start", "end"]];
  for (const match of order) {
    const line = index.line(matches.first[match], matches.last[match]);
    rows.push([line.id, index.docs[line.doc], line.sentence, line.left, line.node, line.right, line.start, line.end]);
  }
  const text = rows.map(row => `${row.map(csvCell).join(",")}\r\n`).join("");
  const link = element("a", "", { download: "lines.csv", href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const keepAddress = () => {
  if (addressed() !== location.hash) location.hash = addressed();
};

const setUp = () => {
  const columns = Object.keys(Object.values(ARTICLES)[0]?.groups ?? {});
  byId("by").append(new Option("article", ""), ...columns.map(column => new Option(column, column)));
  byId("ask").hidden = false;
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(answer, PAUSE);
  });
  ["query", "sort", "by", "language"].forEach(id => byId(id).addEventListener("change", keepAddress));
  byId("more").addEventListener("click", () => {
    state.shown += FIRST;
    showLines();
  });
  byId("whole").addEventListener("click", ({ target }) => {
    target.setAttribute("aria-pressed", byId("lines").classList.toggle("whole"));
  });
  byId("save").addEventListener("click", save);
  addEventListener("hashchange", arrive);
  arrive();
};

setUp();
