"""Endpoints: addresses outside that are told of something; the only place that speaks to them, and never to Google."""
