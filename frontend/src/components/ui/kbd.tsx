export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-grid min-w-5 place-items-center rounded border bg-sunken px-1 font-sans text-2xs text-muted">
      {children}
    </kbd>
  );
}
