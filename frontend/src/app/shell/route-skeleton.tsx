import { Skeleton } from "@/components/ui/states";

/** Stands in while a route's code arrives. */
export function RouteSkeleton() {
  return (
    <div role="status" aria-label="Loading page" className="space-y-3">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-28" />
      <Skeleton className="h-72" />
    </div>
  );
}
