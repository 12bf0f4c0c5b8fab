"""Tests of the local Siro."""
