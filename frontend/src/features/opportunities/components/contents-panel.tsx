import { useState } from "react";

import type { ContentsLine, Explanation } from "@/api/types";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatCount, formatFraction } from "@/lib/format";

import { useExplanation } from "../api/explain-opportunity";
import { ContentsTable } from "./contents-table";

type Kind = "all" | "counted" | "guaranteed" | "random";

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: "all", label: "All" },
  { value: "counted", label: "Counted" },
  { value: "guaranteed", label: "Certain" },
  { value: "random", label: "Random" },
];

function wordsOf(line: ContentsLine): string {
  const finish = line.finish === "nonfoil" ? "" : line.finish;
  return [line.name, line.set_code, line.number, line.rarity, finish].join(" ").toLowerCase();
}

export function filterLines(lines: readonly ContentsLine[], wanted: string, kind: Kind): ContentsLine[] {
  const text = wanted.trim().toLowerCase();
  const fits = {
    all: () => true,
    counted: (line: ContentsLine) => line.counted,
    guaranteed: (line: ContentsLine) => line.guaranteed,
    random: (line: ContentsLine) => !line.guaranteed,
  }[kind];
  return lines.filter(
    (line) => fits(line) && (text === "" || wordsOf(line).includes(text)),
  );
}

function Contents({ contents, currency }: { contents: Explanation["contents"]; currency: string }) {
  const [wanted, setWanted] = useState("");
  const [kind, setKind] = useState<Kind>("all");
  const lines = filterLines(contents.lines, wanted, kind);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-5">
        <input className="field w-full sm:w-56" type="search" aria-label="Find a card" placeholder="Find a card" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        <Segmented label="Which lines" value={kind} options={KINDS} onChange={setKind} />
        <span className="num ml-auto text-xs text-muted" aria-live="polite">
          {formatCount(lines.length)} of {formatCount(contents.lines.length)} lines · coverage {formatFraction(contents.coverage)}
        </span>
      </div>
      {(!contents.complete || contents.unresolved.length > 0) && (
        <p className="mx-4 mb-3 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn sm:mx-5">
          Part of the contents is not known{contents.unresolved.length > 0 && `: ${contents.unresolved.join("; ")}`}. What is missing adds nothing to the value.
        </p>
      )}
      {lines.length === 0 ? <EmptyState title="No line matches" /> : <ContentsTable lines={lines} currency={currency} />}
    </>
  );
}

/** What is inside, what each line is worth, and what was left out. */
export function ContentsPanel({ id, currency }: { id: string; currency: string }) {
  const explanation = useExplanation(id);
  return (
    <Section title="Contents" note="One line per card and finish: certain copies, or how often it is pulled." className="overflow-hidden" bodyClass="">
      <QueryState
        query={explanation}
        skeleton={<div className="p-4"><Skeleton className="h-80" /></div>}
        empty={(data) => data.contents.lines.length === 0 && <EmptyState title="No contents known" />}
      >
        {(data) => <Contents contents={data.contents} currency={currency} />}
      </QueryState>
    </Section>
  );
}
