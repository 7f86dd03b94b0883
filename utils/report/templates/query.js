// The query language of utils/search/queries.py, and the index that its queries are looked up in.
// Every answer is that of concordance() in Python; what cannot be answered the same is refused.
const RULES = JSON.parse(document.getElementById("rules").textContent);
const WORD = RULES.word;
const LONGEST = 2000;
const SECONDS = 2;
const MOST_REPEATS = 5;
const MOST_WAYS = 1e8;
const MOST_HEADS = 14;
const TOKEN = new RegExp(RULES.token.replace(/@(\w+);/g, (_, name) => RULES[name]), "gu");
const HAN_WORD = new RegExp(`^[${WORD}]*[${RULES.han}][${WORD}]*$`, "u");
const HIDDEN = new RegExp(`[${RULES.hidden}]+`, "gu");
const SHAPES = new RegExp(RULES.shapes, "gu");
const APOSTROPHES = new RegExp(`[${RULES.apostrophes}]`, "gu");
const HYPHENS = /[\u2010\u2011]/g;
const SPACES = /[\p{White_Space}\x1c-\x1f]+/u;
const ASCII = /^[\x00-\x7f]*$/;
const PART =
  /(?<bar>\|)|"(?<phrase>[^"]*)"|\/(?<regex>(?:\\[^\n]|[^\/\\])+)\/|(?<word>[^\p{White_Space}|"\/]+)|(?<open>["\/])/dgu;
const ESCAPE =
  /\\(?<kind>[dDwWsS])|\\(?<property>[pP]\{\^?[\w=]+\})|\\(?<code>x[\da-fA-F]{2}|u[\da-fA-F]{4})|\\(?<escaped>[^\p{L}\p{N}])|/u.source;
const SET_PART = new RegExp(`${ESCAPE}(?<plain>[^\\\\])`, "suy");
const REGEX_PART = new RegExp(
  ESCAPE +
    /\\(?<place>[bB])|(?<look>\(\?<?[=!])|(?<open>\((?:\?:|\?P?<[A-Za-z_]\w*>)?)(?!\?)|(?<close>\))|(?<repeat>(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})\??)(?![*+?{])|(?<sign>[|^$.])|(?<set>\[(?:\^\]|\^(?!\])|\]|(?![\]^]))(?:\\.|\[(?![:.=])|[^\\\[\]])*\])|(?<plain>[^\\()[{*+?]|\{(?!.*\}))/u.source,
  "suy",
);
const KINDS = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  s: "\\p{White_Space}",
  S: "\\P{White_Space}",
  w: WORD,
  b: `(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}])`,
  B: `(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}])`,
};

class QueryError extends Error {}

const plainForm = word =>
  word
    .replace(HIDDEN, "")
    .replace(SHAPES, shape => shape.normalize("NFKC"))
    .replace(APOSTROPHES, "'")
    .replace(HYPHENS, "-")
    .normalize("NFC");

const wordsOf = text => text.split(SPACES).filter(Boolean);

const escaped = text => text.replace(/[\^$\\.*+?()[\]{}|\/]/g, "\\$&");

// Python takes the dotless ı for a small I, and İ for a large one; JavaScript does not.
const anyCase = char => ({ I: "[Iı]", İ: "[İi]" })[char] || escaped(char);

const length = text => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const wrong = (query, place, what) => {
  const sign = place < query.length ? `“${String.fromCodePoint(query.codePointAt(place))}” ` : "";
  return new QueryError(`Character ${length(query.slice(0, place)) + 1}: ${sign}${what}.`);
};

// The alternatives of a query, each a sequence of patterns, one a token.
const parse = query => {
  const cased = query.startsWith("case:");
  const alternatives = [[]];
  PART.lastIndex = cased ? 5 : 0;
  for (let match = PART.exec(query); match; match = PART.exec(query)) {
    const last = alternatives[alternatives.length - 1];
    if (match.groups.open) throw wrong(query, match.index, "has no second mark to close it");
    if (!match.groups.bar) last.push(...patternsOf(query, match, cased));
    else if (last.length) alternatives.push([]);
    else throw wrong(query, match.index, "has nothing before it");
  }
  if (!alternatives[alternatives.length - 1].length) {
    throw wrong(query, query.length, "a word is missing here");
  }
  return { alternatives, cased };
};

const patternsOf = (query, match, cased) => {
  const kind = ["phrase", "regex", "word"].find(name => match.groups[name] !== undefined);
  const place = match.indices.groups[kind][0];
  const text = plainForm(match.groups[kind]);
  if (kind === "regex") return [regexPattern(query, place, text)];
  const patterns = wordsOf(text).flatMap(word => wordPatterns(word, cased));
  if (!patterns.length) throw wrong(query, place, "has no word in it");
  return patterns;
};

const wordPatterns = (word, cased) => {
  if (/[*?]/.test(word)) return [wildcardPattern(word)];
  const tokens = tokensOf(word).map(token => (cased ? token : token.toLowerCase()));
  if (!word.includes("|") || tokens.length < 2) return tokens.map(literalPattern);
  return [sourcePattern(tokens.map(escaped).join("|"), tokens.map(anyCaseOf).join("|"))];
};

const anyCaseOf = text => [...text].map(anyCase).join("");

const wildcardPattern = word => {
  const signs = { "*": ".*", "?": ".", "|": "|" };
  const chars = [...word];
  const source = chars.map(char => signs[char] || escaped(char)).join("");
  return sourcePattern(source, chars.map(char => signs[char] || anyCase(char)).join(""));
};

const literalPattern = word => {
  if (HAN_WORD.test(word)) return { key: `spelt ${word}`, spelt: word.toLowerCase() };
  return { key: `word ${word}`, term: word.toLowerCase(), word };
};

const sourcePattern = (source, anyCaseSource) => ({
  key: `regex ${source}`,
  terms: new RegExp(`^(?:${anyCaseSource})$`, "iu"),
  words: new RegExp(`^(?:${source})$`, "u"),
});

// A word is cut into tokens as the texts are; Chinese tokens that touch each other are one.
const tokensOf = word => {
  const stopped = `.${word.replaceAll("|", "|.")}`;
  const tokens = [];
  let end = 0;
  for (const match of stopped.matchAll(TOKEN)) {
    const joined = tokens[tokens.length - 1] + match[0];
    if (tokens.length && match.index === end && HAN_WORD.test(joined)) {
      tokens[tokens.length - 1] = joined;
    } else {
      tokens.push(match[0]);
    }
    end = match.index + match[0].length;
  }
  return tokens;
};

const regexPattern = (query, place, text) => {
  const plain = text.replace(/\\([^\n])/gu, "$1");
  const isPlain = pythonEscaped(plain.toLowerCase()) === text.toLowerCase();
  if (isPlain || HAN_WORD.test(text)) return literalPattern(plain);
  try {
    return { key: `regex ${text}`, ...translated(text) };
  } catch (error) {
    const refused = error instanceof QueryError;
    throw wrong(query, place, refused ? error.message : "is not a regular expression");
  }
};

const pythonEscaped = text => text.replace(/[()[\]{}?*+|^$\\.\-#&~\p{White_Space}]/gu, "\\$&");

// A regular expression of Python as one of JavaScript, for a capital or not; or a refusal.
const translated = text => {
  const anyCaseAlways = text.startsWith("(?i)");
  const parts = partsOf(anyCaseAlways ? text.slice(4) : text);
  const mayTest = limitOf(parts);
  const [source, anyCaseSource] = [escaped, anyCase].map(char => parts.map(part => pieceOf(part, char)).join(""));
  const terms = new RegExp(`^(?:${anyCaseSource})$`, "iu");
  new RegExp(anyCaseSource, "u");
  const words = anyCaseAlways ? terms : new RegExp(`^(?:${source})$`, "u");
  return { terms, words, mayTest };
};

const partsOf = text => {
  const parts = [];
  REGEX_PART.lastIndex = 0;
  while (REGEX_PART.lastIndex < text.length) {
    const place = REGEX_PART.lastIndex;
    const match = REGEX_PART.exec(text);
    if (!match && /^\[\^?.[^\]]*$/s.test(text.slice(place))) throw new SyntaxError("a set has no end");
    if (!match) throw refusal(text.slice(place, place + 4));
    parts.push({ ...match.groups, piece: match[0] });
  }
  return parts;
};

// Whether a term is safe to test: what repeats inside a repeat may be tried from each of its heads.
const limitOf = parts => {
  const groups = [newGroup()];
  const heads = new Set();
  let closed = null;
  let repeats = 0;
  for (const part of parts) {
    const group = groups[groups.length - 1];
    const varies = part.repeat && !/^\{(\d+)(,\1)?\}/.test(part.repeat);
    const isLoop = varies && part.repeat[0] !== "?";
    repeats += Number(isLoop);
    if (isLoop && closed?.varies) closed.heads.forEach(head => heads.add(head));
    if (varies && group.isHead && part.repeat[0] !== "+") group.heads.push(ANY);
    if (!part.repeat) addHead(group, part);
    closed = part.close && groups.length > 1 ? groups.pop() : null;
    if (closed) part.closesLook = closed.look;
    if (closed && !areApart(closed.heads)) closed.varies = true;
    if (varies || closed?.varies) groups.forEach(one => (one.varies = true));
    if (part.open || part.look) groups.push(newGroup(part.look));
  }
  const head = heads.size && new RegExp([...heads].join("|"), "giu");
  return term => isQuick(term.length, repeats) && (!head || (term.match(head) ?? []).length <= MOST_HEADS);
};

const ANY = "[^]";
const newGroup = look => ({ look, heads: [], isNew: true });
const areApart = heads => heads.length < 2 || (heads.every(head => head[0] !== "[") && new Set(heads).size === heads.length);

// With what the alternatives of a group begin.
const addHead = (group, part) => {
  if (part.close) return;
  group.isHead = group.isNew;
  const isSign = part.plain ?? part.escaped ?? part.kind ?? part.set;
  if (group.isNew) group.heads.push(isSign ? pieceOf(part, anyCase) : ANY);
  group.isNew = part.sign === "|";
};

const isQuick = (length, repeats) => {
  let ways = 1;
  for (let step = 0; step < repeats; step += 1) ways *= (length - step) / (step + 1);
  return repeats <= MOST_REPEATS || ways < MOST_WAYS;
};

const refusal = piece =>
  new QueryError(`begins a regular expression with “${piece}” in it, which this page cannot run as Python does`);

const nested = () =>
  new QueryError("This regular expression repeats so much that with a long word it may not end.");

const endless = () => new QueryError(`This query takes over ${SECONDS} seconds and may not end.`);

const pieceOf = (part, char) => {
  if (part.kind) return part.kind === "W" ? `[^${WORD}]` : `[${KINDS[part.kind]}]`;
  if (part.place) return `(?:${KINDS[part.place]})`;
  if (part.property) return `[${propertyOf(part.property, char)}]`;
  if (part.code) return char(charOf(part.code));
  if (part.escaped || part.plain) return char(part.escaped ?? part.plain);
  if (part.repeat) return part.piece.replace("{,", "{0,");
  if (part.set) return setOf(part.set, char);
  if (part.open) return "(?:";
  if (part.look) return `(?:${part.look}`;
  if (part.closesLook) return "))";
  return /[$^]/.test(part.sign) ? `(?:${part.sign})` : part.piece;
};

const charOf = code => String.fromCharCode(parseInt(code.slice(1), 16));

// Categories have one or two letters; of other names, those of scripts are known here.
const propertyOf = (property, char) => {
  const [, sign, not, name] = /(.)\{(\^?)(.*)\}/.exec(property);
  const kind = (sign === "P") !== Boolean(not) ? "P" : "p";
  if (char === anyCase && /^L[ult]$/.test(name)) return kind === "p" ? "\\p{LC}" : "\\P{LC}";
  const known = name.length < 3 ? name : `Script=${name.replace(/^(Script|sc)=/, "")}`;
  try {
    return new RegExp(`\\${kind}{${known}}`, "u").source;
  } catch {
    throw refusal(`\\${property}`);
  }
};

const inSet = char => char.replace(/[\^$\\.*+?()[\]{}|\/-]/, "\\$&");

const setOf = (set, char) => {
  const isNot = set[1] === "^";
  const [items, others] = itemsOf(set.slice(isNot ? 2 : 1, -1), char);
  if (char === anyCase && new RegExp(`[${items.join("")}]`, "u").test("I")) items.push("ı");
  const inside = `[${items.join("")}]`;
  if (!others) return isNot ? `[^${items.join("")}]` : inside;
  return isNot ? `(?:(?!${inside})[${WORD}])` : `(?:${inside}|[^${WORD}])`;
};

// The items of a set, and whether all that is in no word is one of them.
const itemsOf = (text, char) => {
  const items = [];
  let others = false;
  let isAlone = false;
  SET_PART.lastIndex = 0;
  while (SET_PART.lastIndex < text.length) {
    const place = SET_PART.lastIndex;
    const part = SET_PART.exec(text)?.groups;
    if (!part) throw refusal(text.slice(place, place + 4));
    const isRange = part.plain === "-" && isAlone && SET_PART.lastIndex < text.length;
    if (isRange && /^\\[dDwWsSpP]/.test(text.slice(SET_PART.lastIndex))) throw refusal(text.slice(place, place + 4));
    others ||= part.kind === "W";
    const one = part.code ? charOf(part.code) : part.escaped ?? part.plain;
    if (part.kind !== "W") items.push(isRange ? "-" : itemOf(part, one, char));
    isAlone = Boolean(one) && !isRange && items[items.length - 2] !== "-";
  }
  return [items, others];
};

const itemOf = (part, one, char) => {
  if (part.kind) return KINDS[part.kind];
  return part.property ? propertyOf(part.property, char) : inSet(one);
};
const byCodePoint = (a, b) => {
  const shorter = Math.min(a.length, b.length);
  for (let place = 0; place < shorter; place += 1) {
    const one = a.charCodeAt(place);
    const two = b.charCodeAt(place);
    if (one !== two) return lifted(one) - lifted(two);
  }
  return a.length - b.length;
};

// Pairs of surrogates stand for characters above all others.
const lifted = unit => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

const isLetter = code => (code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58);

class TokenIndex {
  constructor(data) {
    this.docs = data.docs;
    this.text = data.text;
    this.sentences = data.sentences;
    this.forms = new Map(Object.entries(data.forms));
    this.size = data.width.length;
    this.start = new Int32Array(this.size);
    this.end = new Int32Array(this.size);
    this.sentence = new Int32Array(this.size);
    this.firstRow = new Int32Array(this.sentences.length + 1);
    this.textStart = new Int32Array(this.sentences.length + 1);
    this.sizes = new Int32Array(this.docs.length);
    this.found = new Map();
    this.placeTokens(data);
    this.nameTerms();
    this.listRows();
  }

  placeTokens({ gap, width }) {
    let row = 0;
    let place = 0;
    this.sentences.forEach(([doc, number, , units, tokens], sentence) => {
      this.firstRow[sentence] = row;
      this.textStart[sentence] = place;
      if (number) this.sizes[doc] += tokens;
      let end = place;
      for (const last = row + tokens; row < last; row += 1) {
        this.start[row] = end + gap[row];
        end = this.start[row] + width[row];
        if (!width[row]) end = this.endOfRun(end, place + units);
        this.end[row] = end;
        this.sentence[row] = sentence;
      }
      place += units;
    });
    this.firstRow[this.sentences.length] = row;
    this.textStart[this.sentences.length] = place;
  }

  // Where the letters and digits end that begin here.
  endOfRun(start, limit) {
    let end = start;
    while (end < limit && isLetter(this.text.charCodeAt(end))) end += 1;
    return end;
  }

  nameTerms() {
    const numbers = new Map();
    const wordNumber = new Int32Array(this.size);
    for (let row = 0; row < this.size; row += 1) {
      const word = this.text.slice(this.start[row], this.end[row]);
      let number = numbers.get(word);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(word, number);
      }
      wordNumber[row] = number;
    }
    this.word = wordNumber;
    this.words = [...numbers.keys()];
    const named = this.words.map(word => this.termOf(word));
    this.terms = [...new Set(named)].sort(byCodePoint);
    this.codes = new Map(this.terms.map((term, code) => [term, code]));
    this.codeOfWord = Int32Array.from(named, term => this.codes.get(term));
    this.code = wordNumber.map(number => this.codeOfWord[number]);
  }

  // Where each term stands: a counting sort of the rows by term.
  listRows() {
    this.edges = new Int32Array(this.terms.length + 1);
    for (const code of this.code) this.edges[code + 1] += 1;
    for (let code = 0; code < this.terms.length; code += 1) this.edges[code + 1] += this.edges[code];
    const next = this.edges.slice();
    this.rows = new Int32Array(this.size);
    for (let row = 0; row < this.size; row += 1) {
      this.rows[next[this.code[row]]] = row;
      next[this.code[row]] += 1;
    }
  }

  termOf(word) {
    const form = this.forms.get(word);
    if (form) return form[1];
    return ASCII.test(word) ? word.replaceAll("`", "'").toLowerCase() : word;
  }

  plainOf(word) {
    const form = this.forms.get(word);
    return form ? form[0] : word.replaceAll("`", "'");
  }

  // First and last row of every match, in order; of matches that overlap the first, then the longest.
  find(query) {
    const { alternatives, cased } = parse(query);
    const spans = alternatives.map(patterns => this.spansOf(patterns, cased));
    return apart(spans.reduce(merged));
  }

  spansOf(patterns, cased) {
    const matchers = patterns.map(pattern => this.matcherOf(pattern, cased));
    const spelt = matchers.findIndex(matcher => matcher.spelt);
    const fixed = spelt < 0 ? matchers : matchers.slice(0, spelt + 1);
    const rarest = fixed.reduce((best, matcher) => (matcher.count < best.count ? matcher : best));
    const before = matchers.indexOf(rarest);
    const rows = rarest.rows();
    if (matchers.length === 1 && rarest.certain) return { first: rows, last: rows };
    const first = new Int32Array(rows.length);
    const last = new Int32Array(rows.length);
    let found = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const begin = rows[at] - before;
      const end = begin < 0 ? -1 : this.sequenceEnd(matchers, begin);
      if (end > begin && this.sentence[begin] === this.sentence[end - 1]) {
        first[found] = begin;
        last[found] = end - 1;
        found += 1;
      }
    }
    return { first: first.subarray(0, found), last: last.subarray(0, found) };
  }

  // The row after the tokens from this row on that match one after another; -1 where one does not.
  sequenceEnd(matchers, begin) {
    let row = begin;
    for (const matcher of matchers) {
      row = row < this.size ? matcher.after(row) : -1;
      if (row < 0) return -1;
    }
    return row;
  }

  matcherOf(pattern, cased) {
    const key = `${cased} ${pattern.key}`;
    if (!this.found.has(key)) this.found.set(key, this.makeMatcher(pattern, cased));
    return this.found.get(key);
  }

  makeMatcher(pattern, cased) {
    if (pattern.spelt !== undefined) return this.spellingMatcher(pattern.spelt);
    const codes = this.codesOf(pattern);
    const chosen = new Uint8Array(this.terms.length);
    for (const code of codes) chosen[code] = 1;
    const written = cased ? this.writtenAs(pattern, chosen) : null;
    const after = row => (chosen[this.code[row]] ? row + 1 : -1);
    const casedAfter = row => (written[this.word[row]] ? row + 1 : -1);
    return { ...this.rowsOf(codes, chosen), after: cased ? casedAfter : after, certain: !cased };
  }

  // Which words, in capitals or not as in the texts, a pattern matches.
  writtenAs({ word, words }, chosen) {
    const isMatch = plain => (words ? words.test(plain) : plain === word);
    return Uint8Array.from(this.words, (one, at) => chosen[this.codeOfWord[at]] && isMatch(this.plainOf(one)));
  }

  codesOf(pattern) {
    if (pattern.term !== undefined) {
      const code = this.codes.get(pattern.term);
      return code === undefined ? [] : [code];
    }
    const codes = [];
    const end = performance.now() + 1000 * SECONDS;
    this.terms.forEach((term, code) => {
      if (code % 8 === 0 && performance.now() > end) throw endless();
      if (pattern.mayTest && !pattern.mayTest(term)) throw nested();
      if (pattern.terms.test(term)) codes.push(code);
    });
    return codes;
  }

  spellingMatcher(word) {
    const codes = [];
    for (let end = 1; end <= word.length; end += 1) {
      const code = this.codes.get(word.slice(0, end));
      if (code !== undefined) codes.push(code);
    }
    const after = row => {
      let done = 0;
      let next = row;
      while (done < word.length) {
        const term = next < this.size ? this.terms[this.code[next]] : "";
        const touches = next === row || this.touches(next);
        if (!term || !touches || !word.startsWith(term, done)) return -1;
        done += term.length;
        next += 1;
      }
      return next;
    };
    const chosen = new Uint8Array(this.terms.length);
    for (const code of codes) chosen[code] = 1;
    return { ...this.rowsOf(codes, chosen), after, spelt: true };
  }

  touches(row) {
    return this.start[row] === this.end[row - 1] && this.sentence[row] === this.sentence[row - 1];
  }

  rowsOf(codes, chosen) {
    const count = codes.reduce((sum, code) => sum + this.edges[code + 1] - this.edges[code], 0);
    return { count, rows: () => this.sortedRows(codes, chosen, count) };
  }

  sortedRows(codes, chosen, count) {
    if (codes.length === 1) return this.rows.subarray(this.edges[codes[0]], this.edges[codes[0] + 1]);
    const rows = new Int32Array(count);
    let filled = 0;
    if (count > this.size / 16) {
      for (let row = 0; row < this.size; row += 1) {
        rows[filled] = row;
        filled += chosen[this.code[row]];
      }
      return rows;
    }
    for (const code of codes) {
      rows.set(this.rows.subarray(this.edges[code], this.edges[code + 1]), filled);
      filled += this.edges[code + 1] - this.edges[code];
    }
    return rows.sort();
  }

  // The order of the matches by the terms at these places, such as L1 L2; an empty place comes first.
  order({ first, last }, places) {
    let order = new Int32Array(first.length);
    for (let match = 0; match < order.length; match += 1) order[match] = match;
    const keys = new Int32Array(first.length);
    for (const name of [...places].reverse()) {
      const isLeft = name[0] === "L";
      const distance = Number(name.slice(1));
      for (let match = 0; match < keys.length; match += 1) {
        const place = isLeft ? first[match] - distance : last[match] + distance;
        const isInside = this.sentence[place] === this.sentence[first[match]];
        keys[match] = isInside ? this.code[place] + 1 : 0;
      }
      order = sortedBy(order, keys, this.terms.length + 1);
    }
    return order;
  }

  docOf(row) {
    return this.sentences[this.sentence[row]][0];
  }

  numberOf(row) {
    return this.sentences[this.sentence[row]][1];
  }

  // A match as concordance() gives it: places are characters of the file, and far context is cut.
  line(first, last) {
    const sentence = this.sentence[first];
    const [doc, number, low] = this.sentences[sentence];
    const left = this.text.slice(this.textStart[sentence], this.start[first]);
    const node = this.text.slice(this.start[first], this.end[last]);
    const right = this.text.slice(this.end[last], this.textStart[sentence + 1]);
    const start = low + length(left);
    const end = start + length(node);
    const shownLeft = left.length > LONGEST ? cutLeft([...left]) : left;
    const shownRight = right.length > LONGEST ? cutRight([...right]) : right;
    const id = `${this.docs[doc]}:${start}`;
    return { id, doc, sentence: number, left: shownLeft, node, right: shownRight, start, end };
  }
}

const cutLeft = chars => (chars.length > LONGEST ? "…" : "") + chars.slice(-LONGEST).join("");
const cutRight = chars => chars.slice(0, LONGEST).join("") + (chars.length > LONGEST ? "…" : "");

const sortedBy = (order, keys, most) => {
  const next = new Int32Array(most + 1);
  for (let match = 0; match < keys.length; match += 1) next[keys[match] + 1] += 1;
  for (let key = 0; key < most; key += 1) next[key + 1] += next[key];
  const sorted = new Int32Array(order.length);
  for (let at = 0; at < order.length; at += 1) {
    const match = order[at];
    sorted[next[keys[match]]] = match;
    next[keys[match]] += 1;
  }
  return sorted;
};

// The matches of two alternatives in one order: by the first row, the longest first.
const merged = (one, two) => {
  const first = new Int32Array(one.first.length + two.first.length);
  const last = new Int32Array(first.length);
  let a = 0;
  let b = 0;
  for (let at = 0; at < first.length; at += 1) {
    const ahead = one.first[a] - two.first[b] || two.last[b] - one.last[a];
    const isOne = b === two.first.length || (a < one.first.length && ahead <= 0);
    first[at] = isOne ? one.first[a] : two.first[b];
    last[at] = isOne ? one.last[a++] : two.last[b++];
  }
  return { first, last };
};

// Of matches that overlap, the one that begins first.
const apart = ({ first, last }) => {
  const kept = { first: new Int32Array(first.length), last: new Int32Array(first.length) };
  let end = -1;
  let found = 0;
  for (let match = 0; match < first.length; match += 1) {
    if (first[match] <= end) continue;
    end = last[match];
    kept.first[found] = first[match];
    kept.last[found] = end;
    found += 1;
  }
  return { first: kept.first.subarray(0, found), last: kept.last.subarray(0, found) };
};

const inflated = base64 => {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
};

const unpacked = base64 => inflated(base64).json();
