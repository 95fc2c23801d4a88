import { Link } from "@tanstack/react-router";

import { Button, buttonClass } from "@/components/ui/button";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { PageHeader } from "@/components/ui/page-header";
import { ProductTile } from "@/components/ui/product-tile";
import { RiskBadge } from "@/components/ui/risk-badge";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { TextField } from "@/components/ui/text-field";
import { plural } from "@/lib/format";

import { useChangeNote, usePriceAges, useUnwatch, useWatchlist, type Watch } from "../api/watches";

function Best({ watch, pricedAt }: { watch: Watch; pricedAt: string | undefined }) {
  const { opportunity } = watch;
  if (!opportunity) return <p className="text-xs text-muted">No opportunity now</p>;
  return (
    <Link to="/opportunities/$id" params={{ id: opportunity.id }} className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md text-[0.8125rem] hover:text-accent" aria-label={`Best opportunity of ${watch.product.name}`}>
      <Margin value={opportunity.margin_percentage} className="w-16 font-semibold" />
      <Money amount={opportunity.net_profit} currency={opportunity.currency} signed className="w-20" />
      <ConfidenceBar score={opportunity.confidence_score} />
      <RiskBadge level={opportunity.risk_level} />
      {pricedAt && <Freshness at={pricedAt} className="text-xs" />}
    </Link>
  );
}

function WatchRow({ watch, pricedAt }: { watch: Watch; pricedAt: string | undefined }) {
  const change = useChangeNote();
  const unwatch = useUnwatch();
  const { product } = watch;
  return (
    <li className="flex flex-wrap items-center gap-x-5 gap-y-2 px-4 py-3">
      <Link to="/products/$id" params={{ id: product.id }} className="flex min-w-0 flex-1 basis-64 items-center gap-3 hover:text-accent">
        <ProductTile setCode={product.set_code} category={product.category} />
        <span className="min-w-0">
          <span className="block truncate text-[0.8125rem] font-medium">{product.name}</span>
          <span className="block truncate text-2xs text-muted">{product.set_name} · watched since <Moment at={watch.created_at} /></span>
        </span>
      </Link>
      <div className="basis-full lg:w-104 lg:basis-auto"><Best watch={watch} pricedAt={pricedAt} /></div>
      <TextField label={`Note on ${product.name}`} hideLabel placeholder="Note" value={watch.note} className="min-w-40 flex-1 basis-40" onCommit={(note) => change.mutate({ id: watch.id, note: (note ?? "").slice(0, 200) })} />
      <Button aria-label={`Stop watching ${product.name}`} disabled={unwatch.isPending} onClick={() => unwatch.mutate(watch.id)}>Remove</Button>
    </li>
  );
}

/** Products somebody keeps an eye on, each with its best chance now. */
export function WatchlistPage() {
  const query = useWatchlist();
  const { data: ages } = usePriceAges();
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader
        title="Watchlist"
        note={query.data && <span className="num">{plural(query.data.length, "product")}</span>}
        actions={<Link to="/alerts" className={buttonClass()}>Alerts on these</Link>}
      />
      <div className="card overflow-hidden">
        <QueryState
          query={query}
          skeleton={<div className="space-y-2 p-4">{Array.from({ length: 5 }, (_, index) => <Skeleton key={index} className="h-12" />)}</div>}
          empty={(watches) => watches.length === 0 && (
            <EmptyState title="Nothing is watched" action={<Link to="/opportunities" className={buttonClass("solid")}>Go to opportunities</Link>}>
              Press the star of an opportunity or a product (or <kbd>w</kbd> in the list) to keep it here. Alert rules can look at these products alone.
            </EmptyState>
          )}
        >
          {(watches) => (
            <ul aria-label="Watched products" className="divide-y">
              {watches.map((watch) => <WatchRow key={watch.id} watch={watch} pricedAt={watch.opportunity ? ages?.get(watch.opportunity.id) : undefined} />)}
            </ul>
          )}
        </QueryState>
      </div>
    </div>
  );
}
