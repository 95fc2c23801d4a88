"""The mutation corpus: what becomes of prices when sample answers are changed in thousands of ways."""
