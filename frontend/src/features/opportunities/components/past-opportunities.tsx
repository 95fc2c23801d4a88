import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Badge, type Tone } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { humanise } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import { opportunitiesOptions } from "../api/list-opportunities";

const STATUSES = ["executed", "expired", "cancelled"] as const;
const TONES: Record<string, Tone> = { executed: "accent", expired: "warn", cancelled: "neutral" };
const SHOWN = 12;

/** What became of earlier opportunities of one product. */
export function PastOpportunities({ productId }: { productId: string }) {
  const queries = useQueries({
    queries: STATUSES.map((status) => ({
      ...opportunitiesOptions({ sealed_product: productId, status, needs_review: "any", ordering: ["-updated_at"], page_size: SHOWN }),
      refetchInterval: false as const,
    })),
  });
  const failed = queries.find((query) => query.isError && query.data === undefined);
  const isLoading = queries.some((query) => query.data === undefined);
  const rows = queries.flatMap((query) => query.data?.results ?? []).sort((a, b) => b.updated_at.localeCompare(a.updated_at)).slice(0, SHOWN);
  return (
    <Section title="Earlier opportunities" note="Executed, expired or dismissed.">
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : isLoading ? (
        <Skeleton className="h-12" />
      ) : rows.length === 0 ? (
        <p className="text-[0.8125rem] text-muted">None so far.</p>
      ) : (
        <ul className="-mx-2">
          {rows.map((row) => (
            <li key={row.id}>
              <Link to="/opportunities/$id" params={{ id: row.id }} className="flex min-h-11 items-center gap-3 rounded-lg px-2 text-[0.8125rem] hover:bg-sunken">
                <Badge tone={TONES[row.status]}>{humanise(row.status === "cancelled" ? "dismissed" : row.status)}</Badge>
                <span className="min-w-0 flex-1 truncate text-xs text-muted">{sourceName(row.buy_source)}, <Moment at={row.updated_at} /></span>
                <Money amount={row.net_profit} currency={row.currency} signed />
                <Margin value={row.margin_percentage} className="font-semibold" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
