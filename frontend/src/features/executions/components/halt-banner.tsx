import { HandRaisedIcon } from "@heroicons/react/20/solid";

interface Switch {
  id: string;
  scope: string;
  subject: string;
  reason: string;
  engaged_by?: string | null;
}

const SCOPES: Record<string, string> = { global: "All trading", user: "Trading by", source: "Trading at" };

/** What the kill switch stops, and why. Nothing is shown while nothing is stopped. */
export function HaltBanner({ switches }: { switches: readonly Switch[] | undefined }) {
  if (!switches || switches.length === 0) return null;
  return (
    <div role="alert" className="rounded-xl border border-loss-strong bg-loss-soft px-4 py-3 text-[0.8125rem] text-loss">
      {switches.map((found) => (
        <p key={found.id} className="flex items-start gap-2">
          <HandRaisedIcon aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <span className="font-semibold">{[SCOPES[found.scope] ?? found.scope, found.subject].filter(Boolean).join(" ")} is halted.</span> {found.reason}
            {found.engaged_by && ` (${found.engaged_by})`}
          </span>
        </p>
      ))}
    </div>
  );
}
