import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import { BooksPage } from "@/features/books/components/books-page";

const route = getRouteApi("/books");

export function BooksRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/books" });
  const toggle = useCallback(
    (symbol: string) => void navigate({ search: (before) => ({ ...before, open: before.open === symbol ? undefined : symbol }), replace: true, resetScroll: false }),
    [navigate],
  );
  return <BooksPage search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} onToggle={toggle} />;
}
