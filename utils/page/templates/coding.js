// Coding in a reading page: chosen words become rows of centres.csv. Nothing leaves the page.
const codingPanel = document.getElementById("coding");
if (codingPanel) {
  const COLUMNS = "centre attribute value about doc_id quote note side hedge coder".split(" ");
  const NOT_STATED = "not stated";
  // White space and quotation marks may differ between a quotation and the text, as in the gate.
  const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const GAP = `[${SPACE}"“”„'‘’«»]+`;
  const WORD = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+|\S/gu;
  // What a spreadsheet would run as a formula.
  const FORMULA = /^[\s\p{C}]*[=+@-]|^[\t\r\n]/u;
  const PAUSE = 250; // milliseconds without a change, after which a selection is made
  const form = codingPanel.querySelector("form");
  const fields = form.elements;
  const texts = new Map([...document.querySelectorAll("[data-doc]")].map(one => [one.dataset.doc, readText(one)]));
  const store = `coding ${location.pathname} ${[...texts.keys()].join(" ")}`;
  const rows = recall(store, []);
  let chosen = null; // the unit that the quotation is from
  let edited = null; // the row that is changed
  let pen = null; // the button that chose the sentence
  let offered = ""; // the article whose centre was filled in
  let seen = ""; // the selection that was last taken

  const byId = name => document.getElementById(`coding-${name}`);
  const say = text => { byId("said").textContent = text; };
  const plain = text => text.replace(new RegExp(`[${SPACE}]+`, "gu"), " ").trim();
  const docOf = unit => unit.closest("[data-doc]").dataset.doc;
  const nameOf = unit => unit.dataset.unit;
  const sentenceOf = unit => unit.id; // to the gate all lines outside the body are alike
  const capital = text => text[0].toUpperCase() + text.slice(1);

  function recall(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  function remember(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      say("This browser keeps the rows only while the page is open: download them before you close it.");
    }
  }

  function readText(element) {
    const units = [...element.querySelectorAll("[data-unit]")];
    const starts = [];
    let whole = "";
    for (const unit of units) {
      starts.push(whole.length);
      whole += `${unit.textContent}\n`;
    }
    return {element, units, starts, whole};
  }

  // The unit of every place where a quotation stands; null where it exceeds a sentence.
  function placesOf(doc, quote) {
    const {units, starts, whole} = texts.get(doc);
    const words = quote.split(new RegExp(GAP, "u")).filter(Boolean);
    if (!words.length) {
      return [];
    }
    const pattern = words.map(word => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join(GAP);
    return [...whole.matchAll(new RegExp(pattern, "gu"))].map(match => {
      const place = starts.findLastIndex(start => start <= match.index);
      const end = match.index + match[0].length;
      return end <= starts[place] + units[place].textContent.length ? units[place] : null;
    });
  }

  function standsOnlyIn(unit, quote) {
    const places = placesOf(docOf(unit), quote);
    return places.length > 0 && places.every(place => place && sentenceOf(place) === sentenceOf(unit));
  }

  // Whole words of a unit as asked for, and the shortest piece with them that is in no other unit.
  function pieceOf(unit, from, to) {
    const text = unit.textContent;
    const words = [...text.matchAll(WORD)];
    const first = words.findIndex(word => word.index + word[0].length > from);
    const last = words.findLastIndex(word => word.index < to);
    if (first < 0 || last < first) {
      return null;
    }
    const after = words.length - 1 - last;
    const piece = (left, right) => {
      const end = words[last + right];
      return text.slice(words[first - left].index, end.index + end[0].length);
    };
    const asked = piece(0, 0);
    if (!standsOnlyIn(unit, text)) {
      return {asked, quote: ""};
    }
    for (let more = 0; more <= first + after; more += 1) {
      for (let left = Math.max(0, more - after); left <= Math.min(more, first); left += 1) {
        const quote = piece(left, more - left);
        if (standsOnlyIn(unit, quote)) {
          return {asked, quote};
        }
      }
    }
    return {asked, quote: text};
  }

  function choose(unit, from, to, told = "") {
    const piece = pieceOf(unit, from, to);
    if (!piece) {
      return;
    }
    mark(unit);
    offerCentre(docOf(unit));
    fields.value.value = plain(piece.asked);
    fields.quote.value = plain(piece.quote);
    say(told + describe(unit, piece));
  }

  function offerCentre(doc) {
    if (doc !== offered) {
      offered = doc;
      fields.centre.value = texts.get(doc).element.dataset.centre || fields.centre.value;
    }
  }

  function describe(unit, {asked, quote}) {
    if (!quote) {
      return `${capital(nameOf(unit))} is in the text more than once, so no quotation tells which is meant. It cannot be coded.`;
    }
    if (asked !== quote) {
      return `These words are in several places, so the quotation was widened to words that only ${nameOf(unit)} has.`;
    }
    return `The quotation is from ${nameOf(unit)}.`;
  }

  function mark(unit) {
    chosen?.classList.remove("chosen");
    chosen = unit;
    chosen?.classList.add("chosen");
  }

  // The part of a unit that is selected, as offsets in its text.
  function selectedPart(range, unit) {
    const text = unit.firstChild;
    const from = range.startContainer === text ? range.startOffset : 0;
    const to = range.endContainer === text ? range.endOffset : text.length;
    return {unit, from, to, words: text.data.slice(from, to).trim()};
  }

  function takeSelection() {
    const selection = getSelection();
    if (codingPanel.hidden || selection.isCollapsed || selection.toString() === seen) {
      return;
    }
    const range = selection.getRangeAt(0);
    const units = [...texts.values()].flatMap(text => text.units);
    const touched = units.filter(unit => range.intersectsNode(unit.firstChild));
    const parts = touched.map(unit => selectedPart(range, unit)).filter(part => part.words);
    if (!parts.length) {
      return;
    }
    seen = selection.toString();
    pen = null;
    const [{unit, from, to}] = parts;
    const told = parts.length > 1 ? "A quotation stays within one sentence, so the selection was cut. " : "";
    choose(unit, from, to, told);
  }

  function wordsIn(text) {
    return text.toLowerCase().match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}&])+/gu) ?? [];
  }

  function readRow(doc) {
    const row = Object.fromEntries(COLUMNS.map(name => [name, fields[name]?.value.trim() ?? ""]));
    return {...row, doc_id: doc, unseen: Boolean(chosen?.hasAttribute("data-unseen"))};
  }

  // Why the gate would refuse a row; empty where it would not.
  function problemOf(row) {
    if (row.value === NOT_STATED) {
      return row.quote ? `“${NOT_STATED}” goes without a quotation; empty one of the two.` : "";
    }
    if (!chosen || !row.quote) {
      return "There is no quotation; select the words that state it.";
    }
    const places = placesOf(row.doc_id, row.quote);
    if (!places.length || places.includes(null)) {
      return "The quotation is not in one sentence of this article as it is written; select it again.";
    }
    if (new Set(places.map(sentenceOf)).size > 1) {
      return "The quotation is in several sentences; quote more of the one meant.";
    }
    return lackingIn(row);
  }

  // Where the note says that words are left out, they may be those of the sentence, but no numbers.
  function lackingIn(row) {
    const quoted = wordsIn(row.quote);
    const around = row.note.includes("left out") ? wordsIn(chosen.textContent) : quoted;
    const lacking = wordsIn(row.value).filter(word => !(/^\d+$/.test(word) ? quoted : around).includes(word));
    if (!lacking.length) {
      return "";
    }
    return `The quotation lacks words of the value: ${lacking.join(" ")}. Correct the value, quote more, or write “words are left out” in the note.`;
  }

  function addRow(event) {
    event.preventDefault();
    const row = readRow(chosen ? docOf(chosen) : (edited?.doc_id ?? onlyDoc()));
    const problem = problemOf(row) || (isListed(row) ? "This row is in the list already." : "");
    if (problem) {
      say(problem);
      return;
    }
    const place = edited ? rows.indexOf(edited) : rows.length;
    rows.splice(place, 1, row);
    say(`Row ${place + 1} is in the list.`);
    edited = null;
    fields.note.value = "";
    fields.hedge.value = "";
    remember("coding coder", row.coder);
    showRows();
    pen?.focus();
  }

  const isListed = row => rows.some(other => other !== edited && lineOf(other) === lineOf(row));
  const onlyDoc = () => [...texts.keys()][0];

  function codeSilence() {
    if (!chosen && texts.size > 1) {
      say("Choose any sentence of the article that is meant first.");
      return;
    }
    const doc = chosen ? docOf(chosen) : onlyDoc();
    fields.quote.value = "";
    fields.value.value = NOT_STATED;
    say(`The row will say that the article ${doc} does not state the attribute.`);
  }

  // Characters that the page shows by a mark are themselves again.
  function original(text) {
    const named = text.replace(/⟨U\+([0-9A-F]{4,6})⟩/g, (mark, code) => String.fromCodePoint(parseInt(code, 16)));
    return named.replace(/[\u2400-\u241f]/g, mark => String.fromCharCode(mark.charCodeAt(0) - 0x2400));
  }

  function cellOf(value) {
    const safe = FORMULA.test(value.normalize("NFKC")) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function lineOf(row) {
    const told = row.unseen ? text => original(text) : text => text;
    return COLUMNS.map(name => cellOf(told(row[name]))).join(",");
  }

  const csvOf = some => [COLUMNS.join(","), ...some.map(lineOf)].join("\r\n") + "\r\n";

  function button(text, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  }

  function showRows() {
    remember(store, rows);
    byId("rows").replaceChildren(...rows.map(itemOf));
    byId("count").textContent = rows.length ? `Rows: ${rows.length}` : "No rows yet";
    byId("download").disabled = !rows.length;
    byId("copy").disabled = !rows.length;
  }

  function itemOf(row, place) {
    const item = document.createElement("li");
    const name = `row ${place + 1}`;
    const quote = row.quote ? ` (“${row.quote}”)` : "";
    item.append(
      `${row.attribute}: ${row.value}${quote} `,
      button("Edit", `Edit ${name}`, () => editRow(row)),
      " ",
      button("Copy", `Copy ${name}`, () => copy(`${lineOf(row)}\r\n`)),
      " ",
      button("Remove", `Remove ${name}`, () => removeRow(row)),
    );
    return item;
  }

  function editRow(row) {
    edited = row;
    offered = row.doc_id;
    mark(placesOf(row.doc_id, row.quote)[0] ?? null);
    for (const name of COLUMNS.filter(name => fields[name])) {
      fields[name].value = row[name];
    }
    form.querySelector("details").open = Boolean(row.side || row.hedge || row.note);
    showMeaning();
    say(`Row ${rows.indexOf(row) + 1} is changed when you press “Add the row”.`);
    fields.attribute.focus();
  }

  function removeRow(row) {
    rows.splice(rows.indexOf(row), 1);
    edited = null;
    showRows();
    say("The row was removed.");
    form.querySelector("button").focus();
  }

  async function copy(text) {
    const box = byId("by-hand");
    try {
      await navigator.clipboard.writeText(text);
      box.hidden = true;
      say("Copied.");
    } catch {
      box.hidden = false;
      box.value = text;
      box.select();
      say("The browser does not let a page copy. Copy the rows below by hand.");
    }
  }

  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csvOf(rows)], {type: "text/csv"}));
    link.download = texts.size === 1 ? `coding-${onlyDoc()}.csv` : "coding.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(`${link.download} has ${rows.length} ${rows.length === 1 ? "row" : "rows"}.`);
  }

  function showMeaning() {
    byId("meaning").textContent = fields.attribute.selectedOptions[0]?.title ?? "";
  }

  function addPens() {
    for (const unit of [...texts.values()].flatMap(text => text.units)) {
      const made = button("✎", `Code ${nameOf(unit)}`, () => {
        choose(unit, 0, unit.textContent.length);
        pen = made;
        fields.attribute.focus();
      });
      made.className = "pen";
      unit.before(made);
    }
  }

  function setCoding(on) {
    codingPanel.hidden = !on;
    document.body.classList.toggle("is-coding", on);
    document.getElementById("code")?.setAttribute("aria-expanded", on);
    if (on && !document.querySelector(".pen")) {
      addPens();
    }
    for (const one of document.querySelectorAll(".pen")) {
      one.hidden = !on;
    }
  }

  function stopCoding(event) {
    if (event.key === "Escape" && !codingPanel.hidden && switched) {
      event.stopPropagation();
      setCoding(false);
      mark(null);
      switched.focus();
    }
  }

  const switched = document.getElementById("code");
  let pause = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(takeSelection, PAUSE);
  });
  form.addEventListener("submit", addRow);
  fields.attribute.addEventListener("change", showMeaning);
  byId("not-stated").addEventListener("click", codeSilence);
  byId("download").addEventListener("click", download);
  byId("copy").addEventListener("click", () => copy(csvOf(rows)));
  fields.coder.value = recall("coding coder", "");
  if (texts.size === 1) {
    offerCentre(onlyDoc());
  }
  showRows();
  if (switched) {
    switched.hidden = false;
    switched.addEventListener("click", () => setCoding(codingPanel.hidden));
    // Taken before the way back is, which the same key opens.
    document.addEventListener("keydown", stopCoding, {capture: true});
  } else {
    setCoding(true);
  }
}
