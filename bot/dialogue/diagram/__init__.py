"""Flows as diagrams: Mermaid text and SVG pictures."""
