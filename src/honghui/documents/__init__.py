"""Paper: PDF files set by typst, the same bytes for the same words, and QR codes."""
