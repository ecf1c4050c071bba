"""Harvest keeps the public record of named researchers true and current."""
