import type { ReactNode } from "react";

import type { Product } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { PageHeader } from "@/components/ui/page-header";
import { ProductTile } from "@/components/ui/product-tile";
import { Fact, Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";
import { humanise } from "@/lib/format";
import { formatDate } from "@/lib/time";
import { categoryName, identifierName } from "@/lib/vocabulary";

import { useProduct } from "../api/get-product";
import { ContentsPanel } from "./contents-panel";

function Facts({ product }: { product: Product }) {
  const facts: [label: string, value: string][] = [
    ["Game", categoryName(product.category)],
    ["Set", [product.set_name, product.set_code && `(${product.set_code})`].filter(Boolean).join(" ")],
    ["Kind", [product.sealed_kind, product.sealed_subtype].filter(Boolean).map(humanise).join(", ")],
    ["Collector number", product.number],
    ["Rarity", humanise(product.rarity)],
    ["Finishes", product.finishes.map(humanise).join(", ")],
    ["Language", product.language],
    ["Released", product.released_on ? formatDate(product.released_on) : ""],
  ];
  return (
    <Section title="Facts">
      <dl>
        {facts.filter(([, value]) => value !== "").map(([label, value]) => <Fact key={label} label={label}>{value}</Fact>)}
        {product.identifiers.map((identifier) => (
          <Fact key={`${identifier.source} ${identifier.external_id} ${identifier.finish}`} label={`Id at ${identifierName(identifier.source)}${identifier.finish ? `, ${humanise(identifier.finish).toLowerCase()}` : ""}`}>
            <code className="text-xs break-all select-all">{identifier.external_id}</code>
          </Fact>
        ))}
      </dl>
    </Section>
  );
}

interface ProductPageProps {
  id: string;
  /** What can be done with the product. */
  actions: (product: Product) => ReactNode;
  /** Prices, which another feature shows. */
  prices: (product: Product) => ReactNode;
  history: (product: Product) => ReactNode;
  /** Opportunities of a sealed product, which another feature lists. */
  opportunities: (product: Product) => ReactNode;
}

/** One product: what it is, what it costs now, what it used to cost. */
export function ProductPage({ id, actions, prices, history, opportunities }: ProductPageProps) {
  const query = useProduct(id);
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <QueryState query={query} skeleton={<div className="space-y-3"><Skeleton className="h-24" /><Skeleton className="h-80" /></div>}>
        {(product) => (
          <>
            <div className="card flex flex-wrap items-center gap-4 p-4 sm:p-5">
              <ProductTile setCode={product.set_code} category={product.category} size="large" />
              <div className="min-w-0 flex-1 basis-52">
                <PageHeader title={product.name} />
                <p className="mt-1 flex flex-wrap items-center gap-1.5 text-xs text-muted">
                  <Badge>{humanise(product.product_type)}</Badge>
                  {product.is_demo && <Badge tone="accent">Demo</Badge>}
                  {!product.is_active && <Badge tone="warn">Inactive</Badge>}
                  {product.set_name}
                </p>
              </div>
              {actions(product)}
            </div>
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
              <div className="min-w-0 space-y-3">
                {history(product)}
                {prices(product)}
                {product.product_type === "sealed" && <ContentsPanel productId={product.id} />}
              </div>
              <div className="min-w-0 space-y-3">
                {product.product_type === "sealed" && opportunities(product)}
                <Facts product={product} />
              </div>
            </div>
          </>
        )}
      </QueryState>
    </div>
  );
}
