"""What Prometheus reads at /metrics. Labels name routes and outcomes, never a dealer, a person or a document."""

from __future__ import annotations

from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class GateFigures(Protocol):
    """What of the gate is counted."""

    @property
    def replaced(self) -> int: ...

    @property
    def peak_bytes(self) -> int: ...


class Metrics:
    """One registry for each application, so that several in one process (tests) do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.requests = Counter(
            "daybook_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "daybook_request_seconds", "Time to answer.", ("route",), registry=self.registry, buckets=_SECONDS
        )
        self.sent = Counter("daybook_sent_bytes", "Bytes of answers, as sent.", ("route",), registry=self.registry)
        self.live = Gauge("daybook_live_connections", "Open WebSockets.", registry=self.registry)

    def watch_gate(self, gate: GateFigures) -> None:
        """Shows how the workers that examine changes are doing."""
        replaced = Gauge("daybook_gate_replaced", "Workers that misbehaved and were replaced.", registry=self.registry)
        replaced.set_function(lambda: gate.replaced)
        peak = Gauge("daybook_gate_peak_bytes", "The most memory that a worker ever held.", registry=self.registry)
        peak.set_function(lambda: gate.peak_bytes)

    def page(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self.registry)
