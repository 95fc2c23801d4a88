/** The mark: a price line that breaks upwards. */
export function Logo({ withName }: { withName: boolean }) {
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 32 32" className="size-7 shrink-0" role="img" aria-label="Arbsite">
        <rect width="32" height="32" rx="8" fill="#3a57e8" />
        <path d="M7 22 13 13 18 17 25 8" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
        <path d="M19.5 8H25v5.5" fill="none" stroke="#5ff0b4" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {withName && <span aria-hidden className="text-[0.9375rem] font-semibold tracking-tight">Arbsite</span>}
    </span>
  );
}
