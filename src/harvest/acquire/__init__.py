"""Politely asking, patiently waiting, and keeping every answer byte for byte before anybody reads it."""
