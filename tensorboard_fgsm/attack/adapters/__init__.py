"""Attacks of other libraries, wrapped as functions that ``PerEpsilon`` runs."""
