// Sorting and filtering of the index. The table is complete without it.
"use strict";
(() => {
  const table = document.querySelector("table.notes");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const form = document.querySelector("form.filter");
  const compare = new Intl.Collator("en", { numeric: true }).compare;

  const value = (row, column, kind) => {
    const cell = row.cells[column];
    const text = (cell.dataset.value ?? cell.textContent).trim();
    return kind === "number" ? (text === "" ? -1 : Number(text)) : text;
  };

  const sortBy = (head, column) => {
    const kind = head.dataset.sort;
    const down = head.getAttribute("aria-sort") === "ascending";
    const sign = down ? -1 : 1;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map((row, index) => ({ row, index, key: value(row, column, kind) }));
    keyed.sort((a, b) => sign * (kind === "number" ? a.key - b.key : compare(a.key, b.key)) || a.index - b.index);
    body.append(...keyed.map((item) => item.row));
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sortBy(head, column));
    head.replaceChildren(button);
  });

  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = wanted.has(row.dataset.decision) && words.every((word) => texts[index].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    form.elements.shown.value = `${shown} of ${rows.length} notes`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
