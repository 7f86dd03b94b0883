// What a page states of words: its tables, how they were counted, and their rows as a reader sees them.
const QUOTED = [["left", "node", "right"], ["quote"], ["with_quote"], ["printed"]];
const MOST_ADDRESS = 900000;

const headsIn = table => {
  const [above, below] = table.tHead.rows;
  const members = [...(below?.cells ?? [])];
  return [...above.cells].flatMap(head => (head.scope === "colgroup" ? members.splice(0, head.colSpan) : head));
};

const quotedKeys = keys => QUOTED.filter(names => names.every(name => keys.includes(name)));

const statedIn = (page, source, rowsIn) =>
  Promise.all(
    [...source.querySelectorAll("table[data-name]")].map(async table => {
      const heads = headsIn(table);
      const keys = heads.map(head => head.dataset.key);
      const columns = heads.map(head => head.textContent.trim());
      const counted = JSON.parse(table.dataset.counted ?? "null");
      const numeric = keys.filter((_, place) => heads[place].classList.contains("n"));
      const rows = counted || quotedKeys(keys).length ? await rowsIn(table) : [];
      return { page, name: table.dataset.name, counted, keys, columns, numeric, rows };
    }),
  );

const packed = async value => {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_");
};

// At the foot of a page of the analysis: all that it states goes to the page that counts again.
const addCheck = link => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Count the numbers of this page again";
  button.addEventListener("click", async () => {
    const page = decodeURIComponent(location.pathname.split("/").pop());
    const payload = await packed(await statedIn(page, document, rowsOf));
    location.href = `${link.href}#${payload.length < MOST_ADDRESS ? `page=${payload}` : "large"}`;
  });
  const paragraph = document.createElement("p");
  paragraph.className = "tools";
  paragraph.append(button);
  document.querySelector("body > footer").prepend(paragraph);
};

if (document.body.classList.contains("notebook")) {
  document.querySelectorAll('header a[href="check.html"]').forEach(addCheck);
}
