import { StarIcon as StarOutline } from "@heroicons/react/24/outline";
import { StarIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";

import { Button } from "@/components/ui/button";
import { showToast } from "@/lib/toasts";

import { useToggleWatch, useWatches } from "../api/watches";

interface WatchProps {
  product: { id: string; name: string };
  /** Nobody is logged in: there is no watchlist. */
  isAnonymous?: boolean;
  className?: string;
}

/** Whether a product is watched, and how to change that. */
export function useWatch(isLoggedIn: boolean) {
  const { data: watches } = useWatches(isLoggedIn);
  const toggle = useToggleWatch();
  return {
    isReady: watches !== undefined,
    isWatched: (product: string) => watches?.[product] !== undefined,
    toggle: (product: { id: string; name: string }) => {
      if (!watches || watches[product.id] === "pending") return;
      toggle.mutate(
        { product: product.id, watch: watches[product.id] },
        { onError: (error) => showToast({ tone: "loss", title: `The watchlist did not change: ${product.name}`, detail: error.message }) },
      );
    },
  };
}

/** A star in a row. */
export function WatchStar({ product, isAnonymous = false, className }: WatchProps) {
  const watch = useWatch(!isAnonymous);
  if (isAnonymous) return null;
  const isOn = watch.isWatched(product.id);
  const Icon = isOn ? StarIcon : StarOutline;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={`Watch ${product.name}`}
      title={isOn ? "On your watchlist" : "Put on your watchlist"}
      disabled={!watch.isReady}
      onClick={() => watch.toggle(product)}
      className={clsx("grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunken sm:size-7", isOn ? "text-warn" : "text-muted hover:text-ink", className)}
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}

/** The same with words, for the head of a page. */
export function WatchButton({ product, isAnonymous = false }: WatchProps) {
  const watch = useWatch(!isAnonymous);
  if (isAnonymous) return null;
  const isOn = watch.isWatched(product.id);
  const Icon = isOn ? StarIcon : StarOutline;
  return (
    <Button aria-pressed={isOn} disabled={!watch.isReady} onClick={() => watch.toggle(product)} title={isOn ? "Take off your watchlist" : "Put on your watchlist"}>
      <Icon aria-hidden className={clsx("size-4", isOn && "text-warn")} />
      <span className="max-sm:sr-only">{isOn ? "Watching" : "Watch"}</span>
    </Button>
  );
}
