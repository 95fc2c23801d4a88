import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { InputField } from "@/components/ui/field";
import { Moment } from "@/components/ui/freshness";
import { Pagination } from "@/components/ui/pagination";
import { Section } from "@/components/ui/section";
import { SelectField } from "@/components/ui/select-field";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { CHECKS, useFindings, useJudge, type Finding } from "../api/findings";
import type { ReportSearch } from "../hooks/report-search";

const PAGE_SIZE = 25;
const LOOKS: Record<Finding["state"], { tone: Tone; word: string }> = {
  open: { tone: "warn", word: "Open" },
  accepted: { tone: "gain", word: "Accepted as right" },
  resolved: { tone: "neutral", word: "Resolved" },
};
const STATES = (Object.keys(LOOKS) as Finding["state"][]).map((value) => ({ value, label: LOOKS[value].word }));

function Judge({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const judge = useJudge();
  const isOpen = finding.state === "open";
  return (
    <Confirm
      title={isOpen ? "Accept the contents as right?" : "Open the doubt again?"}
      action={isOpen ? "Accept" : "Open again"}
      isDanger={false}
      isReady={reason.trim() !== ""}
      onConfirm={() => judge.mutateAsync({ id: finding.id, state: isOpen ? "accepted" : "open", reason: reason.trim() })}
      onClose={onClose}
    >
      <p>{finding.reason}</p>
      <InputField label="Why" value={reason} onChange={setReason} maxLength={200} autoFocus required hint="Recorded in the audit trail with your name." />
    </Confirm>
  );
}

function FindingRow({ finding, mayJudge, onJudge }: { finding: Finding; mayJudge: boolean; onJudge: () => void }) {
  const { tone, word } = LOOKS[finding.state];
  const figures = Object.entries(finding.details).filter(([, value]) => typeof value === "number" || typeof value === "string");
  return (
    <li className="flex flex-wrap items-start gap-x-5 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-96">
        <p className="flex flex-wrap items-center gap-2">
          <Link to="/products/$id" params={{ id: finding.product.id }} className="text-[0.8125rem] font-medium hover:text-accent hover:underline">{finding.product.name}</Link>
          <Badge tone={tone}>{word}</Badge>
          <span className="text-2xs text-muted">{finding.check}</span>
        </p>
        <p className="mt-0.5 text-xs">{finding.reason}</p>
        <p className="mt-0.5 text-2xs text-muted">
          {figures.map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`).join(" · ")}
          {figures.length > 0 && " · "}first seen <Moment at={finding.first_seen_at} />
        </p>
        {finding.judged_reason && <p className="mt-1 text-2xs text-muted">Judged: “{finding.judged_reason}”</p>}
        {finding.other_product && <p className="mt-0.5 text-2xs"><Link to="/products/$id" params={{ id: finding.other_product.id }} className="text-accent hover:underline">Compare with {finding.other_product.name}</Link></p>}
      </div>
      {mayJudge && finding.state !== "resolved" && <Button onClick={onJudge} aria-label={`Judge: ${finding.product.name}`}>{finding.state === "open" ? "Accept" : "Open again"}</Button>}
    </li>
  );
}

interface FindingsReportProps {
  search: ReportSearch;
  onSearch: (next: ReportSearch) => void;
  mayJudge: boolean;
}

/** Doubts about what sealed products are said to hold, for people to judge. */
export function FindingsReport({ search, onSearch, mayJudge }: FindingsReportProps) {
  const [page, setPage] = useState(1);
  const [judged, setJudged] = useState<Finding | null>(null);
  const state = search.state ?? "open";
  const query = useFindings({ state: state === "any" ? undefined : state, check: search.check, page });
  const refine = (patch: Partial<ReportSearch>) => {
    setPage(1);
    onSearch({ ...search, ...patch });
  };
  return (
    <Section
      title="Doubtful contents"
      note="What the nightly audit of the catalogue finds odd. A wrong case of twelve makes a false opportunity, so each doubt deserves a look."
      bodyClass=""
      actions={
        <div className="flex flex-wrap gap-2">
          <SelectField label="State" anyLabel="Any" value={state === "any" ? undefined : (state as Finding["state"])} options={STATES} onChange={(next) => refine({ state: next === "open" ? undefined : (next ?? "any") })} />
          <SelectField label="Check" anyLabel="All checks" value={search.check} options={CHECKS} onChange={(check) => refine({ check })} />
        </div>
      }
    >
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-14" /><Skeleton className="h-14" /></div>}
        empty={({ count }) => count === 0 && <EmptyState title={state === "open" ? "No open doubts" : "Nothing here"}>The audit runs every night and after each update of the catalogue.</EmptyState>}
      >
        {({ count, results }) => (
          <>
            <ul className="divide-y border-t">{results.map((finding) => <FindingRow key={finding.id} finding={finding} mayJudge={mayJudge} onJudge={() => setJudged(finding)} />)}</ul>
            <Pagination page={page} pageSize={PAGE_SIZE} count={count} sizes={[PAGE_SIZE]} onPage={setPage} onPageSize={() => undefined} />
          </>
        )}
      </QueryState>
      {judged && <Judge finding={judged} onClose={() => setJudged(null)} />}
    </Section>
  );
}
