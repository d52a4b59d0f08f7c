"""CAP 1.2: warnings written for anybody's reader, and strangers' warnings read with care."""
