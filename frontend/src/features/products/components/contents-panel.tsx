import { Link } from "@tanstack/react-router";

import type { Contents, ContentsEntry } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { humanise } from "@/lib/format";
import { formatDate } from "@/lib/time";

import { useContents } from "../api/get-contents";

/** The entry's own name, or what it points to. */
export function entryName(entry: ContentsEntry): string {
  return entry.name || entry.deck || entry.pack || humanise(entry.kind);
}

function Entry({ entry }: { entry: ContentsEntry }) {
  const name = entryName(entry);
  return (
    <li className="flex items-center gap-3 border-b border-line/60 py-1.5 text-[0.8125rem] last:border-0">
      <span className="num w-10 shrink-0 text-right text-muted">{entry.quantity ?? 1}×</span>
      {entry.product_id ? (
        <Link to="/products/$id" params={{ id: entry.product_id }} className="min-w-0 flex-1 truncate hover:text-accent hover:underline">{name}</Link>
      ) : (
        <span className="min-w-0 flex-1 truncate">{name}</span>
      )}
      {entry.finish && entry.finish !== "nonfoil" && <Badge tone="accent">{humanise(entry.finish)}</Badge>}
      {!entry.resolved && <Badge tone="warn">unknown</Badge>}
      <span className="w-24 shrink-0 text-right text-xs text-muted">{humanise(entry.kind)}</span>
    </li>
  );
}

function Choice({ choice }: { choice: Contents["choices"][number] }) {
  const total = choice.alternatives.reduce((sum, alternative) => sum + (alternative.weight ?? 1), 0);
  return (
    <div className="mt-3 rounded-lg border p-3">
      <p className="mb-1 text-xs font-medium">
        {choice.draws ?? 1} of {choice.alternatives.length} alternatives{choice.with_replacement && ", each may repeat"}
      </p>
      {choice.alternatives.map((alternative, index) => (
        <div key={index} className="flex items-start gap-3">
          <span className="num w-14 shrink-0 py-1.5 text-xs text-muted">{alternative.weight ?? 1} in {total}</span>
          <ul className="min-w-0 flex-1">{alternative.lines.map((entry, position) => <Entry key={position} entry={entry} />)}</ul>
        </div>
      ))}
    </div>
  );
}

/** What is in the box, as its source states it, one level deep. */
export function ContentsPanel({ productId }: { productId: string }) {
  const query = useContents(productId);
  const { data } = query;
  const origin = data?.source ? `${humanise(data.source)}, ${formatDate(data.source_date)}, version ${data.version ?? 1}` : undefined;
  return (
    <Section title="Contents" note={origin}>
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-32" />}
        empty={(contents) =>
          contents.lines.length === 0 && contents.choices.length === 0 && (
            <EmptyState title="Contents unknown">No source has stated what is inside, so it cannot be valued.</EmptyState>
          )
        }
      >
        {(contents) => (
          <>
            <ul>{contents.lines.map((entry, index) => <Entry key={index} entry={entry} />)}</ul>
            {contents.choices.map((choice, index) => <Choice key={index} choice={choice} />)}
            {!contents.complete && (
              <p className="mt-3 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
                Not everything is known{contents.missing.length > 0 && `: ${contents.missing.join("; ")}`}.
              </p>
            )}
          </>
        )}
      </QueryState>
    </Section>
  );
}
