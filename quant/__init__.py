"""The mathematics of arbitrage: pure functions over plain values, no framework, no clock, no I/O."""
