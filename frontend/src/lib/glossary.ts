// The words of the product, once: popovers beside figures and the glossary under Help read the same text.

export interface GlossaryEntry {
  name: string;
  text: string;
}

export const GLOSSARY = {
  opportunity: {
    name: "Opportunity",
    text: "A sealed product whose contents, sold one by one after all fees, are expected to bring more than the sealed product costs, on one buying and one selling market.",
  },
  paper: {
    name: "Paper",
    text: "Executions are simulated: bought and sold at stored market prices and booked in the ledger, but no order is sent anywhere and no money moves.",
  },
  margin: {
    name: "Net margin",
    text: "Net profit divided by total cost, in percent, rounded down. Total cost holds price, shipping and tax; value is what the counted cards bring after selling fees.",
  },
  naive_margin: {
    name: "Naive margin",
    text: "The same without fees, shipping and leaving out cheap cards. It is shown only to tell how much of an apparent margin is an illusion.",
  },
  net_profit: { name: "Net profit", text: "Expected value of the counted cards after selling fees, less the total cost of one unit." },
  total_cost: { name: "Total cost", text: "What one sealed unit costs delivered: price, inbound shipping, tax and buying fees, rounded up." },
  confidence: {
    name: "Confidence",
    text: "From 0 to 1: 0.3 × price stability + 0.2 × few sellers + 0.2 × sales volume + 0.3 × margin size, rounded down. It measures the evidence, not the chance of profit.",
  },
  risk: {
    name: "Risk level",
    text: "Low: confidence of 0.80 and margin of 50 % or more. Medium: confidence of 0.60 and margin of 30 % or more. Otherwise high.",
  },
  chance_of_profit: {
    name: "Chance of profit",
    text: "How often opening one unit would bring more than it cost, over the random contents of its packs at today's prices. It leaves out how prices may change.",
  },
  coverage: {
    name: "Coverage",
    text: "Share of the expected cards that have a usable price. Below the limit nothing is called an opportunity, as unknown cards might be worthless.",
  },
  floor: { name: "Floor", text: "Cards below this price are not counted: listing, packing and posting them costs more than they bring." },
  sell_through: { name: "Sell-through", text: "Share of the pulled cards that you expect to sell at the assumed prices; the rest counts nothing." },
  bulk_discount: { name: "Bulk discount", text: "How much below the market price you expect to sell, because everything should go soon." },
  freshness: {
    name: "Freshness",
    text: "Age of the oldest price that the figure rests on. Green up to 6 hours, amber up to a day, red beyond; the exact time is in the tooltip.",
  },
  needs_review: {
    name: "Needs review",
    text: "A margin of 300 % or more is usually a wrong price or wrong contents. Such an opportunity is kept out of lists and cannot be executed until an analyst has looked at it.",
  },
  quarantine: { name: "Quarantine", text: "A price far away from its own past is kept apart and not used until somebody releases it or a second source agrees." },
  breaker: { name: "Breaker", text: "After repeated failures a host is left alone for a while instead of being asked again and again." },
  revision: { name: "Revision", text: "Number of the shown figures. Executing compares them with fresh ones and refuses when they moved too far against you." },
  kill_switch: {
    name: "Kill switch",
    text: "Stops executions at once: everywhere, for a source, or for a user. Engaging takes one person, releasing takes two.",
  },
  settlement: { name: "Settlement", text: "When everything that was pulled is sold (or written off), profit is final and the execution counts in the reports." },
  slippage: { name: "Slippage", text: "Difference between the expected price and the price that was paid or received." },
  calibration: {
    name: "Calibration",
    text: "Whether a stated chance comes true as often as it says: of all signals with a chance near 70 %, about 70 % should make a profit.",
  },
  wilson: { name: "95 % interval", text: "The range in which the true share lies in 95 of 100 cases (Wilson's score interval): wide for few cases, narrow for many." },
  brier: { name: "Brier score", text: "Mean squared error of the stated chances: 0 is perfect, 0.25 is what always saying 50 % gets." },
  hit_rate: { name: "Hit rate", text: "Share of the signals that would have made a profit at the prices of some days later." },
  first_signal: { name: "First signal", text: "The first day of an unbroken run of signals of one product: what a trader would have acted on." },
  horizon: { name: "Horizon", text: "How many days after buying the cards are sold in a back-test, at the prices recorded then." },
  cooldown: { name: "Cooldown", text: "After an alert the same rule stays silent about the same opportunity for this long." },
  quiet_hours: { name: "Quiet hours", text: "Alerts that fall into these hours, in your time zone, wait until they end. The bell is not affected." },
  audit_chain: {
    name: "Audit chain",
    text: "Every state change is recorded with a hash over itself and the event before it, so a later edit or deletion is found.",
  },
  outbox: { name: "Outbox", text: "Messages that belong to a committed change and are on their way to a worker. A long queue means that workers are behind." },
  demo: { name: "Demo market", text: "Invented products whose prices come from simulated venues on this machine. Real scrapers and analyses run on it." },
  idempotency: { name: "Idempotency key", text: "A request that is sent twice with the same key is carried out once; the second answer repeats the first." },
  live_desk: { name: "Live desk", text: "Gift cards and crypto across venues: quotes arrive every moment, gaps last seconds. Its processes read the venues, compare their prices, and write down what they find." },
  net_bps: {
    name: "Net and gross spread",
    text: "In basis points (hundredths of a percent) of the cost. Gross: selling price against buying price. Net: what is left after the fees of both venues, slippage and the cushions for exchange rates and networks.",
  },
  spread_size: { name: "Executable size", text: "How many units both books would take at a profit, as far as they show it; the total is the net profit of all of them. Unknown when a venue does not say how much it offers." },
  loss_reserve: {
    name: "Loss reserve",
    text: "What cards that turn out worthless cost on average, set aside from the net profit of a gift card. No gap between venues is free of risk: a leg can fail, a card can be used up.",
  },
  basis_risk: { name: "Basis risk", text: "Two currencies that are nearly the same, such as USD and USDT, are taken for the same. Should they part, the gap may not exist." },
  stale_quote: { name: "Stale quote", text: "A quote older than the desk allows. It is shown in grey, takes no part in any comparison and cannot be acted on." },
  crossed_book: { name: "Crossed", text: "Somebody bids more at one venue than another asks. It is the raw gap before any fee; most are smaller than the fees." },
  gated: { name: "Gated", text: "A venue outside the allowed regions or currencies. What is not allowed explicitly is refused; its quotes are shown and never used." },
  unwinding: { name: "Unwinding", text: "One leg was filled and the other was not: what was bought is sold again, or the other way round, to be left with nothing open." },
  unknown_leg: { name: "No answer", text: "A venue did not say whether it took an order. It is asked by our own order number until it does; the order is never sent a second time." },
  tick_to_publish: { name: "Ingest to publish", text: "Time from the receipt of a venue's message to the signal that follows from it, measured on this machine." },
} as const satisfies Record<string, GlossaryEntry>;

export type TermId = keyof typeof GLOSSARY;
