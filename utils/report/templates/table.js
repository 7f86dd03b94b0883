// Tables: search and order over all rows; without this script the first rows are there.
const FEWEST_TO_SEARCH = 8;
const MOST_FOUND = 100;
const FIRST_ON_NARROW = 5; // cards or lines
const MOST_IN_GROUP = 4; // columns under one head; more are folded
const NARROW = matchMedia("screen and (max-width: 600px)");
const alphabet = new Intl.Collator("en", { numeric: true });
const tables = new Map();

// The cells' texts of all rows as a reader sees them, in the order of the notebook.
async function rowsOf(table) {
  const state = tables.get(table);
  await load(state);
  return state.entries.map(({ row }) => textsOf(row));
}

// The heads of the columns, in the order of the cells.
function headsOf(table) {
  const [above, below] = table.tHead.rows;
  const members = [...(below?.cells ?? [])];
  const under = head => (head.scope === "colgroup" ? members.splice(0, head.colSpan) : head);
  return [...above.cells].flatMap(under);
}

function textsOf(row) {
  return [...row.cells].map(textOfCell);
}

function textOfCell(cell) {
  const items = [...cell.querySelectorAll("li")];
  return items.length ? items.map(item => item.textContent).join("; ") : cell.textContent;
}

// The text of a line is searched as it is read, across its cells.
function entryOf(row) {
  const line = [...row.querySelectorAll(".left, .node, .right")].map(textOfCell).join("");
  return { row, text: inOneSpacing([...textsOf(row), line].join(" | ")) };
}

function inOneSpacing(text) {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

function load(state) {
  state.loading ??= unpackRows(state.packed).then(rows => {
    state.entries = state.entries.concat(rows.map(entryOf));
    state.ordered = state.entries;
  });
  return state.loading;
}

async function unpackRows(packed) {
  if (!packed) return [];
  const bytes = Uint8Array.from(atob(packed.textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parsed = document.createElement("template");
  parsed.innerHTML = await new Response(stream).text();
  return [...parsed.content.children];
}

function draw(state) {
  const found = state.ordered.filter(entry => entry.text.includes(state.wanted));
  const most = state.wanted ? Math.max(state.shown, MOST_FOUND) : state.shown;
  const rows = found.slice(0, most).map(entry => entry.row);
  if (state.isConcordance) rows.forEach(addOpener);
  rows.forEach(row => markFolded(state, row));
  state.body.replaceChildren(...rows);
  state.count.textContent = state.wanted
    ? describeFound(state, found.length, rows.length)
    : describeShown(state, rows.length);
  state.count.parentElement.classList.toggle("cut", rows.length < state.total);
  drawMore(state, state.wanted ? found.length : state.here, rows.length);
}

function describeFound(state, found, shown) {
  const rest = shown < found ? `; the first ${inDigits(shown)} are shown` : "";
  const have = found === 1 ? "has" : "have";
  return `${inDigits(found)} of ${state.searched} ${have} “${state.wanted}”${rest}${state.said}`;
}

function describeShown(state, shown) {
  const total = inDigits(state.total);
  const isCut = shown < state.total;
  const every = state.total === 1 ? "1 row" : `All ${total} rows`;
  return (isCut ? `Rows 1 to ${inDigits(shown)} of ${total}` : every) + state.said;
}

function drawMore(state, found, shown) {
  if (!state.more) return;
  const isCut = shown < found;
  state.more.hidden = !isCut && shown <= state.first;
  state.more.textContent = isCut ? `Show all ${inDigits(found)} rows` : "Show fewer rows";
}

function inDigits(number) {
  return number.toLocaleString("en");
}

function makeButton(state, text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", act);
  state.count.parentElement.append(button);
  return button;
}

function addSearch(state) {
  const label = document.createElement("label");
  state.field = document.createElement("input");
  state.field.type = "search";
  label.append(`Search ${state.searched}: `, state.field);
  state.count.after(label);
  state.field.addEventListener("input", async () => {
    await load(state);
    state.wanted = inOneSpacing(state.field.value);
    draw(state);
  });
}

function addMore(state) {
  state.more = makeButton(state, "", async () => {
    await load(state);
    state.shown = state.shown > state.first ? state.first : state.entries.length;
    draw(state);
  });
}

function addOrder(state) {
  headsOf(state.table).forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => changeOrder(state, head, place));
  });
}

// A click sorts from the lowest, a second from the highest, a third restores the first order.
async function changeOrder(state, head, place) {
  await load(state);
  const next = { ascending: "descending", descending: "" }[head.ariaSort] ?? "ascending";
  headsOf(state.table).forEach(other => other.removeAttribute("aria-sort"));
  state.ordered = next ? sorted(state.entries, place, head.dataset.key, next) : state.entries;
  const name = head.querySelector("button").firstChild.textContent.trim();
  state.said = next ? `, sorted by ${name}, ${next}` : ", in the original order";
  if (next) head.setAttribute("aria-sort", next);
  state.original ??= makeButton(state, "Original order", () => restoreOrder(state));
  draw(state);
}

function restoreOrder(state) {
  headsOf(state.table).forEach(head => head.removeAttribute("aria-sort"));
  state.ordered = state.entries;
  state.said = ", in the original order";
  draw(state);
}

// Blank cells come last in either direction.
function sorted(entries, place, column, direction) {
  const keyed = entries.map(entry => ({ entry, key: keyOf(entry.row.cells[place], column) }));
  const filled = keyed.filter(({ key }) => key !== "" && !Number.isNaN(key));
  const blank = keyed.filter(({ key }) => key === "" || Number.isNaN(key));
  filled.sort((a, b) => (direction === "descending" ? -1 : 1) * compareKeys(a.key, b.key));
  return [...filled, ...blank].map(({ entry }) => entry);
}

function keyOf(cell, column) {
  const text = textOfCell(cell).trim();
  if (!cell.classList.contains("n")) return text;
  if (text === "title") return 0;
  if (text === "no bound") return column.includes("low") ? -Infinity : Infinity;
  return parseFloat(text.replace(/[,<>+]/g, ""));
}

function compareKeys(a, b) {
  if (typeof a === "string") return alphabet.compare(a, b);
  return a === b ? 0 : a - b;
}

// The node of a concordance line opens the whole sentence.
function addOpener(row) {
  const node = row.querySelector("th.node");
  if (node.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.append(...node.childNodes);
  node.append(button);
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", row.classList.toggle("whole"));
  });
}

function addWhole(state) {
  const button = makeButton(state, "Show whole sentences", () => {
    button.setAttribute("aria-pressed", state.table.classList.toggle("whole"));
  });
  button.className = "opens-lines";
  button.setAttribute("aria-pressed", "false");
}

// Columns under one head, if they are many: their places among the cells of a row.
function foldedPlaces(table) {
  const group = [...table.tHead.rows[0].cells].findIndex(head => head.colSpan > MOST_IN_GROUP);
  if (group < 0) return [];
  const before = [...table.tHead.rows[0].cells].slice(0, group);
  const first = before.reduce((sum, head) => sum + head.colSpan, 0);
  const head = table.tHead.rows[0].cells[group];
  head.classList.add("folding");
  return Array.from({ length: head.colSpan }, (_, place) => first + place);
}

function markFolded(state, row) {
  state.folded.forEach(place => row.cells[place].classList.add("folding"));
}

function addUnfolding(state) {
  const heads = headsOf(state.table);
  state.folded.forEach(place => heads[place].classList.add("folding"));
  state.table.classList.add("brief");
  const note = document.createElement("p");
  note.className = "note on-paper";
  note.textContent = `Not printed: ${state.table.querySelector("thead .folding").textContent}.`;
  state.table.parentElement.after(note);
  const button = makeButton(state, "Show all columns", () => {
    button.setAttribute("aria-pressed", !state.table.classList.toggle("brief"));
  });
  button.setAttribute("aria-pressed", "false");
}

function setUp(table) {
  const { rows, here, name } = table.dataset;
  const body = table.tBodies[0];
  const entries = [...body.rows].map(entryOf);
  const grid = table.closest(".grid");
  const first = rowsAtFirst(table, entries.length);
  const state = {
    table, body, name, entries, first,
    ordered: entries,
    shown: first,
    total: Number(rows),
    here: Number(here),
    searched: `${here < Number(rows) ? "the first " : ""}${inDigits(Number(here))} rows`,
    packed: grid.querySelector("script"),
    count: grid.querySelector(".count"),
    folded: foldedPlaces(table),
    isConcordance: table.classList.contains("lines"),
    wanted: "",
    said: "",
  };
  tables.set(table, state);
  grid.querySelector(".addresses")?.remove();
  if (state.here >= FEWEST_TO_SEARCH) addSearch(state);
  if (state.here > first) addMore(state);
  if (state.isConcordance) addWhole(state);
  if (state.folded.length) addUnfolding(state);
  if (state.here > 1) addOrder(state);
  draw(state);
}

function rowsAtFirst(table, there) {
  const isTall = table.matches(".cards, .lines") && there > FIRST_ON_NARROW + 2;
  return NARROW.matches && isTall ? FIRST_ON_NARROW : there;
}

function reveal(state, number) {
  state.shown = Math.max(state.first, number);
  state.wanted = "";
  if (state.field) state.field.value = "";
  restoreOrder(state);
}

function addressedHere() {
  try {
    return decodeURIComponent(location.hash);
  } catch {
    return location.hash;
  }
}

// An address that ends in the name of a table and a number leads to that row, shown or not.
async function arriveAtRow() {
  const [, name, number] = addressedHere().match(/^#(.+)-(\d+)$/) ?? [];
  const state = [...tables.values()].find(one => one.name === name && number <= one.here);
  if (!state || number < 1) return;
  await load(state);
  const { row } = state.entries[number - 1];
  if (!row.isConnected) reveal(state, Number(number));
  const folded = row.closest("details");
  if (folded) folded.open = true;
  document.querySelectorAll("tr.arrived").forEach(other => other.classList.remove("arrived"));
  row.classList.add("arrived");
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "center" });
}

document.querySelectorAll("table[data-name]").forEach(setUp);
addEventListener("hashchange", arriveAtRow);
arriveAtRow();
