"""The audit of documents: each entry and field against the record, with witnesses, dates, and what to correct."""
