"""The expectation: diagrams of letters and pieces, the routes that sum them, the answer."""
