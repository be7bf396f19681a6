"""Why a change may be refused. The codes are stable: tablets translate them, docs/refusals.md lists them."""

from __future__ import annotations


class Refusal(Exception):
    """A change is not admitted. `code` is one of `REFUSALS`; `detail` is English, short, and never holds what was written."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


RETRY = frozenset({"dependency_missing", "cache_damaged"})
"""A change refused with one of these is sent again; all others are final for that change."""

REFUSALS: dict[str, str] = {
    # the frame
    "chunk_malformed": "This is not an Automerge chunk.",
    "chunk_type": "Only plain, uncompressed change chunks are taken.",
    "chunk_length": "The length that the chunk states is not its length.",
    "checksum_mismatch": "The checksum does not fit: the bytes were damaged.",
    "change_too_large": "The change is larger than 256 KiB.",
    # the header
    "header_malformed": "The header of the change cannot be read.",
    "number_malformed": "A number is not written in its shortest form, or is too large.",
    "actor_not_of_device": "The change was written by an actor that is not this device's.",
    "time_implausible": "The time of the change is outside the years 1970 to 9999.",
    "message_invalid": "The message of the change is too long or is not text.",
    "trailing_bytes": "There are bytes left over after the change.",
    # the columns
    "column_unknown": "The change has a column that is not known.",
    "column_order": "The columns are not in order, or one comes twice.",
    "column_malformed": "A column cannot be read, or holds too few or too many values.",
    "run_length_cap": "A run stands for more operations than a change may hold.",
    "not_canonical": "The change is not written in the one form that Automerge writes.",
    "text_not_utf8": "A key or a text is not valid UTF-8.",
    # the operations
    "action_unknown": "The change does something that is not known.",
    "counter_forbidden": "Counters are not used in documents.",
    "table_forbidden": "Tables are not used in documents.",
    "mark_forbidden": "Marks are not used in documents.",
    "value_type_unknown": "A value is of a type that is not known.",
    "value_out_of_range": "A value is out of range: a date outside the years 1 to 9999, or a number beyond 64 bits.",
    "key_too_long": "A key is longer than 512 bytes.",
    "operation_malformed": "An operation does not say clearly what it does.",
    # the references
    "dependency_missing": "The change builds on another that is not here yet. Send all changes of the document again.",
    "dependency_refused": "The change builds on another that was refused.",
    "change_repeated": "The change stands twice in the push, or is stored already.",
    "sequence_gap": "A change of the same actor is missing before this one.",
    "sequence_used": "The actor has used this sequence number for another change: it wrote in two places at once.",
    "own_change_missing": "The change does not build on the one that its actor wrote before.",
    "operation_id_used": "The change uses numbers of operations that are taken.",
    "operation_id_gap": "The change leaves out numbers of operations, or its numbers are too large.",
    "actor_unknown": "The change names an actor that the document does not know.",
    "object_unknown": "The change writes into something that does not exist.",
    "object_wrong_type": "The change writes into a list as if it were a map, or the other way round.",
    "element_unknown": "The change names a place in a list or text that does not exist.",
    "predecessor_unknown": "The change replaces a value that does not exist.",
    "predecessor_elsewhere": "The change replaces a value that stands elsewhere.",
    "depth_exceeded": "The document would be nested deeper than 32.",
    "document_full": "The document has too many actors or operations.",
    "path_forbidden": "The change writes where this role may not write.",
    # the merge gate
    "merge_failed": "The change cannot be merged into the document.",
    "gate_died": "The merge of the change ended abnormally.",
    "gate_timeout": "The merge of the change took too long.",
    "gate_memory": "The merge of the change needs too much memory.",
    "cache_damaged": "The server must build its copy of the document anew. Send the change again.",
}
