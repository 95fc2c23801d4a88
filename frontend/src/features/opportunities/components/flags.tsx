import { FlagIcon } from "@heroicons/react/20/solid";

import { Badge, type Tone } from "@/components/ui/badge";
import { humanise } from "@/lib/format";

const KNOWN: Record<string, { label: string; meaning: string; tone: Tone }> = {
  single_seller: { label: "One seller", meaning: "Only one seller offers it: typical of a mistake or a scam", tone: "warn" },
  incomplete_contents: { label: "Incomplete", meaning: "Part of the contents is not known", tone: "warn" },
  few_lines: { label: "Few lines", meaning: "The value rests on very few cards", tone: "warn" },
};

interface FlagsProps {
  flags: readonly string[];
  needsReview: boolean;
  /** How many to name before the rest is counted. */
  limit?: number;
}

/** Warnings attached to an opportunity, in words. */
export function Flags({ flags, needsReview, limit = 2 }: FlagsProps) {
  if (flags.length === 0 && !needsReview) return <span className="text-muted">–</span>;
  const others = flags.filter((flag) => !(needsReview && flag === "needs_review"));
  const hidden = others.slice(limit);
  return (
    <span className="inline-flex flex-wrap gap-1">
      {needsReview && (
        <Badge tone="loss" title="Margin of 300 % or more: usually a wrong price">
          <FlagIcon aria-hidden className="size-3" />
          Needs review
        </Badge>
      )}
      {others.slice(0, limit).map((flag) => (
        <Badge key={flag} tone={KNOWN[flag]?.tone ?? "neutral"} title={KNOWN[flag]?.meaning ?? humanise(flag)}>
          {KNOWN[flag]?.label ?? humanise(flag)}
        </Badge>
      ))}
      {hidden.length > 0 && <Badge title={hidden.map(humanise).join(", ")}>+{hidden.length}</Badge>}
    </span>
  );
}
