import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, type RouterHistory } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";

import { parseAuditSearch } from "@/features/audit/hooks/audit-search";
import { parseBooksSearch } from "@/features/books/hooks/books-search";
import { parseExecutionSearch } from "@/features/executions/hooks/execution-search";
import { parseJobSearch } from "@/features/jobs/hooks/job-search";
import { parseLiveSearch } from "@/features/live/hooks/live-search";
import { parseProductSearch } from "@/features/products/hooks/product-search";
import { parseScreenerSearch } from "@/features/opportunities/hooks/screener-search";
import { parseReportSearch } from "@/features/reports/hooks/report-search";
import { only, parseSearch, stringifySearch } from "@/lib/search-params";

import { parseLoginSearch, parseTab } from "./route-search";
import { CrashPage } from "./shell/crash-page";
import { NotFoundPage } from "./shell/not-found-page";
import { RouteSkeleton } from "./shell/route-skeleton";
import { Shell } from "./shell/shell";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./routes/overview"), "OverviewRoute"),
});

const opportunitiesRoute = createRoute({
  getParentRoute: () => root,
  path: "/opportunities",
  validateSearch: only(parseScreenerSearch),
  component: lazyRouteComponent(() => import("./routes/opportunities"), "OpportunitiesRoute"),
});

const opportunityRoute = createRoute({
  getParentRoute: () => root,
  path: "/opportunities/$id",
  validateSearch: only(parseTab),
  component: lazyRouteComponent(() => import("./routes/opportunity"), "OpportunityRoute"),
});

const productsRoute = createRoute({
  getParentRoute: () => root,
  path: "/products",
  validateSearch: only(parseProductSearch),
  component: lazyRouteComponent(() => import("./routes/products"), "ProductsRoute"),
});

const productRoute = createRoute({
  getParentRoute: () => root,
  path: "/products/$id",
  component: lazyRouteComponent(() => import("./routes/product"), "ProductRoute"),
});

const marketsRoute = createRoute({
  getParentRoute: () => root,
  path: "/markets",
  component: lazyRouteComponent(() => import("./routes/markets"), "MarketsRoute"),
});

const liveRoute = createRoute({
  getParentRoute: () => root,
  path: "/live",
  validateSearch: only(parseLiveSearch),
  component: lazyRouteComponent(() => import("./routes/live"), "LiveRoute"),
});

const booksRoute = createRoute({
  getParentRoute: () => root,
  path: "/books",
  validateSearch: only(parseBooksSearch),
  component: lazyRouteComponent(() => import("./routes/books"), "BooksRoute"),
});

const jobsRoute = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: only(parseJobSearch),
  component: lazyRouteComponent(() => import("./routes/jobs"), "JobsRoute"),
});

const executionsRoute = createRoute({
  getParentRoute: () => root,
  path: "/executions",
  validateSearch: only(parseExecutionSearch),
  component: lazyRouteComponent(() => import("./routes/executions"), "ExecutionsRoute"),
});

const executionRoute = createRoute({
  getParentRoute: () => root,
  path: "/executions/$id",
  validateSearch: only(parseTab),
  component: lazyRouteComponent(() => import("./routes/execution"), "ExecutionRoute"),
});

const watchlistRoute = createRoute({
  getParentRoute: () => root,
  path: "/watchlist",
  component: lazyRouteComponent(() => import("./routes/watchlist"), "WatchlistRoute"),
});

const alertsRoute = createRoute({
  getParentRoute: () => root,
  path: "/alerts",
  validateSearch: only(parseTab),
  component: lazyRouteComponent(() => import("./routes/alerts"), "AlertsRoute"),
});

const auditRoute = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: only(parseAuditSearch),
  component: lazyRouteComponent(() => import("./routes/audit"), "AuditRoute"),
});

const reportsRoute = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  validateSearch: only(parseReportSearch),
  component: lazyRouteComponent(() => import("./routes/reports"), "ReportsRoute"),
});

const settingsRoute = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: only(parseTab),
  component: lazyRouteComponent(() => import("./routes/settings"), "SettingsRoute"),
});

const systemRoute = createRoute({
  getParentRoute: () => root,
  path: "/system",
  component: lazyRouteComponent(() => import("./routes/system"), "SystemRoute"),
});

const helpRoute = createRoute({
  getParentRoute: () => root,
  path: "/help",
  component: lazyRouteComponent(() => import("./routes/help"), "HelpRoute"),
});

const loginRoute = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: only(parseLoginSearch),
  component: lazyRouteComponent(() => import("./routes/login"), "LoginRoute"),
});

const routeTree = root.addChildren([
  overview, opportunitiesRoute, opportunityRoute, productsRoute, productRoute, executionsRoute, executionRoute, watchlistRoute,
  alertsRoute, liveRoute, booksRoute, reportsRoute, marketsRoute, jobsRoute, auditRoute, settingsRoute, systemRoute, helpRoute, loginRoute,
]);

/** The dashboard's routes under /app, with readable search parameters. */
export function makeRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    history,
    basepath: "/app",
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: RouteSkeleton,
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    trailingSlash: "preserve",
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
