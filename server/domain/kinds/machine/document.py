"""A machine at a customer's: the installed base. The source of schemas/machine.v1.json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...fields import DocumentId, Id, Line, Moment, Part, Photos, Prose, Quantity, Whereabouts
from ...master import Date


class Machine(Part):
    kind: Literal["machine"]
    schema_: Literal[1] = Field(alias="schema")
    dealer: Id = Field(description="Who looks after it.")
    created_at: Moment = Field(description="By the device's clock.")
    serial: Line = Field(default="", description="As it stands on the plate.")
    product: Id | None = Field(default=None, description="Where it is one that headquarters sells.")
    model: Line = Field(default="", description="As it stands on the plate.")
    customer: DocumentId | None = None
    place: Whereabouts = Whereabouts()
    installed_at: Date | None = None
    meter: Quantity | None = Field(default=None, description="Hours that it has run.")
    note: Prose = ""
    photos: Photos = Field(default={})
