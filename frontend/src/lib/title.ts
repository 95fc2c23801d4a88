// The browser tab's title: the page, and how many opportunities could be executed now.

let page = "Arbsite";
let count = 0;

function write(): void {
  document.title = `${count > 0 ? `(${count}) ` : ""}${page === "Arbsite" ? page : `${page} · Arbsite`}`;
}

export function setPageTitle(title: string): void {
  page = title;
  write();
}

export function setTitleCount(executable: number): void {
  count = executable;
  write();
}
