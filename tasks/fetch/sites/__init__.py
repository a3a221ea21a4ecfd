"""Collection from web sites: lists of links → those of final accounts → the pages and files behind them."""
