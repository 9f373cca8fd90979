// Buttons that copy the text of another element: <button data-copy="its id" hidden>.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent;
  const before = (button.dataset.before ??= button.innerHTML); // another click may come before the text is back
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // not allowed, or no secure context: the text is selected, to be copied by hand
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.innerHTML = before; }, 1500);
});

function showCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

showCopyButtons(document);
document.addEventListener("devidp:renewed", () => showCopyButtons(document));
