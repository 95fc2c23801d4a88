import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";

import { App } from "@/app/app";
import { makeMutationCache } from "@/app/query-client";
import { makeRouter } from "@/app/router";

function testQueries(): QueryClient {
  return new QueryClient({ mutationCache: makeMutationCache(), defaultOptions: { queries: { retry: false, staleTime: 15_000 } } });
}

/** The whole dashboard at an address under /app, e.g. "/opportunities?page=2". */
export function renderApp(path: string) {
  const history = createMemoryHistory({ initialEntries: [`/app${path}`] });
  const queries = testQueries();
  const router = makeRouter(queries, history);
  render(<App queries={queries} router={router} />);
  return {
    user: userEvent.setup(),
    queries,
    history,
    /** The search parameters of the current address. */
    search: () => Object.fromEntries(new URLSearchParams(history.location.search)),
  };
}

/** One component with server state but without a router. */
export function renderAlone(component: ReactNode) {
  const queries = testQueries();
  return { user: userEvent.setup(), queries, ...render(<QueryClientProvider client={queries}>{component}</QueryClientProvider>) };
}
