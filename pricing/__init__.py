"""What things cost: price history, current prices, quarantine, fee schedules, exchange rates."""
