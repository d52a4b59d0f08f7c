"""Money: what is given, received, receipted, decided, paid and given back."""
