import { Link } from "@tanstack/react-router";

import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { ShortcutList } from "@/components/ui/shortcut-list";

import { Formulae, type Example } from "./formulae";
import { GlossaryList } from "./glossary-list";

interface HelpPageProps {
  example: Example | null;
  /** What the server states about paper mode; null while it is not known. */
  disclaimer: string | null;
  /** The glossary's entry in the address, without "#". */
  wanted: string;
}

const STEPS = [
  { to: "/opportunities", title: "Find", text: "Filter the list of opportunities, or start from a preset such as “Executable now”. Save what you look at again and again as a view." },
  { to: "/opportunities", title: "Understand", text: "Open one: why it has its score, where the money goes, what is in the box, how far one box may lie from the mean, how old each price is." },
  { to: "/settings", title: "Calculate", text: "Put your own fees, shipping and sell-through into the calculator. What you enter in Settings is where it starts." },
  { to: "/executions", title: "Execute on paper", text: "Traders buy at the checked price; the box is opened by chance as its contents say, and its cards are sold at later prices." },
  { to: "/reports", title: "Learn", text: "Reports compare what was expected with what came of it, and replay past signals without looking ahead." },
  { to: "/alerts", title: "Be told", text: "Rules watch while you do not: in the bell, by chat, mail or webhook, with quiet hours." },
] as const;

/** What the product does, how its figures come about, and what its words mean. */
export function HelpPage({ example, disclaimer, wanted }: HelpPageProps) {
  return (
    <div className="mx-auto max-w-5xl space-y-3">
      <PageHeader title="Help" actions={<a href="/api/docs/" className="text-xs font-medium text-accent underline">API documentation</a>} />
      <Section title="From a price to a profit">
        <ol className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {STEPS.map(({ to, title, text }, index) => (
            <li key={title} className="flex gap-3">
              <span aria-hidden className="num grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent">{index + 1}</span>
              <div>
                <Link to={to} className="text-[0.8125rem] font-semibold hover:text-accent hover:underline">{title}</Link>
                <p className="mt-0.5 text-xs text-muted">{text}</p>
              </div>
            </li>
          ))}
        </ol>
      </Section>
      <div className="grid items-start gap-3 lg:grid-cols-[3fr_2fr]">
        <Section title="Formulae"><Formulae example={example} /></Section>
        <div className="space-y-3">
          <Section title="What “paper” means">
            <p className="text-xs text-muted">{disclaimer ?? "Executions are simulated at stored market prices. No order leaves this system and no money moves."}</p>
          </Section>
          <Section title="Keys"><ShortcutList /></Section>
        </div>
      </div>
      <Section title="Glossary"><GlossaryList wanted={wanted} /></Section>
    </div>
  );
}
