"""Who rings: numbers, and what is known about the people behind them."""
