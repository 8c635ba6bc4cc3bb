"""Addresses of the law for machines, under /api/v1/."""

from django.urls import path

from . import rest

app_name = "policy"
api_patterns = [
    path("positions/", rest.Positions.as_view(), name="positions"),
    path("policy/", rest.Policy.as_view(), name="policy"),
]
