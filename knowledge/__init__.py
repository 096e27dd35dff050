"""What the guides say: packs read into plain data, and questions answered from them in the guides' own words."""
