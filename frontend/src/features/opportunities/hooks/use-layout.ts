// Columns and density: the URL's if it names them (a link shows what its sender saw), otherwise what the reader used last.

import { useState } from "react";

import { setDensity, useDensity, type Density } from "@/lib/density";

import { COLUMN_KEYS, DEFAULT_COLUMNS, type ColumnKey, type ScreenerSearch } from "./screener-search";

const KEY = "arbsite.columns";

export interface Layout {
  columns: readonly ColumnKey[];
  density: Density;
}

function readColumns(): readonly ColumnKey[] {
  try {
    const wanted = window.localStorage.getItem(KEY)?.split(",") ?? [];
    const columns = COLUMN_KEYS.filter((key) => wanted.includes(key));
    return columns.length > 0 ? columns : DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS; // storage is blocked
  }
}

function keepColumns(columns: readonly ColumnKey[]): void {
  try {
    window.localStorage.setItem(KEY, columns.join());
  } catch {
    // not remembered
  }
}

/** The layout of a view and how to change it; a change goes to the URL and into memory. */
export function useLayout(search: ScreenerSearch, onSearch: (next: ScreenerSearch) => void) {
  const [remembered, setRemembered] = useState(readColumns);
  const usualDensity = useDensity();
  const layout: Layout = { columns: search.columns ?? remembered, density: search.density ?? usualDensity };
  const change = (patch: Partial<Layout>) => {
    const { columns, density } = { ...layout, ...patch };
    keepColumns(columns);
    setRemembered(columns);
    setDensity(density);
    const isUsual = columns.join() === DEFAULT_COLUMNS.join();
    onSearch({ ...search, columns: isUsual ? undefined : [...columns], density: density === "compact" ? "compact" : undefined });
  };
  return { layout, change };
}
