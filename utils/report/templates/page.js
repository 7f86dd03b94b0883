// Of every page: on paper a table that is folded is open where it is short, and closed after that.
const LONGEST_ON_PAPER = 25;
const openedToPrint = [];

function isShort(folded) {
  const tables = [...folded.querySelectorAll("table")];
  return tables.every((table) => Number(table.dataset.rows ?? table.rows.length) <= LONGEST_ON_PAPER);
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.folded:not([open])")) {
    if (!isShort(folded)) continue;
    folded.open = true;
    openedToPrint.push(folded);
  }
});

addEventListener("afterprint", () => {
  for (const folded of openedToPrint.splice(0)) folded.open = false;
});
