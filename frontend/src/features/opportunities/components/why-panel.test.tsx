import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import type { Explanation } from "@/api/types";
import { makeExplanation } from "@/testing/factories";
import { problem } from "@/testing/handlers";
import { renderAlone } from "@/testing/render";
import { server } from "@/testing/server";

import { RiskPanel } from "./risk-panel";
import { WhyPanel } from "./why-panel";

const EXPLAIN = "http://localhost/api/v1/opportunities/:id/explain/";

function serve(explanation: Explanation) {
  server.use(http.get(EXPLAIN, () => HttpResponse.json(explanation)));
}

it("writes the score out as the weighted sum it is", async () => {
  serve(makeExplanation());

  renderAlone(<WhyPanel id="1" />);

  expect(await screen.findByText(/0\.3 × 0\.91 \+ 0\.2 × 0\.77 \+ 0\.2 × 0\.5 \+ 0\.3 × 1/)).toBeInTheDocument();
  expect(screen.getByRole("img", { name: "Price stability: 0.91 of 1" }).firstElementChild).toHaveStyle({ width: "91%" });
});

it("names each factor's inputs, also the missing ones", async () => {
  serve(makeExplanation());

  renderAlone(<WhyPanel id="1" />);

  expect(await screen.findByText(/daily price changes: 30/)).toBeInTheDocument();
  expect(screen.getByText(/units: unknown/)).toBeInTheDocument();
});

it("says in words which risk conditions hold and what would help", async () => {
  serve(makeExplanation());

  renderAlone(<RiskPanel id="1" />);

  const [first, second] = await screen.findAllByRole("listitem");
  expect(first).toHaveTextContent("Holds: confidence >= 0.80 for low risk");
  expect(second).toHaveTextContent("Does not hold: margin >= 50 % for low risk");
  expect(screen.getByText("To lower the risk:").parentElement).toHaveTextContent("margin >= 50 % for low risk");
});

it("says nothing about improving when the risk is already low", async () => {
  serve(makeExplanation({ risk: { level: "low", conditions: [], to_improve: [] } }));

  renderAlone(<RiskPanel id="1" />);

  expect(await screen.findByText(/Low/, { selector: "span" })).toBeInTheDocument();
  expect(screen.queryByText("To lower the risk:")).not.toBeInTheDocument();
});

it("fails by itself, with the way on", async () => {
  server.use(http.get(EXPLAIN, () => problem(500, { detail: "The valuation could not be repeated." })));

  renderAlone(<WhyPanel id="1" />);

  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The valuation could not be repeated.");
  expect(within(alert).getByRole("button", { name: "Try again" })).toBeInTheDocument();
});
