import type { ReactNode } from "react";

import type { Product } from "@/api/types";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { isPastTheEnd, Pagination, PastTheEnd } from "@/components/ui/pagination";
import { Segmented } from "@/components/ui/segmented";
import { SelectField } from "@/components/ui/select-field";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { TextField } from "@/components/ui/text-field";
import { plural } from "@/lib/format";
import { CATEGORIES, SEALED_KINDS } from "@/lib/vocabulary";

import { useProducts } from "../api/list-products";
import { DEFAULT_PAGE_SIZE, PAGE_SIZES, toProductQuery, type ProductSearch } from "../hooks/product-search";
import { ProductRows } from "./product-rows";

interface ProductListProps {
  search: ProductSearch;
  onSearch: (next: ProductSearch) => void;
  /** How a product is put on the watchlist, which another feature keeps. */
  watch?: (product: Product) => ReactNode;
}

const TYPES = [
  { value: "any", label: "All" },
  { value: "sealed", label: "Sealed" },
  { value: "single", label: "Singles" },
] as const;

function Filters({ search, onSearch }: ProductListProps) {
  const change = (patch: ProductSearch) => onSearch({ ...search, page: undefined, ...patch });
  return (
    <div className="card grid grid-cols-2 items-end gap-3 p-3.5 sm:flex sm:flex-wrap">
      <TextField className="col-span-2 sm:w-72" label="Name, set or number" type="search" placeholder="Search" value={search.search} onCommit={(value) => change({ search: value })} />
      <div className="col-span-2">
        <span className="mb-1 block text-xs text-muted">Type</span>
        <Segmented
          label="Type"
          value={search.product_type ?? "any"}
          options={TYPES}
          onChange={(value) => change({ product_type: value === "any" ? undefined : value, sealed_kind: undefined })}
        />
      </div>
      <SelectField label="Game" anyLabel="All games" value={search.category} options={CATEGORIES} onChange={(category) => change({ category })} />
      {search.product_type !== "single" && (
        <SelectField label="Kind" anyLabel="All kinds" value={search.sealed_kind} options={SEALED_KINDS} onChange={(value) => change({ sealed_kind: value })} />
      )}
      <TextField className="sm:w-24" label="Set code" placeholder="any" value={search.set_code} onCommit={(value) => change({ set_code: value?.toUpperCase() })} />
    </div>
  );
}

function Nothing({ search, onSearch }: ProductListProps) {
  const isFiltered = Object.keys(search).some((key) => key !== "page" && key !== "page_size");
  if (!isFiltered) return <EmptyState title="The catalogue is empty">Import a catalogue file first.</EmptyState>;
  return <EmptyState title="No product matches" action={<Button onClick={() => onSearch({})}>Clear filters</Button>} />;
}

function Results({ search, onSearch, query, watch }: ProductListProps & { query: ReturnType<typeof useProducts> }) {
  return (
    <QueryState
      query={query}
      skeleton={<div className="space-y-2 p-4">{Array.from({ length: 10 }, (_, index) => <Skeleton key={index} className="h-10" />)}</div>}
      empty={(data) => data.count === 0 && <Nothing search={search} onSearch={onSearch} />}
    >
      {(data) => (
        <>
          <ProductRows rows={data.results} isPending={query.isPlaceholderData} watch={watch} />
          <Pagination
            page={search.page ?? 1}
            pageSize={search.page_size ?? DEFAULT_PAGE_SIZE}
            count={data.count}
            sizes={PAGE_SIZES}
            onPage={(page) => onSearch({ ...search, page: page > 1 ? page : undefined })}
            onPageSize={(size) => onSearch({ ...search, page: undefined, page_size: size === DEFAULT_PAGE_SIZE ? undefined : size })}
          />
        </>
      )}
    </QueryState>
  );
}

/** The catalogue, searchable. Its state is `search`, which the route keeps in the URL. */
export function ProductList({ search, onSearch, watch }: ProductListProps) {
  const query = useProducts(toProductQuery(search));
  const list = isPastTheEnd(query.error, search.page) ? (
    <PastTheEnd onFirst={() => onSearch({ ...search, page: undefined })} />
  ) : (
    <Results search={search} onSearch={onSearch} query={query} watch={watch} />
  );
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader title="Products" note={query.data && <span className="num">{plural(query.data.count, "product")}</span>} />
      <Filters search={search} onSearch={onSearch} />
      <div className="card overflow-hidden">{list}</div>
    </div>
  );
}
