"""Simulates days of many malls with the real dispatch: costs, waiting times, what breaks first."""
