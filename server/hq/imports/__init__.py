"""Master data and orders from CSV files: read all, list every fault, write only when there is none."""
