"""Daum and Naver 2.0 EP blocks."""
