"""Answers from one game: policies, the chain and its questions, sampled paths. Arrays only."""
