// Sort by the buttons in the heads, filter by the field above; without this script the tables are whole.
const value = cell => cell.classList.contains("n") ? parseFloat(cell.textContent.replace(/,/g, "")) : cell.textContent.trim().toLowerCase();
const compare = (a, b) => a === b ? 0 : Number.isNaN(a) || a === "" ? 1 : Number.isNaN(b) || b === "" ? -1 : a < b ? -1 : 1;
for (const table of document.querySelectorAll("table.data")) {
  const body = table.tBodies[0], rows = [...body.rows];
  if (rows.length < 2) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = new Map(rows.map(row => [row, value(row.cells[column])]));
      const blank = row => key.get(row) === "" || Number.isNaN(key.get(row));
      rows.sort((a, b) => blank(a) || blank(b) ? blank(a) - blank(b) : (up ? 1 : -1) * compare(key.get(a), key.get(b)));
      body.append(...rows);
    });
  });
  if (rows.length < 8) continue;
  const label = document.createElement("label"), field = document.createElement("input"), said = document.createElement("span");
  field.type = "search";
  said.setAttribute("role", "status");
  label.append("Filter rows: ", field, " ", said);
  label.className = "filter";
  table.parentElement.before(label);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) shown += !(row.hidden = !row.textContent.toLowerCase().includes(wanted));
    said.textContent = wanted ? `${shown} of the ${rows.length} rows here` : "";
  });
}
