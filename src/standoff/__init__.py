"""standoff."""
from standoff.crisis import load, loads
