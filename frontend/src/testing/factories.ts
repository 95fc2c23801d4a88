// Rows as the API gives them, with sensible defaults; a test states only what it is about.

import type {
  Contents, ContentsLine, Coverage, Distribution, Explanation, Factors, Host, Job, Opportunity, OpportunityDetail, Price, PriceRecord, Product, Source,
  SourceRoute, Summary,
} from "@/api/types";

let counter = 0;

/** A new id in the form of a UUID. */
export function id(): string {
  counter += 1;
  return `019a0000-0000-7000-8000-${String(counter).padStart(12, "0")}`;
}

export function makeOpportunity(patch: Partial<Opportunity> & { name?: string } = {}): Opportunity {
  const { name = "Neon Dynasty Draft Booster Box", ...rest } = patch;
  return {
    id: id(),
    kind: "sealed_to_singles",
    status: "active",
    sealed_product: {
      id: id(),
      name,
      set_name: "Kamigawa: Neon Dynasty",
      set_code: "NEO",
      category: "mtg",
      sealed_kind: "booster_box",
      image_url: "",
      is_demo: false,
    },
    buy_source: "cardmarket",
    sell_source: "cardmarket",
    policy: "default",
    currency: "EUR",
    sealed_price: "90.00",
    total_cost: "95.00",
    singles_value: "150.00",
    gross_singles_value: "180.00",
    net_profit: "55.00",
    margin_percentage: "57.89",
    naive_margin_percentage: "100.00",
    coverage: "0.9870",
    lines_counted: 212,
    probability_of_profit: "0.8123",
    confidence_score: "0.81",
    risk_level: "low",
    rank_score: "0.468909",
    seller_count: 4,
    competition_level: "low",
    flags: [],
    needs_review: false,
    oldest_price_at: "2026-11-21T03:00:00Z",
    expires_at: "2026-11-21T15:00:00Z",
    created_at: "2026-11-20T03:00:00Z",
    updated_at: "2026-11-21T04:00:00Z",
    revision: 3,
    quote_version: "3",
    ...rest,
  };
}

export function makeFactors(): Factors {
  return {
    price_stability: { score: "0.910000", weight: "0.3", inputs: { returns: 30 } },
    seller_count: { score: "0.77", weight: "0.2", inputs: { seller_count: 4 } },
    volume_history: { score: "0.50", weight: "0.2", inputs: { units: null } },
    margin_size: { score: "1.000000", weight: "0.3", inputs: {} },
  };
}

export function makeDetail(patch: Partial<OpportunityDetail> = {}): OpportunityDetail {
  return {
    ...makeOpportunity(),
    standard_deviation: "40.00",
    percentiles: { "5": "110.00", "25": "150.00", "50": "175.00", "75": "205.00", "95": "260.00" },
    factors: makeFactors(),
    algorithm_version: "1",
    fee_schedule: null,
    execution_quantity: 0,
    execution_notes: "",
    executed_at: null,
    detected_count: 3,
    opened_at: "2026-11-20T03:00:00Z",
    closed_at: null,
    closed_reason: "",
    ...patch,
  };
}

export function makeLine(patch: Partial<ContentsLine> = {}): ContentsLine {
  return {
    product_id: id(),
    name: "Boseiju, Who Endures",
    set_code: "NEO",
    number: "266",
    rarity: "rare",
    finish: "nonfoil",
    guaranteed: false,
    expected_copies: "0.2500",
    price: "40.00",
    gross_value: "10.00",
    net_value: "9.20",
    share: "0.0555",
    counted: true,
    recorded_at: "2026-11-21T03:00:00Z",
    ...patch,
  };
}

export function makeDistribution(patch: Partial<Distribution> = {}): Distribution {
  return {
    currency: "EUR",
    mean: "180.00",
    standard_deviation: "40.00",
    standard_error: "0.00",
    percentiles: { "5": "110.00", "25": "150.00", "50": "175.00", "75": "205.00", "95": "260.00" },
    probability_of_profit: "0.8123",
    break_even: "120.00",
    points: [
      { value: "100.00", probability: "0.1" },
      { value: "120.00", probability: "0.2" },
      { value: "140.00", probability: "0.4" },
      { value: "160.00", probability: "0.3" },
    ],
    ...patch,
  };
}

export function makeExplanation(patch: Partial<Explanation> = {}): Explanation {
  return {
    confidence: { score: "0.81", factors: makeFactors() },
    risk: {
      level: "medium",
      conditions: [
        { text: "confidence >= 0.80 for low risk", holds: true },
        { text: "margin >= 50 % for low risk", holds: false },
      ],
      to_improve: ["margin >= 50 % for low risk"],
    },
    contents: { complete: true, coverage: "0.9870", unresolved: [], lines: [makeLine()] },
    distribution: makeDistribution(),
    instant_sale: null,
    waterfall: [
      { label: "Gross value", amount: "180.00" },
      { label: "Fees", amount: "-30.00" },
      { label: "Cost", amount: "-95.00" },
      { label: "Net profit", amount: "55.00" },
    ],
    ...patch,
  };
}

export function makeSummary(patch: Partial<Summary> = {}): Summary {
  return {
    active_count: 3,
    needs_review_count: 1,
    by_risk: { low: 1, medium: 1, high: 1 },
    by_category: { mtg: 3 },
    expected_profit: [{ currency: "EUR", amount: "120.50" }],
    average_confidence: "0.70",
    average_margin_percentage: "41.20",
    best: null,
    oldest_price_at: "2026-11-21T03:00:00Z",
    newest_price_at: "2026-11-21T04:00:00Z",
    updated_at: "2026-11-21T04:00:00Z",
    ...patch,
  };
}

export function makeProduct(patch: Partial<Product> = {}): Product {
  return {
    ...makeOpportunity().sealed_product,
    product_type: "sealed",
    tcg_product_id: null,
    ebay_product_id: "",
    amazon_asin: "",
    created_at: "2026-11-20T03:00:00Z",
    updated_at: "2026-11-20T03:00:00Z",
    number: "",
    rarity: "",
    language: "English",
    released_on: "2022-02-18",
    finishes: [],
    sealed_subtype: "draft",
    description: "",
    is_active: true,
    is_featured: false,
    identifiers: [{ source: "mcm", external_id: "587698", finish: "" }],
    ...patch,
  };
}

export function makeContents(patch: Partial<Contents> = {}): Contents {
  return {
    product_id: id(),
    version: 1,
    source: "mtgjson",
    source_date: "2024-11-28",
    complete: true,
    missing: [],
    lines: [
      { kind: "pack", quantity: 36, name: "Draft Booster", finish: "", deck: null, pack: "NEO-draft", product_id: null, resolved: true, set_code: "NEO" },
    ],
    choices: [],
    ...patch,
  };
}

export function makePrice(patch: Partial<PriceRecord & Price> = {}): PriceRecord & Price {
  return {
    fetched_at: "2026-11-21T03:01:00Z",
    parser: "cardmarket.guide/1",
    id: id(),
    product_id: id(),
    source_url: "",
    shipping_cost: null,
    is_foil: false,
    is_stale: false,
    confidence_level: "high",
    data_source_quality: "1.00",
    route: "bulk",
    created_at: "2026-11-21T03:00:00Z",
    source: "cardmarket",
    price_type: "trend",
    finish: "nonfoil",
    condition: "unopened",
    price: "95.00",
    currency: "EUR",
    seller_count: null,
    available_quantity: null,
    recorded_at: "2026-11-21T03:00:00Z",
    ...patch,
  };
}

export function makeJob(patch: Partial<Job> = {}): Job {
  return {
    id: id(),
    kind: "scrapers.update_all_prices",
    label: "Fetch all sources",
    subject: "",
    state: "running",
    progress_done: 3,
    progress_total: 12,
    note: "magic prices",
    counts: { prices_stored: 1204 },
    errors: [],
    error_count: 0,
    attempts: 1,
    requested_by: "alice",
    is_demo: false,
    created_at: "2026-11-21T04:00:00Z",
    started_at: "2026-11-21T04:00:01Z",
    heartbeat_at: "2026-11-21T04:00:09Z",
    finished_at: null,
    eta_seconds: 90,
    ...patch,
  };
}

export function makeHost(patch: Partial<Host> = {}): Host {
  return { key: "tcgcsv.com", breaker: "closed", opened_until: null, failures: 0, last_failure: "", ...patch };
}

export function makeRoute(patch: Partial<SourceRoute> = {}): SourceRoute {
  return {
    code: "tcgcsv",
    route: "bulk",
    position: 0,
    is_enabled: true,
    is_ready: true,
    not_ready_code: "",
    not_ready_reason: "",
    is_opt_in: false,
    acknowledged_at: null,
    terms_url: "https://tcgcsv.com/faq",
    allowed_use: "Daily mirror for programs.",
    reviewed_on: "2026-11-21",
    review_due_on: "2027-05-20",
    attribution: "TCGplayer prices by way of tcgcsv.com",
    robots_policy: "published_api",
    last_started_at: "2026-11-21T03:00:00Z",
    last_success_at: "2026-11-21T03:00:40Z",
    last_failure_at: null,
    last_error: "",
    hosts: [makeHost()],
    ...patch,
  };
}

export function makeSource(patch: Partial<Source> = {}): Source {
  return {
    code: "tcgplayer",
    name: "TCGplayer",
    categories: ["mtg", "pokemon", "yugioh"],
    coverage: { tracked: 400, fresh: 300, share: "0.7500" },
    newest_price_at: "2026-11-21T03:00:00Z",
    prices_24h: 1204,
    quarantined_24h: 7,
    routes: [makeRoute()],
    ...patch,
  };
}

export function makeCoverage(patch: Partial<Coverage> = {}): Coverage {
  return { window_hours: 4, tracked: 2000, fresh: 1500, share: "0.7500", by_source: [], slots_per_cycle: 7200, ...patch };
}
