"""Forecasting: methods in NumPy, vectorised over series, windows and parameter grids; chosen by backtest."""
