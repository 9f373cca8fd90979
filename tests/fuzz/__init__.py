"""Requests that nobody would send, at every endpoint: no 5xx, JSON for clients, no hang, no growth."""
