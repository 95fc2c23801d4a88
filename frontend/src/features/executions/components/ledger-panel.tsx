import { Moment } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState } from "@/components/ui/states";
import { humanise, plural } from "@/lib/format";
import { signOf } from "@/lib/decimal";

import type { Posting } from "../api/shapes";
import { negate, sum } from "../hooks/money";

const ACCOUNTS: Record<string, string> = {
  cash: "Cash",
  inventory: "Inventory at cost",
  fees: "Fees and postage",
  revenue: "Sales",
  cost_of_sales: "Cost of what was sold",
};

function Balances({ postings }: { postings: readonly Posting[] }) {
  const amounts = new Map<string, { currency: string; values: string[] }>();
  for (const { account, currency, amount } of postings.flatMap((posting) => posting.entries)) {
    const key = `${account} ${currency}`;
    const found = amounts.get(key) ?? { currency, values: [] };
    found.values.push(amount);
    amounts.set(key, found);
  }
  return (
    <dl className="mb-4 flex flex-wrap gap-2">
      {[...amounts].map(([key, { currency, values }]) => {
        const account = key.split(" ")[0] ?? "";
        return (
          <div key={key} className="min-w-32 rounded-lg border px-3 py-2">
            <dt className="text-2xs text-muted">{ACCOUNTS[account] ?? humanise(account)}</dt>
            <dd className="text-sm font-semibold"><Money amount={sum(values)} currency={currency} /></dd>
          </div>
        );
      })}
    </dl>
  );
}

function Side({ amount, currency, wanted }: { amount: string; currency: string; wanted: 1 | -1 }) {
  if (signOf(amount) !== wanted) return null;
  return <Money amount={wanted === 1 ? amount : negate(amount)} currency={currency} />;
}

/** The double-entry bookings of an execution: each posting's debits equal its credits. */
export default function LedgerPanel({ postings }: { postings: readonly Posting[] }) {
  return (
    <Section title="Ledger" note={`${plural(postings.length, "posting")}; debits equal credits in each. Balances below are debits less credits.`}>
      {postings.length === 0 ? (
        <EmptyState title="Nothing booked yet" />
      ) : (
        <>
          <Balances postings={postings} />
          <div role="region" tabIndex={0} aria-label="Postings, scrollable" className="max-h-[36rem] overflow-auto">
            <table aria-label="Postings" className="w-full text-[0.8125rem]">
              <thead className="text-left text-xs text-muted">
                <tr>
                  <th scope="col" className="py-1.5 pr-2 font-medium">Account</th>
                  <th scope="col" className="px-2 py-1.5 text-right font-medium">Debit</th>
                  <th scope="col" className="py-1.5 pl-2 text-right font-medium">Credit</th>
                </tr>
              </thead>
              {postings.map((posting) => (
                <tbody key={posting.key}>
                  <tr className="border-t bg-sunken">
                    <th scope="rowgroup" colSpan={3} title={posting.key} className="px-2 py-1.5 text-left font-medium">
                      {posting.description} <span className="text-xs font-normal text-muted"><Moment at={posting.posted_at} /></span>
                    </th>
                  </tr>
                  {posting.entries.map((entry) => (
                    <tr key={`${entry.account} ${entry.amount}`}>
                      <td className="py-1 pr-2 pl-5">{ACCOUNTS[entry.account] ?? humanise(entry.account)}</td>
                      <td className="px-2 py-1 text-right"><Side amount={entry.amount} currency={entry.currency} wanted={1} /></td>
                      <td className="py-1 pl-2 text-right"><Side amount={entry.amount} currency={entry.currency} wanted={-1} /></td>
                    </tr>
                  ))}
                </tbody>
              ))}
            </table>
          </div>
        </>
      )}
    </Section>
  );
}
