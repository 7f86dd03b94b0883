// Of every page.
addEventListener("beforeprint", () => document.querySelectorAll("details:not(.code)").forEach(folded => folded.open = true));
