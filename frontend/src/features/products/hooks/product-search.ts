// The catalogue's URL: filters, order and page, and the API query they mean.

import type { Category, ProductQuery, ProductType } from "@/api/types";
import { oneOf, text, wholeNumber, type RawSearch } from "@/lib/search-params";
import { CATEGORIES } from "@/lib/vocabulary";

export const PRODUCT_TYPES = ["sealed", "single"] as const satisfies readonly ProductType[];
export const PAGE_SIZES = [25, 50, 100, 200] as const;
export const DEFAULT_PAGE_SIZE = 50;

export interface ProductSearch {
  search?: string;
  product_type?: ProductType;
  category?: Category;
  set_code?: string;
  sealed_kind?: string;
  page?: number;
  page_size?: number;
}

export function parseProductSearch(raw: RawSearch): ProductSearch {
  const size = wholeNumber(raw, "page_size", 1, 200);
  const found: ProductSearch = {
    search: text(raw, "search"),
    product_type: oneOf(raw, "product_type", PRODUCT_TYPES),
    category: oneOf(raw, "category", CATEGORIES.map((category) => category.value)),
    set_code: text(raw, "set_code"),
    sealed_kind: text(raw, "sealed_kind"),
    page: wholeNumber(raw, "page", 2, 100_000),
    page_size: size !== DEFAULT_PAGE_SIZE && PAGE_SIZES.some((known) => known === size) ? size : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function toProductQuery(search: ProductSearch): ProductQuery {
  const { page = 1, page_size = DEFAULT_PAGE_SIZE, ...filters } = search;
  return { ...filters, page, page_size };
}
