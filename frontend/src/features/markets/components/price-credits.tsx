import { useSources } from "../api/get-sources";
import { attributionsOf } from "../hooks/route-state";

/** Whose data the prices are, as the sources ask; invented prices are nobody's. */
export function PriceCredits({ isDemo }: { isDemo: boolean }) {
  const { data } = useSources();
  const credits = data && !isDemo ? attributionsOf(data.results) : [];
  const text = isDemo ? "Demo market: invented products, prices from simulated venues." : credits.join(" · ");
  if (text === "") return null;
  return <footer aria-label="Sources of the prices" className="mx-auto w-full max-w-[90rem] px-1 pt-1 text-2xs text-muted">{text}</footer>;
}
