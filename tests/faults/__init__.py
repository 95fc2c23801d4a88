"""The live desk from end to end, on the simulated venues: what goes wrong there, and processes that die."""
