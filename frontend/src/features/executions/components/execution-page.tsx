import { ChevronLeftIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";

import { QueryState, Skeleton } from "@/components/ui/states";
import { TabLinks } from "@/components/ui/tab-links";
import { useStreamRefresh } from "@/lib/sse";

import { useExecution } from "../api/get-execution";
import { executionKeys } from "../api/keys";
import type { ExecutionDetail } from "../api/shapes";
import { ExecutionHeader } from "./execution-header";

const CardsPanel = lazy(() => import("./cards-panel"));
const OrdersPanel = lazy(() => import("./orders-panel"));
const LedgerPanel = lazy(() => import("./ledger-panel"));
const SalesPanel = lazy(() => import("./sales-panel"));

export const EXECUTION_TABS = [
  { value: "cards", label: "Cards" },
  { value: "orders", label: "Orders & fills" },
  { value: "sales", label: "Sales" },
  { value: "ledger", label: "Ledger" },
] as const;

export type ExecutionTab = (typeof EXECUTION_TABS)[number]["value"];

export function executionTabOf(text: string | undefined): ExecutionTab {
  return EXECUTION_TABS.find((tab) => tab.value === text)?.value ?? "cards";
}

interface ExecutionPageProps {
  id: string;
  tab: ExecutionTab;
  onTab: (tab: ExecutionTab) => void;
  mayTrade: boolean;
}

const LOADING = (
  <div className="space-y-3">
    <Skeleton className="h-60" />
    <Skeleton className="h-96" />
  </div>
);

function Part({ execution, tab, mayTrade }: { execution: ExecutionDetail; tab: ExecutionTab; mayTrade: boolean }): ReactNode {
  switch (tab) {
    case "orders":
      return <OrdersPanel execution={execution} />;
    case "sales":
      return <SalesPanel execution={execution} mayTrade={mayTrade} />;
    case "ledger":
      return <LedgerPanel postings={execution.postings} />;
    default:
      return <CardsPanel execution={execution} mayTrade={mayTrade} />;
  }
}

/** One act on an opportunity, from the purchase to the last sold card. */
export function ExecutionPage({ id, tab, onTab, mayTrade }: ExecutionPageProps) {
  const query = useExecution(id);
  useStreamRefresh(["execution"], [executionKeys.detail(id), executionKeys.comparison(id), executionKeys.sales(id)], (event) => event.id === id);
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <Link to="/executions" className="inline-flex min-h-11 items-center gap-1 text-xs font-medium text-muted hover:text-ink sm:min-h-0">
        <ChevronLeftIcon aria-hidden className="size-4" />
        Executions
      </Link>
      <QueryState query={query} skeleton={LOADING}>
        {(execution) => (
          <>
            <ExecutionHeader execution={execution} mayTrade={mayTrade} />
            <TabLinks label="Parts of the execution" value={tab} tabs={EXECUTION_TABS} onChange={onTab} />
            <Suspense fallback={<Skeleton className="h-80" />}>
              <Part execution={execution} tab={tab} mayTrade={mayTrade} />
            </Suspense>
          </>
        )}
      </QueryState>
    </div>
  );
}
