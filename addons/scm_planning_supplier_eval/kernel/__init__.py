"""Arithmetic of choosing vendors: landed cost, shares, and what happens when one of them stops."""
