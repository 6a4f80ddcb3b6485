"""The numeric bridge: networks in NumPy, formulas on numbers, and simulation against both."""
