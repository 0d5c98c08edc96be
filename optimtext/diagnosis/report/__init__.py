"""How a diagnosis is shown: in the terminal, as a figure, as a page of its own."""
