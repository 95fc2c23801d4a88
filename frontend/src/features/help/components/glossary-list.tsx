import { useEffect, useState } from "react";

import { EmptyState } from "@/components/ui/states";
import { GLOSSARY, type TermId } from "@/lib/glossary";

const ENTRIES = (Object.keys(GLOSSARY) as TermId[]).map((id) => ({ id, ...GLOSSARY[id] })).sort((a, b) => a.name.localeCompare(b.name));

/** Every word of the product; an address with its name scrolls to it. */
export function GlossaryList({ wanted }: { wanted: string }) {
  const [text, setText] = useState("");
  const words = text.trim().toLowerCase();
  const shown = ENTRIES.filter(({ name, text: meaning }) => `${name} ${meaning}`.toLowerCase().includes(words));
  useEffect(() => {
    if (wanted) document.getElementById(wanted)?.scrollIntoView({ block: "center" });
  }, [wanted]);
  return (
    <div>
      <input type="search" aria-label="Search the glossary" placeholder="Search" className="field mb-3 w-full max-w-xs" value={text} onChange={(event) => setText(event.target.value)} />
      {shown.length === 0 && <EmptyState title={`Nothing about “${text}”`} />}
      <dl className="grid gap-x-8 gap-y-3 md:grid-cols-2">
        {shown.map(({ id, name, text: meaning }) => (
          <div key={id} id={id} className={id === wanted ? "rounded-lg bg-accent-soft p-2" : "p-2"}>
            <dt className="text-[0.8125rem] font-semibold">{name}</dt>
            <dd className="mt-0.5 text-xs text-muted">{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
