"""Measurements: side by side in one run, printed as ratios, since an absolute time says little on a shared machine."""
