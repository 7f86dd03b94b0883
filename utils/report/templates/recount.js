// The report checks itself: what pages state of words is counted again from the tokens in this page.
const ARTICLES = JSON.parse(document.getElementById("articles").textContent);
const NONE = "no theme";
const NODE = 32767;
const MOST_WORDS = 4; // of a phrase that is compared
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/gu;
const MOST_SHOWN = 500;
const byId = id => document.getElementById(id);
const number = value => value.toLocaleString("en");
const inflect = (value, noun) => (value === 1 ? noun : `${noun}s`);

const indexes = Promise.all(
  [...document.querySelectorAll("script[data-language]")].map(async block => new TokenIndex(await unpacked(block.textContent))),
);

// A mark of tokens as utils/stats/counted.py makes it, so that no other tokens are counted.
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

const checksum = text => {
  let rest = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) rest = (rest >>> 8) ^ CRC[(rest ^ byte) & 255];
  return (rest ^ 0xffffffff) >>> 0;
};

const marksOf = index => {
  if (index.marks) return index.marks;
  const sums = index.terms.map(checksum);
  const place = new Int32Array(index.docs.length);
  index.marks = new Uint32Array(index.docs.length);
  for (let row = 0; row < index.size; row += 1) {
    if (!index.numberOf(row)) continue;
    const doc = index.docOf(row);
    place[doc] += 1;
    index.marks[doc] += Math.imul(sums[index.code[row]], place[doc]);
  }
  index.docs.forEach((name, doc) => (index.marks[doc] = Math.imul(index.marks[doc], checksum(name) | 1)));
  return index.marks;
};

const docsOf = ranges =>
  ranges.split(" ").filter(Boolean).flatMap(range => {
    const [low, high = low] = range.split("-").map(Number);
    return Array.from({ length: high - low + 1 }, (_, step) => low + step);
  });

// The tokens that a table was counted from; nothing where this page has other ones.
const basisOf = (all, { articles, mark }) => {
  const docs = docsOf(articles);
  const index = all.find(one => {
    const marks = marksOf(one);
    return docs.reduce((sum, doc) => (sum + (marks[doc] ?? 0)) >>> 0, 0) === mark;
  });
  if (!index) return null;
  const has = new Uint8Array(index.docs.length);
  docs.forEach(doc => (has[doc] = 1));
  return { index, docs, has, size: docs.reduce((sum, doc) => sum + index.sizes[doc], 0) };
};

const isCounted = (basis, row) => basis.index.numberOf(row) > 0 && basis.has[basis.index.docOf(row)] === 1;

const rowsOfTerm = (basis, term) => {
  const { index } = basis;
  const code = index.codes.get(term);
  if (code === undefined) return [];
  return [...index.rows.subarray(index.edges[code], index.edges[code + 1])].filter(row => isCounted(basis, row));
};

const countsByDoc = (basis, term) => {
  const counts = new Map();
  for (const row of rowsOfTerm(basis, term)) {
    const doc = basis.index.docOf(row);
    counts.set(doc, (counts.get(doc) ?? 0) + 1);
  }
  return counts;
};

const sum = numbers => [...numbers].reduce((total, one) => total + one, 0);

const frequencies = (all, { tokens }) => {
  const basis = basisOf(all, tokens);
  return basis && (row => {
    const counts = countsByDoc(basis, row.term);
    const frequency = sum(counts.values());
    const smaller = [...counts].map(([doc, count]) => Math.min(count / frequency, basis.index.sizes[doc] / basis.size));
    return {
      frequency,
      per_10k: (frequency / basis.size) * 10000,
      document_frequency: counts.size,
      documents: counts.size,
      dispersion: 1 - sum(smaller),
    };
  });
};

const g2 = (o11, f1, f2, n) => {
  const observed = [o11, f1 - o11, f2 - o11, n - f1 - f2 + o11];
  const expected = [(f1 * f2) / n, (f1 * (n - f2)) / n, ((n - f1) * f2) / n, ((n - f1) * (n - f2)) / n];
  return 2 * sum(observed.map((count, cell) => (count > 0 ? count * Math.log(count / expected[cell]) : 0)));
};

const groups = (all, { target, reference, level }) => {
  const [one, two] = [target, reference].map(basis => basisOf(all, basis));
  return one && two && (row => {
    const [inOne, inTwo] = [one, two].map(basis => countsByDoc(basis, row.term));
    const [a, b] = [inOne, inTwo].map(counts => sum(counts.values()));
    const ends = level ? logRatioEnds(a, b, one.size / two.size, level) : {};
    return { ...comparison(a, b, one.size, two.size, inOne.size, inTwo.size), ...ends };
  });
};

const comparison = (a, b, sizeOne, sizeTwo, docsOne, docsTwo) => ({
  target: a,
  reference: b,
  per_10k_target: (a / sizeOne) * 10000,
  per_10k_reference: (b / sizeTwo) * 10000,
  log_ratio: Math.log2(Math.max(a, 0.5) / sizeOne) - Math.log2(Math.max(b, 0.5) / sizeTwo),
  g2: g2(a, sizeOne, a + b, sizeOne + sizeTwo),
  documents: docsOne + docsTwo,
  documents_target: docsOne,
  documents_reference: docsTwo,
});

const groupsByCentre = (all, { groups: listed }) => {
  const counters = Object.entries(listed).map(([centre, facts]) => [centre, groups(all, facts)]);
  const byCentre = new Map(counters);
  if (!counters.some(([, counter]) => counter)) return null;
  return row => (byCentre.has(row.centre) ? byCentre.get(row.centre)?.(row) : missing("centre"));
};

// The exact interval of Clopper and Pearson for a of a + b, as a log ratio of rates.
const logRatioEnds = (a, b, sizes, level) => {
  const tail = (1 - level) / (a && b ? 2 : 1);
  const ratio = share => Math.log2(share / (1 - share) / sizes);
  return {
    low: a ? ratio(betaQuantile(a, b + 1, tail)) : -Infinity,
    high: b ? ratio(betaQuantile(a + 1, b, 1 - tail)) : Infinity,
  };
};

const betaQuantile = (a, b, share) => {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

// The incomplete beta function of whole numbers: at least a of a + b - 1 draws succeed.
const betaShare = (x, a, b) => {
  const n = a + b - 1;
  const isBelow = x > a / n; // then the tail below is the smaller one
  const start = isBelow ? a - 1 : a;
  let term = Math.exp(logChoose(n, start) + start * Math.log(x) + (n - start) * Math.log1p(-x));
  let total = 0;
  for (let k = start; k >= 0 && k <= n && term > total * 1e-17; k += isBelow ? -1 : 1) {
    total += term;
    term *= isBelow ? (k / (n - k + 1)) * ((1 - x) / x) : ((n - k) / (k + 1)) * (x / (1 - x));
  }
  return isBelow ? 1 - total : total;
};

const logFactorials = [0];

const logChoose = (n, k) => {
  while (logFactorials.length <= n) {
    logFactorials.push(logFactorials[logFactorials.length - 1] + Math.log(logFactorials.length));
  }
  return logFactorials[n] - logFactorials[k] - logFactorials[n - k];
};

// Every position counts once, by its distance from the nearest node of its sentence.
const placesBeside = (basis, node, window) => {
  const { index } = basis;
  const { first, last } = index.find(node);
  const nodes = [...first.keys()].filter(match => isCounted(basis, first[match]));
  const place = new Int16Array(index.size);
  const mark = (row, beside, value) => {
    if (index.sentence[row] === index.sentence[beside]) place[row] = value;
  };
  for (let distance = window; distance > 0; distance -= 1) {
    nodes.forEach(match => mark(last[match] + distance, last[match], distance));
    nodes.forEach(match => mark(first[match] - distance, first[match], -distance));
  }
  nodes.forEach(match => place.fill(NODE, first[match], last[match] + 1));
  return { place, nodes: nodes.length };
};

const collocates = (all, { tokens, node, window }) => {
  const basis = basisOf(all, tokens);
  if (!basis) return null;
  const { place, nodes } = placesBeside(basis, node, window);
  let f1 = 0;
  let n = 0;
  for (let row = 0; row < basis.index.size; row += 1) {
    if (!isCounted(basis, row) || place[row] === NODE) continue;
    n += 1;
    f1 += place[row] !== 0;
  }
  return row => {
    const rows = rowsOfTerm(basis, row.term).filter(one => place[one] !== NODE);
    const near = rows.filter(one => place[one]);
    const o11 = near.length;
    const f2 = rows.length;
    const sides = {};
    for (let distance = 1; distance <= window; distance += 1) {
      sides[`L${distance}`] = near.filter(one => place[one] === -distance).length;
      sides[`R${distance}`] = near.filter(one => place[one] === distance).length;
    }
    return {
      observed: o11,
      expected: (f1 * f2) / n,
      log_dice: 14 + Math.log2((2 * o11) / (nodes + f2)),
      mi: Math.log2((o11 * n) / (f1 * f2)),
      t: (o11 - (f1 * f2) / n) / Math.sqrt(o11),
      g2: g2(o11, f1, f2, n),
      delta_p_node: o11 / f1 - (f2 - o11) / (n - f1),
      delta_p_collocate: o11 / f2 - (f1 - o11) / (n - f2),
      frequency: f2,
      documents: new Set(near.map(one => basis.index.docOf(one))).size,
      ...sides,
    };
  };
};

// What stands in the place of values where a row names what there is not.
const missing = key => ({ [key]: new Missing(`no such ${key === "doc_id" ? "article" : key}`) });

class Missing extends String {}

// The article of a name; -1 where several have it, nothing where none has.
const docNamed = (index, name) => {
  index.named ??= namedDocs(index);
  return index.named.get(name);
};

const namedDocs = index => {
  const named = new Map();
  index.docs.forEach((doc, at) => {
    const { name } = ARTICLES[doc];
    named.set(name, named.has(name) ? -1 : at);
  });
  return named;
};

const rowsOfDoc = (index, doc) => {
  const at = index.sentences.findIndex(sentence => sentence[0] === doc);
  const rows = [];
  for (let row = at < 0 ? index.size : index.firstRow[at]; row < index.size && index.docOf(row) === doc; row += 1) {
    if (index.numberOf(row)) rows.push(row);
  }
  return rows;
};

// Counts each row of a table from the tokens of the article that it names.
const ofArticle = (all, tokens, count) => {
  const basis = basisOf(all, tokens);
  return basis && (row => {
    const { index } = basis;
    const doc = docNamed(index, row.doc_id);
    if (doc === undefined) return missing("doc_id");
    return doc < 0 ? null : count(row, index, rowsOfDoc(index, doc), doc);
  });
};

const articles = (all, { tokens, window }) =>
  ofArticle(all, tokens, (row, index, rows) => {
    const codes = rows.map(one => index.code[one]);
    const types = new Set(codes).size;
    const sentences = new Set(rows.map(one => index.numberOf(one))).size;
    return { tokens: rows.length, types, sentences, mattr: movingRatio(codes, window) };
  });

const movingRatio = (codes, window) => {
  const ratios = codes.slice(window - 1).map((_, start) => new Set(codes.slice(start, start + window)).size / window);
  return sum(ratios) / ratios.length;
};

// The matches of all patterns, and which are kept where some overlap: the longest, then the earlier.
const patternMatches = (basis, listed) =>
  listed.flatMap(([theme, pattern], at) => {
    const { first, last } = basis.index.find(pattern);
    const matches = [...first.keys()].map(match => ({ theme, pattern, at, first: first[match], last: last[match] }));
    return matches.filter(match => isCounted(basis, match.first));
  });

const longestKept = matches => {
  const taken = new Set();
  const byLength = [...matches].sort((a, b) => a.first - a.last - (b.first - b.last));
  return byLength.filter(match => {
    const rows = Array.from({ length: match.last - match.first + 1 }, (_, step) => match.first + step);
    if (rows.some(row => taken.has(row))) return false;
    rows.forEach(row => taken.add(row));
    return true;
  });
};

const coveredByNames = (index, names) => {
  const covered = new Uint8Array(index.size);
  for (const name of names) {
    for (const patterns of parse(`"${name}"`).alternatives) {
      const { first, last } = index.spansOf(patterns, false);
      first.forEach((row, match) => covered.fill(1, row, last[match] + 1));
    }
  }
  return covered;
};

const themes = (all, { tokens, patterns, names }) => {
  const basis = basisOf(all, tokens);
  if (!basis) return null;
  const { index } = basis;
  const covered = coveredByNames(index, names);
  const touched = new Map();
  const outside = new Set();
  for (const { theme, first, last } of longestKept(patternMatches(basis, patterns))) {
    const key = `${index.docOf(first)} ${theme}`;
    const sets = touched.get(key) ?? { outside: new Set(), inside: new Set() };
    const isName = covered.subarray(first, last + 1).every(Boolean);
    sets[isName ? "inside" : "outside"].add(index.numberOf(first));
    if (!isName) outside.add(index.sentence[first]);
    touched.set(key, sets);
  }
  return row => {
    const doc = docNamed(index, row.doc_id);
    if (doc === undefined) return missing("doc_id");
    if (doc < 0) return null;
    const rows = rowsOfDoc(index, doc);
    const of = new Set(rows.map(one => index.numberOf(one))).size;
    const untouched = new Set(rows.filter(one => !outside.has(index.sentence[one])).map(one => index.numberOf(one)));
    const none = { outside: untouched, inside: new Set() };
    const empty = { outside: new Set(), inside: new Set() };
    const sets = row.theme === NONE ? none : touched.get(`${doc} ${row.theme}`) ?? empty;
    const where = [...sets.outside].sort((a, b) => a - b);
    const names = [...sets.inside].filter(one => !sets.outside.has(one)).length;
    return { sentences: where.length, of, share: where.length / of, names_only: names, where: where.join(" ") };
  };
};

const patterns = (all, { tokens, patterns: listed }) => {
  const basis = basisOf(all, tokens);
  if (!basis) return null;
  const matches = patternMatches(basis, listed);
  const kept = longestKept(matches);
  const isOf = row => match => match.theme === row.theme && match.pattern === row.pattern;
  return row => ({ matches: matches.filter(isOf(row)).length, kept: kept.filter(isOf(row)).length });
};

const growth = (all, { tokens }) => {
  const basis = basisOf(all, tokens);
  if (!basis) return null;
  const codes = basis.docs.flatMap(doc => rowsOfDoc(basis.index, doc)).map(row => basis.index.code[row]);
  return row => ({ types: new Set(codes.slice(0, Number(row.tokens.replaceAll(",", "")))).size });
};

// Each place of a word, by the share of its article that is read before it.
const occurrences = (all, { tokens }) =>
  ofArticle(all, tokens, (row, index, own, doc) => {
    const places = [...index.find(row.query).first].filter(one => index.docOf(one) === doc && index.numberOf(one) === Number(row.sentence));
    const shares = places.map(one => (one - own[0]) / own.length);
    return { share: shares.find(share => agrees(row.share, share)) ?? shares[0] ?? NaN };
  });

// Places of names or renderings, the longest of those that overlap, outside the names of bodies.
const places = (all, { tokens, patterns, names }) => {
  const basis = basisOf(all, tokens);
  if (!basis) return null;
  const { index } = basis;
  const covered = coveredByNames(index, names);
  const kept = longestKept(patternMatches(basis, patterns));
  const outside = kept.filter(({ first, last }) => !covered.subarray(first, last + 1).every(Boolean));
  return row => {
    const doc = docNamed(index, row.doc_id);
    if (doc === undefined) return missing("doc_id");
    if (doc < 0) return null;
    const isOf = match => match.theme === (row.body ?? row.concept) && match.pattern === (row.rendering ?? match.pattern);
    const own = outside.filter(match => isOf(match) && index.docOf(match.first) === doc).sort((a, b) => a.first - b.first);
    const where = [...new Set(own.map(match => index.numberOf(match.first)))].join(" ");
    return { mentions: own.length, found: own.length, where };
  };
};

const themeGroups = (all, counted) => {
  const counter = themes(all, counted);
  return counter && (row => {
    const values = {};
    for (const group of ["target", "reference"]) {
      const rows = counted[group].map(doc => counter({ theme: row.theme, doc_id: ARTICLES[doc].name }));
      const [touched, of] = ["sentences", "of"].map(key => sum(rows.map(one => one?.[key] ?? NaN)));
      Object.assign(values, { [`sentences_${group}`]: touched, [`of_${group}`]: of, [`share_${group}`]: touched / of });
    }
    return Object.values(values).some(Number.isNaN) ? null : values;
  });
};

// Where each phrase of the table stands, but for places inside a longer one.
const placesOfPhrases = ({ index }, rows, isIn) => {
  const found = new Map();
  const ends = new Int32Array(index.size).fill(-1);
  const phrases = rows.map(row => row.term.split(" ")).sort((a, b) => b.length - a.length);
  for (const words of phrases) {
    const codes = words.map(word => index.codes.get(word));
    const starts = index.rows.subarray(index.edges[codes[0]], index.edges[codes[0] + 1]).filter(start => {
      const last = start + codes.length - 1;
      const isThere = codes.every((code, step) => index.code[start + step] === code);
      return isThere && isIn(start) && index.sentence[start] === index.sentence[last] && !isInside(ends, start, words.length);
    });
    for (const start of starts) ends[start] = start + words.length - 1;
    found.set(words.join(" "), starts);
  }
  return found;
};

const isInside = (ends, start, length) => {
  for (let back = 0; back < MOST_WORDS - length + 1; back += 1) {
    const end = ends[start - back] ?? -1;
    if (end >= start + length - 1 && end - start + back + 1 > length) return true;
  }
  return false;
};

const positionsFor = ({ index, has }, length) => {
  let count = 0;
  index.sentences.forEach(([doc, number, , , tokens]) => {
    if (number && has[doc]) count += Math.max(0, tokens - length + 1);
  });
  return count;
};

const phrases = (all, { target, reference }, rows) => {
  const [one, two] = [target, reference].map(basis => basisOf(all, basis));
  if (!one || !two) return null;
  const { index } = one;
  const found = placesOfPhrases(one, rows, row => isCounted(one, row) || isCounted(two, row));
  return row => {
    const starts = [...found.get(row.term)];
    const [inOne, inTwo] = [one, two].map(basis => starts.filter(start => isCounted(basis, start)));
    const [docsOne, docsTwo] = [inOne, inTwo].map(places => new Set(places.map(start => index.docOf(start))).size);
    const [sizeOne, sizeTwo] = [one, two].map(basis => positionsFor(basis, row.term.split(" ").length));
    return comparison(inOne.length, inTwo.length, sizeOne, sizeTwo, docsOne, docsTwo);
  };
};

const COUNTERS = {
  frequency: frequencies,
  groups,
  "groups by centre": groupsByCentre,
  phrases,
  collocates,
  articles,
  growth,
  occurrences,
  places,
  themes,
  "theme groups": themeGroups,
  patterns,
};

// Whether a cell states what was counted, to the digits that it has.
const agrees = (text, value) => {
  const stated = text.trim().replaceAll(",", "").replace("−", "-");
  if (value instanceof Missing) return false;
  if (typeof value === "string") return text.trim().split(/\s+/).join(" ") === value;
  if (Number.isNaN(value)) return stated === "";
  if (!Number.isFinite(value)) return stated === "no bound";
  if (stated === "<0.01%") return value > 0 && value < 0.0001;
  if (stated === ">99.99%") return value > 0.9999 && value < 1;
  if (!/^[-+]?\d+(?:\.\d+)?%?$/.test(stated)) return false;
  const decimals = (stated.split(".")[1] ?? "").replace("%", "").length;
  const scaled = stated.endsWith("%") ? 100 * value : value;
  return Math.abs(parseFloat(stated) - scaled) <= 0.5 / 10 ** decimals + 1e-6 / 10 ** decimals;
};

const shownValue = value => (typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value));

const rowNamed = (keys, texts) => Object.fromEntries(keys.map((key, place) => [key, texts[place]]));

// Numbers of a table, each with what was counted; nothing where nothing here can count it.
const numbersOf = (all, { counted, keys, rows }) => {
  const named = rows.map(texts => rowNamed(keys, texts));
  const counter = COUNTERS[counted?.by]?.(all, counted, named);
  if (!counter) return null;
  return rows.flatMap((texts, at) => {
    const row = named[at];
    const values = counter(row) ?? {};
    const columns = keys.filter(key => key in values);
    return columns.map(key => ({ row: nameOfRow(keys, texts, at), column: key, stated: row[key], counted: shownValue(values[key]), agrees: agrees(row[key], values[key]) }));
  });
};

const nameOfRow = (keys, texts, at) => {
  const name = ["term", "centre", "body", "rendering", "pattern", "theme", "doc_id", "tokens"].filter(key => keys.includes(key)).map(key => texts[keys.indexOf(key)]);
  return name.slice(0, 2).join(", ") || `row ${at + 1}`;
};

const squeezed = text => text.replace(UNSEEN, "").replace(/[␀-␟]|⟨U\+[0-9A-F]+⟩/gu, "").replace(/\s+/gu, " ");
const trimmed = text => squeezed(text).replace(/^[^\p{L}\p{N}\p{Sc}]+|[^\p{L}\p{N}%％]+$/gu, "");

// Letters and digits, and the signs that change what a number says.
// Between two numbers a mark stays, so that they do not become one.
const lettersOf = text => {
  const parts = text.match(/[\p{L}\p{N}]+|(?<=\p{N})(?:[.,](?=\p{N})|\s?[%％])/gu) ?? [];
  return parts.join("\u0001").replace(/(?<!\p{N})\u0001|\u0001(?!\p{N})/gu, "").replaceAll(" ", "");
};

// Where a text has these words, not as a part of a longer number; -1 where it does not.
const placeOfWhole = (text, quote) => {
  for (let place = text.indexOf(quote); place >= 0; place = text.indexOf(quote, place + 1)) {
    const before = /^\p{N}/u.test(quote) && /\p{N}[.,]?$/u.test(text.slice(0, place));
    const after = /\p{N}$/u.test(quote) && /^[.,]?\p{N}/u.test(text.slice(place + quote.length));
    if (!before && !after) return place;
  }
  return -1;
};

const sentenceTexts = all => {
  const texts = new Map();
  for (const index of all) {
    index.sentences.forEach(([doc, number], at) => {
      const text = index.text.slice(index.textStart[at], index.textStart[at + 1]);
      const { name } = ARTICLES[index.docs[doc]];
      const key = `${name} ${number}`;
      texts.set(name, "");
      texts.set(key, `${texts.get(key) ?? ""} ${squeezed(text)}`);
    });
  }
  return texts;
};

// Whether a quotation stands in a sentence, or begins in it and goes on in the next ones.
const isThere = (texts, doc, sentence, quote) => {
  const text = texts.get(`${doc} ${sentence}`);
  if (placeOfWhole(text, quote) >= 0) return true;
  const own = lettersOf(text).length;
  let following = lettersOf(text);
  for (let next = sentence + 1; following.length < own + quote.length && texts.has(`${doc} ${next}`); next += 1) {
    following += lettersOf(texts.get(`${doc} ${next}`));
  }
  const place = placeOfWhole(following, lettersOf(quote));
  return place >= 0 && place < own;
};

// Quotations of a table, each looked for in the sentence that the row names; rows without any.
const quotationsOf = (texts, { keys, rows }) => {
  const found = { quotations: [], without: 0, furniture: 0 };
  if (!keys.includes("doc_id") || !keys.includes("sentence")) return found;
  for (const cells of rows) {
    const row = rowNamed(keys, cells);
    const items = quotedKeys(keys).flatMap(quoted => quotationIn(texts, row, quoted));
    if (row.sentence) found.quotations.push(...items);
    else found.furniture += items.length;
    found.without += Number(!items.length);
  }
  return found;
};

const quotationIn = (texts, row, quoted) => {
  const stated = trimmed(quoted.map(key => row[key]).join(""));
  if (!stated) return [];
  const item = { row: `${row.doc_id} ${row.sentence}`, column: quoted[quoted.length >> 1], stated };
  const sentence = row.sentence === "title" ? 0 : Number(row.sentence || NaN);
  if (!texts.has(row.doc_id)) return [{ ...item, counted: "no such article", agrees: false }];
  if (!texts.has(`${row.doc_id} ${sentence}`)) return [{ ...item, counted: "no such sentence", agrees: false }];
  const agrees = isThere(texts, row.doc_id, sentence, stated);
  return [{ ...item, counted: agrees ? stated : "not in this sentence", agrees }];
};

const namesOf = (table, keys) => keys.map(key => headingOf(table, key)).join(", ");

// What of a table was counted again, and what was not.
const whatWasChecked = (table, numbers, { quotations, without, furniture }) => {
  const said = [];
  const done = new Set(numbers?.map(item => item.column));
  const rest = table.numeric.filter(key => !done.has(key) && key !== "sentence");
  if (done.size) said.push(`numbers: ${namesOf(table, table.keys.filter(key => done.has(key)))}`);
  if (quotations.length) said.push(`quotations: ${number(quotations.length)}`);
  if (quotations.length && without) said.push(`rows without a quotation: ${number(without)}`);
  if (furniture) said.push(`not looked for, since no sentence is named: ${number(furniture)} ${inflect(furniture, "quotation")}, such as those from page furniture`);
  if (table.counted && !numbers) said.push("it rests on other tokens, such as lemmas or a part of the text");
  if (rest.length) said.push(`not counted again: ${namesOf(table, rest)}`);
  return { done: done.size, rest: rest.length, furniture, what: said.join("; ") || "it has no numbers" };
};

const check = async stated => {
  const all = await indexes;
  const texts = sentenceTexts(all);
  return stated.map(table => {
    const numbers = numbersOf(all, table);
    const found = quotationsOf(texts, table);
    return { ...table, numbers: numbers ?? [], quotations: found.quotations, ...whatWasChecked(table, numbers, found) };
  });
};

const cell = (text, name = "td", className = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  if (name === "th") made.scope = "row";
  return made;
};

const rowWith = cells => {
  const row = document.createElement("tr");
  row.append(...cells);
  return row;
};

const headingOf = ({ keys, columns }, key) => columns[keys.indexOf(key)] || key;

const ofAll = (items, what) => `${number(items.filter(item => item.agrees).length)} of ${number(items.length)} ${inflect(items.length, what)}`;

const sumOf = (results, key) => results.reduce((total, table) => total + table[key], 0);

// What agrees, and how much of the pages that is.
const describe = (results, numbers, quotations) => {
  const several = new Set(results.map(table => table.page)).size > 1;
  if (!numbers.length && !quotations.length) return `${several ? "These pages have" : "This page has"} no table that can be counted again.`;
  const tables = results.filter(table => table.numbers.length || table.quotations.length).length;
  const done = sumOf(results, "done");
  const columns = done + sumOf(results, "rest");
  const part = `${number(tables)} of ${number(results.length)} ${inflect(results.length, "table")}, with ${number(done)} of ${number(columns)} ${inflect(columns, "column")} of numbers`;
  const furniture = sumOf(results, "furniture");
  const left = furniture ? ` ${number(furniture)} ${furniture === 1 ? "quotation names no sentence and was" : "quotations name no sentence and were"} not looked for.` : "";
  const agree = `${ofAll(numbers, "number")} and ${ofAll(quotations, "quotation")} agree.`;
  return `${agree} Checked were ${part}.${left} Numbers in sentences, captions and pictures are not counted again; most of them stand in these tables too.`;
};

const show = results => {
  const numbers = results.flatMap(table => table.numbers);
  const quotations = results.flatMap(table => table.quotations);
  const wrong = results.flatMap(table => [...table.numbers, ...table.quotations].filter(item => !item.agrees).map(item => ({ ...item, table })));
  byId("said").textContent = describe(results, numbers, quotations);
  byId("differing").hidden = !wrong.length;
  const differing = wrong.slice(0, MOST_SHOWN).map(({ row, column, stated, counted, table }) =>
    rowWith([cell(row, "th"), cell(headingOf(table, column)), cell(stated, "td", "t"), cell(counted, "td", "t"), cell(table.name), cell(table.page)]),
  );
  byId("wrong").tBodies[0].replaceChildren(...differing);
  const rows = results.map(({ name, page, numbers: counts, quotations: quotes, what }) => {
    const items = [...counts, ...quotes];
    const agreed = items.filter(item => item.agrees).length;
    const cells = items.length ? [number(agreed), number(items.length)] : ["", ""];
    return rowWith([cell(name, "th"), ...cells.map(text => cell(text, "td", "n")), cell(what, "td", "t"), cell(page)]);
  });
  byId("tables").tBodies[0].replaceChildren(...rows);
  byId("results").hidden = false;
};

// Pages are read as data: nothing in them runs.
const rowsInSource = async table => {
  const block = table.closest(".grid").querySelector("script");
  const parsed = document.createElement("template");
  parsed.innerHTML = block ? await inflated(block.textContent).text() : "";
  return [...table.tBodies[0].rows, ...parsed.content.children].map(row => [...row.cells].map(textOf));
};

const textOf = one => {
  const items = [...one.querySelectorAll("li")];
  return items.length ? items.map(item => item.textContent).join("; ") : one.textContent;
};

const checkFiles = async files => {
  byId("said").textContent = "Counting.";
  const pages = [...files].map(async file => {
    const text = (await file.text()).replace(/<style>[^]*?<\/style>/g, "");
    const source = new DOMParser().parseFromString(text, "text/html");
    return statedIn(file.name, source, rowsInSource);
  });
  show(await check((await Promise.all(pages)).flat()));
};

const arrive = async () => {
  const address = new URLSearchParams(location.hash.slice(1));
  if (location.hash === "#large") {
    byId("said").textContent = "That page states too much to be passed on by its address. Choose its file here.";
  }
  if (!address.has("page")) return;
  byId("said").textContent = "Counting.";
  const base64 = address.get("page").replaceAll("-", "+").replaceAll("_", "/");
  show(await check(await unpacked(base64)));
};

byId("choose").hidden = false;
byId("files").addEventListener("change", ({ target }) => checkFiles(target.files));
addEventListener("hashchange", arrive);
arrive();
