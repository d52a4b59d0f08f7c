"""The books for other people's programs: Beancount text, and tables as CSV and Parquet."""
