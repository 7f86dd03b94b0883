// Of a reading page: notes that fold on a narrow screen and mark their words, and the way back.
{
  const WIDE = matchMedia("(min-width: 62rem)");

  function foldNotes() {
    for (const notes of document.querySelectorAll("details.notes")) {
      notes.open = WIDE.matches;
    }
  }

  function markWords(event) {
    CSS.highlights.delete("said");
    const note = event.target.closest?.("a[data-from]");
    if (!note) {
      return;
    }
    const words = new Range();
    const text = note.closest(".row").querySelector("[data-unit]").firstChild;
    words.setStart(text, note.dataset.from);
    words.setEnd(text, note.dataset.to);
    CSS.highlights.set("said", new Highlight(words));
  }

  function unfoldTarget() {
    for (const notes of document.querySelectorAll(".row:has(:target) details, .row:target details")) {
      notes.open = true;
    }
  }

  function goBack(event) {
    const typing = event.target.closest?.("input, textarea, select");
    const other = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    const coding = document.body.classList.contains("is-coding");
    if (["Escape", "Backspace"].includes(event.key) && !typing && !other && !coding) {
      event.preventDefault();
      history.back();
    }
  }

  function offerWayBack(hint) {
    hint.hidden = false;
    document.addEventListener("keydown", goBack);
    hint.querySelector("a").addEventListener("click", event => {
      event.preventDefault();
      history.back();
    });
  }

  // In a frame without an address a link to a place on the page would lead to the page around it.
  function stayInFrame(event) {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      event.preventDefault();
      document.getElementById(link.hash.slice(1)).scrollIntoView();
    }
  }

  foldNotes();
  unfoldTarget();
  addEventListener("hashchange", unfoldTarget);
  WIDE.addEventListener("change", foldNotes);
  if (window.Highlight) {
    document.addEventListener("pointerover", markWords);
    document.addEventListener("focusin", markWords);
  }
  if (location.protocol === "about:") {
    document.addEventListener("click", stayInFrame);
  }
  const hint = document.querySelector(".back");
  // A page that opens in a tab of its own has nowhere to go back to.
  if (hint && history.length > 1) {
    offerWayBack(hint);
  }
}
